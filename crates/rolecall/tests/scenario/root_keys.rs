//! Root keys of every kind: each opens the folder that it made, a wrong one says what is needed.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::clients::{Output, client, python, run};

/// Runs a subcommand of `account` on a data folder.
fn account(home: &Path, arguments: &[&str]) -> Output {
    run(command(home).arg("account").args(arguments))
}

fn command(home: &Path) -> Command {
    client(env!("CARGO_BIN_EXE_rolecall"), home)
}

/// A file for the owner alone.
fn file(folder: &TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).unwrap();
}

#[test]
fn a_folder_goes_from_one_kind_of_root_key_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    file(&folder, "passphrase", "correct horse battery staple\n");
    file(&folder, "other", "correct horse battery stable\n");
    // A key service that is not there for long: it keeps the key in a file.
    file(
        &folder,
        "kms",
        "#!/bin/sh\ncase \"$1\" in\nwrap) cat > held; echo ticket;;\n\
         unwrap) read ticket; [ \"$ticket\" = ticket ] && cat held;;\nesac\n",
    );
    let kms = home.join("kms").display().to_string();
    account(home, &["init", "--data", "data"]).ok();
    let rekey = |old: &[&str], new: &[&str]| {
        account(home, &[&["rekey", "--data", "data"], old, new].concat())
    };
    let opens = |key: &[&str]| {
        account(
            home,
            &[&["backup", "--data", "data", "-o", "out"], key].concat(),
        )
    };
    let by_passphrase = ["--root-key-passphrase-file", "passphrase"];
    let by_command = ["--root-key-command", kms.as_str()];

    rekey(&[], &["--new-root-key-passphrase-file", "passphrase"]).ok();
    opens(&[]).fails_with(&["is sealed with a passphrase", "--root-key-passphrase-file"]);
    let wrong = opens(&["--root-key-passphrase-file", "other"]);
    wrong.fails_with(&["does not open the data folder", "hint: "]);
    opens(&by_passphrase).ok();
    rekey(
        &by_passphrase,
        &["--new-root-key-command", &kms, "--data-key"],
    )
    .ok();
    opens(&by_passphrase).fails_with(&["that a program unwraps", "--root-key-command"]);
    opens(&by_command).ok();
    file(&folder, "held", "another key of thirty-two bytes!");
    opens(&by_command).fails_with(&["does not open the data folder"]);
    rekey(&by_command, &["--data-key"]).fails_with(&["does not open"]);
    rekey(&[], &[]).fails_with(&["not told what to change", "--data-key"]);
    let both = rekey(&["--root-key-file", "x"], &["--root-key-credential", "y"]);
    assert_eq!(both.code, Some(2), "{both:?}");
}

#[test]
fn systemd_hands_over_a_root_key() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    std::fs::create_dir(home.join("credentials")).unwrap();
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    file(&folder, "credentials/rolecall-root-key", key);
    let with = |arguments: &[&str]| {
        let mut command = command(home);
        command.env("CREDENTIALS_DIRECTORY", home.join("credentials"));
        run(command.arg("account").args(arguments))
    };
    with(&["init", "--data", "data", "--root-key-credential"]).ok();
    assert!(!home.join("data/root.key").exists());
    let backup = ["backup", "--data", "data", "-o", "out"];
    let by_name = [&backup[..], &["--root-key-credential", "rolecall-root-key"]].concat();
    with(&by_name).ok();
    // The same key from a file is the same key.
    let by_file = [
        &backup[..],
        &["--root-key-file", "credentials/rolecall-root-key"],
    ]
    .concat();
    with(&by_file).ok();
    account(home, &by_name).fails_with(&["`CREDENTIALS_DIRECTORY` is not set", "hint: "]);
    let other = [&backup[..], &["--root-key-credential", "other"]].concat();
    with(&other).fails_with(&["is missing"]);
}

#[test]
fn a_passphrase_is_asked_for_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let typed = |lines: &str, arguments: &[&str]| {
        let mut command = client(python(), folder.path());
        command.args(["-c", include_str!("py/terminal.py"), lines]);
        command.arg(env!("CARGO_BIN_EXE_rolecall")).arg("account");
        run(command.args(arguments).arg("--root-key-passphrase"))
    };
    let init = ["init", "--data", "data"];
    let output = typed("correct horse battery\ncorrect horse buttery\n", &init);
    assert!(output.stdout.contains("not the same"), "{output:?}");
    let output = typed("short\n", &init);
    assert!(output.stdout.contains("too short"), "{output:?}");
    let output = typed("correct horse battery\ncorrect horse battery\n", &init);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.stdout.contains("new passphrase: "), "{output:?}");
    assert!(!output.stdout.contains("horse"), "{output:?}");

    let backup = ["backup", "--data", "data", "-o", "out"];
    let output = typed("correct horse buttery\n", &backup);
    assert!(output.stdout.contains("does not open"), "{output:?}");
    let output = typed("correct horse battery\n", &backup);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(folder.path().join("out").exists());
}
