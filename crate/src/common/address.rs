//! Addresses as text. The core writes an IPv6 address and its port as `::1:3000`.

use std::borrow::Cow;

/// The address in the form that `hosts` accepts: an IPv6 address is in brackets.
pub fn bracketed(address: &str) -> Cow<'_, str> {
    match address.rsplit_once(':') {
        Some((host, port)) if host.contains(':') && !host.starts_with('[') => Cow::Owned(format!("[{host}]:{port}")),
        _ => Cow::Borrowed(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_of_an_ipv6_address_is_put_into_brackets() {
        for (address, expected) in [
            ("::1:3000", "[::1]:3000"),
            ("fe80::a:b:3000", "[fe80::a:b]:3000"),
            ("[::1]:3000", "[::1]:3000"),
            ("127.0.0.1:3000", "127.0.0.1:3000"),
            ("node.test:3000", "node.test:3000"),
            ("", ""),
        ] {
            assert_eq!(bracketed(address), expected);
        }
    }
}
