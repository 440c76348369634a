//! Info requests: sends one command to all nodes, to one node by name, or to any node.

use std::pin::pin;
use std::sync::Arc;

use aerospike_core::{AdminPolicy, Node};
use futures_util::future::join_all;

use super::await_core::until;
use crate::catalog::commands::{INFO_ALL, INFO_NODE};
use crate::client::Client;
use crate::common::errors::{Failure, Kind, code};
use crate::common::in_doubt::{Sends, may_be_applied};
use crate::policy;
use crate::requests::Call;
use crate::wire::{Writer, put_failure};

async fn ask(node: &Node, policy: &AdminPolicy, command: &str) -> aerospike_core::Result<String> {
    let answers = node.info(policy, &[command]).await?;
    // The server echoes the command as the name of the answer.
    Ok(answers.into_iter().next().map(|(_, answer)| answer).unwrap_or_default())
}

/// infoAll, infoNode and infoRandomNode.
pub async fn info(client: &Client, call: &Call) -> Result<(), Failure> {
    let (channel, request) = (call.channel(), call.request());
    let mut reader = call.reader();
    let command = reader.text()?;
    let name = reader.text()?;
    let policy = policy::admin(&client.defaults, &mut reader)?;
    if call.command != INFO_ALL {
        let node = match call.command {
            INFO_NODE => client.core.get_node(name).map_err(|_| unknown_node(client, name))?,
            _ => client.core.random_node()?,
        };
        let answer = until(request, Sends::Uncounted, pin!(ask(&node, &policy, command))).await?;
        channel.reply(request, |out, _| {
            out.put_text(&answer);
            Ok(())
        });
        return Ok(());
    }
    let nodes: Vec<Arc<Node>> = client.core.nodes();
    let asked = nodes.iter().map(|node| ask(node, &policy, command));
    let answers = until(request, Sends::Uncounted, pin!(async { Ok(join_all(asked).await) })).await?;
    channel.reply(request, |out, _| {
        out.put_u32(answers.len() as u32);
        for (node, answer) in nodes.iter().zip(answers) {
            out.put_text(node.name());
            out.put_u8(u8::from(answer.is_ok()));
            match answer {
                Ok(answer) => out.put_text(&answer),
                Err(error) => {
                    let in_doubt = request.writes() && may_be_applied(&error, Sends::Uncounted);
                    put_failure(out, &Failure::from(error).with_in_doubt(in_doubt));
                }
            }
        }
        Ok(())
    });
    Ok(())
}

/// Fails if the cluster does not have the namespace: servers silently accept administrative commands for an unknown
/// namespace.
pub async fn check_namespace(
    client: &Client,
    call: &Call,
    policy: &AdminPolicy,
    namespace: &str,
) -> Result<(), Failure> {
    let node = client.core.random_node()?;
    let known = until(call.request(), Sends::Nothing, pin!(ask(&node, policy, "namespaces"))).await?;
    if known.is_empty() || known.split(';').any(|name| name == namespace) {
        return Ok(());
    }
    let message = format!(
        "there is no namespace {namespace}; the cluster has: {}",
        known.replace(';', ", ")
    );
    Err(Failure::new(Kind::Server, code::INVALID_NAMESPACE, message))
}

fn unknown_node(client: &Client, name: &str) -> Failure {
    let known = client.core.node_names().join(", ");
    Failure::cluster(
        code::CLUSTER,
        format!("the cluster has no node {name}; it has: {known}"),
    )
}
