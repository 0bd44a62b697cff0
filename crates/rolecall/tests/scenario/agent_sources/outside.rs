//! What is around an agent: users, roles and secrets of the account, a metadata service that can be
//! away, and a proxy.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::clients::{Admin, aws, run};
use crate::harness::World;
use crate::wire::http;

/// A user's access key.
pub(super) struct Key {
    pub(super) id: String,
    pub(super) secret: String,
}

impl Key {
    pub(super) fn new(world: &mut World, admin: &mut Admin, user: &str) -> Self {
        let made = admin
            .run(&format!("iam create-access-key --user-name {user}"))
            .json();
        let text = |member: &str| made["AccessKey"][member].as_str().unwrap().to_owned();
        world.canary(&text("SecretAccessKey"));
        Self {
            id: text("AccessKeyId"),
            secret: text("SecretAccessKey"),
        }
    }

    pub(super) fn delete(&self, admin: &mut Admin, user: &str) {
        let id = &self.id;
        admin
            .run(&format!(
                "iam delete-access-key --user-name {user} --access-key-id {id}"
            ))
            .ok();
    }

    /// A section of the shared credentials file.
    pub(super) fn section(&self, name: &str) -> String {
        format!(
            "[{name}]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            self.id, self.secret
        )
    }

    /// A session of the user, as a container's endpoint tells it.
    pub(super) fn session(&self, world: &mut World) -> String {
        let mut get = world.anonymous(aws());
        get.env("AWS_ACCESS_KEY_ID", &self.id);
        get.env("AWS_SECRET_ACCESS_KEY", &self.secret);
        let made = run(get.args(["sts", "get-session-token"])).json()["Credentials"].clone();
        for member in ["SecretAccessKey", "SessionToken"] {
            world.canary(made[member].as_str().unwrap());
        }
        let told = json!({
            "AccessKeyId": made["AccessKeyId"], "SecretAccessKey": made["SecretAccessKey"],
            "Token": made["SessionToken"], "Expiration": made["Expiration"],
        });
        told.to_string()
    }

    /// A script for `credential_process`.
    pub(super) fn process(&self) -> String {
        let told = json!({
            "Version": 1, "AccessKeyId": self.id, "SecretAccessKey": self.secret,
        });
        format!("echo '{told}'\n")
    }
}

/// A user and a secret of the same name, which nobody else may read; the secret's value.
pub(super) fn reader(world: &mut World, admin: &mut Admin, name: &str) -> String {
    let secret = format!("the-secret-of-{name}");
    world.canary(&secret);
    create(admin, name, &secret);
    admin
        .run(&format!("iam create-user --user-name {name}"))
        .ok();
    let policy = read(&format!(
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:{name}-*"
    ));
    let call = format!("iam put-user-policy --user-name {name} --policy-name read");
    admin.run_with(&call, &["--policy-document", &policy]).ok();
    format!(r#"{{"password":"{secret}"}}"#)
}

/// A secret with a password.
pub(super) fn create(admin: &mut Admin, name: &str, password: &str) {
    let value = format!(r#"{{"password":"{password}"}}"#);
    let call = format!("secretsmanager create-secret --name {name}");
    admin.run_with(&call, &["--secret-string", &value]).ok();
}

/// A role that one principal may assume under a condition.
pub(super) fn role(admin: &mut Admin, name: &str, trusted: &str, condition: &Value, policy: &str) {
    let trust = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": trusted}, "Condition": condition,
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
    }]});
    let call = format!("iam create-role --role-name {name}");
    admin
        .run_with(
            &call,
            &["--assume-role-policy-document", &trust.to_string()],
        )
        .ok();
    let call = format!("iam put-role-policy --role-name {name} --policy-name all");
    admin.run_with(&call, &["--policy-document", policy]).ok();
}

/// A policy that allows to read secrets.
pub(super) fn read(resource: &str) -> String {
    allow(&["secretsmanager:GetSecretValue"], resource)
}

pub(super) fn allow(actions: &[&str], resource: &str) -> String {
    let statement = json!({"Effect": "Allow", "Action": actions, "Resource": resource});
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

/// Writes a file in place that only its owner reads.
pub(super) fn private(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// A metadata service that passes on what another one says, with credentials that end soon, and
/// that can be away.
pub(super) struct Imds {
    pub(super) url: String,
    up: Arc<AtomicBool>,
}

impl Imds {
    pub(super) fn start(real: &str, lives_seconds: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let up = Arc::new(AtomicBool::new(true));
        let (real, is_up) = (real.to_owned(), Arc::clone(&up));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if is_up.load(Ordering::SeqCst) {
                    answer(&mut stream, &real, lives_seconds);
                }
            }
        });
        Self { url, up }
    }

    pub(super) fn is_up(&self, up: bool) {
        self.up.store(up, Ordering::SeqCst);
    }
}

fn answer(stream: &mut TcpStream, real: &str, lives_seconds: u64) {
    let head = head(stream);
    let mut lines = head.lines();
    let line = lines
        .next()
        .unwrap()
        .trim_end_matches(" HTTP/1.1")
        .to_owned();
    let headers: Vec<&str> = lines
        .filter(|it| it.to_ascii_lowercase().starts_with("x-aws-"))
        .collect();
    let passed = http(real, &line, &headers, b"");
    let body = match serde_json::from_str::<Value>(&passed.body) {
        Ok(mut credentials) if credentials["Expiration"].is_string() => {
            let end = SystemTime::now() + Duration::from_secs(lives_seconds);
            credentials["Expiration"] = jiff::Timestamp::try_from(end).unwrap().to_string().into();
            credentials.to_string()
        }
        _ => passed.body,
    };
    let ttl = "x-aws-ec2-metadata-token-ttl-seconds: 21600";
    let (status, length) = (passed.status, body.len());
    let told = format!(
        "HTTP/1.1 {status} Told\r\n{ttl}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all((told + &body).as_bytes()).ok();
}

/// Where a container finds its credentials.
pub(super) struct Container {
    pub(super) url: String,
}

impl Container {
    pub(super) const TOKEN: &str = "the-token-of-the-container";

    pub(super) fn start(credentials: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/credentials", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let head = head(&mut stream);
                let known = head.contains(Self::TOKEN);
                let status = if known { "200 OK" } else { "403 Forbidden" };
                let body = if known { credentials.as_str() } else { "" };
                let length = body.len();
                let told = format!(
                    "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
                );
                stream.write_all((told + body).as_bytes()).ok();
            }
        });
        Self { url }
    }
}

/// A proxy that leads all tunnels to one address, and notes where they were to lead.
pub(super) struct Proxy {
    pub(super) url: String,
    pub(super) hosts: Arc<Mutex<Vec<String>>>,
    /// No tunnel to hosts whose name holds this; empty is none.
    pub(super) closed: Arc<Mutex<String>>,
}

impl Proxy {
    pub(super) fn start(to: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            hosts: Arc::default(),
            closed: Arc::default(),
        };
        let (hosts, closed) = (Arc::clone(&proxy.hosts), Arc::clone(&proxy.closed));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let head = head(&mut stream);
                let host = head.split(' ').nth(1).unwrap().to_owned();
                hosts.lock().unwrap().push(host.clone());
                let closed = closed.lock().unwrap().clone();
                if closed.is_empty() || !host.contains(&closed) {
                    tunnel(stream, &to);
                } else {
                    stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").ok();
                }
            }
        });
        proxy
    }
}

fn tunnel(mut near: TcpStream, to: &str) {
    let far = TcpStream::connect(to).unwrap();
    near.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
    for (mut from, mut to) in [
        (near.try_clone().unwrap(), far.try_clone().unwrap()),
        (far, near),
    ] {
        std::thread::spawn(move || {
            std::io::copy(&mut from, &mut to).ok();
            to.shutdown(std::net::Shutdown::Write).ok();
        });
    }
}

/// What comes before the body of a request.
fn head(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        bytes.push(byte[0]);
    }
    String::from_utf8(bytes).unwrap()
}
