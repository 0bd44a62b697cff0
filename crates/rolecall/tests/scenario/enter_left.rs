//! What `rolecall instance enter` leaves: nothing, however it ends. And where it cannot begin.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::clients::{client, run};
use crate::enter::enter;
use crate::harness::{World, scenario, up};
use crate::role_to_secret::sample_password;
use crate::wait;

#[test]
fn nothing_is_left_after_a_kill_or_an_end() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
        let server = server(world);
        let before = sockets(server);
        assert_eq!(before.is_some(), geteuid().is_root());
        for flags in [&[][..], &["--container"]] {
            for ending in [Some(Signal::KILL), Some(Signal::TERM), None] {
                let (mut child, spaces) = begin(world, flags, ending.is_none());
                assert!(ending.is_none() || before.is_none() || sockets(server) > before);
                if let Some(signal) = ending {
                    assert!(spaces.iter().all(|space| is_there(space)), "{spaces:?}");
                    kill_process(Pid::from_child(&child), signal).unwrap();
                }
                wait::exit(&mut child, TIME_MAX);
                wait::until("end of the namespaces", TIME_MAX, || {
                    let left = spaces.iter().any(|space| is_there(space));
                    (!left && sockets(server) == before).then_some(())
                });
            }
        }
        let after = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
        assert_eq!(after, mounts);
    });
}

#[test]
fn a_server_that_is_killed_leaves_nothing_that_outlives_the_command() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let (mut child, spaces) = begin(world, &[], false);
        world.kill();
        let sockets = std::fs::read_to_string(format!("/proc/{}/net/tcp", child.id())).unwrap();
        let of_here = |line: &str| line.split_whitespace().nth(1) == Some("FEA9FEA9:0050");
        assert!(
            !sockets.lines().any(of_here),
            "it was never in this network"
        );
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        wait::exit(&mut child, TIME_MAX);
        wait::until("end of the namespaces", TIME_MAX, || {
            (!spaces.iter().any(|space| is_there(space))).then_some(())
        });
        world.start();
    });
}

/// A command with a process that leaves its session; where it stands.
fn begin(world: &World, flags: &[&str], ends: bool) -> (Child, Vec<String>) {
    let last = if ends { "true" } else { "sleep 300; true" };
    let script = format!(
        "setsid sleep 300 >/dev/null 2>&1 & \
         readlink /proc/self/ns/net /proc/self/ns/mnt /proc/self/ns/pid /proc/self/ns/user; \
         echo; {last}"
    );
    let mut command = enter(world, flags, &["sh", "-c", &script]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let lines = output.lines().map(Result::unwrap);
    let spaces: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    assert_eq!(spaces.len(), 4, "{spaces:?}");
    (child, spaces)
}

/// Whether a process that runs is in a namespace. One that has ended and that its new parent has
/// not yet taken is in none that could be told.
fn is_there(space: &str) -> bool {
    let kind = space.split(':').next().unwrap();
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|entry| std::fs::read_link(entry.path().join("ns").join(kind)).ok())
        .any(|link| link == Path::new(space))
        && !is_zombie_alone(space, kind)
}

fn is_zombie_alone(space: &str, kind: &str) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter(|entry| {
            let link = std::fs::read_link(entry.path().join("ns").join(kind));
            link.is_ok_and(|link| link == Path::new(space))
        })
        .all(|entry| {
            let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            stat.rsplit_once(") ")
                .is_none_or(|(_, rest)| rest.starts_with('Z'))
        })
}

fn server(world: &World) -> u32 {
    let data = world.data();
    let data = data.to_str().unwrap();
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let mut found = processes.filter_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let line = std::fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).into_owned();
        (line.contains("\0up\0") && line.contains(data)).then_some(pid)
    });
    found.next().unwrap()
}

/// How many sockets a process has open; only root may look.
fn sockets(pid: u32) -> Option<usize> {
    let links = std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?.flatten();
    let targets = links.filter_map(|entry| std::fs::read_link(entry.path()).ok());
    let sockets = targets.filter(|link| link.to_string_lossy().starts_with("socket:"));
    Some(sockets.count())
}

#[test]
fn a_user_without_rights_enters_as_well() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let home = tempfile::tempdir().unwrap();
        let mut server = serve_as_user(home.path());
        let all = "id -u; grep CapEff /proc/self/status; \
             curl -s -m 5 -o /dev/null -w '%{http_code}\n' http://169.254.169.254/latest/; \
             curl -s https://sts.us-east-1.amazonaws.com/ -o /dev/null -w '%{http_code}\n'; \
             cat resolv.conf >/dev/null 2>&1; touch made && ls made";
        let output = run(&mut enter_as_user(home.path(), &[], all));
        let lines: Vec<&str> = output.ok().lines().collect();
        let uid = user().to_string();
        let capabilities = "CapEff:\t0000000000000000";
        assert_eq!(
            lines,
            [uid.as_str(), capabilities, "401", "403", "made"],
            "{output:?}"
        );
        let output = run(&mut enter_as_user(
            home.path(),
            &["--root", "--container"],
            "id -u",
        ));
        assert_eq!(output.ok(), "0");

        kill_process(Pid::from_child(&server), Signal::TERM).unwrap();
        wait::exit(&mut server, TIME_MAX);
    });
}

#[test]
fn where_namespaces_are_forbidden_the_cause_and_the_way_out_are_told() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let inside = enter(world, &[], &["true"]);
        let arguments: Vec<_> = inside.get_args().map(|it| it.to_str().unwrap()).collect();
        let forbid = "echo 0 > /proc/sys/user/max_user_namespaces; exec \"$@\"";
        let mut command = client("unshare", &world.scratch());
        command.args(["--user", "--map-root-user", "sh", "-c", forbid, "sh"]);
        command.arg(env!("CARGO_BIN_EXE_rolecall")).args(arguments);
        let refused = run(&mut command);
        assert_eq!(refused.code, Some(3), "{refused:?}");
        refused.fails_with(&[
            "the sysctl `user.max_user_namespaces` is 0",
            "hint: `rolecall instance serve",
        ]);
    });
}

/// `rolecall up` of a user without rights: nobody, where this is root.
fn serve_as_user(home: &Path) -> Child {
    let program = home.join("rolecall");
    std::fs::copy(env!("CARGO_BIN_EXE_rolecall"), &program).unwrap();
    std::fs::set_permissions(home, PermissionsExt::from_mode(0o700)).unwrap();
    if geteuid().is_root() {
        chown(home, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let ready = home.join("ready.json");
    let mut command = as_user(home, &up(&home.join("data"), home));
    command.arg("--ready-file").arg(&ready);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    wait::until("ready file", TIME_MAX, || {
        assert!(child.try_wait().unwrap().is_none());
        ready.exists().then_some(())
    });
    child
}

fn enter_as_user(home: &Path, flags: &[&str], script: &str) -> Command {
    let ready = std::fs::read(home.join("ready.json")).unwrap();
    let ready: serde_json::Value = serde_json::from_slice(&ready).unwrap();
    let mut command = client(home.join("rolecall"), home);
    command
        .args(["instance", "enter", "--data"])
        .arg(home.join("data"))
        .args(flags);
    command.arg(ready["instance_id"].as_str().unwrap());
    command.args(["--", "sh", "-c", script]);
    as_user(home, &command)
}

/// The same command, by the copy of the program that the user can read.
fn as_user(home: &Path, command: &Command) -> Command {
    let mut other = client(home.join("rolecall"), home);
    other.args(command.get_args());
    let set = command
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    other.envs(set).stdin(Stdio::null());
    if geteuid().is_root() {
        other.uid(NOBODY).gid(NOBODY);
    }
    other
}

fn user() -> u32 {
    match geteuid().as_raw() {
        0 => NOBODY,
        uid => uid,
    }
}

const NOBODY: u32 = 65_534;
const TIME_MAX: Duration = Duration::from_secs(20);
