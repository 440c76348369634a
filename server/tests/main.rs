//! The integration tests as one program. Each further program would contain the server and its dependencies once more,
//! and would take seconds to compile and to link.
#![allow(clippy::unwrap_used, clippy::panic)]

mod batches;
mod cluster;
mod collections;
mod collections_model;
mod common;
mod compression;
mod connections;
mod expressions;
mod program;
mod queries;
mod records;
mod replay;
mod roles;
mod scans;
mod security;
mod strong_consistency;
mod tls;
mod transaction_monitors;
mod transactions;
mod transactions_model;
mod udf;
mod udf_conformance;

use std::fs;
use std::path::Path;

#[test]
fn every_file_is_part_of_the_program() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = fs::read_to_string(directory.join("main.rs")).unwrap();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("main.rs") {
            let declaration = format!("\nmod {};\n", path.file_stem().unwrap().display());
            assert!(
                main.contains(&declaration),
                "main.rs does not have the line{declaration}"
            );
        }
    }
}
