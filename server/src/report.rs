//! The lines of JSON on standard output, and the files with certificates.

use std::io::{self, Write};
use std::net::IpAddr;
use std::path::Path;

use aerospike_local::LocalServer;
use aerospike_local::cluster::Member;
use aerospike_local::cluster::node::BUILD;
use aerospike_local::tls::{Pem, Tls};
use serde::Serialize;

/// A line on standard output.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event<'a> {
    /// The server accepts connections.
    Ready {
        host: IpAddr,
        port: u16,
        node: &'a str,
        build: &'a str,
        namespaces: Vec<&'a str>,
        pid: u32,
        /// Omitted if there is only one, without TLS.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        nodes: Vec<NodeAddress<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        tls: Option<Certificates<'a>>,
    },
    /// A command on standard input was executed.
    Done {
        line: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        issued: Option<&'a Pem>,
    },
    /// A command on standard input is invalid, or could not be executed.
    Failed { line: u64, message: String },
}

#[derive(Serialize)]
struct NodeAddress<'a> {
    name: &'a str,
    port: u16,
    #[serde(rename = "tlsPort", skip_serializing_if = "Option::is_none")]
    tls_port: Option<u16>,
}

impl<'a> From<&'a Member> for NodeAddress<'a> {
    fn from(member: &'a Member) -> Self {
        Self {
            name: &member.id,
            port: member.address.port(),
            tls_port: member.tls_address.map(|address| address.port()),
        }
    }
}

/// The certificates that clients need.
#[derive(Serialize)]
struct Certificates<'a> {
    name: &'a str,
    ca: String,
    client: &'a Pem,
}

/// Reports that the server is ready, and its addresses.
pub fn ready(server: &LocalServer) -> io::Result<()> {
    let address = server.address();
    let members = server.cluster().members();
    let tls = server.cluster().tls();
    print(&Event::Ready {
        host: address.ip(),
        port: address.port(),
        node: members.first().map_or("", |member| &member.id),
        build: BUILD,
        namespaces: server.namespaces().collect(),
        pid: std::process::id(),
        nodes: if members.len() == 1 && tls.is_none() {
            Vec::new()
        } else {
            members.iter().map(NodeAddress::from).collect()
        },
        tls: tls.map(|tls| Certificates {
            name: tls.name(),
            ca: tls.ca(),
            client: tls.client(),
        }),
    })
}

/// Reports that a control command was executed.
pub fn done(line: u64, issued: Option<&Pem>) -> io::Result<()> {
    print(&Event::Done { line, issued })
}

/// Reports that a control command failed.
pub fn failed(line: u64, message: String) -> io::Result<()> {
    print(&Event::Failed { line, message })
}

/// Prints one line of JSON.
fn print(event: &Event<'_>) -> io::Result<()> {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    let mut out = io::stdout().lock();
    out.write_all(&line)?;
    out.flush()
}

/// Writes the certificates and keys to a directory, which is created if necessary.
pub fn write_certificates(tls: &Tls, directory: &Path) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    let (server, client) = (tls.server(), tls.client());
    for (name, content) in [
        ("ca.pem", &tls.ca()),
        ("server.pem", &server.certificate),
        ("server-key.pem", &server.key),
        ("client.pem", &client.certificate),
        ("client-key.pem", &client.key),
    ] {
        std::fs::write(directory.join(name), content)?;
    }
    Ok(())
}
