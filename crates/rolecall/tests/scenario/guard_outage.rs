//! A guard that is killed, starts before there is a network, or finds its rules gone.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::clients::run;
use crate::guard::{APP, ELSEWHERE, NOBODY, ROLE, RULES, TIME_MAX, ZONE, begin, curl, get};
use crate::guard_net::{Guard, Net, guard_yaml};
use crate::harness::scenario;
use crate::wait;

#[test]
fn a_guard_that_is_killed_is_back_at_once_and_nothing_was_open() {
    scenario(|world| {
        let net = begin(world);
        let guard = Guard::start(world, &net, "guard", RULES);
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(guard.end(Signal::KILL), None);
        // Its rules are there, and lead to nobody.
        let read = format!("curl -s -m 5 http://169.254.169.254{ROLE}");
        let as_user = format!("setpriv --reuid {APP} --regid {APP} --clear-groups {read}");
        assert_eq!(net.sh(&as_user).code, Some(7), "refused");
        let start = Instant::now();
        let guard = Guard::start(world, &net, "guard-2", RULES);
        let took = start.elapsed();
        assert!(took < START_TIME_MAX, "{took:?}");
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(get(&net, NOBODY, None, ROLE).0, 403);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn tokens_and_answers_outlive_a_guard_that_is_killed_and_none_that_ends() {
    scenario(|world| {
        let mut net = begin(world);
        let memory = Memory::new();
        let guard = Guard::spawn(world, "guard", memory.with(&net.guard(world, RULES)));
        let put = curl(
            "http://169.254.169.254/latest/api/token",
            &[
                "-X",
                "PUT",
                "-H",
                "X-aws-ec2-metadata-token-ttl-seconds: 600",
            ],
        );
        let made = run(&mut net.as_user(APP, None, &put));
        let token = made.ok().strip_suffix("\n200").unwrap().to_owned();
        world.canary(&token);
        let header = format!("X-aws-ec2-metadata-token: {token}");
        let read = |net: &Net, uid: &str, path: &str| {
            let read = curl(&format!("http://169.254.169.254{path}"), &["-H", &header]);
            let output = run(&mut net.as_user(uid, None, &read));
            let (body, status) = output.ok().rsplit_once('\n').unwrap();
            (status.parse::<u16>().unwrap(), body.to_owned())
        };
        let (zone, role) = (read(&net, APP, ZONE), read(&net, APP, ROLE));
        assert_eq!((zone.0, role.0), (200, 200));
        let document: serde_json::Value = serde_json::from_str(&role.1).unwrap();
        world.canary(document["SecretAccessKey"].as_str().unwrap());
        wait::until("what is kept", TIME_MAX, || {
            memory.kept()?.contains(ZONE).then_some(())
        });
        assert_eq!(guard.end(Signal::KILL), None);
        net.end_services();

        let mut command = memory.with(&net.guard(world, RULES));
        let guard = Guard::spawn_unproven(world, "guard-2", &mut command);
        guard.until_said("proven once the metadata service answers");
        assert_eq!(read(&net, APP, ZONE), zone);
        // Where memory may be swapped out credentials are not kept.
        let swaps = std::fs::read_to_string("/proc/swaps").unwrap_or_default();
        if swaps.lines().count() > 1 {
            assert_eq!(read(&net, APP, ROLE).0, 503);
        } else {
            assert_eq!(read(&net, APP, ROLE), role);
        }
        assert_eq!(read(&net, NOBODY, ZONE).0, 401, "the token of another user");
        assert_eq!(guard.end(Signal::TERM), Some(0));
        assert_eq!(memory.kept(), None);
    });
}

/// A folder in memory where guards keep what outlives them. Gone when dropped.
struct Memory(PathBuf);

impl Memory {
    fn new() -> Self {
        let folder = format!("/dev/shm/rcg-kept-{}", std::process::id());
        std::fs::create_dir(&folder).unwrap();
        Self(folder.into())
    }

    /// The same command with the folder in the place of the guard's own.
    fn with(&self, command: &Command) -> Command {
        let script = "mkdir -p /run/rolecall-guard; mount --bind $0 /run/rolecall-guard; \
                      exec \"$@\"";
        let mut inside = Command::new("unshare");
        inside.args(["-m", "sh", "-euc", script]).arg(&self.0);
        inside.arg(command.get_program()).args(command.get_args());
        inside.env_clear().current_dir("/");
        for (name, value) in command.get_envs() {
            inside.env(name, value.unwrap());
        }
        inside
    }

    fn kept(&self) -> Option<String> {
        let mut files = std::fs::read_dir(&self.0)
            .unwrap()
            .map(|file| file.unwrap().path());
        let kept = files.find(|file| file.extension().is_some_and(|it| it == "kept"))?;
        std::fs::read_to_string(kept).ok()
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn it_starts_without_a_network_and_is_proven_with_it() {
    scenario(|world| {
        let net = begin(world);
        let route = "169.254.169.254/32 via 10.99.0.2";
        net.sh(&format!("ip route del {route}")).ok();
        let guard = Guard::spawn_unproven(world, "guard", &mut net.guard(world, RULES));
        guard.until_said("proven once the metadata service answers");
        assert!(net.table().is_some(), "there before the network");
        net.sh(&format!("ip route add {route}")).ok();
        guard.until_said("in force and proven");
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(get(&net, NOBODY, None, ROLE).0, 403);
        assert_eq!(guard.end(Signal::TERM), Some(0));
        assert_eq!(net.table(), None);
    });
}

#[test]
fn a_lockdown_that_cannot_be_mended_ends_as_the_operator_chose() {
    scenario(|world| {
        let net = begin(world);
        for (choice, stays) in [("closed", true), ("open", false)] {
            let rules = format!("{RULES}proof-every: 1\non-failure: {choice}\n");
            let guard = Guard::start(world, &net, choice, &rules);
            // Loading its own rules again does not help against these.
            net.sh(ELSEWHERE).ok();
            guard.until_said("the lockdown is not proven: user 65534");
            assert_eq!(guard.ended(), Some(3), "{choice}");
            assert_eq!(net.table().is_some(), stays, "{choice}");
            net.sh("nft delete table ip elsewhere").ok();
            let (status, _) = get_or_refused(&net);
            // Open is open: what the instance itself demands is a token.
            assert_eq!(status, if stays { 0 } else { 401 }, "{choice}");
        }
    });
}

#[test]
fn a_file_with_a_mistake_changes_nothing() {
    scenario(|world| {
        let net = begin(world);
        let wrong =
            "rules:\n  - {name: a, who: anyone, allow: nothing}\n  - {who: anyone, alow: x}\n";
        let output = run(&mut net.guard(world, wrong));
        output.fails_with(&["guard.yaml:3:19: unknown key `rules[1].alow`", "`allow`?"]);
        assert_eq!(output.code, Some(2));
        assert_eq!(net.table(), None);
        // Nor to a guard that runs.
        let guard = Guard::start(world, &net, "guard", RULES);
        let before = net.table();
        std::fs::write(guard_yaml(world), wrong).unwrap();
        guard.signal(Signal::HUP);
        guard.until_said("guard.yaml:3:19: unknown key `rules[1].alow`");
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(without_counters(net.table()), without_counters(before));
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

fn without_counters(table: Option<String>) -> String {
    let numbers = regex::Regex::new("packets [0-9]+ bytes [0-9]+").unwrap();
    numbers.replace_all(&table.unwrap(), "").into_owned()
}

/// 0 where the connection is refused.
fn get_or_refused(net: &Net) -> (u16, String) {
    let read = format!("curl -s -o /dev/null -m 5 -w %{{http_code}} http://169.254.169.254{ZONE}");
    let as_user = format!("setpriv --reuid {APP} --regid {APP} --clear-groups {read}");
    let output = net.sh(&as_user);
    (output.stdout.trim().parse().unwrap(), output.stdout)
}

// On a busy machine, without optimization.
const START_TIME_MAX: Duration = Duration::from_secs(5);
