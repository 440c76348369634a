//! The program as a process: its command line, its output, and how it stops.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::common::wire::{Request, proto};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

fn start(arguments: &[&str]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_aerospike-local"))
        .args(["--port", "0"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    (child, line)
}

fn wait(child: &mut Child) -> ExitStatus {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(Instant::now() < deadline, "still running");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn port(line: &str) -> u16 {
    let rest = line.split("\"port\":").nth(1).unwrap();
    rest.split(',').next().unwrap().parse().unwrap()
}

#[test]
fn announces_readiness_and_stops_with_its_parent() {
    let (mut child, line) = start(&["--namespace", "test,demo", "--stop-with-parent"]);
    assert!(
        line.starts_with("{\"event\":\"ready\",\"host\":\"127.0.0.1\",\"port\":"),
        "{line}"
    );
    assert!(line.contains("\"node\":\"BB9"), "{line}");
    assert!(line.contains("\"build\":\"8.1.2.0\",\"namespaces\":[\"test\",\"demo\"],"));
    assert!(line.ends_with(&format!("\"pid\":{}}}\n", child.id())), "{line}");

    let mut stream = TcpStream::connect(("127.0.0.1", port(&line))).unwrap();
    stream
        .write_all(&[2, 1, 0, 0, 0, 0, 0, 7, b's', b't', b'a', b't', b'u', b's', b'\n'])
        .unwrap();
    let mut answer = [0; 18];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer[8..], *b"status\tok\n");

    drop(child.stdin.take());
    assert!(wait(&mut child).success());
}

/// Starts a function that runs for ten seconds, the maximum.
fn keep_busy(port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let source = BASE64.encode("function busy(r) while true do end end");
    let size = source.len();
    let put = format!("udf-put:filename=busy.lua;content={source};content-len={size};udf-type=LUA;\n");
    stream.write_all(&proto(1, put.as_bytes())).unwrap();
    let mut answer = vec![0; 8 + put.len() + 3];
    stream.read_exact(&mut answer).unwrap();
    let mut call = Request::put(1).field(30, b"busy").field(31, b"busy").field(32, b"\x90");
    call.timeout = 10_000;
    stream.write_all(&call.bytes()).unwrap();
    stream
}

#[test]
fn stops_while_a_function_runs() {
    let begun = Instant::now();
    let (mut child, line) = start(&["--workers", "1", "--stop-with-parent"]);
    let _busy = [keep_busy(port(&line)), keep_busy(port(&line))];
    std::thread::sleep(Duration::from_millis(200));
    drop(child.stdin.take());
    assert!(wait(&mut child).success());
    #[cfg(unix)]
    {
        let (mut child, line) = start(&["--workers", "1"]);
        let _busy = [keep_busy(port(&line)), keep_busy(port(&line))];
        std::thread::sleep(Duration::from_millis(200));
        let killed = Command::new("kill").arg(child.id().to_string()).status();
        assert!(killed.unwrap().success());
        assert!(wait(&mut child).success());
    }
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
}

#[test]
fn ignores_the_end_of_input_without_the_option() {
    let (mut child, line) = start(&[]);
    drop(child.stdin.take());
    std::thread::sleep(Duration::from_millis(200));
    assert!(child.try_wait().unwrap().is_none());
    assert!(TcpStream::connect(("127.0.0.1", port(&line))).is_ok());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn a_signal_stops_it_immediately() {
    let (mut child, line) = start(&[]);
    let _open = TcpStream::connect(("127.0.0.1", port(&line))).unwrap();
    let killed = Command::new("kill").arg(child.id().to_string()).status();
    assert!(killed.unwrap().success());
    assert!(wait(&mut child).success());
}

#[test]
fn invalid_options_and_used_ports_are_errors() {
    let output = Command::new(env!("CARGO_BIN_EXE_aerospike-local"))
        .arg("--nonsense")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--nonsense"));

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_aerospike-local"))
        .args(["--port", &address.port().to_string()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains(&format!("cannot listen on {address}: ")), "{message}");
    assert!(message.contains("--port 0 a free one"), "{message}");
}

#[test]
fn prints_help_and_version() {
    for (argument, text) in [("--help", "--stop-with-parent"), ("--version", "8.1.2.0")] {
        let output = Command::new(env!("CARGO_BIN_EXE_aerospike-local"))
            .arg(argument)
            .output()
            .unwrap();
        assert!(output.status.success());
        assert!(String::from_utf8_lossy(&output.stdout).contains(text));
    }
}

#[test]
fn executes_commands_from_its_input() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_aerospike-local"))
        .args(["--port", "0", "--nodes", "3", "--control", "--stop-with-parent"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let ready = lines.next().unwrap();
    let nodes = ready.split("\"nodes\":[").nth(1).unwrap();
    let ports: Vec<u16> = nodes
        .split("\"port\":")
        .skip(1)
        .map(|rest| rest.split('}').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!((ports.len(), ports[0]), (3, port(&ready)));
    assert_eq!(nodes.matches("\"name\":\"BB9").count(), 3);

    let mut input = child.stdin.take().unwrap();
    let mut command = |text: &str| {
        writeln!(input, "{text}").unwrap();
        lines.next().unwrap()
    };
    assert_eq!(command("stop 1"), "{\"event\":\"done\",\"line\":1}");
    assert!(TcpStream::connect(("127.0.0.1", ports[1])).is_err());
    assert!(command("pause 1").starts_with("{\"event\":\"failed\",\"line\":2,\"message\":\"node 1 is not running\""));
    assert_eq!(command("start 1"), "{\"event\":\"done\",\"line\":3}");
    assert!(TcpStream::connect(("127.0.0.1", ports[1])).is_ok());
    assert!(command("nonsense \"").contains("unknown command"));
    assert!(command("stop 9").contains("node 9 does not exist"));
    drop(input);
    assert!(wait(&mut child).success());
}
