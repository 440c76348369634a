//! Command line parsing.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use aerospike_local::cluster::MAX_NODES;
use aerospike_local::security::{InitialUser, SecurityConfig};
use aerospike_local::tls::TlsConfig;
use aerospike_local::{Config, StrongConsistency};

/// Maximum lifetime of a transaction in seconds, as on a real server.
const MAX_TRANSACTION_S: u32 = 120;

/// Maximum length of a namespace name, in bytes.
const MAX_NAMESPACE_NAME: usize = 31;

/// The output of `--help`.
pub const HELP: &str = "\
A small in-memory server that speaks the Aerospike wire protocol, for demos, tests and CI.

Usage: aerospike-local [options]

  --host ADDRESS          address to listen on (default 127.0.0.1)
  --port N                port to listen on; 0 picks a free port (default 3000)
  --nodes N               number of nodes, each with its own port: --port and the ports after it (default 1)
  --replication-factor N  number of nodes that store each record (default 2, or 1 with one node)
  --racks N[,N...]        racks of the nodes (default 0)
  --namespace A[,B...]    namespaces; may be repeated (default test)
  --access-address HOST   host of the addresses that nodes report to clients (default: that of the connection)
  --alternate-access-address HOST
                          host of the nodes' alternate addresses (default none)
  --compression           accept compressed requests, and compress replies to clients that ask for it
  --xdr-datacenters A[,B...]
                          datacenters whose filters can be set; no records are shipped (default none)
  --strong-consistency[=A[,B...]]
                          strong consistency of all namespaces or of these: transactions, durable deletes
  --mrt-duration SECONDS  lifetime of transactions without a timeout, 1 to 120 (default 10)
  --cluster-name NAME     cluster name that clients can require (default none)
  --default-ttl SECONDS   TTL of records written without one; 0 means never expire (default 0)
  --max-record-size BYTES maximum size of a record (default 1048576)
  --security              users, roles and privileges; the user admin with the password admin has all of them
  --user NAME:PASSWORD:ROLE[,ROLE...]
                          another user, or another password and roles for admin; may be repeated
  --external-user NAME:PASSWORD:ROLE[,ROLE...]
                          a user with external authentication; may be repeated
  --pki-user NAME:ROLE[,ROLE...]
                          a user who logs in with a client certificate; may be repeated
  --session-ttl SECONDS   lifetime of sessions (default 86400)
  --no-quotas             reject quotas of roles
  --tls                   accept TLS connections on another port of each node
  --tls-port N            TLS port of the first node; 0 picks a free port (default 0)
  --tls-name NAME         name in the server's certificate (default localhost)
  --tls-authenticate-client
                          require a client certificate
  --tls-client-name NAME  common name of the client certificate (default client)
  --tls-certificate KIND  the server's certificate: valid, expired, not-yet-valid, wrong-name or
                          unknown-authority (default valid)
  --tls-directory PATH    directory to write the certificates and keys to
  --workers N             number of threads that serve connections (default 2)
  --control               read commands from standard input: stop, start, pause and resume nodes, inject
                          faults; see the README
  --stop-with-parent      stop when standard input ends
  --version               print the version and exit
  --help                  print this help and exit

When it accepts connections, it prints one line of JSON:
  {\"event\":\"ready\",\"host\":...,\"port\":...,\"node\":...,\"build\":...,\"namespaces\":[...],\"pid\":...}
With several nodes, the line also contains \"nodes\":[{\"name\":...,\"port\":...},...].
";

/// The parsed command line.
#[derive(Debug)]
pub enum Command {
    /// Print the help.
    Help,
    /// Print the version.
    Version,
    /// Run the server.
    Serve(Box<Options>),
}

/// Options for running the server.
#[derive(Debug)]
pub struct Options {
    pub config: Config,
    /// Directory to which certificates and keys are written.
    pub tls_directory: Option<PathBuf>,
    /// Number of worker threads of the runtime.
    pub workers: usize,
    /// Whether to read control commands from standard input.
    pub control: bool,
    /// Whether to stop the server when standard input reaches its end.
    pub stop_with_parent: bool,
}

/// Parses the command line, without the program name.
///
/// # Errors
/// Returns a message that describes the mistake.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut options = Options {
        config: Config {
            port: 3000,
            namespaces: Vec::new(),
            ..Config::default()
        },
        tls_directory: None,
        workers: 2,
        control: false,
        stop_with_parent: false,
    };
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let (name, mut inline) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let mut value = || {
            inline
                .take()
                .or_else(|| arguments.next())
                .ok_or_else(|| format!("{name} requires a value"))
        };
        match name {
            "--help" | "-h" => return Ok(Command::Help),
            "--version" | "-V" => return Ok(Command::Version),
            "--host" => options.config.host = host(&value()?)?,
            "--port" => options.config.port = number(name, &value()?)?,
            "--nodes" => options.config.nodes = nodes(name, &value()?)?,
            "--replication-factor" => {
                options.config.replication_factor = Some(number::<usize>(name, &value()?)?.max(1));
            }
            "--racks" => {
                options.config.racks = value()?
                    .split(',')
                    .map(|rack| number(name, rack))
                    .collect::<Result<_, _>>()?;
            }
            "--namespace" => add_namespaces(&mut options.config.namespaces, &value()?)?,
            "--access-address" => options.config.network.access_host = Some(value()?),
            "--alternate-access-address" => options.config.network.alternate_host = Some(value()?),
            "--compression" => options.config.network.compression = true,
            "--xdr-datacenters" => {
                options.config.xdr_datacenters = value()?.split(',').map(str::to_owned).collect();
            }
            "--strong-consistency" => {
                let strong = strong_consistency(&mut options.config);
                if let Some(names) = inline.take() {
                    strong.namespaces.extend(names.split(',').map(str::to_owned));
                }
            }
            "--mrt-duration" => {
                strong_consistency(&mut options.config).transaction_duration_s = duration(name, &value()?)?;
            }
            "--cluster-name" => options.config.cluster_name = Some(value()?),
            "--default-ttl" => options.config.rules.default_ttl = number(name, &value()?)?,
            "--max-record-size" => options.config.rules.max_record_size = number(name, &value()?)?,
            "--security" => {
                security(&mut options.config);
            }
            "--user" => add_user(&mut options.config, password_user(name, &value()?, false)?),
            "--external-user" => add_user(&mut options.config, password_user(name, &value()?, true)?),
            "--pki-user" => add_user(&mut options.config, pki_user(name, &value()?)?),
            "--session-ttl" => security(&mut options.config).session_ttl_s = number(name, &value()?)?,
            "--no-quotas" => security(&mut options.config).quotas = false,
            "--tls" => {
                tls(&mut options.config);
            }
            "--tls-port" => tls(&mut options.config).port = number(name, &value()?)?,
            "--tls-name" => tls(&mut options.config).name = value()?,
            "--tls-authenticate-client" => tls(&mut options.config).authenticates_clients = true,
            "--tls-client-name" => tls(&mut options.config).client_name = value()?,
            "--tls-certificate" => {
                let kind = value()?.parse().map_err(|error| format!("{name}: {error}"))?;
                tls(&mut options.config).certificate = kind;
            }
            "--tls-directory" => {
                tls(&mut options.config);
                options.tls_directory = Some(value()?.into());
            }
            "--workers" => options.workers = number::<usize>(name, &value()?)?.max(1),
            "--control" => options.control = true,
            "--stop-with-parent" => options.stop_with_parent = true,
            _ => return Err(format!("unknown argument {argument:?}")),
        }
        if inline.is_some() {
            return Err(format!("{name} does not take a value"));
        }
    }
    if options.config.namespaces.is_empty() {
        options.config.namespaces.push("test".to_owned());
    }
    if let Some(strong) = &options.config.strong_consistency {
        strong.check(&options.config.namespaces, &options.config.rules)?;
    }
    if options.config.racks.len() > options.config.nodes {
        return Err("--racks: there are more racks than nodes".to_owned());
    }
    Ok(Command::Serve(Box::new(options)))
}

/// The settings of strong consistency, which each of their options enables.
fn strong_consistency(config: &mut Config) -> &mut StrongConsistency {
    config.strong_consistency.get_or_insert_default()
}

fn duration(name: &str, value: &str) -> Result<u32, String> {
    match number(name, value)? {
        seconds @ 1..=MAX_TRANSACTION_S => Ok(seconds),
        _ => Err(format!(
            "{name}: {value:?} is not a number from 1 to {MAX_TRANSACTION_S}"
        )),
    }
}

/// The TLS settings, which each of their options enables.
fn tls(config: &mut Config) -> &mut TlsConfig {
    config.tls.get_or_insert_default()
}

/// The access control settings, which each of their options enables.
fn security(config: &mut Config) -> &mut SecurityConfig {
    config.security.get_or_insert_default()
}

/// Adds a user, or replaces the user of the same name.
fn add_user(config: &mut Config, user: InitialUser) {
    let users = &mut security(config).users;
    users.retain(|known| known.name != user.name);
    users.push(user);
}

/// Parses `NAME:PASSWORD:ROLE[,ROLE...]`. The password may contain colons.
fn password_user(name: &str, value: &str, external: bool) -> Result<InitialUser, String> {
    // The message does not repeat the value, which contains a password.
    let parts = value.split_once(':').and_then(|(user, rest)| {
        let (password, roles) = rest.rsplit_once(':')?;
        Some((user, password, roles))
    });
    let (user, password, roles) = parts.ok_or_else(|| format!("{name}: not NAME:PASSWORD:ROLE[,ROLE...]"))?;
    Ok(InitialUser {
        name: user.to_owned(),
        password: Some(password.to_owned()),
        roles: split_roles(roles),
        external,
    })
}

/// Parses `NAME:ROLE[,ROLE...]`.
fn pki_user(name: &str, value: &str) -> Result<InitialUser, String> {
    let (user, roles) = value
        .rsplit_once(':')
        .ok_or_else(|| format!("{name}: {value:?} is not NAME:ROLE[,ROLE...]"))?;
    Ok(InitialUser {
        name: user.to_owned(),
        password: None,
        roles: split_roles(roles),
        external: false,
    })
}

fn split_roles(roles: &str) -> Vec<String> {
    roles
        .split(',')
        .filter(|role| !role.is_empty())
        .map(str::to_owned)
        .collect()
}

fn nodes(name: &str, value: &str) -> Result<usize, String> {
    match number(name, value)? {
        count @ 1..=MAX_NODES => Ok(count),
        _ => Err(format!("{name}: {value:?} is not a number from 1 to {MAX_NODES}")),
    }
}

fn host(value: &str) -> Result<IpAddr, String> {
    match value {
        "localhost" => Ok(IpAddr::from([127, 0, 0, 1])),
        _ => value
            .parse()
            .map_err(|_| format!("--host: {value:?} is not an IP address")),
    }
}

fn number<N: FromStr>(name: &str, value: &str) -> Result<N, String> {
    value
        .parse()
        .map_err(|_| format!("{name}: {value:?} is not a valid number"))
}

fn add_namespaces(namespaces: &mut Vec<String>, value: &str) -> Result<(), String> {
    for name in value.split(',') {
        let fits = !name.is_empty()
            && name.len() <= MAX_NAMESPACE_NAME
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'$'));
        if !fits {
            return Err(format!(
                "--namespace: {name:?} is not a name of 1 to {MAX_NAMESPACE_NAME} letters, digits, -, _ or $"
            ));
        }
        if namespaces.iter().any(|known| known == name) {
            return Err(format!("--namespace: {name:?} appears more than once"));
        }
        namespaces.push(name.to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aerospike_local::tls::CertificateKind;

    fn parsed(arguments: &[&str]) -> Result<Command, String> {
        parse(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn parses_options() {
        let Ok(Command::Serve(options)) = parsed(&[
            "--port=0",
            "--namespace",
            "test,demo",
            "--namespace",
            "third",
            "--default-ttl",
            "60",
            "--stop-with-parent",
            "--nodes",
            "3",
            "--racks=1,2",
        ]) else {
            panic!("the server is not started");
        };
        assert_eq!(options.config.port, 0);
        assert_eq!(options.config.namespaces, ["test", "demo", "third"]);
        assert_eq!(options.config.rules.default_ttl, 60);
        assert!(options.stop_with_parent && !options.control);
        assert_eq!((options.config.nodes, &options.config.racks[..]), (3, &[1, 2][..]));
    }

    #[test]
    fn reads_tls_options() {
        let Ok(Command::Serve(options)) = parsed(&[
            "--tls-port=4333",
            "--tls-name=db.example",
            "--tls-authenticate-client",
            "--tls-certificate=expired",
            "--tls-client-name=ada",
            "--tls-directory=certificates",
        ]) else {
            panic!("not served");
        };
        let expected = TlsConfig {
            port: 4333,
            name: "db.example".to_owned(),
            authenticates_clients: true,
            client_name: "ada".to_owned(),
            certificate: CertificateKind::Expired,
        };
        assert_eq!(options.config.tls, Some(expected));
        assert_eq!(options.tls_directory, Some("certificates".into()));
    }

    #[test]
    fn reads_strong_consistency() {
        let Ok(Command::Serve(options)) =
            parsed(&["--namespace=test,demo", "--strong-consistency=demo", "--mrt-duration=3"])
        else {
            panic!("not served");
        };
        let expected = StrongConsistency {
            namespaces: vec!["demo".to_owned()],
            transaction_duration_s: 3,
        };
        assert_eq!(options.config.strong_consistency, Some(expected));
        let Ok(Command::Serve(options)) = parsed(&["--strong-consistency"]) else {
            panic!("not served");
        };
        assert_eq!(options.config.strong_consistency, Some(StrongConsistency::default()));
    }

    #[test]
    fn reads_users() {
        let Ok(Command::Serve(options)) = parsed(&[
            "--user=ada:pass:word:read,write",
            "--user=admin:secret:user-admin",
            "--pki-user=client:read-write",
            "--external-user=ldap:secret:",
            "--session-ttl=5",
        ]) else {
            panic!("not served");
        };
        let security = options.config.security.unwrap();
        let users: Vec<_> = security
            .users
            .iter()
            .map(|user| {
                (
                    &*user.name,
                    user.password.as_deref(),
                    user.roles.join(","),
                    user.external,
                )
            })
            .collect();
        assert_eq!(
            users,
            [
                ("ada", Some("pass:word"), "read,write".to_owned(), false),
                ("admin", Some("secret"), "user-admin".to_owned(), false),
                ("client", None, "read-write".to_owned(), false),
                ("ldap", Some("secret"), String::new(), true),
            ]
        );
        assert_eq!(security.session_ttl_s, 5);
    }

    #[test]
    fn describes_mistakes() {
        for (arguments, text) in [
            (&["--prot", "1"][..], "unknown argument"),
            (&["--port"], "requires a value"),
            (&["--port", "70000"], "not a valid number"),
            (&["--host", "nowhere"], "not an IP address"),
            (&["--nodes", "0"], "a number from 1 to 64"),
            (&["--nodes", "2", "--racks", "1,1,1"], "more racks"),
            (&["--namespace", "a,,b"], "not a name of 1 to 31"),
            (&["--namespace", "a,a"], "more than once"),
            (&["--strong-consistency=demo"], "\"demo\" does not exist"),
            (&["--strong-consistency", "--default-ttl", "1"], "default TTL"),
            (&["--mrt-duration", "121"], "a number from 1 to 120"),
            (
                &["--tls-certificate", "bad"],
                "--tls-certificate: \"bad\" is not valid, expired",
            ),
            (&["--user", "ada:secret"], "--user: not NAME:PASSWORD:ROLE"),
            (&["--pki-user", "ada"], "is not NAME:ROLE"),
            (&["--stop-with-parent=no"], "does not take a value"),
        ] {
            let message = parsed(arguments).unwrap_err();
            assert!(message.contains(text), "{message}");
        }
    }
}
