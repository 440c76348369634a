//! What clients ask to find their way: the node, its peers and who has which partition.

use super::{About, Question};
use crate::digest::PARTITIONS;
use crate::node::BUILD;

/// Changes with the partition map and the peers, which never change here.
const GENERATION: u32 = 1;

/// What clients may rely on.
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

pub(super) fn answer(about: About<'_>, question: Question<'_>) -> Option<String> {
    let node = about.node;
    Some(match question.name {
        "node" => node.id().to_owned(),
        "build" => BUILD.to_owned(),
        "edition" => "Aerospike Community Edition".to_owned(),
        "version" => format!("Aerospike Community Edition build {BUILD}"),
        "status" => "ok".to_owned(),
        "features" => FEATURES.join(";"),
        "cluster-name" => node.cluster_name().unwrap_or("null").to_owned(),
        "cluster-stable" if question.parameter("size").is_some_and(|size| size != "1") => {
            "ERROR::cluster-not-specified-size".to_owned()
        }
        "cluster-stable" => cluster_key(node.id()),
        "partition-generation" | "peers-generation" | "rebalance-generation" => GENERATION.to_string(),
        "service" | "service-clear-std" | "service-clear-alt" => about.address.to_string(),
        "service-tls-std" | "service-tls-alt" => String::new(),
        "services" | "services-alternate" | "services-alumni" => String::new(),
        "peers-clear-std" | "peers-clear-alt" | "alumni-clear-std" => {
            format!("{GENERATION},{},[]", about.address.port())
        }
        "peers-tls-std" | "peers-tls-alt" | "alumni-tls-std" => format!("{GENERATION},,[]"),
        "replicas" => per_namespace(about, |map| format!("0,1,{map}")),
        "replicas-all" => per_namespace(about, |map| format!("1,{map}")),
        "replicas-master" => per_namespace(about, str::to_owned),
        "rack-ids" => per_namespace(about, |_| "0".to_owned()),
        _ => return None,
    })
}

/// Any number that all nodes of the cluster agree on.
pub(super) fn cluster_key(node_id: &str) -> String {
    let key = node_id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| {
        (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{:012X}", key >> 16)
}

fn per_namespace(about: About<'_>, value: impl Fn(&str) -> String) -> String {
    let map = base64(&[0xff; PARTITIONS / 8]);
    about
        .node
        .namespaces()
        .iter()
        .map(|namespace| format!("{}:{}", namespace.name(), value(&map)))
        .collect::<Vec<_>>()
        .join(";")
}

/// Partition maps are bitmaps in base64.
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
