//! Recognizes, from the core's message, that something other than an Aerospike server answers on a port.

/// How the core's message ends if the first bytes of an answer are not the header of an Aerospike message. The number
/// is the last six of these eight bytes.
const NOT_A_HEADER: &str = "Invalid size for info command buffer: ";

/// How the core's message ends if the peer closes the connection before it has sent a whole header.
const CLOSED: &str = "failed to fill whole buffer";

/// Protocols whose servers begin with a text, and the part of the text that the core's message preserves.
const PROTOCOLS: [(&str, &[u8]); 3] = [("an HTTP", b"TP/1."), ("an SSH", b"H-2.0-"), ("a Redis", b"RR ")];

/// The last six of the first eight bytes that the peer sent.
fn first_bytes(message: &str) -> Option<[u8; 6]> {
    let (_, rest) = message.split_once(NOT_A_HEADER)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    let [_, _, bytes @ ..] = digits.parse::<u64>().ok()?.to_be_bytes();
    Some(bytes)
}

/// Explains the core's message of a failed connect, if something other than a plain Aerospike port answered.
pub fn explanation(message: &str) -> Option<String> {
    if let Some(bytes) = first_bytes(message) {
        let named = PROTOCOLS.iter().find(|(_, start)| bytes.starts_with(start));
        let what = named.map_or_else(String::new, |(name, _)| format!(", probably {name} server"));
        return Some(format!(
            "something other than an Aerospike server answers on this port{what}"
        ));
    }
    message.contains(CLOSED).then(|| {
        "the connection was closed before an answer: the port may expect TLS, or may not belong to an Aerospike server"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::explanation;

    fn message(bytes: [u8; 8]) -> String {
        let size = u64::from_be_bytes(bytes) & 0xffff_ffff_ffff;
        format!("Error 4: Invalid argument: Invalid size for info command buffer: {size} (connect)")
    }

    #[test]
    fn protocols_that_begin_with_a_text_are_named() {
        for (bytes, name) in [
            (*b"HTTP/1.1", "an HTTP"),
            (*b"SSH-2.0-", "an SSH"),
            (*b"-ERR unk", "a Redis"),
        ] {
            let text = explanation(&message(bytes)).unwrap_or_default();
            assert!(text.ends_with(&format!("port, probably {name} server")), "{text}");
        }
    }

    #[test]
    fn other_bytes_are_not_those_of_an_aerospike_server() {
        let text = explanation(&message([0x4a, 0, 0, 0, 0x0a, 0x38, 0x2e, 0x30]));
        assert_eq!(
            text.as_deref(),
            Some("something other than an Aerospike server answers on this port")
        );
    }

    #[test]
    fn a_closed_connection_may_be_a_tls_port() {
        let text = explanation("read_all: failed to fill whole buffer").unwrap_or_default();
        assert!(text.contains("may expect TLS"), "{text}");
    }

    #[test]
    fn other_failures_are_not_explained() {
        assert_eq!(explanation("Connection refused (os error 111)"), None);
        assert_eq!(explanation("Invalid size for info command buffer: x"), None);
    }
}
