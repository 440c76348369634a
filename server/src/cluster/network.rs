//! What the nodes tell clients about reaching them.

/// How clients reach the nodes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkConfig {
    /// Host of the nodes' addresses, with the port of each node: `access-address` of a real server. Without it, the host
    /// at which the client has reached the node.
    pub access_host: Option<String>,
    /// Host of the nodes' alternate addresses: `alternate-access-address` of a real server. Without it, nodes have no
    /// alternate addresses.
    pub alternate_host: Option<String>,
    /// Whether messages may be compressed, as in the Enterprise Edition.
    pub compression: bool,
}
