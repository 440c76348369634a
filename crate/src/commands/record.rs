//! Commands on a single record.

use std::pin::pin;

use aerospike_core::{Record, operations};

use super::await_core::{at_master, check_transactions, until};
use super::read_mode;
use crate::catalog::commands::{APPEND, EXISTS};
use crate::client::Client;
use crate::common::errors::{Failure, Kind, code};
use crate::common::in_doubt::Sends;
use crate::convert::{bins, key, record};
use crate::nodes::Reach;
use crate::policy;
use crate::requests::Call;
use crate::wire::Writer;

/// get, select, getMeta, exists and getOrNull. They differ in the selected bins and in the result for a missing record.
pub async fn get(client: &Client, call: &Call) -> Result<(), Failure> {
    if attempt(client, call).await? {
        return Ok(());
    }
    // The master was lost during the read; the next attempt avoids it from the start. Boxed, because this is rare.
    while !Box::pin(attempt(client, call)).await? {}
    Ok(())
}

/// Reads a record. Returns false if no connection to its master can be opened and a replica must be read instead.
async fn attempt(client: &Client, call: &Call) -> Result<bool, Failure> {
    let request = call.request();
    let mut reader = call.reader();
    let key = key::read(&mut reader)?;
    let selection = bins::read_selection(&mut reader)?;
    let policy = policy::read(&client.defaults, &mut reader)?;
    let header = selection.is_none();
    let reach = Reach::of_read(&policy.base_policy);
    let place = client.nodes.acquire_place(&client.admission, call, &key, reach).await?;
    let policy = policy::attempts::read_at(&client.defaults, policy, request, &place);
    if read_mode::needs_batch(client, &policy.base_policy, key.namespace()) {
        // Boxed, because this is rare.
        let read = Box::pin(read_mode::read(client, &policy, &key, selection));
        let outcome = until(request, Sends::Counted, pin!(read))
            .await
            .and_then(read_mode::outcome);
        return match client.nodes.settle(&place, outcome) {
            Ok(record) => {
                found(call, &record, header);
                Ok(true)
            }
            Err(failure) if call.command == EXISTS && not_found(&failure) => {
                missing(call);
                Ok(true)
            }
            Err(failure) => Err(failure),
        };
    }
    // The core's `exists()` returns no generation and no TTL.
    let read = pin!(client.core.get(&policy, &key, selection));
    let outcome = until(request, Sends::Counted, pin!(place.unless_lost(read))).await;
    match client.nodes.settle(&place, outcome) {
        Ok(Some(record)) => found(call, &record, header),
        Ok(None) => return Ok(false),
        Err(failure) if call.command == EXISTS && not_found(&failure) => missing(call),
        Err(failure) => return Err(failure),
    }
    Ok(true)
}

/// Answers a read with the record; if `header` is set, without bins.
pub fn found(call: &Call, found: &Record, header: bool) {
    call.channel().reply(call.request(), |out, channel| {
        if call.command == EXISTS {
            out.put_u8(1);
        }
        if header {
            record::write_meta(out, found);
        } else {
            record::write(out, channel, found);
        }
        Ok(())
    });
}

/// Answers a read for which a missing record is not a failure.
pub fn missing(call: &Call) {
    call.channel().reply(call.request(), |out, _| {
        out.put_u8(0);
        Ok(())
    });
}

/// Whether a failure means that the record does not exist.
pub fn not_found(failure: &Failure) -> bool {
    failure.is_server(code::RECORD_NOT_FOUND)
}

/// Writes bins.
pub async fn put(client: &Client, call: &Call) -> Result<(), Failure> {
    let request = call.request();
    let mut reader = call.reader();
    let key = key::read(&mut reader)?;
    let bins = bins::read(&mut reader)?;
    let policy = policy::write(&client.defaults, &mut reader, request)?;
    at_master(
        client,
        call,
        &key,
        Sends::Counted,
        pin!(client.core.put(&policy, &key, &bins)),
    )
    .await?;
    done(call);
    Ok(())
}

/// Adds to a bin, and answers with the new value: the addition and a read of the bin in one request.
pub async fn increment(client: &Client, call: &Call) -> Result<(), Failure> {
    let request = call.request();
    let mut reader = call.reader();
    let key = key::read(&mut reader)?;
    let bins = bins::read(&mut reader)?;
    let policy = policy::write(&client.defaults, &mut reader, request)?;
    let [bin] = bins.as_slice() else {
        return Err(Failure::client("malformed request: increment takes one bin"));
    };
    let operations = [operations::add(bin), operations::get_bin(bin.name.as_str())];
    let changed = at_master(
        client,
        call,
        &key,
        Sends::Counted,
        pin!(client.core.operate(&policy, &key, &operations)),
    )
    .await?;
    call.channel().reply(request, |out, _| {
        record::write_last(out, &changed, &bin.name);
        Ok(())
    });
    Ok(())
}

/// append and prepend: both take bins and return no result.
pub async fn change(client: &Client, call: &Call) -> Result<(), Failure> {
    let request = call.request();
    let mut reader = call.reader();
    let key = key::read(&mut reader)?;
    let bins = bins::read(&mut reader)?;
    let policy = policy::write(&client.defaults, &mut reader, request)?;
    match call.command {
        APPEND => {
            at_master(
                client,
                call,
                &key,
                Sends::Counted,
                pin!(client.core.append(&policy, &key, &bins)),
            )
            .await?
        }
        _ => {
            at_master(
                client,
                call,
                &key,
                Sends::Counted,
                pin!(client.core.prepend(&policy, &key, &bins)),
            )
            .await?
        }
    }
    done(call);
    Ok(())
}

/// Deletes a record. A missing record is an error, as in aerospike-py.
pub async fn remove(client: &Client, call: &Call) -> Result<(), Failure> {
    let request = call.request();
    let mut reader = call.reader();
    let key = key::read(&mut reader)?;
    let policy = policy::write(&client.defaults, &mut reader, request)?;
    if request.transaction().is_some() {
        Box::pin(check_transactions(client, request, &policy.base_policy, &key)).await?;
    }
    if !at_master(
        client,
        call,
        &key,
        Sends::Counted,
        pin!(client.core.delete(&policy, &key)),
    )
    .await?
    {
        return Err(nothing_removed());
    }
    done(call);
    Ok(())
}

/// The failure for removing a record that does not exist.
pub fn nothing_removed() -> Failure {
    Failure::new(Kind::Server, code::RECORD_NOT_FOUND, "the record does not exist")
}

/// Resets the TTL of a record.
pub async fn touch(client: &Client, call: &Call) -> Result<(), Failure> {
    let request = call.request();
    let mut reader = call.reader();
    let key = key::read(&mut reader)?;
    let policy = policy::write(&client.defaults, &mut reader, request)?;
    at_master(
        client,
        call,
        &key,
        Sends::Counted,
        pin!(client.core.touch(&policy, &key)),
    )
    .await?;
    done(call);
    Ok(())
}

/// Answers a command that has no result.
pub fn done(call: &Call) {
    call.channel().reply(call.request(), |_, _| Ok(()));
}
