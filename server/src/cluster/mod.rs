//! Cluster membership and partition ownership.

pub mod faults;
pub(crate) mod jobs;
pub mod network;
pub mod node;
pub mod xdr;

use std::cmp::Ordering;
use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::RwLock;
use tokio::sync::watch;

use self::network::NetworkConfig;
use self::xdr::Xdr;
use crate::record::digest::PARTITIONS;
use crate::security::Security;
use crate::store::Store;
use crate::tls::Tls;

/// Maximum number of nodes in a cluster.
pub const MAX_NODES: usize = 64;

/// A configured node of the cluster.
#[derive(Debug, Clone)]
pub struct Member {
    /// Node id, in hexadecimal.
    pub id: String,
    /// Address that the node listens on.
    pub address: SocketAddr,
    /// Address that the node listens on for TLS connections.
    pub tls_address: Option<SocketAddr>,
    /// Rack id; 0 means no rack.
    pub rack: u32,
}

/// A cluster of nodes that share one process and one store.
#[derive(Debug)]
pub struct Cluster {
    name: Option<String>,
    replication_factor: usize,
    members: Box<[Member]>,
    store: Arc<Store>,
    security: Option<Security>,
    tls: Option<Tls>,
    network: NetworkConfig,
    xdr: Xdr,
    view: RwLock<Arc<View>>,
    /// Bit set of members that do not replicate although they are still part of the cluster.
    unresponsive: watch::Sender<u64>,
}

impl Cluster {
    /// Creates a cluster whose members are all present.
    #[must_use]
    pub fn new(name: Option<String>, replication_factor: usize, members: Vec<Member>, store: Arc<Store>) -> Self {
        let present = (0..members.len()).collect();
        let view = View::new(1, present, &members, replication_factor);
        Self {
            name,
            replication_factor,
            members: members.into(),
            store,
            security: None,
            tls: None,
            network: NetworkConfig::default(),
            xdr: Xdr::default(),
            view: RwLock::new(Arc::new(view)),
            unresponsive: watch::Sender::new(0),
        }
    }

    /// Enables access control.
    #[must_use]
    pub fn with_security(mut self, security: Option<Security>) -> Self {
        self.security = security;
        self
    }

    /// Enables TLS.
    #[must_use]
    pub fn with_tls(mut self, tls: Option<Tls>) -> Self {
        self.tls = tls;
        self
    }

    /// Sets how clients reach the nodes.
    #[must_use]
    pub fn with_network(mut self, network: NetworkConfig) -> Self {
        self.network = network;
        self
    }

    /// Adds datacenters of cross-datacenter replication.
    #[must_use]
    pub fn with_xdr(mut self, xdr: Xdr) -> Self {
        self.xdr = xdr;
        self
    }

    /// How clients reach the nodes.
    #[must_use]
    pub fn network(&self) -> &NetworkConfig {
        &self.network
    }

    /// The datacenters of cross-datacenter replication.
    #[must_use]
    pub fn xdr(&self) -> &Xdr {
        &self.xdr
    }

    /// TLS, if it is enabled.
    #[must_use]
    pub fn tls(&self) -> Option<&Tls> {
        self.tls.as_ref()
    }

    /// The users and roles, if access control is enabled.
    #[must_use]
    pub fn security(&self) -> Option<&Security> {
        self.security.as_ref()
    }

    /// Cluster name, if one is configured.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Configured number of copies of each record.
    #[must_use]
    pub fn replication_factor(&self) -> usize {
        self.replication_factor
    }

    /// All configured members, present or not.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Whether racks are configured. Only an Enterprise Edition has racks.
    #[must_use]
    pub fn has_racks(&self) -> bool {
        self.members.iter().any(|member| member.rack != 0)
    }

    /// The store that the nodes share.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// The current state of the cluster.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read())
    }

    /// Adds a member. It gets its partitions back, including records that the other nodes wrote in the meantime.
    pub fn join(&self, member: usize) {
        self.change(|present| {
            present.push(member);
            present.sort_unstable();
        });
    }

    /// Marks a member as unresponsive: it hangs, or it has stopped and the cluster has not noticed yet.
    pub fn mark_unresponsive(&self, member: usize) {
        self.unresponsive
            .send_modify(|unresponsive| *unresponsive |= bit(member));
    }

    /// Clears the unresponsive mark of a member.
    pub fn mark_responsive(&self, member: usize) {
        self.unresponsive
            .send_modify(|unresponsive| *unresponsive &= !bit(member));
    }

    /// Waits until no other owner of the partition is unresponsive. Only then does each owner have the record that
    /// `member` wrote.
    pub async fn replicated(&self, member: usize, partition: u16) {
        if *self.unresponsive.borrow() == 0 {
            return;
        }
        let all_answer = |unresponsive: &u64| {
            let others = self
                .view()
                .owners(partition)
                .iter()
                .filter(|owner| **owner != member)
                .fold(0, |all, owner| all | bit(*owner));
            unresponsive & others == 0
        };
        // This fails only if the sender is dropped, and `self` holds the sender.
        let _ = self.unresponsive.subscribe().wait_for(all_answer).await;
    }

    /// Removes a member. Other nodes take over its partitions; records that no other node has are lost.
    pub fn leave(&self, member: usize) {
        self.change(|present| present.retain(|other| *other != member));
    }

    fn change(&self, change: impl FnOnce(&mut Vec<usize>)) {
        let mut view = self.view.write();
        let mut present = view.present.to_vec();
        change(&mut present);
        let next = View::new(view.generation + 1, present, &self.members, self.replication_factor);
        for partition in 0..PARTITIONS as u16 {
            // Migrations take no time, so each owner has all records of its partitions. Only partitions that
            // lose all of their owners lose their records. With strong consistency, they get them back when an owner
            // returns, as nodes with persistent storage do.
            if !view.owners(partition).iter().any(|owner| next.has(*owner)) {
                for namespace in self.store.namespaces() {
                    if namespace.transactions().is_some() {
                        continue;
                    }
                    namespace.clear_partition(partition);
                }
            }
        }
        *view = Arc::new(next);
    }
}

/// A member's bit in a bit set of members.
fn bit(member: usize) -> u64 {
    1_u64.checked_shl(member as u32).unwrap_or_default()
}

/// The state of a cluster between two membership changes.
#[derive(Debug)]
pub struct View {
    generation: u32,
    present: Box<[usize]>,
    replicas: usize,
    /// The owners of each partition, master first.
    owners: Box<[usize]>,
    /// Whether each partition is available to namespaces with strong consistency.
    available: Box<[bool]>,
}

impl View {
    fn new(generation: u32, present: Vec<usize>, members: &[Member], replication_factor: usize) -> Self {
        let replicas = replication_factor.min(present.len());
        let mut owners = Vec::with_capacity(PARTITIONS * replicas);
        let mut available = Vec::with_capacity(PARTITIONS);
        for partition in 0..PARTITIONS {
            let order = succession(partition, members);
            available.push(is_available(&order, &present, replication_factor));
            let here = order.into_iter().filter(|member| present.contains(member));
            owners.extend(here.take(replicas));
        }
        Self {
            generation,
            present: present.into(),
            replicas,
            owners: owners.into(),
            available: available.into(),
        }
    }

    /// The generation of this state. It starts at 1 and increments with each change.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// The present members, in ascending order.
    #[must_use]
    pub fn present(&self) -> &[usize] {
        &self.present
    }

    /// Number of nodes that have each record.
    #[must_use]
    pub fn replicas(&self) -> usize {
        self.replicas
    }

    /// The owners of a partition, master first.
    #[must_use]
    pub fn owners(&self, partition: u16) -> &[usize] {
        let start = usize::from(partition) * self.replicas;
        self.owners.get(start..start + self.replicas).unwrap_or_default()
    }

    /// Whether a member is the master of a partition.
    #[must_use]
    pub fn masters(&self, member: usize, partition: u16) -> bool {
        self.owners(partition).first() == Some(&member)
    }

    /// Whether a partition of a namespace with strong consistency is available.
    #[must_use]
    pub fn is_available(&self, partition: u16) -> bool {
        self.available.get(usize::from(partition)).copied().unwrap_or_default()
    }

    /// Whether a member is present.
    #[must_use]
    pub fn has(&self, member: usize) -> bool {
        self.present.binary_search(&member).is_ok()
    }
}

/// Whether a partition of a namespace with strong consistency is available to the members that are present. All
/// members are on the roster, and `order` is the order in which they take over the partition.
///
/// A partition is available if all of its copies are present, or if most members are present, and at least one of its
/// copies, or if exactly half of the members are present, and its master.
fn is_available(order: &[usize], present: &[usize], replication_factor: usize) -> bool {
    let copies = order.get(..replication_factor.min(order.len())).unwrap_or_default();
    let is_present = |member: &usize| present.contains(member);
    if !copies.is_empty() && copies.iter().all(is_present) {
        return true;
    }
    match (present.len() * 2).cmp(&order.len()) {
        Ordering::Greater => copies.iter().any(is_present),
        Ordering::Equal => copies.first().is_some_and(is_present),
        Ordering::Less => false,
    }
}

/// The order in which members take over a partition: with two copies, for example, the first two present
/// members own it. Masters rotate over the members, and so do the members after the same master, so that all
/// remaining members share the partitions of one that leaves. Members of other racks come before those in the
/// master's rack.
fn succession(partition: usize, members: &[Member]) -> Vec<usize> {
    let count = members.len();
    let master = partition % count.max(1);
    let others = count.saturating_sub(1);
    let mut order = Vec::with_capacity(count);
    order.extend((0..others).map(|place| {
        let step = (place + partition / count) % others;
        (master + 1 + step) % count
    }));
    let rack = |member: &usize| members.get(*member).map(|member| member.rack);
    order.sort_by_key(|member| rack(member) == rack(&master));
    order.insert(0, master);
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::clock::SystemClock;
    use crate::record::rules::RecordRules;
    use crate::store::StoreConfig;

    fn cluster(racks: &[u32], replication_factor: usize) -> Cluster {
        let members = racks
            .iter()
            .enumerate()
            .map(|(index, rack)| Member {
                id: format!("BB9{index}"),
                address: SocketAddr::from(([127, 0, 0, 1], 3000)),
                tls_address: None,
                rack: *rack,
            })
            .collect();
        let store = Store::new(&StoreConfig {
            namespaces: vec!["test".to_owned()],
            rules: RecordRules::default(),
            strong_consistency: None,
            clock: Arc::new(SystemClock),
        });
        Cluster::new(None, replication_factor, members, Arc::new(store))
    }

    /// Number of partitions that each member owns in position `place`.
    fn spread(view: &View, members: usize, place: usize) -> Vec<usize> {
        let mut spread = vec![0; members];
        for partition in 0..PARTITIONS as u16 {
            spread[view.owners(partition)[place]] += 1;
        }
        spread
    }

    fn is_even(spread: &[usize]) -> bool {
        let (least, most) = (spread.iter().min().unwrap(), spread.iter().max().unwrap());
        most - least <= 2
    }

    #[test]
    fn distributes_masters_and_replicas_evenly() {
        for nodes in 1..8 {
            let cluster = cluster(&vec![0; nodes], 2);
            let view = cluster.view();
            assert_eq!(view.replicas(), nodes.min(2));
            for place in 0..view.replicas() {
                let spread = spread(&view, nodes, place);
                assert!(is_even(&spread), "{nodes} nodes: {spread:?}");
            }
        }
    }

    #[test]
    fn a_replica_takes_over_until_the_master_returns() {
        let cluster = cluster(&[0; 3], 2);
        let before = cluster.view();
        cluster.leave(1);
        let without = cluster.view();
        assert_eq!((without.generation(), without.present()), (2, &[0, 2][..]));
        let spread = spread(&without, 3, 0);
        assert!(is_even(&[spread[0], spread[2]]) && spread[1] == 0, "{spread:?}");
        for partition in 0..PARTITIONS as u16 {
            let owners = before.owners(partition);
            let heir = if owners[0] == 1 { owners[1] } else { owners[0] };
            assert!(without.masters(heir, partition));
        }
        cluster.join(1);
        let after = cluster.view();
        assert_eq!(after.generation(), 3);
        assert_eq!(after.owners, before.owners);
    }

    #[test]
    fn places_replicas_in_other_racks() {
        let racks = [1, 2, 1, 2];
        let cluster = cluster(&racks, 2);
        let view = cluster.view();
        for partition in 0..PARTITIONS as u16 {
            let owners = view.owners(partition);
            assert_ne!(racks[owners[0]], racks[owners[1]]);
        }
        assert!(is_even(&spread(&view, 4, 0)));
    }

    #[test]
    fn strong_consistency_needs_all_copies_or_most_nodes() {
        let order = [3, 1, 0, 2];
        for (present, expected) in [
            (&[0, 1, 2, 3][..], true),
            (&[0, 1, 2], true),
            (&[0, 2, 3], true),
            // Both copies.
            (&[1, 3], true),
            // Half of the nodes, with and without the master.
            (&[0, 3], true),
            (&[1, 2], false),
            (&[0, 2], false),
            (&[3], false),
            (&[], false),
        ] {
            assert_eq!(is_available(&order, present, 2), expected, "{present:?}");
        }
        // A majority without a copy.
        assert!(!is_available(&[3, 1, 0, 2, 4], &[0, 2, 4], 2));
        // The only copy.
        assert!(is_available(&order, &[3], 1));
    }

    #[test]
    fn a_cluster_can_lose_all_its_nodes() {
        let cluster = cluster(&[0; 2], 2);
        cluster.leave(0);
        cluster.leave(1);
        let view = cluster.view();
        assert!(view.owners(0).is_empty() && !view.masters(0, 0));
        cluster.join(1);
        assert_eq!(cluster.view().owners(4095), [1]);
    }
}
