//! The HTTP server for Prometheus: `GET /metrics`. It runs on the runtime's threads, so that a busy event loop does not
//! delay its answers. There is one per process; it runs while an environment uses it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, watch};
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::common::errors::Failure;
use crate::common::guard::guard;
use crate::telemetry::metrics::collect;

/// Maximum number of connections. At the limit, the next connection waits until the oldest has had its minimum time,
/// and then replaces it: clients that send or read nothing cannot block a scrape.
const MAX_CONNECTIONS: usize = 64;

/// Minimum time of a connection, however many are waiting. An answer takes a few milliseconds.
const MIN_TIME: Duration = Duration::from_secs(1);

/// Maximum time of a connection, in which the request must arrive and its answer be read. A connection serves one
/// request, so there is no keep-alive: scrapes are too far apart for it to be of use.
const MAX_TIME: Duration = Duration::from_secs(10);

/// How long requests in progress may take when the server stops.
const END_TIMEOUT: Duration = Duration::from_secs(2);

/// The address to listen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Host name or IP address.
    pub host: String,
    /// Port; 0 for any free one.
    pub port: u16,
}

struct Running {
    requested: Address,
    bound: SocketAddr,
    users: usize,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

static SERVER: Mutex<Option<Running>> = Mutex::const_new(None);

/// Starts to use the server for an environment; the first use starts it. Sets `used`, and returns the address that the
/// server listens on.
///
/// # Errors
/// The server already listens on another address, or it cannot listen on this one.
pub async fn start(requested: Address, used: &AtomicBool) -> Result<SocketAddr, Failure> {
    let mut server = SERVER.lock().await;
    if let Some(running) = &mut *server {
        if running.requested.host != requested.host
            || (requested.port != running.requested.port && requested.port != running.bound.port())
        {
            return Err(Failure::client(format!(
                "the metrics server listens on {} already; call stopMetricsServer() first",
                running.bound
            )));
        }
        running.users += usize::from(!used.swap(true, Ordering::AcqRel));
        return Ok(running.bound);
    }
    let refused = |error: std::io::Error| {
        let Address { host, port } = &requested;
        Failure::client(format!(
            "the metrics server cannot listen on {host}, port {port}: {error}"
        ))
    };
    let listener = TcpListener::bind((requested.host.as_str(), requested.port))
        .await
        .map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(serve(listener, stopped));
    used.store(true, Ordering::Release);
    *server = Some(Running {
        requested,
        bound,
        users: 1,
        stop,
        task,
    });
    Ok(bound)
}

/// Ends the use of the server by an environment. The last one stops the server and frees the port.
pub async fn stop(used: &AtomicBool) {
    let mut server = SERVER.lock().await;
    if !used.swap(false, Ordering::AcqRel) {
        return;
    }
    let Some(running) = &mut *server else { return };
    running.users = running.users.saturating_sub(1);
    if running.users > 0 {
        return;
    }
    if let Some(running) = server.take() {
        running.stop.send_replace(true);
        // Keep the lock until the port is free, because a concurrent start needs it.
        let _ = running.task.await;
    }
}

async fn serve(listener: TcpListener, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let mut oldest_first: VecDeque<(Instant, AbortHandle)> = VecDeque::with_capacity(MAX_CONNECTIONS);
    loop {
        let full = oldest_first.len() >= MAX_CONNECTIONS;
        let oldest = oldest_first.front().map_or_else(Instant::now, |(since, _)| *since);
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = connections.join_next() => oldest_first.retain(|(_, connection)| !connection.is_finished()),
            () = tokio::time::sleep_until(oldest + MIN_TIME), if full => {
                if let Some((_, connection)) = oldest_first.pop_front() {
                    connection.abort();
                }
            }
            accepted = listener.accept(), if !full => match accepted {
                Ok((stream, _)) => {
                    let connection = connections.spawn(serve_connection(stream, stopped.clone()));
                    oldest_first.push_back((Instant::now(), connection));
                }
                // For example, there are no free file descriptors: retry later.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(END_TIMEOUT, ended).await;
}

async fn serve_connection(stream: TcpStream, stopped: watch::Receiver<bool>) {
    // After the timeout, the exchange is dropped and its connection closed.
    let _ = tokio::time::timeout(MAX_TIME, exchange(stream, stopped)).await;
}

async fn exchange(stream: TcpStream, mut stopped: watch::Receiver<bool>) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(MAX_TIME)
        .keep_alive(false)
        .serve_connection(
            TokioIo::new(stream),
            service_fn(|request| async move { answer(&request) }),
        );
    let mut connection = pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

fn answer(request: &Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let plain = |status, text: String| {
        let mut response = Response::new(Full::new(Bytes::from(text)));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            hyper::header::HeaderValue::from_static("text/plain; charset=utf-8"),
        );
        response
    };
    if request.uri().path() != "/metrics" {
        return Ok(plain(
            StatusCode::NOT_FOUND,
            "The metrics are at /metrics.\n".to_owned(),
        ));
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD.\n".to_owned());
        response
            .headers_mut()
            .insert(ALLOW, hyper::header::HeaderValue::from_static("GET, HEAD"));
        return Ok(response);
    }
    Ok(match guard(|| collect().text()) {
        Ok(text) => {
            let mut response = plain(StatusCode::OK, text);
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(CONTENT));
            headers.insert(CACHE_CONTROL, hyper::header::HeaderValue::from_static("no-store"));
            response
        }
        Err(failure) => plain(StatusCode::INTERNAL_SERVER_ERROR, failure.message),
    })
}

/// Content type of the Prometheus text format.
pub const CONTENT: &str = "text/plain; version=0.0.4; charset=utf-8";
