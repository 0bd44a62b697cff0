//! `rolecall guard run` on an instance made of namespaces: real packet filters, real users.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use crate::clients::{aws, client, python, run};
use crate::guard_net::{At, Guard, Net, guard_yaml};
use crate::harness::{World, rolecall, scenario};
use crate::role_to_secret::sample_password;
use crate::wait;

#[test]
fn everybody_sees_what_a_rule_says() {
    scenario(|world| {
        let net = begin(world);
        assert_eq!(
            get(&net, NOBODY, None, ROLE).0,
            401,
            "before the guard: a token"
        );
        let guard = Guard::start(world, &net, "guard", RULES);
        for (uid, groups, path, expect) in [
            (NOBODY, None, ZONE, 200),
            (NOBODY, None, ROLE, 403),
            (
                NOBODY,
                None,
                "/2021-03-23/meta-data//iam/%73ecurity-credentials/",
                403,
            ),
            (
                NOBODY,
                None,
                "/latest/meta-data/x/../iam/Security-Credentials/",
                403,
            ),
            (
                NOBODY,
                None,
                "/latest/meta-data/iam/%2573ecurity-credentials/",
                400,
            ),
            (
                NOBODY,
                None,
                "/latest/meta-data/identity-credentials/ec2/info",
                403,
            ),
            (NOBODY, None, "/latest/user-data", 403),
            (NOBODY, Some("4444"), ROLE, 200),
            (APP, None, ROLE, 200),
            (APP, None, "/latest/meta-data/tags/instance", 404),
            (SHUT, None, ZONE, 403),
            // Root is led nowhere: the instance itself demands a token.
            ("0", None, ZONE, 401),
        ] {
            let (status, _) = get(&net, uid, groups, path);
            assert_eq!(status, expect, "{uid} {groups:?} {path}");
        }
        let credentials = get(&net, APP, None, ROLE).1;
        let credentials: serde_json::Value = serde_json::from_str(&credentials).unwrap();
        for member in ["SecretAccessKey", "Token"] {
            world.canary(credentials[member].as_str().unwrap());
        }
        let over_ipv6 = curl(&format!("http://[fd00:ec2::254]{ZONE}"), &["-g"]);
        let answer = run(&mut net.as_user(NOBODY, None, &over_ipv6));
        assert_eq!(answer.ok(), "us-east-1a\n200");
        // curl by its path, and another program of the same user.
        let by_path = format!("http://169.254.169.254{ROLE}");
        assert_eq!(status(&net, BY_EXE, &curl(&by_path, &[])), 200);
        let mut python = client(python(), Path::new("/"));
        python.args(["-c", READ_BY_PYTHON]);
        let output = run(&mut net.as_user(BY_EXE, None, &python));
        assert_eq!(output.ok(), "403");
        assert_eq!(guard.end(Signal::TERM), Some(0));
        assert_eq!(net.table(), None);
    });
}

#[test]
fn nobody_gets_around_it() {
    scenario(|world| {
        let net = begin(world);
        let guard = Guard::start(world, &net, "guard", RULES);
        // Root of a user namespace is a user to the kernel that asks.
        let inner = curl(&format!("http://169.254.169.254{ROLE}"), &[]);
        let mut unshare = client("unshare", Path::new("/"));
        unshare.args(["-Ur", "curl"]).args(inner.get_args());
        assert_eq!(status(&net, NOBODY, &unshare), 403);
        // The guard's own port is for those who were led there.
        let direct = run(&mut net.as_user(APP, None, &curl("http://127.0.0.1:980/latest/", &[])));
        assert_eq!(direct.code, Some(REFUSED), "{direct:?}");
        // What the host forwards is reset at once, in both families.
        for url in [
            "http://169.254.169.254/latest/",
            "http://[fd00:ec2::254]/latest/",
        ] {
            let output = run(&mut net.inside(At::Container, &curl(url, &["-g"])));
            assert_eq!(output.code, Some(REFUSED), "{url} {output:?}");
        }
        tokens_are_bound_to_users(&net);
        let forwarded = curl(
            &format!("http://169.254.169.254{ZONE}"),
            &["-H", "X-Forwarded-For: 1.2.3.4"],
        );
        assert_eq!(status(&net, APP, &forwarded), 403);
        let post = curl(&format!("http://169.254.169.254{ZONE}"), &["-X", "POST"]);
        assert_eq!(status(&net, APP, &post), 405);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

fn tokens_are_bound_to_users(net: &Net) {
    let make = curl(
        "http://169.254.169.254/latest/api/token",
        &[
            "-X",
            "PUT",
            "-H",
            "X-aws-ec2-metadata-token-ttl-seconds: 60",
        ],
    );
    let output = run(&mut net.as_user(APP, None, &make));
    let token = output.ok().strip_suffix("\n200").unwrap().to_owned();
    let header = format!("X-aws-ec2-metadata-token: {token}");
    let read = curl(&format!("http://169.254.169.254{ZONE}"), &["-H", &header]);
    assert_eq!(status(net, APP, &read), 200);
    assert_eq!(status(net, NOBODY, &read), 401);
    // The instance's own service knows nothing of it.
    assert_eq!(status(net, "0", &read), 401);
}

#[test]
fn a_crowd_of_users_is_told_apart() {
    scenario(|world| {
        let net = begin(world);
        let guard = Guard::start(world, &net, "guard", RULES);
        let crowd = format!(
            "seq 120 | xargs -P 16 -I N sh -c '
               case $((N % 3)) in 0) u=1001;; 1) u=1003;; 2) u=65534;; esac
               s=$(setpriv --reuid $u --regid $u --clear-groups \\
                   curl -s -o /dev/null -m 5 -w %{{http_code}} http://169.254.169.254{ROLE})
               echo $u $s' | sort | uniq -c | awk '{{print $1, $2, $3}}'"
        );
        let counted = net.sh(&crowd);
        assert_eq!(counted.ok(), "40 1001 200\n40 1003 200\n40 65534 403");
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn sdks_get_what_their_rule_says() {
    scenario(|world| {
        let net = begin(world);
        let guard = Guard::start(world, &net, "guard", RULES);
        let mut boto3 = client(python(), Path::new("/"));
        boto3.args(["-c", BOTO3]);
        let mut cli = client(aws(), Path::new("/"));
        cli.args(["configure", "list"]);
        for (uid, has_role) in [(APP, true), (NOBODY, false)] {
            let found = run(&mut net.as_user(uid, None, &boto3));
            let expect = if has_role { "iam-role" } else { "none" };
            assert_eq!(found.ok(), expect, "boto3 as {uid}");
            let listed = run(&mut net.as_user(uid, None, &cli));
            let shown = listed.stdout.contains("iam-role");
            assert_eq!(shown, has_role, "{listed:?}");
        }
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn rules_change_while_it_runs_and_a_wrong_file_changes_nothing() {
    scenario(|world| {
        let net = begin(world);
        let guard = Guard::start(world, &net, "guard", "tokens: required");
        assert_eq!(get(&net, NOBODY, None, ZONE).0, 401);
        let write = |text: &str| std::fs::write(guard_yaml(world), text).unwrap();
        write("otherwise: everythin");
        guard.signal(Signal::HUP);
        guard.until_said("guard.yaml:1:12: `otherwise` must be one of");
        assert_eq!(get(&net, NOBODY, None, ZONE).0, 401);
        write("callers: refuse");
        guard.signal(Signal::HUP);
        guard.until_said("change with a restart alone");
        write("otherwise: nothing");
        guard.signal(Signal::HUP);
        guard.until_said("the rules were read again");
        assert_eq!(get(&net, NOBODY, None, ZONE).0, 403);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn what_was_said_last_stands_in_for_a_service_that_is_away() {
    scenario(|world| {
        let mut net = begin(world);
        let guard = Guard::start(world, &net, "guard", RULES);
        let zone = get(&net, NOBODY, None, ZONE);
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        net.end_services();
        wait::until("end of the service", TIME_MAX, || {
            let elsewhere = get(&net, NOBODY, None, "/latest/meta-data/ami-id");
            (elsewhere.0 == 503).then_some(())
        });
        assert_eq!(get(&net, NOBODY, None, ZONE), zone);
        let warned = curl(&format!("http://169.254.169.254{ZONE}"), &["-i"]);
        wait::until("an answer that is not fresh any more", TIME_MAX, || {
            let warned = run(&mut net.as_user(NOBODY, None, &warned));
            warned.ok().contains("Warning: 110").then_some(())
        });
        // The rules hold for it as well.
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(get(&net, NOBODY, None, ROLE).0, 403);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn refused_at_once_without_a_listener_and_left_in_place_if_told() {
    scenario(|world| {
        let net = begin(world);
        let guard = Guard::start(world, &net, "guard", "callers: refuse\nstay: true");
        let read = curl(&format!("http://169.254.169.254{ZONE}"), &[]);
        let refused = |why: &str| {
            let output = run(&mut net.as_user(APP, None, &read));
            assert_eq!(output.code, Some(REFUSED), "{why}: {output:?}");
        };
        refused("while it runs");
        assert_eq!(get(&net, "0", None, ZONE).0, 401);
        assert_eq!(guard.end(Signal::TERM), Some(0));
        refused("when it was told to end");
        // The next guard takes over what is there.
        let guard = Guard::start(world, &net, "guard-2", RULES);
        guard.until_said("is replaced");
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        let second = run(&mut net.guard(world, RULES));
        second.fails_with(&["another guard runs in this network", "hint: end that one"]);
        assert_eq!(second.code, Some(3));
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(guard.end(Signal::KILL), None);
        refused("when it was killed");
        let guard = Guard::start(world, &net, "guard-3", RULES);
        assert_eq!(guard.end(Signal::TERM), Some(0));
        assert_eq!(net.table(), None);
    });
}

#[test]
fn what_keeps_the_lockdown_from_its_place_is_told() {
    scenario(|world| {
        let net = begin(world);
        let guard = net.guard(world, RULES);
        let fails = |command: &mut Command, parts: &[&str]| {
            let output = run(command);
            output.fails_with(parts);
            assert_eq!(output.code, Some(3), "{output:?}");
        };
        let with = |words: &[&str]| {
            let mut command = client(words[0], Path::new("/"));
            command.args(&words[1..]).arg(guard.get_program());
            command.args(guard.get_args());
            command
        };
        let drop_admin = "--bounding-set=-net_admin";
        fails(
            &mut with(&["setpriv", drop_admin]),
            &["refuses the rules", "CAP_NET_ADMIN"],
        );
        let mut without_nft = net.inside(At::Instance, &guard_itself(world));
        without_nft.env("PATH", "/nonexistent");
        let nsenter = which("nsenter");
        let mut by_path = client(nsenter, Path::new("/"));
        by_path
            .args(without_nft.get_args())
            .env("PATH", "/nonexistent");
        fails(
            &mut by_path,
            &["this host has no `nft`", "apt-get install nftables"],
        );
        let as_user = net.as_user(NOBODY, None, &guard_itself(world));
        let mut as_user = as_user;
        fails(&mut as_user, &["the guard must be root", "sudo"]);
        assert_eq!(net.table(), None);
        // Somebody else leads connections elsewhere before the guard can.
        net.sh(ELSEWHERE).ok();
        let not_proven = "the lockdown is not proven: user 65534 at 169.254.169.254:80";
        fails(
            &mut net.guard(world, "{}"),
            &[not_proven, "its rules stay", "nft list ruleset"],
        );
        assert!(net.table().is_some());
        let open = &mut net.guard(world, "on-failure: open");
        fails(
            open,
            &[not_proven, "were taken away, as `on-failure: open` says"],
        );
        assert_eq!(net.table(), None);
    });
}

#[test]
fn what_is_open_is_seen_with_and_without_a_guard() {
    scenario(|world| {
        let net = begin(world);
        let mut check = rolecall(&world.scratch());
        check.args(["guard", "check"]);
        let open = "uid 65534 at 169.254.169.254:80: the service answers; credentials open, \
                    tokens required";
        let before = run(&mut net.inside(At::Instance, &check));
        assert_eq!(before.code, Some(1), "{before:?}");
        assert!(before.stdout.contains(open), "{before:?}");
        assert!(
            before
                .stdout
                .contains("uid 65534 at [fd00:ec2::254]:80: the service")
        );
        let alone = run(&mut net.as_user(APP, None, &check));
        assert_eq!(alone.code, Some(1), "{alone:?}");
        assert!(!alone.stdout.contains("65534"), "{alone:?}");
        let guard = Guard::start(world, &net, "guard", "{}");
        let held = run(&mut net.inside(At::Instance, &check));
        let closed = "uid 65534 at 169.254.169.254:80: a guard answers; credentials closed, \
                      tokens optional";
        assert!(held.ok().contains(closed), "{held:?}");
        assert!(
            held.ok()
                .contains("uid 0 at 169.254.169.254:80: the service answers")
        );
        let container = run(net.inside(At::Container, &check).args(["--format", "json"]));
        let container = container.json();
        let reach = |at: usize| &container["sights"][at]["reach"];
        assert_eq!((reach(0), reach(3)), (&"refused".into(), &"refused".into()));
        assert_eq!(guard.end(Signal::TERM), Some(0));
        let mut nowhere = client("unshare", Path::new("/"));
        nowhere
            .arg("-n")
            .arg(check.get_program())
            .args(check.get_args());
        let nowhere = run(&mut nowhere);
        assert_eq!(nowhere.code, Some(3));
        nowhere.fails_with(&["no metadata service answers here"]);
    });
}

#[test]
fn explanations_need_no_guard() {
    scenario(|world| {
        begin_alone(world);
        let explain = |arguments: &[&str]| {
            let mut command = rolecall(&world.scratch());
            command.args(["guard", "explain", "--config"]);
            run(command.arg(guard_yaml(world)).args(arguments))
        };
        std::fs::write(guard_yaml(world), RULES).unwrap();
        let app = explain(&["--uid", APP, "--path", ROLE]);
        assert!(app.ok().starts_with("allowed: rule `app` opens it\n"));
        let nobody = explain(&["--uid", NOBODY, "--path", ROLE, "--format", "json"]);
        assert_eq!(nobody.code, Some(1));
        assert!(nobody.stdout.contains("\"allowed\":false"), "{nobody:?}");
        let odd = explain(&["--uid", APP, "--path", "/latest/%2573x"]);
        assert_eq!(odd.code, Some(1));
        odd.fails_with(&["nobody gets `/latest/%2573x`"]);
        std::fs::write(
            guard_yaml(world),
            "rules: [{who: {uid: no-such-user}, allow: nothing}]",
        )
        .unwrap();
        let wrong = explain(&["--uid", "0", "--path", "/"]);
        assert_eq!(wrong.code, Some(2));
        wrong.fails_with(&["names the user `no-such-user`"]);
    });
}

pub(crate) fn begin(world: &mut World) -> Net {
    begin_alone(world);
    Net::new(world)
}

fn begin_alone(world: &mut World) {
    let password = sample_password(world);
    world.canary(&password);
}

pub(crate) fn guard_itself(world: &World) -> Command {
    let mut guard = rolecall(&world.scratch());
    guard
        .args(["guard", "run", "--config"])
        .arg(guard_yaml(world));
    guard
}

pub(crate) fn which(program: &str) -> String {
    let found = run(client("sh", Path::new("/")).args(["-c", &format!("command -v {program}")]));
    found.ok().to_owned()
}

/// The status and the body of a read on the instance.
pub(crate) fn get(net: &Net, uid: &str, groups: Option<&str>, path: &str) -> (u16, String) {
    let read = curl(&format!("http://169.254.169.254{path}"), &["--path-as-is"]);
    let output = run(&mut net.as_user(uid, groups, &read));
    let (body, status) = output.ok().rsplit_once('\n').unwrap();
    (status.parse().unwrap(), body.to_owned())
}

pub(crate) fn status(net: &Net, uid: &str, command: &Command) -> u16 {
    let output = run(&mut net.as_user(uid, None, command));
    let (_, status) = output.ok().rsplit_once('\n').unwrap();
    status.parse().unwrap()
}

pub(crate) fn curl(url: &str, more: &[&str]) -> Command {
    let mut command = client("curl", Path::new("/"));
    command
        .args(["-s", "-m", "5", "-w", "\n%{http_code}"])
        .args(more)
        .arg(url);
    command
}

pub(crate) const TIME_MAX: Duration = Duration::from_secs(10);
pub(crate) const NOBODY: &str = "65534";
pub(crate) const APP: &str = "1001";
pub(crate) const SHUT: &str = "1002";
pub(crate) const BY_EXE: &str = "1003";
// curl's code for a connection that was refused or reset.
pub(crate) const REFUSED: i32 = 7;
pub(crate) const ROLE: &str = "/latest/meta-data/iam/security-credentials/ec2-secrets-manager-role";
pub(crate) const ZONE: &str = "/latest/meta-data/placement/availability-zone/";
pub(crate) const RULES: &str = "rules:
  - {name: no user data, who: anyone, paths: user-data, allow: nothing}
  - {name: app, who: {uid: 1001}, allow: everything}
  - {name: shut, who: {uid: 1002}, allow: nothing}
  - {name: curl, who: {uid: 1003, exe: '/*/curl'}, allow: everything}
  - {name: group, who: {gid: 4444}, allow: everything}
";
pub(crate) const READ_BY_PYTHON: &str = "
import urllib.request, urllib.error
try:
    path = '/latest/meta-data/iam/security-credentials/ec2-secrets-manager-role'
    print(urllib.request.urlopen('http://169.254.169.254' + path).status)
except urllib.error.HTTPError as error:
    print(error.code)
";
pub(crate) const BOTO3: &str = "
import boto3
credentials = boto3.Session().get_credentials()
print(credentials.method if credentials else 'none')
";
pub(crate) const ELSEWHERE: &str = "nft -f - <<'NFT'
table ip elsewhere {
  chain first {
    type nat hook output priority -150; policy accept;
    ip daddr 169.254.169.254 tcp dport 80 meta skuid != 0 dnat to 10.99.0.2:81
  }
}
NFT";
