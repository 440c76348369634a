//! A node that answers the core's client with empty results and records the requests.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use aerospike_core::operations::Operation;
use aerospike_core::{Client, ClientPolicy, Key, Value, WritePolicy};
use parking_lot::Mutex;
use tokio::runtime::Runtime;

type Recorded = Arc<Mutex<Vec<Vec<u8>>>>;

/// A client that is connected to a recording node.
pub struct Recorder {
    runtime: Runtime,
    client: Client,
    recorded: Recorded,
}

impl Recorder {
    /// Starts a node and connects to it.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let recorded = Recorded::default();
        let record = Arc::clone(&recorded);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let record = Arc::clone(&record);
                std::thread::spawn(move || serve(stream, &record));
            }
        });
        let runtime = Runtime::new().unwrap();
        let client = runtime.block_on(Client::new(&ClientPolicy::default(), &host)).unwrap();
        Recorder {
            runtime,
            client,
            recorded,
        }
    }

    /// The bytes of the request with which an operation is sent.
    pub fn operate(&self, operation: &Operation) -> Vec<u8> {
        let key = Key::new("test", "set", Value::from(1)).unwrap();
        let operations = std::slice::from_ref(operation);
        let policy = WritePolicy::default();
        let answer = self.client.operate(&policy, &key, operations);
        self.runtime.block_on(answer).unwrap();
        let mut requests = std::mem::take(&mut *self.recorded.lock());
        assert_eq!(requests.len(), 1);
        requests.remove(0)
    }
}

/// Serves one connection until it closes.
fn serve(mut stream: TcpStream, recorded: &Recorded) -> Option<()> {
    loop {
        let mut head = [0; 8];
        stream.read_exact(&mut head).ok()?;
        let size = head[2..].iter().fold(0, |size, byte| size << 8 | usize::from(*byte));
        let mut body = vec![0; size];
        stream.read_exact(&mut body).ok()?;
        let (kind, answer) = if head[1] == 1 {
            (1, info(&String::from_utf8_lossy(&body)).into_bytes())
        } else {
            recorded.lock().push(body);
            let mut header = vec![0; 22];
            header[0] = 22;
            (3, header)
        };
        let mut reply = vec![2, kind];
        reply.extend(&(answer.len() as u64).to_be_bytes()[2..]);
        reply.extend(answer);
        stream.write_all(&reply).ok()?;
    }
}

/// The info answers of a single-node cluster: the node owns all partitions of one namespace.
fn info(commands: &str) -> String {
    let mine = format!("{}//8=", "/".repeat(680));
    let answers = commands.lines().map(|command| {
        let value = match command {
            "node" => "A1".to_owned(),
            "cluster-name" => "null".to_owned(),
            "build" => "8.1.2.0".to_owned(),
            "partition-generation" | "peers-generation" => "1".to_owned(),
            "replicas" => format!("test:0,1,{mine}"),
            _ if command.starts_with("peers-") => "1,3000,[]".to_owned(),
            _ => "ok".to_owned(),
        };
        format!("{command}\t{value}\n")
    });
    answers.collect()
}
