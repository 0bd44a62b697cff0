//! Callers that nobody can be certain of, or that change while they are answered: refused, and the
//! log says why.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::clients::{client, python, run, script};
use crate::guard_net::{At, Guard, Net};
use crate::harness::{World, rolecall, scenario};
use crate::role_to_secret::sample_password;
use crate::wait;

#[test]
fn what_cannot_be_mapped_to_an_allowed_program_is_refused() {
    scenario(|world| {
        let net = begin(world);
        let guard = Guard::start(world, &net, "guard", RULES);
        for (way, status, why) in [
            ("alone", "200", None),
            ("shared", "200", None),
            (
                "shared with another program",
                "403",
                Some("`otherwise` opens nothing"),
            ),
            (
                "in flight",
                "403",
                Some("no process of user 1003 has the connection open"),
            ),
        ] {
            // The guard looks when all is as it should be.
            guard.signal(Signal::STOP);
            let mut caller = Caller::start(&net, way, &[]);
            assert_eq!(caller.line(), "asked", "{way}");
            if way == "in flight" {
                caller.step();
                assert_eq!(caller.line(), "waits");
            }
            guard.signal(Signal::CONT);
            if let Some(why) = why {
                guard.until_said(why);
            }
            caller.step();
            assert_eq!(caller.line(), status, "{way}");
        }
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn who_changes_while_it_is_answered_is_refused() {
    scenario(|world| {
        let net = begin(world);
        let guard = Guard::start(world, &net, "guard", RULES);
        for (way, paths_read, status) in [
            ("alone", "instance-type", "200"),
            ("another program", "local-ipv4", "403"),
            ("left to a child", "mac", "403"),
        ] {
            service(world, Signal::STOP);
            let mut caller = Caller::start_at(&net, way, paths_read, &[]);
            assert_eq!(caller.line(), "asked", "{way}");
            // It was looked at, allowed, and waits for what the service says.
            wait::until("a read of the service", TIME_MAX, || {
                let waiting = waiting_reads(&net);
                (waiting > 0).then_some(())
            });
            caller.step();
            if way == "left to a child" {
                assert_eq!(caller.line(), "alone");
            }
            if way == "another program" {
                let is_other = || caller.program().is_some_and(|exe| exe.ends_with("bash"));
                wait::until("another program", TIME_MAX, || is_other().then_some(()));
            }
            service(world, Signal::CONT);
            assert_eq!(caller.line(), status, "{way}");
        }
        guard.until_said("the caller changed while it was answered");
        guard.until_said("ended or changed while it was looked at");
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn a_socket_is_of_the_group_in_which_it_was_made() {
    scenario(|world| {
        let net = begin(world);
        let groups = Groups::new();
        let [made, other] = &groups.0;
        let own = other.strip_prefix(UNIFIED).unwrap().display();
        let rules = format!(
            "otherwise: nothing\nrules: [{{who: {{uid: 1003, cgroup: /{own}}}, allow: everything}}]"
        );
        let guard = Guard::start(world, &net, "guard", &rules);
        for (made, status) in [(other, "200"), (made, "403")] {
            let groups = [made, other].map(|group| group.to_str().unwrap());
            let mut caller = Caller::start(&net, "moved", &groups);
            assert_eq!(caller.line(), "asked");
            caller.step();
            assert_eq!(caller.line(), status, "{groups:?}");
        }
        guard.until_said("is in another control group than the one that made the connection");
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn explanations_say_what_is_not_known() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let config = world.scratch().join("guard.yaml");
        let role = "arn:aws:iam::123456789012:role/web";
        let rules = format!(
            "rules:
  - {{name: narrow, who: {{exe: /usr/bin/a}}, assume-role: {role}}}
  - name: called
    who: {{uid: 34}}
    assume-role: {{role-arn: {role}, session-name: '{{unit}}'}}
  - {{name: all, who: {{uid: 33}}, allow: everything}}
"
        );
        std::fs::write(&config, rules).unwrap();
        let explain = |arguments: &[&str]| {
            let mut command = rolecall(&world.scratch());
            command.args(["guard", "explain", "--path", ROLE, "--config"]);
            run(command.arg(&config).args(arguments))
        };
        let doubt = explain(&["--uid", "33"]);
        assert_eq!(doubt.code, Some(1));
        let told = "denied: it is not known whether rule `narrow` is about this caller, as its \
                    `exe` is not";
        assert!(doubt.stdout.starts_with(told), "{doubt:?}");
        let unnamed = explain(&["--uid", "34", "--exe", "/b"]);
        let told = "denied: rule `called` gives it credentials of its own, but its `unit` is not \
                    known, and the session is called after it";
        assert!(unnamed.stdout.starts_with(told), "{unnamed:?}");
        let own = explain(&["--uid", "34", "--exe", "/b", "--unit", "b.service"]);
        let told = format!(
            "allowed: rule `called` gives it credentials of its own: session `b.service` of {role}"
        );
        assert!(own.ok().starts_with(&told), "{own:?}");
    });
}

/// One that asks as user 1003 in one of the script's ways.
struct Caller {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Caller {
    fn start(net: &Net, way: &str, groups: &[&str]) -> Self {
        Self::start_at(net, way, "placement/availability-zone", groups)
    }

    fn start_at(net: &Net, way: &str, path: &str, groups: &[&str]) -> Self {
        let mut python = client(python(), Path::new("/"));
        python
            .arg(script("guard_caller.py"))
            .args([way, &format!("/latest/meta-data/{path}"), "1003"])
            .args(groups);
        let mut child = net
            .inside(At::Instance, &python)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn step(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// What it runs now: `nsenter` has become the script.
    fn program(&self) -> Option<PathBuf> {
        std::fs::read_link(format!("/proc/{}/exe", self.child.id())).ok()
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Two control groups of the test's own.
struct Groups([PathBuf; 2]);

impl Groups {
    fn new() -> Self {
        let top = Path::new(UNIFIED).join(format!("rolecall-{}", std::process::id()));
        let groups = ["made", "other"].map(|name| top.join(name));
        for group in &groups {
            std::fs::create_dir_all(group).unwrap();
        }
        Self(groups)
    }
}

impl Drop for Groups {
    fn drop(&mut self) {
        let top = self.0[0].parent().map(Path::to_owned);
        for group in self.0.iter().cloned().chain(top) {
            std::fs::remove_dir(group).ok();
        }
    }
}

/// Connections at the service with a request that nobody has read.
pub(crate) fn waiting_reads(net: &Net) -> usize {
    let mut list = client("ss", Path::new("/"));
    list.args(["-Htn", "state", "established", "sport", "=", ":80"]);
    let listed = run(&mut net.inside(At::Service, &list));
    let lines = listed.ok().lines();
    lines
        .filter(|line| !line.trim_start().starts_with('0'))
        .count()
}

/// Stops what answers as the metadata service, or lets it go on.
pub(crate) fn service(world: &World, signal: Signal) {
    let server = Pid::from_raw(world.pid().try_into().unwrap()).unwrap();
    kill_process(server, signal).unwrap();
}

fn begin(world: &mut World) -> Net {
    let password = sample_password(world);
    world.canary(&password);
    Net::new(world)
}

const TIME_MAX: Duration = Duration::from_secs(10);
const UNIFIED: &str = "/sys/fs/cgroup/unified";
const ROLE: &str = "/latest/meta-data/iam/security-credentials/";
const RULES: &str = "otherwise: nothing
rules:
  - {name: python, who: {uid: 1003, exe: '/*/python*'}, allow: everything}
";
