//! What stays of a secret in the agent's memory, and where it never stands at all.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom, Write};

use crate::clients::{client, run};
use crate::harness::{World, scenario};
use crate::local_agent::{Agent, named};
use crate::role_to_secret::sample_password;

/// How often `needle` stands in the memory of a process, by mapping.
fn copies(pid: u32, needle: &[u8]) -> BTreeMap<String, usize> {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut memory = std::fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut found = BTreeMap::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, mode) = (words.next().unwrap(), words.next().unwrap());
        let (from, to) = range.split_once('-').unwrap();
        let hex = |text| u64::from_str_radix(text, 16).unwrap();
        if !mode.starts_with("rw") {
            continue;
        }
        let mut bytes = vec![0; usize::try_from(hex(to) - hex(from)).unwrap()];
        if memory.seek(SeekFrom::Start(hex(from))).is_err()
            || memory.read_exact(&mut bytes).is_err()
        {
            continue;
        }
        let count = bytes
            .windows(needle.len())
            .filter(|window| *window == needle)
            .count();
        if count > 0 {
            found.insert(line.to_owned(), count);
        }
    }
    found
}

#[test]
fn after_a_thousand_reads_a_secret_stands_once_for_each_form() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let folder = world.scratch();
        let config = named(world, "memory", "", "");
        let text = std::fs::read_to_string(&config).unwrap();
        let sockets = format!(
            "  uds:\n    socket-path: {0}/frames.sock\n  systemd-credentials:\n    \
             socket-path: {0}/units.sock\n  aws-http:\n    socket-path: {0}/aws.sock\n",
            folder.display()
        );
        std::fs::write(&config, text.replace("  aws-http:\n", &sockets)).unwrap();
        let mut agent = Agent::start(world, &config);
        let socket = "X-Amz-Target: secretsmanager.GetSecretValue";
        for _ in 0..1_000 {
            assert_eq!(agent.password(), password);
            assert_eq!(agent.get("secretId=my-secret").status, 200);
            let body = br#"{"SecretId":"my-secret"}"#;
            let sdk = crate::wire::http(&agent.http, "POST /", &[socket], body);
            assert_eq!(sdk.status, 200, "{sdk:?}");
            let frame =
                crate::wire::frame(r#"{"Resource":"TestingSecret","SecretKey":"password"}"#);
            let reply = over_socket(&folder.join("frames.sock"), &frame, 8);
            assert!(holds(&reply, password.as_bytes()));
            let get = b"GET /v1/my-secret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            let reply = over_socket(&folder.join("aws.sock"), get, 0);
            assert!(holds(&reply, password.as_bytes()));
        }
        // The value, its bodies for two protocols, and the member that was asked for.
        let pid = agent.child.id();
        let found = copies(pid, password.as_bytes());
        let count: usize = found.values().sum();
        assert!((1..=4).contains(&count), "{count} copies: {found:#?}");

        for file in ["environ", "cmdline"] {
            let bytes = std::fs::read(format!("/proc/{pid}/{file}")).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(&password), "{file}");
        }
        if rustix::process::geteuid().is_root() {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
            let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:"));
            assert_ne!(locked.unwrap().trim(), "0 kB");
            not_dumpable(world, pid);
        }
        agent.stop();
    });
}

/// Sends a request over a Unix socket and reads the answer: so many bytes of head and what its
/// length says, or all until the end.
fn over_socket(path: &std::path::Path, request: &[u8], head: usize) -> Vec<u8> {
    let mut stream = std::os::unix::net::UnixStream::connect(path).unwrap();
    stream.write_all(request).unwrap();
    let mut reply = vec![0; head];
    stream.read_exact(&mut reply).unwrap();
    if let Some(length) = reply.last_chunk::<4>() {
        let length: usize = u32::from_be_bytes(*length).try_into().unwrap();
        reply.resize(head + length, 0);
        stream.read_exact(&mut reply[head..]).unwrap();
    } else {
        stream.read_to_end(&mut reply).unwrap();
    }
    reply
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// A process of another user, and a debugger without the right to, see nothing.
fn not_dumpable(world: &World, pid: u32) {
    let owner = std::fs::metadata(format!("/proc/{pid}/mem")).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::uid(&owner), 0);
    let mut other = client("setpriv", &world.scratch());
    other
        .args([
            "--reuid",
            "4242",
            "--regid",
            "4242",
            "--clear-groups",
            "cat",
        ])
        .arg(format!("/proc/{pid}/mem"))
        .current_dir("/");
    run(&mut other).fails_with(&["Permission denied"]);
}
