//! Creates and removes secondary indexes. JavaScript polls with info requests until an index is ready.

use std::pin::pin;

use aerospike_core::expressions::from_packed_bytes;
use aerospike_core::{AdminPolicy, CollectionIndexType, IndexType, ResultCode};

use super::await_core::until;
use super::info::check_namespace;
use super::record::done;
use crate::catalog::formats::index_source::{BIN, EXPRESSION, SET};
use crate::catalog::formats::{collection_type, index_type};
use crate::client::Client;
use crate::common::errors::{Failure, Kind};
use crate::common::in_doubt::Sends;
use crate::convert::context;
use crate::policy;
use crate::requests::Call;
use crate::requests::subject::Subject;
use crate::wire::Reader;

fn index_type(reader: &mut Reader<'_>) -> Result<IndexType, Failure> {
    Ok(match reader.u8()? {
        index_type::NUMERIC => IndexType::Numeric,
        index_type::STRING => IndexType::String,
        index_type::BLOB => IndexType::Blob,
        index_type::GEO2DSPHERE => IndexType::Geo2DSphere,
        other => return Err(Failure::client(format!("an index is of the unknown type {other}"))),
    })
}

fn collection(reader: &mut Reader<'_>) -> Result<CollectionIndexType, Failure> {
    Ok(match reader.u8()? {
        collection_type::DEFAULT => CollectionIndexType::Default,
        collection_type::LIST => CollectionIndexType::List,
        collection_type::MAP_KEYS => CollectionIndexType::MapKeys,
        collection_type::MAP_VALUES => CollectionIndexType::MapValues,
        other => return Err(Failure::client(format!("an index is of the unknown kind {other}"))),
    })
}

/// Whether an index with this name exists; `None` if the server cannot answer this (before 8.0).
async fn exists(
    client: &Client,
    call: &Call,
    policy: &AdminPolicy,
    ns: &str,
    name: &str,
) -> Result<Option<bool>, Failure> {
    let node = client.core.random_node()?;
    let command = format!("sindex-exists:namespace={ns};indexname={name}");
    let answers = until(call.request(), Sends::Nothing, pin!(node.info(policy, &[&command]))).await?;
    Ok(match answers.into_values().next().as_deref() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    })
}

fn refused(code: ResultCode, message: String) -> Failure {
    Failure::new(Kind::Server, i32::from(u8::from(code)), message)
}

/// Starts to create an index. Fails if an index with this name exists, although the server itself accepts the same
/// definition twice.
pub async fn create(client: &Client, call: &Call) -> Result<(), Failure> {
    let request = call.request();
    let (Subject { namespace: ns, set, .. }, mut reader) = call.open()?;
    let name = reader.text()?;
    let what = reader.u8()?;
    let (kind, collection) = (index_type(&mut reader)?, collection(&mut reader)?);
    let (bin, packed) = (reader.text()?, reader.blob()?);
    let policy = policy::admin(&client.defaults, &mut reader)?;
    check_namespace(client, call, &policy, ns).await?;
    if exists(client, call, &policy, ns, name).await? == Some(true) {
        return Err(refused(
            ResultCode::IndexFound,
            format!("the index {name} exists already in the namespace {ns}"),
        ));
    }
    match what {
        BIN => {
            let context = context::read(packed)?;
            let begun = client
                .core
                .create_index_on_bin(&policy, ns, set, bin, name, kind, collection, Some(&context));
            until(request, Sends::Uncounted, pin!(begun)).await?;
        }
        EXPRESSION => {
            let expression = from_packed_bytes(packed.to_vec());
            let begun =
                client
                    .core
                    .create_index_using_expression(&policy, ns, set, name, kind, collection, &expression);
            until(request, Sends::Uncounted, pin!(begun)).await?;
        }
        SET => {
            let begun = client.core.create_set_index(&policy, ns, set, name);
            until(request, Sends::Uncounted, pin!(begun)).await?;
        }
        other => return Err(Failure::client(format!("an index on the unknown {other}"))),
    }
    done(call);
    Ok(())
}

/// Removes an index. Fails if the index does not exist, although the server itself accepts that.
pub async fn remove(client: &Client, call: &Call) -> Result<(), Failure> {
    let (Subject { namespace: ns, .. }, mut reader) = call.open()?;
    let name = reader.text()?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    check_namespace(client, call, &policy, ns).await?;
    if exists(client, call, &policy, ns, name).await? == Some(false) {
        return Err(refused(
            ResultCode::IndexNotFound,
            format!("there is no index {name} in the namespace {ns}"),
        ));
    }
    let dropped = client.core.drop_index(&policy, ns, "", name);
    until(call.request(), Sends::Uncounted, pin!(dropped)).await?;
    done(call);
    Ok(())
}
