//! The partitions that a node owns, as it reports them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Number of partitions of a namespace.
pub const PARTITIONS: usize = 4096;

/// Larger than the replication factor of any namespace: bitmaps beyond it are ignored.
const MAX_REPLICAS: usize = 64;

/// The partitions of one namespace that a node owns: per replica, the master first, one bit for each partition.
#[derive(Debug, PartialEq, Eq)]
pub struct Namespace {
    pub name: String,
    /// Whether the namespace has strong consistency: reads then go to the master, whatever the policy says.
    pub strong: bool,
    pub places: Vec<Vec<u8>>,
}

/// The partitions that a node owns.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Claims(pub Vec<Namespace>);

impl Claims {
    /// Parses the response to `replicas`: `ns:regime,copies,bitmap,bitmap;...`. Skips malformed parts, because the core
    /// reports them.
    pub fn parse(answer: &str) -> Self {
        Claims(answer.split(';').filter_map(parse_namespace).collect())
    }
}

fn parse_namespace(text: &str) -> Option<Namespace> {
    let (name, rest) = text.split_once(':')?;
    let mut parts = rest.split(',');
    let strong = parts.next()?.parse::<u32>().ok()? != 0;
    let count = parts.next()?.parse::<usize>().ok()?;
    let places: Vec<Vec<u8>> = parts
        .take(MAX_REPLICAS)
        .map_while(|bitmap| STANDARD.decode(bitmap).ok())
        .collect();
    let whole = places.len() == count.min(MAX_REPLICAS) && places.iter().all(|bits| bits.len() == PARTITIONS / 8);
    whole.then(|| Namespace {
        name: name.to_owned(),
        strong,
        places,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_left_out() {
        for answer in [
            "",
            "test",
            "test:x,1,AA==",
            "test:0,2,AA==",
            "test:0,1,!!",
            "test:0,4294967295",
            "ERROR:4:no",
        ] {
            assert_eq!(Claims::parse(answer), Claims::default(), "{answer}");
        }
    }
}
