//! Allowlists: the addresses from which the users of a role may connect.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Maximum length of the text of an allowlist, in bytes.
const MAX_SIZE: usize = 4096;

/// The allowlist of a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Allowlist {
    text: String,
    networks: Vec<Network>,
}

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Allowlist {
    /// Parses addresses and networks that are separated by commas. Returns `None` if one of them is invalid.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_SIZE {
            return None;
        }
        Some(Self {
            text: text.to_owned(),
            networks: text.split(',').map(Network::parse).collect::<Option<_>>()?,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.networks.is_empty()
    }

    /// The addresses and networks, separated by commas.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(address))
    }
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let bits = match address {
            IpAddr::V4(_) => 32,
            IpAddr::V6(_) => 128,
        };
        let prefix = match prefix {
            None => bits,
            Some(prefix) => prefix.parse().ok().filter(|prefix| *prefix <= bits)?,
        };
        Some(Self { address, prefix })
    }

    fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or_default();
                same(network, address, mask)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or_default();
                same_v6(network, address, mask)
            }
            _ => false,
        }
    }
}

fn same(one: Ipv4Addr, other: Ipv4Addr, mask: u32) -> bool {
    one.to_bits() & mask == other.to_bits() & mask
}

fn same_v6(one: Ipv6Addr, other: Ipv6Addr, mask: u128) -> bool {
    one.to_bits() & mask == other.to_bits() & mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_match() {
        let list = Allowlist::parse("127.0.0.1,10.1.0.0/16,fd00::/8").unwrap();
        for (address, expected) in [
            ("127.0.0.1", true),
            ("127.0.0.2", false),
            ("10.1.255.3", true),
            ("10.2.0.0", false),
            ("::ffff:10.1.0.1", true),
            ("fd12::1", true),
            ("fe80::1", false),
        ] {
            assert_eq!(list.contains(address.parse().unwrap()), expected, "{address}");
        }
        let all = Allowlist::parse("0.0.0.0/0,::/0").unwrap();
        assert!(all.contains("8.8.8.8".parse().unwrap()) && all.contains("::1".parse().unwrap()));
    }

    #[test]
    fn mistakes_are_refused() {
        for text in ["", "127.0.0.1,", "localhost", "10.0.0.0/33", "10.0.0.0/x", "::1/129"] {
            assert_eq!(Allowlist::parse(text), None, "{text:?}");
        }
    }
}
