//! What stays of a secret in the agent's memory, and where it never stands at all.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

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
        let config = named(world, "memory", "", "");
        let mut agent = Agent::start(world, &config);
        let socket = "X-Amz-Target: secretsmanager.GetSecretValue";
        for _ in 0..1_000 {
            assert_eq!(agent.password(), password);
            assert_eq!(agent.get("secretId=my-secret").status, 200);
            let body = br#"{"SecretId":"my-secret"}"#;
            let sdk = crate::wire::http(&agent.http, "POST /", &[socket], body);
            assert_eq!(sdk.status, 200, "{sdk:?}");
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
