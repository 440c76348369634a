//! Info commands for UDF modules.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::{InfoCommand, InfoError};
use crate::cluster::node::Node;
use crate::compute::udf::{Source, SyntaxError};

/// Maximum length of a module's file name, as on a real server.
const MAX_FILE_NAME: usize = 127;

pub(super) fn reply(node: &Node, command: InfoCommand<'_>) -> Option<Result<String, InfoError>> {
    Some(match command.name {
        "udf-put" => put(node, command),
        "udf-list" => Ok(list(node)),
        "udf-get" => get(node, command),
        "udf-remove" => remove(node, command),
        "udf-clear-cache" => {
            node.modules().clear_cache();
            Ok("ok".to_owned())
        }
        _ => return None,
    })
}

fn put(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let file = file(command)?;
    // The name must have an extension and must not start with a dot, which also rules out paths to parent
    // directories.
    if !file.contains('.') || file.starts_with('.') || file.len() > MAX_FILE_NAME {
        return Err(refused("invalid_filename"));
    }
    let content = command.parameter("content").ok_or_else(|| refused("invalid_content"))?;
    let size = command.parameter("content-len").and_then(|size| size.parse().ok());
    if size != Some(content.len()) {
        return Err(refused("invalid_content_len"));
    }
    if command.parameter("udf-type").is_some_and(|language| language != "LUA") {
        return Err(refused("invalid_udf_type"));
    }
    let text = BASE64.decode(content).ok().filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| refused("invalid_base64_content"))?;
    let module = Source {
        file: file.into(),
        text: text.into(),
    };
    match node.modules().put(module) {
        Ok(()) => Ok("ok".to_owned()),
        Err(error) => Err(compile_error(file, &error)),
    }
}

fn compile_error(file: &str, error: &SyntaxError) -> InfoError {
    InfoError(format!(
        "error=compile_error;file={file};line={};message={}",
        error.line,
        BASE64.encode(&error.message)
    ))
}

fn refused(why: &str) -> InfoError {
    InfoError(format!("error={why}"))
}

fn list(node: &Node) -> String {
    let mut answer = String::new();
    for module in node.modules().all() {
        // Writing to a string cannot fail.
        let _ = write!(answer, "filename={},hash={},type=LUA;", module.file, module.hash());
    }
    answer
}

fn get(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let module = node.modules().get(file(command)?).ok_or_else(|| refused("not_found"))?;
    Ok(format!("type=LUA;content={};", BASE64.encode(&module.text)))
}

/// Removing a module that does not exist succeeds.
fn remove(node: &Node, command: InfoCommand<'_>) -> Result<String, InfoError> {
    let file = command
        .parameter("filename")
        .ok_or_else(|| refused("invalid_filename"))?;
    node.modules().remove(file);
    Ok("ok".to_owned())
}

fn file(command: InfoCommand<'_>) -> Result<&str, InfoError> {
    command
        .parameter("filename")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| refused("invalid_filename"))
}
