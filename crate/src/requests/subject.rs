//! What a call works on: the namespace and set at the start of its body, and its number of rows. `lib/values/subject.ts`
//! writes them.

use super::call::Call;
use super::request::Body;
use crate::catalog::commands::{has_rows, has_subject, operation};
use crate::common::errors::Failure;
use crate::wire::Reader;

/// What a call works on.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Namespace, or that of the first row of a batch. Empty if the command has no namespace.
    pub namespace: &'a str,
    /// Set, or that of the first row of a batch. Empty if the command has no set.
    pub set: &'a str,
    /// For a batch: number of rows.
    pub rows: Option<u32>,
}

impl<'a> Subject<'a> {
    /// Reads the subject at the start of the body of `command`. Empty if the command has none.
    ///
    /// # Errors
    /// The body ends early, or a name is not valid UTF-8.
    pub fn read(command: u8, reader: &mut Reader<'a>) -> Result<Self, Failure> {
        if !has_subject(command) {
            return Ok(Subject::default());
        }
        let (namespace, set) = (reader.name()?, reader.name()?);
        let rows = if has_rows(command) { Some(reader.u32()?) } else { None };
        Ok(Subject { namespace, set, rows })
    }

    /// The number of rows.
    pub fn row_count(&self) -> usize {
        self.rows.unwrap_or_default() as usize
    }
}

impl Body {
    /// The name of the method in lower case, such as `batch_read`.
    pub fn operation(&self) -> &'static str {
        operation(self.command, self.variant)
    }

    /// The namespace and set. Empty if the body is malformed; the command itself reports that.
    pub fn subject(&self) -> Subject<'_> {
        Subject::read(self.command, &mut self.reader()).unwrap_or_default()
    }
}

impl Call {
    /// Reads the subject of the call. The reader continues behind it.
    ///
    /// # Errors
    /// The body ends early, or a name is not valid UTF-8.
    pub fn open(&self) -> Result<(Subject<'_>, Reader<'_>), Failure> {
        let mut reader = self.reader();
        let subject = Subject::read(self.command, &mut reader)?;
        Ok((subject, reader))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::commands::{BATCH_READ, BATCH_WRITE_COLUMNS, GET, INFO_ALL, TRUNCATE};
    use crate::requests::end_report::EndReport;
    use crate::wire::Writer;
    use std::sync::Arc;
    use std::time::Instant;

    fn call(command: u8, body: &[u8]) -> EndReport {
        let block: Arc<[u8]> = Arc::from(body);
        EndReport::of_body(command, 0, &block, (0, block.len()), Instant::now())
    }

    #[test]
    fn a_body_starts_with_namespace_and_set_and_that_of_a_batch_with_its_row_count_too() {
        let mut body = b"\x04test\x05users".to_vec();
        body.put_u32(7);
        for (command, rows) in [
            (GET, None),
            (TRUNCATE, None),
            (BATCH_READ, Some(7)),
            (BATCH_WRITE_COLUMNS, Some(7)),
        ] {
            let expected = Subject {
                namespace: "test",
                set: "users",
                rows,
            };
            assert_eq!(call(command, &body).subject(), expected);
        }
        assert_eq!(call(INFO_ALL, &body).subject(), Subject::default());
        assert_eq!(call(GET, &body).operation(), "get");
    }

    #[test]
    fn a_body_that_ends_early_has_no_subject() {
        for command in 0..=u8::MAX {
            assert_eq!(call(command, &[9]).subject(), Subject::default());
            assert_eq!(call(command, &[]).subject(), Subject::default());
        }
    }
}
