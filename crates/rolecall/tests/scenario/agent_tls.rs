//! TLS of the agent's listeners, with clients that are not ours: openssl, Python's ssl, curl.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::Value;

use crate::agent_process::{AgentProcess, get, openssl, password, password_frame, private, read};
use crate::clients::{client, python, run, script};
use crate::harness::{World, scenario};
use crate::wait;
use crate::wire::Wire;

#[test]
fn both_versions_serve_and_nothing_older_does() {
    scenario(|world| {
        let password = password(world);
        let folder = authority(world, "tls");
        let tls = server_files(&folder);
        let agent = AgentProcess::start(world, &tcp(&tls, ""), "");
        let address = agent.address(FRAMES);

        for (version, name) in [("1.2", "TLSv1.2"), ("1.3", "TLSv1.3")] {
            let seen = Visitor::new(&folder, &address, version, None).seen();
            assert_eq!(seen["version"], name, "{seen}");
            assert_eq!(seen["reply"]["SecretValue"], password.as_str());
            let flag = format!("tls{}", version.replace('.', "_"));
            let line = format!(
                "s_client -connect {address} -CAfile ca.crt -verify_return_error -brief -{flag}"
            );
            let shaken = openssl(&folder, &line);
            assert_eq!(shaken.code, Some(0), "{shaken:?}");
            assert!(shaken.stderr.contains("Verification: OK"), "{shaken:?}");
        }
        let old = openssl(
            &folder,
            &format!("s_client -connect {address} -cipher DEFAULT@SECLEVEL=0 -tls1_1"),
        );
        assert_ne!(old.code, Some(0), "{old:?}");
        agent.stop();
    });
}

#[test]
fn with_an_authority_only_its_clients_are_answered() {
    scenario(|world| {
        let password = password(world);
        let folder = authority(world, "tls");
        let other = authority(world, "other");
        sign(&folder, "db-1", "subjectAltName=DNS:db-1.example");
        sign(&folder, "web", "subjectAltName=URI:spiffe://example/web");
        sign(&other, "db-1", "subjectAltName=DNS:db-1.example");
        let tls = server_files(&folder);
        let asks = format!("ca-file: {}", folder.join("ca.crt").display());
        let rules = "access: {rules: [{who: {certificate: db-1.example}, resources: '*'}]}";
        let agent = AgentProcess::start(world, &tcp(&tls, &asks), rules);
        let address = agent.address(FRAMES);

        for version in ["1.2", "1.3"] {
            let visit = |shown| Visitor::new(&folder, &address, version, shown).seen();
            let known = visit(Some((folder.as_path(), "db-1")));
            assert_eq!(known["reply"]["SecretValue"], password.as_str(), "{known}");
            let unnamed = visit(Some((folder.as_path(), "web")));
            let error = unnamed["reply"]["Error"].as_str().unwrap();
            assert!(error.starts_with("access to resource"), "{unnamed}");
            assert!(visit(Some((other.as_path(), "db-1")))["refused"].is_string());
            assert!(visit(None)["refused"].is_string());
        }
        // The server is verified too.
        let stranger = Visitor::new(&other, &address, "1.3", None).seen();
        assert!(
            stranger["refused"]
                .as_str()
                .unwrap()
                .contains("verify failed")
        );
        agent.says("no TLS with a client", 1);
        agent.stop();
    });
}

#[test]
fn a_renewed_certificate_needs_no_restart() {
    scenario(|world| {
        let password = password(world);
        let folder = authority(world, "tls");
        let tls = server_files(&folder);
        let agent = AgentProcess::start(world, &tcp(&tls, ""), "");
        let address = agent.address(FRAMES);
        let visit = || Visitor::new(&folder, &address, "1.3", None);
        let mut old = visit();
        let first = old.seen()["serial"].clone();

        // Noticed by itself.
        sign_server(&folder);
        let second = wait::until("the new certificate", TIME_MAX, || {
            let serial = visit().seen()["serial"].clone();
            (serial != first).then_some(serial)
        });
        // A broken one is said once, and the one before stays.
        let good = std::fs::read(folder.join("server.crt")).unwrap();
        std::fs::write(folder.join("server.crt"), "-----BEGIN CERTIFICATE-----\n").unwrap();
        agent.says("a renewed certificate is wrong, the old one stays", 1);
        assert_eq!(visit().seen()["serial"], second);
        // On SIGHUP at once, and the configuration is as it was.
        std::fs::write(folder.join("server.crt"), good).unwrap();
        agent.reload(&tcp(&tls, ""), "");
        assert_eq!(visit().seen()["serial"], second);
        let said = agent
            .talk()
            .matches("a renewed certificate is wrong")
            .count();
        assert_eq!(said, 1, "{}", agent.talk());
        // The connection from before all that has lived on.
        let again = old.ask();
        assert_eq!(again["serial"], first);
        assert_eq!(again["reply"]["SecretValue"], password.as_str());
        agent.stop();
    });
}

#[test]
fn the_wrong_protocol_ends_at_once() {
    scenario(|world| {
        password(world);
        let folder = authority(world, "tls");
        let tls = server_files(&folder);
        let service = format!(
            "{{tcp: {{endpoint: 127.0.0.1:0, tls: {{{tls}}}}}, http: {{endpoint: 127.0.0.1:0}}, \
             https: {{endpoint: 127.0.0.1:0, tls: {{{tls}}}}}}}"
        );
        let agent = AgentProcess::start(world, &service, "");
        let tls_address = agent.address(FRAMES);
        let https = agent.address("management over HTTPS");
        let http = agent.address("management over HTTP");
        let before = agent.talk();
        assert!(!before.contains("can read a private key"), "{before}");

        let plain = Wire::connect(&tls_address).send(password_frame()).rest();
        assert!(plain.len() < 16, "an alert at most: {plain:?}");
        let plain = Wire::connect(&https)
            .send("GET /manage HTTP/1.1\r\n\r\n")
            .rest();
        assert!(plain.len() < 16, "an alert at most: {plain:?}");
        let plain_service = "{tcp: {endpoint: 127.0.0.1:0}, http: {endpoint: 127.0.0.1:0}}";
        agent.reload(plain_service, "");
        let plain_address = agent.address(FRAMES);
        assert_ne!(plain_address, tls_address);
        let hello = Visitor::new(&folder, &plain_address, "1.3", None).seen();
        assert!(hello["refused"].is_string(), "{hello}");

        let metrics = get(&http, "/manage/rest/v1/prometheus", &[]).body;
        let count = |line: &str| assert!(metrics.lines().any(|it| it == line), "{line}\n{metrics}");
        count("aerospike_sa_parse_err{module=\"tcp\"} 1");
        count("aerospike_sa_tls_err{module=\"tcp\"} 1");
        agent.stop();
    });
}

#[test]
fn the_other_listeners_speak_tls_too() {
    scenario(|world| {
        let password = password(world);
        let folder = authority(world, "tls");
        let tls = server_files(&folder);
        let token = private(world, "token", "the-token-of-the-test\n");
        let service = format!(
            "{{https: {{endpoint: 127.0.0.1:0, secrets: {{}}, tls: {{{tls}}}}}, \
             aws-http: {{endpoint: 127.0.0.1:0, token-file: {token}, tls: {{{tls}}}}}}}"
        );
        // Others may read the key: said, and served all the same.
        let key = folder.join("server.key");
        let mut open = client("chmod", &folder);
        run(open.arg("644").arg(&key)).ok();
        let agent = AgentProcess::start(world, &service, "");
        let curl = |address: &str, path: &str, headers: &[&str]| {
            let mut curl = client("curl", &folder);
            let port = address.rsplit(':').next().unwrap();
            curl.args(["-sS", "--fail", "--cacert", "ca.crt"]);
            for header in headers {
                curl.args(["-H", header]);
            }
            run(curl.arg(format!("https://localhost:{port}{path}")))
                .ok()
                .to_owned()
        };
        let https = agent.address("management over HTTPS");
        assert_eq!(curl(&https, "/manage", &[]), "healthy");
        let path = "/manage/rest/v1/secrets/TestingSecret/password";
        let told: Value = serde_json::from_str(&curl(&https, path, &[])).unwrap();
        assert_eq!(told["SecretValue"], password.as_str());
        let aws = agent.address("local HTTP interface");
        let token = "X-Aws-Parameters-Secrets-Token: the-token-of-the-test";
        let secret = curl(&aws, "/v1/my-secret", &[token]);
        assert!(secret.contains(&password));
        agent.says("every user of this host can read a private key", 1);
        agent.stop();
    });
}

#[test]
fn files_that_cannot_be_used_keep_it_from_starting() {
    scenario(|world| {
        let address = world.agent("tcp").to_owned();
        let password = password(world);
        assert_eq!(read(&address), password);
        let folder = authority(world, "tls");
        let tls = server_files(&folder).replace("server.key", "ca.key");
        let text = crate::agent_process::configuration(&tcp(&tls, ""), "");
        let config = world.scratch().join("wrong.yaml");
        std::fs::write(&config, text).unwrap();
        let mut command = world.on_instance(env!("CARGO_BIN_EXE_rolecall"));
        let output = run(command.args(["agent", "--config"]).arg(config));

        assert_eq!(output.code, Some(2), "{output:?}");
        output.fails_with(&["cannot be used together", "hint: the key must be the one"]);
    });
}

/// A client that keeps its connection.
struct Visitor {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Visitor {
    fn new(folder: &Path, address: &str, version: &str, shows: Option<(&Path, &str)>) -> Self {
        let mut command = client(python(), folder);
        command.arg(script("agent_tls.py")).arg(address);
        command.arg("ca.crt").arg(version);
        if let Some((folder, name)) = shows {
            command.arg(folder.join(format!("{name}.crt")));
            command.arg(folder.join(format!("{name}.key")));
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    /// What it saw of its latest read.
    fn seen(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: `{line}`"))
    }

    fn ask(&mut self) -> Value {
        writeln!(self.input).unwrap();
        self.seen()
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn tcp(tls: &str, more: &str) -> String {
    format!("{{tcp: {{endpoint: 127.0.0.1:0, tls: {{{tls}, {more}}}}}}}").replace(", }", "}")
}

fn server_files(folder: &Path) -> String {
    let folder = folder.display();
    format!("cert-file: {folder}/server.crt, key-file: {folder}/server.key")
}

/// A folder with an authority, and a server's certificate of it.
pub(crate) fn authority(world: &World, name: &str) -> std::path::PathBuf {
    let folder = world.scratch().join(name);
    std::fs::create_dir(&folder).unwrap();
    let line = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
                -keyout ca.key -out ca.crt -subj /CN=authority";
    openssl(&folder, line).ok();
    sign_server(&folder);
    folder
}

fn sign_server(folder: &Path) {
    sign(folder, "server", "subjectAltName=DNS:localhost");
}

/// Signs `NAME.crt`, and puts it and its key in place together.
pub(crate) fn sign(folder: &Path, name: &str, names: &str) {
    let new = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout new.key -out new.csr";
    openssl(folder, &format!("{new} -subj /CN={name}")).ok();
    std::fs::write(folder.join("extensions"), names).unwrap();
    let line = "x509 -req -in new.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
                -extfile extensions -out new.crt";
    openssl(folder, line).ok();
    for ending in ["key", "crt"] {
        let to = folder.join(format!("{name}.{ending}"));
        std::fs::rename(folder.join(format!("new.{ending}")), to).unwrap();
    }
}

const FRAMES: &str = "secret agent protocol";
const TIME_MAX: std::time::Duration = std::time::Duration::from_secs(15);
