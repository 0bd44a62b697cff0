//! Unix sockets of the agent: units' credentials, sockets that a service manager has bound, and
//! what it is told.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::agent_process::{AgentProcess, get, password, password_frame, read};
use crate::clients::{client, python, run, script};
use crate::harness::{World, scenario};
use crate::wait;

#[test]
fn units_find_their_credentials() {
    scenario(|world| {
        let password = password(world);
        let socket = world.scratch().join("units.sock");
        let audit = world.scratch().join("audit");
        let service = format!(
            "{{systemd-credentials: {{socket-path: {}, socket-mode: 666}}}}",
            socket.display()
        );
        let more = format!("audit: {{file: {}}}", audit.display());
        let rules = "access: {rules: [{who: {unit: app.service}, resources: '*'}]}";
        let agent = AgentProcess::start(world, &service, &format!("{more}\n{rules}"));
        agent.says("credentials for units is served", 1);
        let load = |count: usize, unit: &str, credential: &str| -> Vec<String> {
            let mut command = loader(world, &socket, count, unit, credential);
            serde_json::from_value(run(&mut command).json()).unwrap()
        };

        // Many units start at once.
        let all = load(20, "app.service", "TestingSecret.password");
        assert_eq!(all, vec![password.clone(); 20]);
        let whole = load(1, "app.service", "TestingSecret");
        let whole: Value = serde_json::from_str(&whole[0]).unwrap();
        assert_eq!(whole["password"], password.as_str());
        // A refusal cannot be said: it is empty, and the log names it.
        assert_eq!(load(1, "app.service", "TestingSecret.pin"), [""]);
        assert_eq!(load(1, "app.service", "other"), [""]);
        assert_eq!(load(1, "web.service", "TestingSecret"), [""]);
        let said = "a unit's credential is empty";
        agent.says(said, 3);
        let lines: Vec<String> = agent.talk().lines().map(str::to_owned).collect();
        let line = |part: &str| {
            lines
                .iter()
                .any(|line| line.contains(said) && line.contains(part))
        };
        assert!(line("credential=\"TestingSecret.pin\"") && line("unit=\"web.service\""));

        // Another user may connect, and is not believed.
        let mut stranger = as_user(&loader(world, &socket, 1, "app.service", "TestingSecret"));
        assert_eq!(run(&mut stranger).ok(), "[\"\"]");
        agent.says("a connection is turned away", 1);
        // Neither is whoever comes from no such address.
        let mut bare = UnixStream::connect(&socket).unwrap();
        let mut bytes = Vec::new();
        bare.read_to_end(&mut bytes).unwrap();
        assert!(bytes.is_empty());
        agent.stop();
        assert!(!socket.exists(), "the socket is left behind");
        let audit = std::fs::read_to_string(audit).unwrap();
        let lines: Vec<Value> = audit
            .lines()
            .map(|it| serde_json::from_str(it).unwrap())
            .collect();
        let of = |unit: &str, outcome: &str| {
            lines
                .iter()
                .filter(|it| it["unit"] == unit && it["outcome"] == outcome)
                .count()
        };
        assert_eq!(of("app.service", "served"), 21, "{audit}");
        assert_eq!(of("web.service", "denied"), 1, "{audit}");
    });
}

#[test]
fn frames_over_a_unix_socket_know_their_user() {
    scenario(|world| {
        let password = password(world);
        let socket = world.scratch().join("agent.sock");
        let service = format!(
            "{{uds: {{socket-path: {}, socket-mode: 666}}}}",
            socket.display()
        );
        let agent = AgentProcess::start(world, &service, "");
        agent.says("secret agent protocol is served", 1);
        let mode = std::fs::metadata(&socket).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o666);
        let ask = format!(
            "import socket,sys\ns=socket.socket(socket.AF_UNIX)\ns.connect({:?})\n\
             s.sendall(bytes.fromhex({:?}))\nprint(s.recv(65536)[8:].decode())",
            socket.display().to_string(),
            hex(&password_frame())
        );
        let mut own = client(python(), &world.scratch());
        own.args(["-c", &ask]);
        let told = run(&mut own).json();
        assert_eq!(told["SecretValue"], password.as_str());
        let told = run(&mut as_user(&own)).json();
        let error = told["Error"].as_str().unwrap();
        assert!(
            error.contains("only the agent's own user and root"),
            "{told}"
        );
        agent.says("a read is denied", 1);
        agent.stop();
        assert!(!socket.exists(), "the socket is left behind");
    });
}

#[test]
fn sockets_of_the_service_manager_are_served() {
    scenario(|world| {
        let password = password(world);
        let uds = world.scratch().join("handed.sock");
        let (named, unnamed) = (free_port(), free_port());
        // Found by its name, whatever the address; and by its address, whatever the name.
        let service = format!(
            "{{tcp: {{endpoint: 127.0.0.1:1}}, http: {{endpoint: 127.0.0.1:{unnamed}}}, \
             uds: {{socket-path: {}}}}}",
            uds.display()
        );
        let mut command = world.on_instance("systemd-socket-activate");
        let metadata = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
        for name in [metadata, "PATH", "HOME", "AWS_ENDPOINT_URL", "AWS_REGION"] {
            command.args(["-E", name]);
        }
        command.arg("--fdname=tcp:rolecall.socket:other.socket");
        command.arg(format!("--listen=127.0.0.1:{named}"));
        command.arg(format!("--listen=127.0.0.1:{unnamed}"));
        command.arg(format!("--listen={}", uds.display()));
        command.arg(env!("CARGO_BIN_EXE_rolecall"));
        let agent = AgentProcess::start_by(world, command, &service, "");
        // The first client has it started, and is not lost.
        agent.says("handed.sock as 5", 1);
        let named = format!("127.0.0.1:{named}");
        let mut first = TcpStream::connect(&named).unwrap();
        first.write_all(&password_frame()).unwrap();
        assert_eq!(agent.address("secret agent protocol"), named);
        let mut magic = [0; 4];
        first.read_exact(&mut magic).unwrap();
        assert_eq!(magic, crate::wire::MAGIC);
        assert_eq!(read(&named), password);
        assert_eq!(
            get(&format!("127.0.0.1:{unnamed}"), "/manage", &[]).status,
            200
        );
        UnixStream::connect(&uds).unwrap();
        agent.stop();
        // It is the manager's, who hands it to the next.
        assert!(uds.exists());
    });
}

#[test]
fn the_service_manager_hears_how_it_goes() {
    scenario(|world| {
        password(world);
        let path = world.scratch().join("notify");
        let manager = UnixDatagram::bind(&path).unwrap();
        manager.set_read_timeout(Some(TIME_MAX)).unwrap();
        let heard = || {
            let mut bytes = [0; 1_024];
            let length = manager.recv(&mut bytes).unwrap();
            String::from_utf8_lossy(&bytes[..length]).into_owned()
        };
        let mut command = world.on_instance(env!("CARGO_BIN_EXE_rolecall"));
        command.env("NOTIFY_SOCKET", &path);
        let service = "{tcp: {endpoint: 127.0.0.1:0}}";
        let agent = AgentProcess::start_by(world, command, service, "");

        assert!(heard().starts_with("STATUS=serves tcp at 127.0.0.1:"));
        assert_eq!(heard(), "READY=1");
        // Ready means that whoever connects now is answered.
        let tcp = agent.address("secret agent protocol");
        read(&tcp);
        agent.reload("{http: {endpoint: 127.0.0.1:0}}", "");
        assert!(heard().starts_with("RELOADING=1\nMONOTONIC_USEC="));
        assert!(heard().starts_with("STATUS=serves http at 127.0.0.1:"));
        assert_eq!(heard(), "READY=1");
        agent.stop();
        assert_eq!(heard(), "STOPPING=1");
    });
}

fn loader(world: &World, socket: &Path, count: usize, unit: &str, credential: &str) -> Command {
    let mut command = client(python(), &world.scratch());
    command.arg(script("agent_unit.py")).arg(socket);
    command.arg(count.to_string()).args([unit, credential]);
    command
}

/// The same command as a user that is neither root nor the agent's: with the system's own Python,
/// as that user may not enter the folders of this one.
fn as_user(command: &Command) -> Command {
    let mut other = client("setpriv", Path::new("/"));
    other.args([
        "--reuid=54321",
        "--regid=54321",
        "--clear-groups",
        "--inh-caps=-all",
    ]);
    other.arg("/usr/bin/python3");
    let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    match arguments.first() {
        Some(first) if Path::new(first).is_absolute() => {
            let text = std::fs::read_to_string(first).unwrap();
            other.arg("-c").arg(text).args(&arguments[1..])
        }
        _ => other.args(&arguments),
    };
    other
}

fn hex(bytes: &[u8]) -> String {
    let add = |text, byte: &u8| format!("{text}{byte:02x}");
    bytes.iter().fold(String::new(), add)
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

const TIME_MAX: std::time::Duration = std::time::Duration::from_secs(15);

#[test]
fn a_socket_that_was_left_behind_is_replaced_and_a_living_one_is_not() {
    scenario(|world| {
        let password = password(world);
        let socket = world.scratch().join("agent.sock");
        let service = format!("{{uds: {{socket-path: {}}}}}", socket.display());
        drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
        let agent = AgentProcess::start(world, &service, "");
        agent.says("secret agent protocol is served", 1);
        let mut stream = UnixStream::connect(&socket).unwrap();
        stream.write_all(&password_frame()).unwrap();
        let mut reply = vec![0; 256];
        let length = stream.read(&mut reply).unwrap();
        let reply = String::from_utf8_lossy(&reply[..length]).into_owned();
        assert!(reply.contains(&password), "no value");

        let config = world.scratch().join("listeners.yaml");
        let mut second = world.on_instance(env!("CARGO_BIN_EXE_rolecall"));
        let output = run(second.args(["agent", "--config"]).arg(config));
        output.fails_with(&["another process listens there", "hint: "]);
        assert_eq!(
            output.code,
            Some(3),
            "it may end, so a service manager tries again"
        );
        assert!(socket.exists());
        agent.stop();
        wait::until("the end of the socket", TIME_MAX, || {
            (!socket.exists()).then_some(())
        });
    });
}
