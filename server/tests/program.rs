//! The program from the outside: its command line, what it prints, and how it ends.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

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
fn it_tells_when_it_is_ready_and_stops_with_its_parent() {
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

#[test]
fn without_the_option_the_end_of_its_input_is_nothing() {
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
fn a_signal_ends_it_at_once() {
    let (mut child, line) = start(&[]);
    let _open = TcpStream::connect(("127.0.0.1", port(&line))).unwrap();
    let killed = Command::new("kill").arg(child.id().to_string()).status();
    assert!(killed.unwrap().success());
    assert!(wait(&mut child).success());
}

#[test]
fn mistakes_and_taken_ports_end_it_with_an_error() {
    let output = Command::new(env!("CARGO_BIN_EXE_aerospike-local"))
        .arg("--nonsense")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--nonsense"));

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_aerospike-local"))
        .args(["--port", &taken.local_addr().unwrap().port().to_string()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
}

#[test]
fn help_and_version_are_printed() {
    for (argument, text) in [("--help", "--stop-with-parent"), ("--version", "8.1.2.0")] {
        let output = Command::new(env!("CARGO_BIN_EXE_aerospike-local"))
            .arg(argument)
            .output()
            .unwrap();
        assert!(output.status.success());
        assert!(String::from_utf8_lossy(&output.stdout).contains(text));
    }
}
