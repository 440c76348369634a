//! The partition table, as reported by the nodes. The core has one, but does not expose it.

use std::sync::Arc;

use super::claims::{Claims, Namespace, PARTITIONS};
use super::state::NodeState;

#[derive(Debug)]
struct Owners {
    namespace: String,
    replicas: usize,
    /// The owner of each partition, for each replica in turn: index of the node plus 1, or 0 if unknown.
    owners: Vec<u16>,
}

/// The owner of a partition.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The master.
    pub node: Arc<NodeState>,
    /// Number of nodes that a read may contact: 1 if it must contact the master.
    pub readable: usize,
    /// Whether another owner is lost: the master answers a write only after it has given up on that replica.
    pub replica_lost: bool,
}

/// The owners of all partitions.
#[derive(Debug, Default)]
pub struct PartitionTable {
    nodes: Vec<Arc<NodeState>>,
    namespaces: Vec<Owners>,
}

impl PartitionTable {
    /// Builds the table from the nodes' claims. If two nodes claim a partition, the later one in the list owns it.
    pub fn new(claims: Vec<(Arc<NodeState>, Arc<Claims>)>) -> Self {
        let mut table = PartitionTable::default();
        for (index, (node, claims)) in claims.into_iter().enumerate().take(usize::from(u16::MAX - 1)) {
            let number = index as u16 + 1;
            table.nodes.push(node);
            for namespace in &claims.0 {
                table.add_claims(number, namespace);
            }
        }
        table
    }

    fn add_claims(&mut self, number: u16, claimed: &Namespace) {
        let place = self.namespaces.iter().position(|known| known.namespace == claimed.name);
        let index = place.unwrap_or_else(|| {
            self.namespaces.push(Owners {
                namespace: claimed.name.clone(),
                replicas: 0,
                owners: Vec::new(),
            });
            self.namespaces.len() - 1
        });
        let known = &mut self.namespaces[index];
        if known.owners.len() < claimed.places.len() * PARTITIONS {
            known.owners.resize(claimed.places.len() * PARTITIONS, 0);
        }
        known.replicas = if claimed.strong { 1 } else { claimed.places.len() };
        for (place, bits) in claimed.places.iter().enumerate() {
            for (byte, bits) in bits.iter().enumerate().filter(|(_, bits)| **bits != 0) {
                for bit in (0..8).filter(|bit| bits & (0x80 >> bit) != 0) {
                    known.owners[place * PARTITIONS + byte * 8 + bit] = number;
                }
            }
        }
    }

    /// The owner of the record with this digest, if it is known.
    pub fn owner(&self, namespace: &str, digest: [u8; 20]) -> Option<Owner> {
        let known = self.namespaces.iter().find(|known| known.namespace == namespace)?;
        let partition = usize::from(u16::from_le_bytes([digest[0], digest[1]])) & (PARTITIONS - 1);
        let number = *known.owners.get(partition)?;
        let node = self.nodes.get(usize::from(number).checked_sub(1)?)?;
        Some(Owner {
            node: Arc::clone(node),
            readable: known.replicas.max(1),
            replica_lost: self.replica_lost(known, partition),
        })
    }

    fn replica_lost(&self, known: &Owners, partition: usize) -> bool {
        let replicas = known.owners.iter().skip(PARTITIONS + partition).step_by(PARTITIONS);
        replicas
            .filter_map(|number| self.nodes.get(usize::from(*number).checked_sub(1)?))
            .any(|node| node.is_lost())
    }

    /// The largest number of nodes that a read may contact, over all namespaces.
    pub fn max_readable(&self) -> usize {
        self.namespaces.iter().map(|known| known.replicas).max().unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    fn bitmap(owned: impl Fn(usize) -> bool) -> String {
        let mut bits = vec![0_u8; PARTITIONS / 8];
        for partition in (0..PARTITIONS).filter(|partition| owned(*partition)) {
            bits[partition / 8] |= 0x80 >> (partition % 8);
        }
        STANDARD.encode(bits)
    }

    fn digest(partition: u16) -> [u8; 20] {
        let mut digest = [7; 20];
        digest[..2].copy_from_slice(&(partition | 0xf000).to_le_bytes());
        digest
    }

    fn table(answers: &[(&str, String)]) -> PartitionTable {
        let claims = answers.iter().map(|(name, answer)| {
            let node = Arc::new(NodeState::new(name, "", None));
            (node, Arc::new(Claims::parse(answer)))
        });
        PartitionTable::new(claims.collect())
    }

    #[test]
    fn each_partition_has_its_master() {
        let (even, odd) = (
            bitmap(|partition| partition % 2 == 0),
            bitmap(|partition| partition % 2 == 1),
        );
        let table = table(&[
            ("A", format!("test:0,2,{even},{odd}")),
            ("B", format!("test:0,2,{odd},{even}")),
        ]);
        for partition in [0, 1, 7, 2048, 4095] {
            let Some(owner) = table.owner("test", digest(partition)) else {
                unreachable!()
            };
            assert_eq!(owner.node.name(), if partition % 2 == 0 { "A" } else { "B" });
            assert_eq!(owner.readable, 2);
        }
        assert!(table.owner("other", digest(0)).is_none());
    }

    #[test]
    fn a_lost_replica_affects_only_its_partitions() {
        let (even, odd) = (
            bitmap(|partition| partition % 2 == 0),
            bitmap(|partition| partition % 2 == 1),
        );
        let table = table(&[
            ("A", format!("test:0,2,{even},{odd}")),
            ("B", format!("test:0,2,{odd},{even}")),
        ]);
        let lost = |partition| table.owner("test", digest(partition)).map(|owner| owner.replica_lost);
        assert_eq!([lost(0), lost(1)], [Some(false); 2]);
        assert!(table.nodes[1].missed(crate::common::errors::Failure::client("refused")));
        assert_eq!([lost(0), lost(1)], [Some(true), Some(false)]);
    }

    #[test]
    fn unclaimed_partitions_have_no_owner_and_strong_reads_use_the_master() {
        let first = bitmap(|partition| partition == 5);
        let table = table(&[("A", format!("strong:7,2,{first},{first}"))]);
        assert!(table.owner("strong", digest(4)).is_none());
        assert_eq!(table.owner("strong", digest(5)).map(|owner| owner.readable), Some(1));
    }

    #[test]
    fn the_last_claim_counts() {
        let all = bitmap(|_| true);
        let table = table(&[("A", format!("test:0,1,{all}")), ("B", format!("test:0,1,{all}"))]);
        assert_eq!(
            table.owner("test", digest(9)).map(|owner| owner.node.name().to_owned()),
            Some("B".to_owned())
        );
    }
}
