//! A second implementation of the wire protocol, independent of the server's own code.

/// Encodes a message: header and body.
pub fn proto(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut out = (body.len() as u64).to_be_bytes().to_vec();
    out[0] = 2;
    out[1] = kind;
    out.extend_from_slice(body);
    out
}

/// Splits bytes into messages: type and body.
pub fn split_protos(mut bytes: &[u8]) -> Vec<(u8, &[u8])> {
    let mut messages = Vec::new();
    while let Some((header, rest)) = bytes.split_first_chunk::<8>() {
        let size = (u64::from_be_bytes(*header) & 0xffff_ffff_ffff) as usize;
        // A recording ends where the client closed the connection.
        let (body, rest) = rest.split_at(size.min(rest.len()));
        messages.push((header[1], body));
        bytes = rest;
    }
    messages
}

pub type Field = (u8, Vec<u8>);

/// Operation code, particle type, name, value.
pub type Op = (u8, u8, String, Vec<u8>);

/// A row of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub info3: u8,
    pub result: u8,
    pub generation: u32,
    pub void_time: u32,
    pub index: u32,
    pub fields: Vec<Field>,
    pub ops: Vec<Op>,
}

impl Reply {
    pub fn is_last(&self) -> bool {
        self.info3 & 1 != 0
    }

    /// Names, particle types and values of the bins.
    pub fn bins(&self) -> Vec<(&str, u8, &[u8])> {
        self.ops
            .iter()
            .map(|(_, particle, name, value)| (name.as_str(), *particle, value.as_slice()))
            .collect()
    }

    pub fn field(&self, kind: u8) -> Option<&[u8]> {
        self.fields
            .iter()
            .find(|field| field.0 == kind)
            .map(|field| field.1.as_slice())
    }
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes(bytes[at..at + 2].try_into().unwrap()))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// Parses `n_fields` fields and `n_ops` operations that start at `at`. Returns their end.
fn parse_body(body: &[u8], mut at: usize, n_fields: usize, n_ops: usize) -> (Vec<Field>, Vec<Op>, usize) {
    let mut fields = Vec::new();
    for _ in 0..n_fields {
        let size = u32_at(body, at) as usize;
        fields.push((body[at + 4], body[at + 5..at + 4 + size].to_vec()));
        at += 4 + size;
    }
    let mut ops = Vec::new();
    for _ in 0..n_ops {
        let size = u32_at(body, at) as usize;
        let name_end = at + 8 + usize::from(body[at + 7]);
        let name = String::from_utf8(body[at + 8..name_end].to_vec()).unwrap();
        let value = body[name_end..at + 4 + size].to_vec();
        ops.push((body[at + 4], body[at + 5], name, value));
        at += 4 + size;
    }
    (fields, ops, at)
}

/// Parses the rows of a message.
pub fn parse_reply(body: &[u8]) -> Vec<Reply> {
    let mut rows = Vec::new();
    let mut at = 0;
    while at < body.len() {
        let header = &body[at..at + 22];
        let (n_fields, n_ops) = (u16_at(header, 18), u16_at(header, 20));
        let (fields, ops, end) = parse_body(body, at + usize::from(header[0]), n_fields, n_ops);
        rows.push(Reply {
            info3: header[3],
            result: header[5],
            generation: u32_at(header, 6),
            void_time: u32_at(header, 10),
            index: u32_at(header, 14),
            fields,
            ops,
        });
        at = end;
    }
    rows
}

/// A row of a batch request.
#[derive(Debug, Clone)]
pub struct BatchRow {
    pub index: u32,
    pub info2: u8,
    pub ttl: u32,
}

/// Parses the rows of a batch field.
pub fn parse_batch(field: &[u8]) -> Vec<BatchRow> {
    let mut rows: Vec<BatchRow> = Vec::new();
    let mut at = 5;
    while at < field.len() {
        let index = u32_at(field, at);
        let flags = field[at + 24];
        at += 25;
        if flags & 1 != 0 {
            let previous = rows.last().unwrap().clone();
            rows.push(BatchRow { index, ..previous });
            continue;
        }
        assert_eq!(flags & 2, 2);
        let info2 = field[at + 1];
        at += 3 + usize::from(flags >> 4 & 1) + usize::from(flags >> 2 & 1) * 2;
        let mut ttl = 0;
        if flags & 8 != 0 {
            ttl = u32_at(field, at);
            at += 4;
        }
        let (n_fields, n_ops) = (u16_at(field, at), u16_at(field, at + 2));
        (_, _, at) = parse_body(field, at + 4, n_fields, n_ops);
        rows.push(BatchRow { index, info2, ttl });
    }
    rows
}

/// A request builder.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub info: [u8; 4],
    pub generation: u32,
    pub ttl: u32,
    pub timeout: u32,
    pub fields: Vec<Field>,
    pub ops: Vec<Op>,
}

pub const READ: u8 = 1;
pub const GET_ALL: u8 = 2;
pub const NO_BIN_DATA: u8 = 32;
pub const WRITE: u8 = 1;
pub const DELETE: u8 = 2;
pub const RESPOND_ALL: u8 = 128;

impl Request {
    /// A request for a record of namespace `test` and set `set`.
    pub fn on(n: u8, info1: u8, info2: u8) -> Self {
        Self {
            info: [info1, info2, 0, 0],
            ..Self::default()
        }
        .field(0, b"test")
        .field(1, b"set")
        .field(4, &digest(n))
    }

    pub fn get(n: u8) -> Self {
        Self::on(n, READ | GET_ALL, 0)
    }

    pub fn put(n: u8) -> Self {
        Self::on(n, 0, WRITE)
    }

    pub fn delete(n: u8) -> Self {
        Self::on(n, 0, WRITE | DELETE)
    }

    pub fn field(mut self, kind: u8, value: &[u8]) -> Self {
        self.fields.retain(|field| field.0 != kind);
        self.fields.push((kind, value.to_vec()));
        self
    }

    pub fn without(mut self, kind: u8) -> Self {
        self.fields.retain(|field| field.0 != kind);
        self
    }

    pub fn op(mut self, code: u8, particle: u8, name: &str, value: &[u8]) -> Self {
        self.ops.push((code, particle, name.to_owned(), value.to_vec()));
        self
    }

    pub fn int(self, name: &str, value: i64) -> Self {
        self.op(2, 1, name, &value.to_be_bytes())
    }

    pub fn string(self, name: &str, value: &str) -> Self {
        self.op(2, 3, name, value.as_bytes())
    }

    /// Sets bits of one of the four info bytes.
    pub fn info(mut self, byte: usize, bits: u8) -> Self {
        self.info[byte - 1] |= bits;
        self
    }

    pub fn generation(mut self, generation: u32) -> Self {
        self.generation = generation;
        self
    }

    pub fn ttl(mut self, ttl: u32) -> Self {
        self.ttl = ttl;
        self
    }

    /// Encodes the complete message, including the header.
    pub fn bytes(&self) -> Vec<u8> {
        let mut body = vec![22];
        body.extend_from_slice(&self.info);
        body.push(0);
        body.extend_from_slice(&self.generation.to_be_bytes());
        body.extend_from_slice(&self.ttl.to_be_bytes());
        body.extend_from_slice(&self.timeout.to_be_bytes());
        body.extend_from_slice(&(self.fields.len() as u16).to_be_bytes());
        body.extend_from_slice(&(self.ops.len() as u16).to_be_bytes());
        self.write_parts(&mut body);
        proto(3, &body)
    }

    fn write_parts(&self, out: &mut Vec<u8>) {
        for (kind, value) in &self.fields {
            out.extend_from_slice(&(value.len() as u32 + 1).to_be_bytes());
            out.push(*kind);
            out.extend_from_slice(value);
        }
        for (code, particle, name, value) in &self.ops {
            out.extend_from_slice(&((4 + name.len() + value.len()) as u32).to_be_bytes());
            out.extend_from_slice(&[*code, *particle, 0, name.len() as u8]);
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(value);
        }
    }

    /// Encodes the request as a row of a batch.
    fn batch_row(&self, index: u32, out: &mut Vec<u8>) {
        out.extend_from_slice(&index.to_be_bytes());
        let digest = &self.fields.iter().find(|field| field.0 == 4).unwrap().1;
        out.extend_from_slice(digest);
        let rest = self.clone().without(4);
        let [info1, info2, info3, info4] = self.info;
        out.push(if info4 == 0 { 0x0e } else { 0x1e });
        out.extend_from_slice(&[info1, info2, info3]);
        if info4 != 0 {
            out.push(info4);
        }
        out.extend_from_slice(&(self.generation as u16).to_be_bytes());
        out.extend_from_slice(&self.ttl.to_be_bytes());
        out.extend_from_slice(&(rest.fields.len() as u16).to_be_bytes());
        out.extend_from_slice(&(rest.ops.len() as u16).to_be_bytes());
        rest.write_parts(out);
    }
}

/// A batch of requests. The index of each row is its position.
pub fn batch(flags: u8, rows: &[Request]) -> Request {
    let mut field = (rows.len() as u32).to_be_bytes().to_vec();
    field.push(flags);
    for (index, row) in rows.iter().enumerate() {
        row.batch_row(index as u32, &mut field);
    }
    Request {
        info: [8, 0, 0, 0],
        ..Request::default()
    }
    .field(41, &field)
}

/// The digest of test record `n`.
pub fn digest(n: u8) -> [u8; 20] {
    std::array::from_fn(|at| n.wrapping_mul(31).wrapping_add((at as u8).wrapping_mul(7)))
}
