//! The units of the Debian package: what systemd's own tools say of them, and the agent and the
//! guard with no more rights than they leave.
//!
//! That the units work under systemd itself is tried with the package (`cargo xtask package`).

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use crate::clients::{Output, client, run};
use crate::guard::{BY_EXE, NOBODY, ROLE, RULES, begin, get, guard_itself};
use crate::guard_net::{At, Guard, guard_yaml};
use crate::harness::{World, scenario};
use crate::local_agent::{Agent, configuration};
use crate::role_to_secret::sample_password;
use crate::wait;

fn packaging() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging")
}

fn analyze(arguments: &[&str], unit: &Path) -> Output {
    let mut command = client("systemd-analyze", unit.parent().unwrap());
    run(command.arg("--no-pager").args(arguments).arg(unit))
}

#[test]
fn systemd_finds_nothing_wrong_with_the_units() {
    let folder = tempfile::tempdir().unwrap();
    let examples = packaging().join("examples");
    let check = |from: &Path, name: &str, more: &str| {
        // The program stands where it was built.
        let text = std::fs::read_to_string(from.join(name)).unwrap();
        let text = text.replace("/usr/bin/rolecall", env!("CARGO_BIN_EXE_rolecall"));
        let unit = folder.path().join(name);
        std::fs::write(&unit, text + more).unwrap();
        analyze(&["verify", "--man=no"], &unit)
    };
    for name in ["rolecall-agent.service", "rolecall-guard.service"] {
        let output = check(&packaging(), name, "");
        assert_eq!((output.ok(), output.stderr.as_str()), ("", ""), "{name}");
    }
    for name in ["rolecall-agent.socket", "client.service"] {
        let output = check(&examples, name, "");
        assert_eq!((output.ok(), output.stderr.as_str()), ("", ""), "{name}");
    }
    // What the documentation says of containers.
    let page = packaging().join("../docs/guard.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, drop_in) = page.split_once("```ini\n").unwrap();
    let (drop_in, _) = drop_in.split_once("```").unwrap();
    let output = check(&packaging(), "rolecall-guard.service", drop_in);
    assert_eq!((output.ok(), output.stderr.as_str()), ("", ""));
    // It would tell.
    let wrong = check(
        &packaging(),
        "rolecall-agent.service",
        "[Service]\nNoSuch=1\n",
    );
    assert!(wrong.stderr.contains("NoSuch"), "{wrong:?}");
}

#[test]
fn the_units_leave_little_exposed() {
    // The guard is root, and loads packet filters.
    for (name, most) in [("rolecall-agent", "20"), ("rolecall-guard", "40")] {
        let unit = packaging().join(format!("{name}.service"));
        let rate = |tenths: &str| {
            let threshold = format!("--threshold={tenths}");
            analyze(&["security", "--offline=true", &threshold], &unit)
        };
        assert!(rate(most).ok().contains("Overall exposure level"));
        assert_ne!(rate("1").code, Some(0), "a threshold that nothing exceeds");
    }
}

/// It is there before the network is, comes back at once, and ends with `nft` at hand.
#[test]
fn what_the_guard_needs_is_not_taken_away() {
    let unit = packaging().join("rolecall-guard.service");
    let unit = std::fs::read_to_string(unit).unwrap();
    for line in [
        "Type=notify",
        "Before=network-pre.target",
        "DefaultDependencies=no",
        "Restart=always",
        "RestartSec=100ms",
        "StartLimitIntervalSec=0",
        "KillMode=mixed",
        "ProtectProc=default",
        "CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID",
        "CapabilityBoundingSet=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH",
    ] {
        assert!(unit.lines().any(|found| found == line), "no {line}");
    }
}

#[test]
fn with_the_units_capabilities_alone_the_guard_holds() {
    scenario(|world| {
        let net = begin(world);
        std::fs::write(guard_yaml(world), RULES).unwrap();
        let guard = guard_itself(world);
        let capabilities = "-all,+net_admin,+net_bind_service,+setuid,+setgid,+sys_ptrace,\
                            +dac_read_search";
        let mut held = client("setpriv", Path::new("/"));
        held.arg(format!("--bounding-set={capabilities}"))
            .args(["--no-new-privs"])
            .arg(guard.get_program())
            .args(guard.get_args());
        let guard = Guard::spawn(world, "guard", net.inside(At::Instance, &held));
        assert_eq!(get(&net, BY_EXE, None, ROLE).0, 200, "by its executable");
        assert_eq!(get(&net, NOBODY, None, ROLE).0, 403);
        assert_eq!(guard.end(Signal::TERM), Some(0));
        assert_eq!(net.table(), None);
    });
}

/// The file of the package is one, and opens no credentials.
#[test]
fn the_guards_configuration_of_the_package_is_right() {
    let file = packaging().join("guard.yaml");
    for (path, code) in [
        ("/latest/meta-data/ami-id", 0),
        ("/latest/user-data", 1),
        ("/latest/meta-data/iam/security-credentials/x", 1),
    ] {
        let mut explain = client(env!("CARGO_BIN_EXE_rolecall"), Path::new("/"));
        explain.args(["guard", "explain", "--uid", "33", "--path", path]);
        let output = run(explain.arg("--config").arg(&file));
        assert_eq!(output.code, Some(code), "{path}: {output:?}");
    }
    // With all that is commented out as well.
    let text = std::fs::read_to_string(&file).unwrap();
    let is_key = |line: &str| {
        let rest = line.trim_start().strip_prefix("# ");
        rest.is_some_and(|rest| rest.starts_with([' ', '-']) || rest.ends_with(':'))
    };
    let whole = text.lines().map(|line| {
        let uncommented = line.replacen("# ", "", 1);
        if is_key(line) {
            uncommented
        } else {
            line.to_owned()
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let whole_file = folder.path().join("guard.yaml");
    std::fs::write(&whole_file, whole.collect::<Vec<_>>().join("\n")).unwrap();
    let mut explain = client(env!("CARGO_BIN_EXE_rolecall"), Path::new("/"));
    explain.args([
        "guard",
        "explain",
        "--uid",
        "33",
        "--unit",
        "backup.service",
    ]);
    explain.args(["--path", "/latest/meta-data/iam/security-credentials/x"]);
    run(explain.arg("--config").arg(&whole_file)).ok();
}

/// `systemd-analyze` rates what hides processes as safer, and the agent would be blind.
#[test]
fn what_the_agent_needs_is_not_taken_away() {
    let unit = packaging().join("rolecall-agent.service");
    let unit = std::fs::read_to_string(unit).unwrap();
    for line in [
        "Type=notify",
        "ProtectProc=default",
        "PrivateUsers=no",
        "LimitMEMLOCK=infinity",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
        "RuntimeDirectoryMode=0755",
    ] {
        assert!(unit.lines().any(|found| found == line), "no {line}");
    }
}

#[test]
fn without_any_privilege_it_serves_who_may_and_nobody_else() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).unwrap();
        let program = folder.path().join("rolecall");
        std::fs::copy(env!("CARGO_BIN_EXE_rolecall"), &program).unwrap();
        let config = own_configuration(world, folder.path());
        let agent = without_privilege(world, AGENT, &program);
        let mut agent = Agent::start_as(world, agent, &config);
        let status = std::fs::read_to_string(format!("/proc/{}/status", agent.child.id()));
        let status = status.unwrap();
        for line in ["CapBnd:\t0000000000000000", "NoNewPrivs:\t1"] {
            assert!(status.contains(line), "no `{line}` in {status}");
        }

        let socket = folder.path().join("aws.sock");
        let get = |user: u32| {
            let mut command = without_privilege(world, user, &program);
            command.env("ROLECALL_AGENT", format!("unix:{}", socket.display()));
            run(command.args(["get", "my-secret:password"]))
        };
        assert_eq!(get(READER).ok(), password);
        let denied = get(OTHER);
        assert_eq!((denied.code, denied.stdout.as_str()), (Some(1), ""));
        let audit = folder.path().join("audit");
        let audit = wait::until("both reads", Duration::from_secs(10), || {
            let audit = std::fs::read_to_string(&audit).unwrap();
            (audit.lines().count() >= 2).then_some(audit)
        });
        for uid in [READER, OTHER] {
            assert!(audit.contains(&format!("\"uid\":{uid},")), "{audit}");
        }
        agent.stop();
    });
}

/// Two Unix sockets for everybody, one user who may read, and an audit log.
fn own_configuration(world: &World, folder: &Path) -> PathBuf {
    let config = configuration(world, "");
    let text = std::fs::read_to_string(&config).unwrap();
    let sockets = format!(
        "  aws-http:\n    socket-path: {0}/aws.sock\n    socket-mode: 666\n",
        folder.display()
    );
    let access = format!(
        "access:\n  rules:\n    - who: {{uid: {READER}}}\n      secrets: [my-secret]\n\
         audit:\n  file: {}/audit\n",
        folder.display()
    );
    let own = folder.join("agent.yaml");
    let token = folder.join("token");
    std::fs::copy(world.scratch().join("token"), &token).unwrap();
    let text = text.replace("  aws-http:\n", &sockets) + &access;
    let before = world.scratch().join("token");
    let text = text.replace(before.to_str().unwrap(), token.to_str().unwrap());
    std::fs::write(&own, text).unwrap();
    own
}

/// A program with a user's rights and without a way to more, as the unit has it.
fn without_privilege(world: &World, user: u32, program: &Path) -> Command {
    let mut command = world.on_instance("setpriv");
    command
        .args([format!("--reuid={user}"), format!("--regid={user}")])
        .args(["--clear-groups", "--no-new-privs", "--bounding-set=-all"])
        .args(["--inh-caps=-all", "--ambient-caps=-all"])
        .arg(program);
    command
}

// Users that need no name.
const AGENT: u32 = 61_001;
const READER: u32 = 61_002;
const OTHER: u32 = 61_003;
