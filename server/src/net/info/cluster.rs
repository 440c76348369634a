//! Cluster discovery: the node, its peers and the partition map.

use std::net::{IpAddr, SocketAddr};
use std::ops::Range;

use super::{InfoCommand, InfoContext};
use crate::cluster::node::{BUILD, Node};
use crate::cluster::{Cluster, Member, View};
use crate::record::digest::PARTITIONS;
use crate::store::namespace::Namespace;
use crate::tls::Tls;

const ENTERPRISE_ONLY: &str = "ERROR:25:enterprise only";

/// Protocol features that the server advertises.
const FEATURES: [&str; 14] = [
    "batch-any",
    "batch-index",
    "blob-bits",
    "cdt-list",
    "cdt-map",
    "cluster-stable",
    "float",
    "geo",
    "peers",
    "pipelining",
    "pquery",
    "pscans",
    "replicas",
    "truncate-namespace",
];

pub(super) fn reply(info: InfoContext<'_>, command: InfoCommand<'_>) -> Option<String> {
    let node = info.node;
    let cluster = node.cluster();
    let view = cluster.view();
    Some(match command.name {
        "node" => node.id().to_owned(),
        "build" => BUILD.to_owned(),
        "edition" => edition(node).to_owned(),
        "version" => format!("{} build {BUILD}", edition(node)),
        "status" => "ok".to_owned(),
        "features" => FEATURES.join(";"),
        "cluster-name" => cluster.name().unwrap_or("null").to_owned(),
        "cluster-stable" => match command.parameter("size") {
            Some(size) if size != view.present().len().to_string() => "ERROR:7:cluster not specified size".to_owned(),
            _ => cluster_key(cluster, &view),
        },
        // All of these change exactly when a node joins or leaves the cluster.
        "partition-generation" | "peers-generation" | "rebalance-generation" => view.generation().to_string(),
        "service" | "service-clear-std" | "service-clear-alt" => {
            host(info, command).map_or(String::new(), |host| host.at(plain_address(info)))
        }
        "service-tls-std" | "service-tls-alt" => match (host(info, command), tls_address(info)) {
            (Some(host), Some(address)) => host.at(address),
            _ => String::new(),
        },
        "services" | "services-alternate" | "services-alumni" => host(info, command).map_or(String::new(), |host| {
            let addresses = others(info, &view).map(|member| host.at(member.address));
            addresses.collect::<Vec<_>>().join(";")
        }),
        "peers-clear-std" | "peers-clear-alt" | "alumni-clear-std" => {
            let addresses = others(info, &view).map(|member| Some((member, "", member.address)));
            peers(info, command, &view, plain_address(info).port(), addresses)
        }
        "peers-tls-std" | "peers-tls-alt" | "alumni-tls-std" if cluster.tls().is_some() => {
            let name = cluster.tls().map_or("", Tls::name);
            let addresses = others(info, &view).map(|member| Some((member, name, member.tls_address?)));
            let port = tls_address(info).map_or(0, |address| address.port());
            peers(info, command, &view, port, addresses)
        }
        "peers-tls-std" | "peers-tls-alt" | "alumni-tls-std" => ENTERPRISE_ONLY.to_owned(),
        "replicas" => {
            let maps = Maps::new(&view, 0..view.replicas(), node.member());
            per_namespace(info, |namespace| {
                // Clients recognize namespaces with strong consistency by a regime other than 0.
                let regime = namespace.transactions().map_or(0, |_| view.generation());
                format!("{regime},{}{}", view.replicas(), maps.of(namespace))
            })
        }
        "replicas-all" => {
            let maps = Maps::new(&view, 0..view.replicas(), node.member());
            per_namespace(info, |namespace| format!("{}{}", view.replicas(), maps.of(namespace)))
        }
        "replicas-master" => {
            let maps = Maps::new(&view, 0..1, node.member());
            per_namespace(info, |namespace| maps.of(namespace).trim_start_matches(',').to_owned())
        }
        "roster" if !node.store().is_enterprise() => ENTERPRISE_ONLY.to_owned(),
        "roster" => roster(node, &view, command.namespace().unwrap_or_default()),
        "rack-ids" if !cluster.has_racks() => ENTERPRISE_ONLY.to_owned(),
        "rack-ids" => {
            let rack = cluster.members().get(node.member()).map_or(0, |member| member.rack);
            per_namespace(info, |_| rack.to_string())
        }
        _ => return None,
    })
}

/// The edition that has the features of the server.
fn edition(node: &Node) -> &'static str {
    let cluster = node.cluster();
    let is_enterprise = node.store().is_enterprise()
        || cluster.security().is_some()
        || cluster.network().compression
        || cluster.has_racks()
        || !cluster.xdr().is_empty();
    if is_enterprise {
        "Aerospike Enterprise Edition"
    } else {
        "Aerospike Community Edition"
    }
}

/// The nodes that a namespace with strong consistency consists of: all of them, whether present or not.
fn roster(node: &Node, view: &View, name: &str) -> String {
    match node.namespace(name.as_bytes()) {
        None => "ERROR:20:namespace not found".to_owned(),
        Some(namespace) if namespace.transactions().is_none() => {
            "ERROR:4:namespace is not strong consistency".to_owned()
        }
        Some(_) => {
            let cluster = node.cluster();
            let ids = |members: &mut dyn Iterator<Item = &Member>| {
                let mut ids: Vec<_> = members.map(|member| member.id.as_str()).collect();
                ids.sort_unstable_by(|a, b| b.cmp(a));
                ids.join(",")
            };
            let all = ids(&mut cluster.members().iter());
            let observed = ids(&mut present(cluster, view));
            format!("roster={all}:pending_roster={all}:observed_nodes={observed}")
        }
    }
}

/// A number that all nodes agree on for as long as the membership does not change.
pub(super) fn cluster_key(cluster: &Cluster, view: &View) -> String {
    let key = present(cluster, view)
        .flat_map(|member| member.id.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| {
            (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{:012X}", key >> 16)
}

/// The members that are present.
pub(super) fn present<'a>(cluster: &'a Cluster, view: &'a View) -> impl Iterator<Item = &'a Member> {
    view.present()
        .iter()
        .filter_map(|member| cluster.members().get(*member))
}

/// The other nodes.
fn others<'a>(info: InfoContext<'a>, view: &'a View) -> impl Iterator<Item = &'a Member> {
    present(info.node.cluster(), view).filter(move |member| member.id != info.node.id())
}

/// The host of the addresses that a command reports.
enum Host<'a> {
    /// The IP address at which the client reached this node: the server may have several.
    Reached(IpAddr),
    Configured(&'a str),
}

impl Host<'_> {
    /// The host with the port of an address.
    fn at(&self, address: SocketAddr) -> String {
        match self {
            Self::Reached(ip) => SocketAddr::new(*ip, address.port()).to_string(),
            Self::Configured(host) => format!("{host}:{}", address.port()),
        }
    }
}

/// The host of the standard addresses, or that of the alternate ones, which nodes may not have.
fn host<'a>(info: InfoContext<'a>, command: InfoCommand<'_>) -> Option<Host<'a>> {
    let network = info.node.cluster().network();
    if command.name.ends_with("-alt") || command.name.ends_with("-alternate") {
        return network.alternate_host.as_deref().map(Host::Configured);
    }
    let access = network.access_host.as_deref().map(Host::Configured);
    Some(access.unwrap_or(Host::Reached(info.address.ip())))
}

/// Nodes with their TLS names and addresses, except those without an address of the kind that the command reports.
fn peers<'a>(
    info: InfoContext<'_>,
    command: InfoCommand<'_>,
    view: &View,
    port: u16,
    nodes: impl Iterator<Item = Option<(&'a Member, &'a str, SocketAddr)>>,
) -> String {
    let host = host(info, command);
    let peers: Vec<_> = nodes
        .flatten()
        .filter_map(|(member, tls_name, address)| {
            let address = host.as_ref()?.at(address);
            Some(format!("[{},{tls_name},[{address}]]", member.id))
        })
        .collect();
    format!("{},{port},[{}]", view.generation(), peers.join(","))
}

/// The address at which clients reach the node without TLS.
pub(super) fn plain_address(info: InfoContext<'_>) -> SocketAddr {
    let member = info.node.cluster().members().get(info.node.member());
    let port = member.map_or(info.address.port(), |member| member.address.port());
    SocketAddr::new(info.address.ip(), port)
}

/// The address at which clients reach the node with TLS.
fn tls_address(info: InfoContext<'_>) -> Option<SocketAddr> {
    let member = info.node.cluster().members().get(info.node.member())?;
    let port = member.tls_address?.port();
    Some(SocketAddr::new(info.address.ip(), port))
}

/// The partitions that a member owns, as bitmaps in base64, each after a comma.
struct Maps {
    all: String,
    /// Without partitions that are not available to namespaces with strong consistency.
    available: String,
}

impl Maps {
    /// Maps of the partitions that a member owns at some positions; 0 is the master.
    fn new(view: &View, places: Range<usize>, member: usize) -> Self {
        let maps = |is_included: &dyn Fn(u16) -> bool| {
            let map = |place| format!(",{}", partition_map(view, place, member, is_included));
            places.clone().map(map).collect()
        };
        Self {
            all: maps(&|_| true),
            available: maps(&|partition| view.is_available(partition)),
        }
    }

    fn of(&self, namespace: &Namespace) -> &str {
        match namespace.transactions() {
            Some(_) => &self.available,
            None => &self.all,
        }
    }
}

/// The partitions that a member owns at position `place`, as a bitmap with one bit per partition.
fn partition_map(view: &View, place: usize, member: usize, is_included: &dyn Fn(u16) -> bool) -> String {
    let mut bits = [0; PARTITIONS / 8];
    for partition in 0..PARTITIONS as u16 {
        if view.owners(partition).get(place) == Some(&member) && is_included(partition) {
            bits[usize::from(partition >> 3)] |= 0x80 >> (partition & 7);
        }
    }
    base64(&bits)
}

fn per_namespace(info: InfoContext<'_>, value: impl Fn(&Namespace) -> String) -> String {
    info.node
        .namespaces()
        .iter()
        .map(|namespace| format!("{}:{}", namespace.name(), value(namespace)))
        .collect::<Vec<_>>()
        .join(";")
}

/// Encodes a partition bitmap in base64.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .zip([16, 8, 0])
            .fold(0u32, |bits, (byte, shift)| bits | u32::from(*byte) << shift);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            text.push(if place > chunk.len() {
                '='
            } else {
                char::from(DIGITS[(bits >> shift) as usize & 63])
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads() {
        assert_eq!(base64(b"Man"), "TWFu");
        assert_eq!(base64(b"Ma"), "TWE=");
        assert_eq!(base64(b"M"), "TQ==");
        assert_eq!(base64(b""), "");
    }
}
