//! Writes MessagePack, always in the shortest encoding.

mod head {
    pub(super) const MAP: u8 = 0x80;
    pub(super) const LIST: u8 = 0x90;
    pub(super) const STRING: u8 = 0xa0;
    pub(super) const NIL: u8 = 0xc0;
    pub(super) const FALSE: u8 = 0xc2;
    pub(super) const TRUE: u8 = 0xc3;
    pub(super) const EXT_8: u8 = 0xc7;
    pub(super) const EXT_16: u8 = 0xc8;
    pub(super) const EXT_32: u8 = 0xc9;
    pub(super) const FLOAT_64: u8 = 0xcb;
    pub(super) const UINT_8: u8 = 0xcc;
    pub(super) const UINT_16: u8 = 0xcd;
    pub(super) const UINT_32: u8 = 0xce;
    pub(super) const UINT_64: u8 = 0xcf;
    pub(super) const INT_8: u8 = 0xd0;
    pub(super) const INT_16: u8 = 0xd1;
    pub(super) const INT_32: u8 = 0xd2;
    pub(super) const INT_64: u8 = 0xd3;
    pub(super) const FIXEXT_1: u8 = 0xd4;
    pub(super) const FIXEXT_2: u8 = 0xd5;
    pub(super) const FIXEXT_4: u8 = 0xd6;
    pub(super) const FIXEXT_8: u8 = 0xd7;
    pub(super) const FIXEXT_16: u8 = 0xd8;
    pub(super) const STRING_8: u8 = 0xd9;
    pub(super) const STRING_16: u8 = 0xda;
    pub(super) const STRING_32: u8 = 0xdb;
    pub(super) const LIST_16: u8 = 0xdc;
    pub(super) const LIST_32: u8 = 0xdd;
    pub(super) const MAP_16: u8 = 0xde;
    pub(super) const MAP_32: u8 = 0xdf;
}

/// The nil format byte.
pub const NIL: u8 = head::NIL;

/// Appends a boolean.
pub fn bool(out: &mut Vec<u8>, value: bool) {
    out.push(if value { head::TRUE } else { head::FALSE });
}

/// Appends an integer.
pub fn int(out: &mut Vec<u8>, value: i64) {
    if let Ok(value) = u64::try_from(value) {
        unsigned(out, value);
    } else if value >= -32 {
        out.extend(value.to_be_bytes().last());
    } else if let Ok(value) = i8::try_from(value) {
        out.push(head::INT_8);
        out.extend_from_slice(&value.to_be_bytes());
    } else if let Ok(value) = i16::try_from(value) {
        out.push(head::INT_16);
        out.extend_from_slice(&value.to_be_bytes());
    } else if let Ok(value) = i32::try_from(value) {
        out.push(head::INT_32);
        out.extend_from_slice(&value.to_be_bytes());
    } else {
        out.push(head::INT_64);
        out.extend_from_slice(&value.to_be_bytes());
    }
}

/// Appends a non-negative integer.
pub fn unsigned(out: &mut Vec<u8>, value: u64) {
    if let Ok(value) = u8::try_from(value) {
        if value >= 0x80 {
            out.push(head::UINT_8);
        }
        out.push(value);
    } else if let Ok(value) = u16::try_from(value) {
        out.push(head::UINT_16);
        out.extend_from_slice(&value.to_be_bytes());
    } else if let Ok(value) = u32::try_from(value) {
        out.push(head::UINT_32);
        out.extend_from_slice(&value.to_be_bytes());
    } else {
        out.push(head::UINT_64);
        out.extend_from_slice(&value.to_be_bytes());
    }
}

/// Appends a position or a count.
pub fn size(out: &mut Vec<u8>, value: usize) {
    unsigned(out, u64::try_from(value).unwrap_or(u64::MAX));
}

/// Appends a floating-point number.
pub fn float(out: &mut Vec<u8>, value: f64) {
    out.push(head::FLOAT_64);
    out.extend_from_slice(&value.to_be_bytes());
}

/// Appends a string or blob. Its first byte is the particle type.
pub fn bytes(out: &mut Vec<u8>, value: &[u8]) {
    let size = value.len();
    if size < 32 {
        out.push(head::STRING | low_byte(size));
    } else if size <= usize::from(u8::MAX) {
        out.extend_from_slice(&[head::STRING_8, low_byte(size)]);
    } else {
        sized(out, size, head::STRING_16, head::STRING_32);
    }
    out.extend_from_slice(value);
}

/// Appends an extension.
pub fn extension(out: &mut Vec<u8>, kind: u8, data: &[u8]) {
    match data.len() {
        1 => out.push(head::FIXEXT_1),
        2 => out.push(head::FIXEXT_2),
        4 => out.push(head::FIXEXT_4),
        8 => out.push(head::FIXEXT_8),
        16 => out.push(head::FIXEXT_16),
        size if size <= usize::from(u8::MAX) => out.extend_from_slice(&[head::EXT_8, low_byte(size)]),
        size => sized(out, size, head::EXT_16, head::EXT_32),
    }
    out.push(kind);
    out.extend_from_slice(data);
}

/// Appends the head of a list of `count` elements, with an order marker if `flags` is not 0.
pub fn list_head(out: &mut Vec<u8>, flags: u8, count: usize) {
    let marked = flags != 0;
    collection(
        out,
        count + usize::from(marked),
        [head::LIST, head::LIST_16, head::LIST_32],
    );
    if marked {
        out.extend_from_slice(&[head::EXT_8, 0, flags]);
    }
}

/// Appends the head of a map of `count` pairs, with an order marker if `flags` is not 0.
pub fn map_head(out: &mut Vec<u8>, flags: u8, count: usize) {
    let marked = flags != 0;
    collection(
        out,
        count + usize::from(marked),
        [head::MAP, head::MAP_16, head::MAP_32],
    );
    if marked {
        out.extend_from_slice(&[head::EXT_8, 0, flags, head::NIL]);
    }
}

fn collection(out: &mut Vec<u8>, count: usize, [small, medium, large]: [u8; 3]) {
    if count < 16 {
        out.push(small | low_byte(count));
    } else {
        sized(out, count, medium, large);
    }
}

fn sized(out: &mut Vec<u8>, size: usize, medium: u8, large: u8) {
    if let Ok(size) = u16::try_from(size) {
        out.push(medium);
        out.extend_from_slice(&size.to_be_bytes());
    } else {
        // Requests are smaller than this, so no size is ever truncated.
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        out.push(large);
        out.extend_from_slice(&size.to_be_bytes());
    }
}

fn low_byte(size: usize) -> u8 {
    u8::try_from(size & 0xff).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::{Reader, Token};
    use super::*;

    #[test]
    fn integers_round_trip_in_their_shortest_form() {
        let cases = [
            (0, 1),
            (127, 1),
            (128, 2),
            (255, 2),
            (256, 3),
            (65_535, 3),
            (65_536, 5),
            (i64::from(u32::MAX), 5),
            (i64::from(u32::MAX) + 1, 9),
            (i64::MAX, 9),
            (-1, 1),
            (-32, 1),
            (-33, 2),
            (-128, 2),
            (-129, 3),
            (-32_768, 3),
            (-32_769, 5),
            (i64::from(i32::MIN), 5),
            (i64::from(i32::MIN) - 1, 9),
            (i64::MIN, 9),
        ];
        for (value, size) in cases {
            let mut out = Vec::new();
            int(&mut out, value);
            assert_eq!(out.len(), size, "{value}");
            assert_eq!(Reader::new(&out).token(), Ok(Token::Int(value)));
        }
    }

    #[test]
    fn extensions_round_trip_in_their_shortest_form() {
        let cases = [
            (0, 3),
            (1, 2),
            (2, 2),
            (3, 3),
            (4, 2),
            (8, 2),
            (16, 2),
            (17, 3),
            (255, 3),
            (256, 4),
            (65_536, 6),
        ];
        for (size, head) in cases {
            let (mut out, data) = (Vec::new(), vec![7; size]);
            extension(&mut out, 5, &data);
            assert_eq!(out.len(), head + size, "{size}");
            assert_eq!(Reader::new(&out).token(), Ok(Token::Ext(5, &data)));
        }
    }

    #[test]
    fn sizes_of_strings_and_collections_round_trip() {
        for size in [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536] {
            let mut out = Vec::new();
            bytes(&mut out, &vec![3; size]);
            assert_eq!(Reader::new(&out).token(), Ok(Token::Bytes(&vec![3; size])));
            out.clear();
            list_head(&mut out, 0, size);
            assert_eq!(Reader::new(&out).token(), Ok(Token::List(size as u32)));
            out.clear();
            map_head(&mut out, 1, size);
            let mut reader = Reader::new(&out);
            assert_eq!(reader.token(), Ok(Token::Map(size as u32 + 1)));
            assert_eq!(reader.token(), Ok(Token::Ext(1, &[])));
            assert_eq!(reader.token(), Ok(Token::Nil));
        }
    }
}
