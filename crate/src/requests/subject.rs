//! What a call works on: the namespace and set at the start of its body.

use super::request::Body;
use crate::catalog::commands::{
    self, APPEND, APPLY, BATCH, BATCH_APPLY, BATCH_OPERATE, BATCH_READ, BATCH_READ_COLUMNS, BATCH_REMOVE, BATCH_STREAM,
    BATCH_WRITE, BATCH_WRITE_COLUMNS, CREATE_INDEX, DROP_INDEX, EXISTS, GET, INCREMENT, OPERATE, OPERATE_ORDERED,
    PREPEND, PUT, QUERY, QUERY_AGGREGATE, QUERY_APPLY, QUERY_OPERATE, REMOVE, TOUCH, TRUNCATE,
};
use crate::catalog::policy_fields::FIRST_BYTES_FIELD;
use crate::common::errors::Failure;
use crate::common::shorten::beginning;
use crate::wire::Reader;

/// Where the body of a command contains the namespace and set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectPlace {
    /// Nowhere.
    Nothing,
    /// Namespace and set at the start, each as a name (u8 length).
    Space,
    /// Namespace and set at the start, each as a text (u32 length).
    Texts,
    /// The namespace at the start, as a text (u32 length); no set.
    Text,
    /// In the key of the first row; the rows follow a policy.
    Rows,
    /// In the keys at the start, which are a list or a column.
    Source,
    /// In the keys, which are a list or a column and follow two policies.
    Written,
}

/// Where the body of `command` contains the namespace and set.
pub fn subject_place(command: u8) -> SubjectPlace {
    match command {
        PUT | GET | EXISTS | REMOVE | TOUCH | APPEND | PREPEND | INCREMENT | OPERATE | OPERATE_ORDERED | APPLY
        | QUERY | QUERY_APPLY | QUERY_OPERATE | QUERY_AGGREGATE => SubjectPlace::Space,
        TRUNCATE | CREATE_INDEX => SubjectPlace::Texts,
        DROP_INDEX => SubjectPlace::Text,
        BATCH_READ | BATCH_WRITE | BATCH_OPERATE | BATCH_REMOVE | BATCH_APPLY | BATCH | BATCH_STREAM => {
            SubjectPlace::Rows
        }
        BATCH_READ_COLUMNS => SubjectPlace::Source,
        BATCH_WRITE_COLUMNS => SubjectPlace::Written,
        _ => SubjectPlace::Nothing,
    }
}

/// The namespace and set of a call.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Namespace, or that of the first row of a batch. Empty if the command has no namespace.
    pub namespace: &'a str,
    /// Set, or that of the first row of a batch. Empty if the command has no set.
    pub set: &'a str,
    /// For a batch: number of rows.
    pub rows: Option<u32>,
}

impl Body {
    /// The name of the method in lower case, such as `batch_read`.
    pub fn operation(&self) -> &'static str {
        commands::operation(self.command, self.variant)
    }

    /// The namespace and set. Empty if the body is malformed; the command itself reports that.
    pub fn subject(&self) -> Subject<'_> {
        read_subject(self.command, &mut self.reader()).unwrap_or_default()
    }
}

/// Maximum bytes of a namespace or set in metrics and spans. Names in keys are never longer, but other commands contain
/// any text that the caller passed.
const NAME_BYTES: usize = 255;

fn read_subject<'a>(command: u8, reader: &mut Reader<'a>) -> Result<Subject<'a>, Failure> {
    match subject_place(command) {
        SubjectPlace::Nothing => Ok(Subject::default()),
        SubjectPlace::Space => names(reader, None),
        SubjectPlace::Texts => Ok(Subject {
            namespace: beginning(reader.text()?, NAME_BYTES),
            set: beginning(reader.text()?, NAME_BYTES),
            rows: None,
        }),
        SubjectPlace::Text => Ok(Subject {
            namespace: beginning(reader.text()?, NAME_BYTES),
            ..Subject::default()
        }),
        SubjectPlace::Rows => {
            skip_policy(reader)?;
            first_row(reader)
        }
        SubjectPlace::Source => source(reader),
        SubjectPlace::Written => {
            skip_policy(reader)?;
            skip_policy(reader)?;
            source(reader)
        }
    }
}

/// Skips an encoded policy.
///
/// # Errors
/// The body ends early.
pub fn skip_policy(reader: &mut Reader<'_>) -> Result<(), Failure> {
    for _ in 0..reader.u8()? {
        if reader.u8()? < FIRST_BYTES_FIELD {
            reader.f64()?;
        } else {
            reader.blob()?;
        }
    }
    Ok(())
}

fn names<'a>(reader: &mut Reader<'a>, rows: Option<u32>) -> Result<Subject<'a>, Failure> {
    Ok(Subject {
        namespace: reader.name()?,
        set: reader.name()?,
        rows,
    })
}

/// Reads a count and the first row, which starts with one byte before its key.
fn first_row<'a>(reader: &mut Reader<'a>) -> Result<Subject<'a>, Failure> {
    let rows = reader.u32()?;
    if rows == 0 {
        return Ok(Subject {
            rows: Some(0),
            ..Subject::default()
        });
    }
    reader.u8()?;
    names(reader, Some(rows))
}

/// Reads keys, which are a list or a column.
fn source<'a>(reader: &mut Reader<'a>) -> Result<Subject<'a>, Failure> {
    if reader.u8()? == 0 {
        return first_row(reader);
    }
    let mut subject = names(reader, None)?;
    subject.rows = Some(reader.u32()?);
    Ok(subject)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requests::end_report::EndReport;
    use crate::wire::Writer;
    use std::sync::Arc;
    use std::time::Instant;

    fn name(out: &mut Vec<u8>, text: &str) {
        out.put_u8(text.len() as u8);
        out.extend_from_slice(text.as_bytes());
    }

    fn call(command: u8, body: &[u8]) -> EndReport {
        let block: Arc<[u8]> = Arc::from(body);
        EndReport::of_body(command, 0, &block, (0, block.len()), Instant::now())
    }

    #[test]
    fn a_single_record_command_has_a_namespace_and_set() {
        let mut body = Vec::new();
        name(&mut body, "test");
        name(&mut body, "users");
        let get = call(4, &body);
        let subject = get.subject();
        assert_eq!((subject.namespace, subject.set, subject.rows), ("test", "users", None));
        assert_eq!(get.operation(), "get");
    }

    #[test]
    fn a_batch_has_the_namespace_and_set_of_its_first_row() {
        let mut body = vec![2, 1];
        body.put_f64(5.0);
        body.put_u8(64);
        body.put_blob(&[1, 2, 3]);
        body.put_u32(7);
        body.put_u8(0);
        name(&mut body, "test");
        name(&mut body, "");
        let batch = call(16, &body);
        let subject = batch.subject();
        assert_eq!((subject.namespace, subject.set, subject.rows), ("test", "", Some(7)));
    }

    #[test]
    fn keys_are_a_list_or_a_column() {
        let mut column = vec![2];
        name(&mut column, "test");
        name(&mut column, "users");
        column.put_u32(3);
        let expected = Subject {
            namespace: "test",
            set: "users",
            rows: Some(3),
        };
        assert_eq!(call(17, &column).subject(), expected);
        let written: Vec<u8> = [0, 0].into_iter().chain(column).collect();
        assert_eq!(call(23, &written).subject(), expected);
        let mut list = vec![0];
        list.put_u32(3);
        list.put_u8(0);
        name(&mut list, "test");
        name(&mut list, "users");
        assert_eq!(call(17, &list).subject(), expected);
        assert_eq!(call(17, &[0, 0, 0, 0, 0]).subject().rows, Some(0));
    }

    #[test]
    fn names_of_any_length_are_bounded() {
        let mut body = Vec::new();
        body.put_text(&"n".repeat(2 << 20));
        body.put_text(&"s".repeat(2 << 20));
        // 58 is `truncate`.
        let call = call(58, &body);
        let subject = call.subject();
        assert_eq!((subject.namespace.len(), subject.set.len()), (NAME_BYTES, NAME_BYTES));
    }

    #[test]
    fn a_body_that_ends_early_has_no_subject() {
        for command in 0..=u8::MAX {
            assert_eq!(call(command, &[9]).subject(), Subject::default());
            assert_eq!(call(command, &[]).subject(), Subject::default());
        }
    }
}
