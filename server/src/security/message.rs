//! Encoding and decoding of security messages.
//!
//! `u8 scheme, u8 result, u8 command, u8 number of fields, 12 zeros`, then the fields:
//! `u32 size (including the id), u8 id, value`.

use super::privilege::{Code, Privilege};
use crate::common::result_code::ResultCode;
use crate::proto::cursor::Cursor;
use crate::proto::field::write_field;
use crate::proto::header::{self, Kind};

/// Size of the header of a security message, in bytes.
const SECURITY_HEADER_SIZE: usize = 16;

/// Commands.
pub(super) mod command {
    pub(in super::super) const AUTHENTICATE: u8 = 0;
    pub(in super::super) const CREATE_USER: u8 = 1;
    pub(in super::super) const DROP_USER: u8 = 2;
    pub(in super::super) const SET_PASSWORD: u8 = 3;
    pub(in super::super) const CHANGE_PASSWORD: u8 = 4;
    pub(in super::super) const GRANT_ROLES: u8 = 5;
    pub(in super::super) const REVOKE_ROLES: u8 = 6;
    pub(in super::super) const QUERY_USERS: u8 = 9;
    pub(in super::super) const CREATE_ROLE: u8 = 10;
    pub(in super::super) const DROP_ROLE: u8 = 11;
    pub(in super::super) const GRANT_PRIVILEGES: u8 = 12;
    pub(in super::super) const REVOKE_PRIVILEGES: u8 = 13;
    pub(in super::super) const SET_ALLOWLIST: u8 = 14;
    pub(in super::super) const SET_QUOTAS: u8 = 15;
    pub(in super::super) const QUERY_ROLES: u8 = 16;
    pub(in super::super) const LOGIN: u8 = 20;
}

/// Field ids.
pub(super) mod field {
    pub(in super::super) const USER: u8 = 0;
    pub(in super::super) const PASSWORD: u8 = 1;
    pub(in super::super) const OLD_PASSWORD: u8 = 2;
    pub(in super::super) const CREDENTIAL: u8 = 3;
    pub(in super::super) const CLEAR_PASSWORD: u8 = 4;
    pub(in super::super) const SESSION_TOKEN: u8 = 5;
    pub(in super::super) const SESSION_TTL: u8 = 6;
    pub(in super::super) const ROLES: u8 = 10;
    pub(in super::super) const ROLE: u8 = 11;
    pub(in super::super) const PRIVILEGES: u8 = 12;
    pub(in super::super) const ALLOWLIST: u8 = 13;
    pub(in super::super) const READ_QUOTA: u8 = 14;
    pub(in super::super) const WRITE_QUOTA: u8 = 15;
    pub(in super::super) const READ_INFO: u8 = 16;
    pub(in super::super) const WRITE_INFO: u8 = 17;
    pub(in super::super) const CONNECTIONS: u8 = 18;
}

/// A parsed request.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) command: u8,
    fields: Vec<(u8, &'a [u8])>,
}

/// The command of a message, even if the rest is malformed.
pub(super) fn command_of(body: &[u8]) -> u8 {
    body.get(2).copied().unwrap_or_default()
}

impl<'a> Request<'a> {
    /// Parses a message. Returns `None` if it is malformed.
    pub(super) fn parse(body: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor::new(body);
        let [_scheme, _result, command, count] = cursor.array()?;
        cursor.take(SECURITY_HEADER_SIZE - 4)?;
        let mut fields = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let size = usize::try_from(cursor.u32()?).ok()?;
            let (id, value) = cursor.take(size)?.split_first()?;
            fields.push((*id, value));
        }
        Some(Self { command, fields })
    }

    /// The value of a field.
    pub(super) fn field(&self, id: u8) -> Option<&'a [u8]> {
        self.fields.iter().find(|field| field.0 == id).map(|field| field.1)
    }

    /// The value of a text field.
    pub(super) fn text(&self, id: u8) -> Result<Option<&'a str>, ResultCode> {
        self.field(id)
            .map(|value| std::str::from_utf8(value).map_err(|_| ResultCode::INVALID_FIELD))
            .transpose()
    }

    /// The value of a text field that the command requires.
    pub(super) fn required_text(&self, id: u8) -> Result<&'a str, ResultCode> {
        self.text(id)?.ok_or(ResultCode::INVALID_FIELD)
    }

    /// The value of a quota field.
    pub(super) fn quota(&self, id: u8) -> Result<Option<u32>, ResultCode> {
        self.field(id)
            .map(|value| {
                value
                    .try_into()
                    .map(u32::from_be_bytes)
                    .map_err(|_| ResultCode::INVALID_QUOTA)
            })
            .transpose()
    }

    /// The role names in the request.
    pub(super) fn roles(&self) -> Result<Vec<&'a str>, ResultCode> {
        let Some(value) = self.field(field::ROLES) else {
            return Ok(Vec::new());
        };
        let mut cursor = Cursor::new(value);
        let count = cursor.u8().ok_or(ResultCode::INVALID_FIELD)?;
        (0..count)
            .map(|_| short_text(&mut cursor).ok_or(ResultCode::INVALID_FIELD))
            .collect()
    }

    /// The privileges in the request.
    pub(super) fn privileges(&self) -> Result<Vec<Privilege>, ResultCode> {
        let Some(value) = self.field(field::PRIVILEGES) else {
            return Ok(Vec::new());
        };
        let mut cursor = Cursor::new(value);
        let count = cursor.u8().ok_or(ResultCode::INVALID_FIELD)?;
        (0..count).map(|_| privilege(&mut cursor)).collect()
    }
}

fn privilege(cursor: &mut Cursor<'_>) -> Result<Privilege, ResultCode> {
    let number = cursor.u8().ok_or(ResultCode::INVALID_FIELD)?;
    let code = Code::from_number(number).ok_or(ResultCode::INVALID_PRIVILEGE)?;
    let mut privilege = Privilege::global(code);
    if code.has_scope() {
        let mut part = || short_text(cursor).map(str::to_owned).ok_or(ResultCode::INVALID_FIELD);
        privilege.namespace = part()?;
        privilege.set = part()?;
    }
    if privilege.is_valid() {
        Ok(privilege)
    } else {
        Err(ResultCode::INVALID_PRIVILEGE)
    }
}

/// A text whose length is encoded in one byte.
fn short_text<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let size = cursor.u8()?;
    std::str::from_utf8(cursor.take(usize::from(size))?).ok()
}

fn write_short_text(out: &mut Vec<u8>, text: &str) {
    // Names are at most 63 bytes long.
    out.push(u8::try_from(text.len()).unwrap_or_default());
    out.extend_from_slice(text.as_bytes());
}

/// Encodes role names.
pub(super) fn encode_roles<'a>(roles: impl ExactSizeIterator<Item = &'a str>) -> Vec<u8> {
    let mut out = vec![u8::try_from(roles.len()).unwrap_or(u8::MAX)];
    for role in roles.take(u8::MAX.into()) {
        write_short_text(&mut out, role);
    }
    out
}

/// Encodes privileges.
pub(super) fn encode_privileges(privileges: &[Privilege]) -> Vec<u8> {
    let mut out = vec![u8::try_from(privileges.len()).unwrap_or(u8::MAX)];
    for privilege in privileges.iter().take(u8::MAX.into()) {
        out.push(privilege.code as u8);
        if privilege.code.has_scope() {
            write_short_text(&mut out, &privilege.namespace);
            write_short_text(&mut out, &privilege.set);
        }
    }
    out
}

/// Encodes statistics.
pub(super) fn encode_statistics(statistics: [u32; 4]) -> Vec<u8> {
    let mut out = vec![4];
    out.extend(statistics.into_iter().flat_map(u32::to_be_bytes));
    out
}

/// A security message at the end of the output buffer. The reply to a query has one for each user or role.
#[derive(Debug)]
pub(super) struct Part<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
    fields: u8,
}

impl<'a> Part<'a> {
    pub(super) fn begin(out: &'a mut Vec<u8>, command: u8, result: ResultCode) -> Self {
        let start = out.len();
        let mut head = [0; SECURITY_HEADER_SIZE];
        head[1] = result.0;
        head[2] = command;
        out.extend_from_slice(&head);
        Self { out, start, fields: 0 }
    }

    pub(super) fn field(&mut self, id: u8, value: &[u8]) {
        write_field(self.out, id, value);
        self.fields += 1;
        if let Some(count) = self.out.get_mut(self.start + 3) {
            *count = self.fields;
        }
    }
}

/// A reply that consists of one message.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    part: Part<'a>,
    start: usize,
}

impl<'a> Reply<'a> {
    pub(super) fn begin(out: &'a mut Vec<u8>, command: u8, result: ResultCode) -> Self {
        let start = header::begin(out);
        Self {
            part: Part::begin(out, command, result),
            start,
        }
    }

    pub(super) fn field(&mut self, id: u8, value: &[u8]) {
        self.part.field(id, value);
    }

    pub(super) fn finish(self) {
        header::finish(self.part.out, self.start, Kind::Security);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(fields: &[(u8, &[u8])]) -> Vec<u8> {
        let mut body = vec![0, 0, command::CREATE_ROLE, fields.len() as u8];
        body.extend_from_slice(&[0; 12]);
        for (id, value) in fields {
            write_field(&mut body, *id, value);
        }
        body
    }

    #[test]
    fn requests_are_parsed() {
        let privileges = [2, 2, 10, 4, b't', b'e', b's', b't', 1, b's'];
        let body = request(&[(field::ROLE, b"r"), (field::PRIVILEGES, &privileges)]);
        let parsed = Request::parse(&body).unwrap();
        assert_eq!(parsed.required_text(field::ROLE), Ok("r"));
        assert_eq!(parsed.required_text(field::USER), Err(ResultCode::INVALID_FIELD));
        let decoded = parsed.privileges().unwrap();
        assert_eq!(decoded[0], Privilege::global(Code::DataAdmin));
        assert_eq!((&*decoded[1].namespace, &*decoded[1].set), ("test", "s"));
        assert_eq!(encode_privileges(&decoded), privileges);
        for end in 0..body.len() {
            assert!(Request::parse(&body[..end]).is_none());
        }
    }

    #[test]
    fn mistakes_in_fields_are_refused() {
        for (privileges, result) in [
            (&[1, 99][..], ResultCode::INVALID_PRIVILEGE),
            (&[1, 10, 0, 1, b's'], ResultCode::INVALID_PRIVILEGE),
            (&[1, 10, 9, b's'], ResultCode::INVALID_FIELD),
            (&[], ResultCode::INVALID_FIELD),
        ] {
            let body = request(&[(field::PRIVILEGES, privileges)]);
            assert_eq!(Request::parse(&body).unwrap().privileges(), Err(result));
        }
        let body = request(&[(field::ROLES, &[2, 1, b'a']), (field::READ_QUOTA, &[1])]);
        let parsed = Request::parse(&body).unwrap();
        assert_eq!(parsed.roles(), Err(ResultCode::INVALID_FIELD));
        assert_eq!(parsed.quota(field::READ_QUOTA), Err(ResultCode::INVALID_QUOTA));
    }
}
