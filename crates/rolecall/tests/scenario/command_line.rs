//! The command line itself: what is printed where, and exit codes.

use std::path::{Path, PathBuf};

use crate::clients::{self, Output, client, run};
use crate::harness::{rolecall, scenario};
use crate::role_to_secret::sample_password;

fn check(arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    let output = run(rolecall(home.path()).args(arguments));
    let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().collect();
    assert!(left.is_empty(), "{arguments:?} left {left:?}");
    output
}

#[test]
fn help_and_version_are_data() {
    let version = check(&["--version"]);
    assert_eq!(
        version.ok(),
        concat!("rolecall ", env!("CARGO_PKG_VERSION"))
    );
    for arguments in [&["--help"][..], &["-h"], &["help"]] {
        let help = check(arguments);
        for part in [
            "Usage: rolecall",
            "up",
            "agent",
            "policy",
            "completions",
            "man",
        ] {
            assert!(help.ok().contains(part), "no `{part}` in {help:?}");
        }
        assert_eq!(help.stderr, "");
    }
    let help = check(&["--help"]);
    assert!(help.ok().contains("Exit codes:"), "{help:?}");
    let up = check(&["up", "--help"]);
    for flag in [
        "--data",
        "--listen",
        "--imds",
        "--agent-tcp",
        "--agent-http",
        "--empty",
    ] {
        assert!(up.ok().contains(flag), "no `{flag}` in {up:?}");
    }
    for part in [
        "--ready-file",
        "127.0.0.1:4566",
        "127.0.0.1:1338",
        "127.0.0.1:3005",
    ] {
        assert!(up.ok().contains(part), "no `{part}` in {up:?}");
    }
}

#[test]
fn reference_is_made_from_the_table() {
    let completions = check(&["completions", "bash"]);
    assert!(
        completions.ok().contains("complete -F _rolecall"),
        "{completions:?}"
    );
    for shell in ["zsh", "fish"] {
        assert!(check(&["completions", shell]).ok().contains("rolecall"));
    }
    let man = check(&["man"]);
    assert!(man.ok().contains(".TH rolecall 1"), "{man:?}");
    assert!(
        man.ok().contains("could not finish"),
        "no exit codes in {man:?}"
    );
    let man = check(&["man", "policy", "explain"]);
    assert!(
        man.ok().contains(".TH rolecall-policy-explain 1"),
        "{man:?}"
    );
}

#[test]
fn what_is_mistyped_is_code_2_with_a_way_out() {
    for arguments in [
        &["up", "--dta", "x"][..],
        &["upp"],
        &["man", "upp"],
        &["up", "--listen", "nowhere"],
        &["up", "--log-format", "yaml"],
        &["completions", "cmd"],
        &[],
    ] {
        let output = check(arguments);
        assert_eq!(output.code, Some(2), "{arguments:?} {output:?}");
        assert_eq!(output.stdout, "", "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
        assert!(!output.stderr.contains('\u{1b}'), "colour in {output:?}");
    }
    assert!(check(&["up", "--dta", "x"]).stderr.starts_with("error: "));
    assert!(check(&["up", "--dta", "x"]).stderr.contains("--data"));
}

#[test]
fn values_that_make_no_account_are_code_2() {
    for flags in [
        ["--account-id", "12"],
        ["--region", "nowhere"],
        ["--log", "=x=y="],
    ] {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        let output = run(crate::harness::up(&data, home.path()).args(flags));
        assert_eq!(output.code, Some(2), "{output:?}");
        assert!(output.stderr.starts_with("error: "), "{output:?}");
        assert!(!holds_files(&data), "{flags:?} left files");
    }
}

#[test]
fn the_greeting_shows_the_way_and_no_key() {
    scenario(|world| {
        let talk = world.talk();
        for part in [
            world.endpoint(),
            world.imds(),
            world.agent("tcp"),
            world.agent("http"),
            world.instance_id(),
            "my-secret",
            "curl",
            "aws secretsmanager get-secret-value",
            "rolecall policy explain",
        ] {
            assert!(talk.contains(part), "no `{part}` in the greeting:\n{talk}");
        }
        assert!(!talk.contains('\u{1b}'), "colour outside a terminal");
    });
}

#[test]
fn the_greetings_commands_do_what_they_say() {
    scenario(|world| {
        world.canary(&sample_password(world));
        let talk = world.talk();
        let programs = [
            clients::aws(),
            PathBuf::from(env!("CARGO_BIN_EXE_rolecall")),
        ];
        let folders = programs
            .iter()
            .map(|program| program.parent().unwrap().to_owned());
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(folders.chain(std::env::split_paths(&path))).unwrap();
        let told = |heading: &str| {
            let lines = talk.lines().skip_while(|line| *line != heading).skip(1);
            let lines: Vec<&str> = lines.take_while(|line| line.starts_with("  ")).collect();
            assert!(!lines.is_empty(), "nothing below `{heading}` in:\n{talk}");
            let mut shell = client("sh", &world.scratch());
            run(shell.env("PATH", &path).args(["-ec", &lines.join("\n")]))
        };
        assert!(
            told("The instance asks who it is:")
                .ok()
                .contains("InstanceProfileArn")
        );
        let through_role =
            told("The AWS CLI reads the secret through the role, with no key configured:");
        assert_eq!(through_role.json()["Name"], "my-secret");
        assert_eq!(
            told("The agent hands it to a local process:").json()["Name"],
            "my-secret"
        );
        told("The role may not read another secret:").fails_with(&["(AccessDeniedException)"]);
        let why = told("Why not:");
        assert_eq!(why.code, Some(1), "{why:?}");
        assert!(why.stdout.contains("ec2-secrets-manager-policy"), "{why:?}");
    });
}

fn holds_files(folder: &Path) -> bool {
    folder.exists() && !crate::canary::files(folder).is_empty()
}

#[test]
fn lint_says_what_is_wrong_and_where() {
    let home = tempfile::tempdir().unwrap();
    let policy = home.path().join("policy.json");
    let check = |text: &str, flags: &[&str], code: i32, words: &str| {
        std::fs::write(&policy, text).unwrap();
        let mut command = rolecall(home.path());
        let output = run(command.args(["policy", "lint"]).arg(&policy).args(flags));
        assert_eq!(output.code, Some(code), "{output:?}");
        assert!(output.stdout.contains(words), "no `{words}` in {output:?}");
    };
    let sample = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
        "Principal":{"Service":"ec2.amazonaws.com"},
        "Action":"secretsmanager:GetSecretValue","Resource":"*"}}"#;
    check(
        sample,
        &[],
        1,
        ":2:32: warning[service-principal-never-calls]",
    );
    check(
        sample,
        &["--kind", "identity"],
        1,
        "error[principal-in-identity-policy]",
    );
    check(sample, &["--format", "sarif"], 1, "\"version\": \"2.1.0\"");
    let narrow = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
        "Action":"secretsmanager:GetSecretValue",
        "Resource":"arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbC123"}}"#;
    check(narrow, &[], 0, "");
    std::fs::remove_file(&policy).unwrap();
    let mut command = rolecall(home.path());
    let output = run(command.args(["policy", "lint"]).arg(&policy));
    assert_eq!(output.code, Some(2), "{output:?}");
    assert!(output.stderr.starts_with("error: "), "{output:?}");
}
