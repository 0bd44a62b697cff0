//! Places and sockets; listeners at work are seen in the scenarios.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use agent::config::{self, Config};

use super::*;
use crate::host::notify;

fn config(service: &str) -> Config {
    let rest = "secret-manager: {aws: {region: us-east-1, resources: {a: b}}}";
    config::parse(&format!("service: {service}\n{rest}"), "f").unwrap()
}

fn wanted(service: &str) -> Vec<Wanted> {
    Wanted::of(&config(service).service)
}

fn unix(path: &Path, mode: u32) -> Place {
    Place::Unix(config::Socket {
        path: path.display().to_string(),
        mode,
    })
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_io().build().unwrap().block_on(work)
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn every_listener_of_a_configuration_is_wanted_once() {
    let all = wanted(
        "{tcp: {endpoint: ':3005'}, uds: {socket-path: /a}, http: {endpoint: ':1'}, \
         https: {endpoint: ':2', tls: {cert-file: c, key-file: k}}, \
         aws-http: {token-file: t, endpoint: ':3', socket-path: /b}, \
         container-credentials: {endpoint: ':4', token-file: u}, \
         systemd-credentials: {socket-path: /c}}",
    );
    let modules: Vec<_> = all.iter().map(|it| it.module).collect();
    assert!(modules.iter().copied().eq(Module::all()));
    let keys: Vec<_> = all.iter().map(Wanted::place_key).collect();
    assert_eq!(keys[5], "service.aws-http.socket-path");
    assert_eq!(keys[6], "service.container-credentials.endpoint");
    assert_eq!(all[6].token_file.as_deref(), Some("u"));
    assert!(all[3].tls.is_some());
}

#[test]
fn what_is_looked_up_later_asks_for_no_other_listener() {
    let before = wanted("{http: {endpoint: ':1'}}");
    let labels = "{http: {endpoint: ':1', metrics: {prometheus: {labels: {a: b}}}}}";

    assert_eq!(before, wanted(labels));
    assert_ne!(before, wanted("{http: {endpoint: ':2'}}"));
    assert!(
        before[0]
            .place
            .is_same(&wanted("{tcp: {endpoint: ':1'}}")[0].place)
    );
    let any = wanted("{http: {endpoint: '127.0.0.1:0'}}");
    assert!(!any[0].place.is_same(&any[0].place));
}

#[test]
fn two_listeners_do_not_share_a_place() {
    let apart = |service: &str| Wanted::all_apart(&config(service).service);
    let same = apart("{tcp: {endpoint: ':1'}, http: {endpoint: ':1'}}");

    let message = same.unwrap_err().message;
    let expect = "`service.tcp.endpoint` and `service.http.endpoint` are the same place";
    assert_eq!(message, expect);
    let sockets = "{uds: {socket-path: /a}, systemd-credentials: {socket-path: /a}}";
    assert!(apart(sockets).is_err());
    let free = "{tcp: {endpoint: '127.0.0.1:0'}, http: {endpoint: '127.0.0.1:0'}}";
    assert_eq!(apart(free).unwrap().len(), 2);
}

#[test]
fn the_file_of_a_socket_goes_with_it_if_it_is_still_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let place = unix(&path, 0o600);
    let bind = || run(Socket::bind(&place, "it", "key")).unwrap();

    let socket = bind();
    assert_eq!(mode(&path), 0o600);
    socket.set_mode(&unix(&path, 0o660));
    assert_eq!(mode(&path), 0o660);
    assert!(run(Socket::bind(&place, "it", "key")).is_err());
    drop(socket);
    assert!(!path.exists());

    let socket = bind();
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, "another's").unwrap();
    socket.set_mode(&unix(&path, 0o777));
    assert_ne!(mode(&path), 0o777);
    drop(socket);
    assert!(path.exists());
}

#[test]
fn what_the_service_manager_made_is_left_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let passed = Passed {
        name: "uds".to_owned(),
        listener: notify::Listener::Unix(listener),
    };
    let (name, socket) = socket::handed(passed).unwrap();
    let before = mode(&path);

    assert_eq!(
        (name.as_str(), socket.to_string()),
        ("uds", path.display().to_string())
    );
    assert!(socket.is_at(&unix(&path, 0o600)));
    assert!(!socket.is_at(&unix(&folder.path().join("t"), 0o600)));
    assert!(socket.fits(&unix(Path::new("/else"), 0o600), "uds").is_ok());
    let failure = socket.fits(&Place::Tcp("127.0.0.1:1".parse().unwrap()), "uds");
    assert!(failure.unwrap_err().message.contains("another kind"));
    socket.set_mode(&unix(&path, 0o601));
    assert_eq!(mode(&path), before);
    drop(socket);
    assert!(path.exists());
}
