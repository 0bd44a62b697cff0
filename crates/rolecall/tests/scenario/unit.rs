//! The unit of the Debian package: what systemd's own tools say of it, and the agent with no more
//! rights than it leaves.
//!
//! That the unit works under systemd itself is tried with the package (`cargo xtask package`).

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::clients::{Output, client, run};
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
    let output = check(&packaging(), "rolecall-agent.service", "");
    assert_eq!((output.ok(), output.stderr.as_str()), ("", ""));
    for name in ["rolecall-agent.socket", "client.service"] {
        let output = check(&examples, name, "");
        assert_eq!((output.ok(), output.stderr.as_str()), ("", ""), "{name}");
    }
    // It would tell.
    let wrong = check(
        &packaging(),
        "rolecall-agent.service",
        "[Service]\nNoSuch=1\n",
    );
    assert!(wrong.stderr.contains("NoSuch"), "{wrong:?}");
}

#[test]
fn the_unit_leaves_little_exposed() {
    let unit = packaging().join("rolecall-agent.service");
    let rate = |tenths: &str| {
        let threshold = format!("--threshold={tenths}");
        analyze(&["security", "--offline=true", &threshold], &unit)
    };
    assert!(rate("20").ok().contains("Overall exposure level"));
    assert_ne!(rate("1").code, Some(0), "a threshold that nothing exceeds");
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
