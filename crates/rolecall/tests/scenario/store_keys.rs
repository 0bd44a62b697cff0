//! Another root key while the server runs: it goes on, and whoever ends in the middle, the account
//! opens with either key until the command that is run again has come to its end.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::harness::rolecall;
use crate::kept::{Kept, WAIT_MAX};
use crate::wait::until;

#[test]
fn the_root_key_is_exchanged_while_the_server_runs() {
    let mut kept = Kept::init();
    kept.serve("--root-key-file root.key", &[]);
    assert_eq!(kept.create("before").0, 200);
    let rekey = "rekey --root-key-file root.key --new-root-key-file new.key";
    let done = kept.account(rekey);
    done.ok();
    assert!(done.stderr.contains("now opens with"), "{done:?}");
    // The server goes on, and writes.
    assert_eq!(kept.create("after").0, 200);
    kept.account("rekey --root-key-file new.key --data-key")
        .fails_with(&["is in use", "stop the server"]);
    kept.account(rekey).fails_with(&["does not open"]);
    kept.kill();
    let refused = kept.account("doctor --root-key-file root.key");
    refused.fails_with(&["does not open the data folder"]);
    kept.serve("--root-key-file new.key", &[]);
    for name in ["before", "after"] {
        assert!(kept.value(name).is_some(), "{name}");
    }
    // The same one again is no other one.
    kept.account("rekey --root-key-file new.key --new-root-key-file new.key")
        .fails_with(&["the new root key is the old one"]);
    kept.finish("new.key");
}

/// A key service that is asked to unwrap a second time, and does not answer while `hold` is there.
const KMS: &str = "#!/bin/sh\ncd \"$(dirname \"$0\")\" || exit 1\ncase \"$1\" in\n\
    wrap) cat > held; echo ticket;;\n\
    unwrap) read ticket; [ \"$ticket\" = ticket ] || exit 1; echo >> asked\n\
    if [ -e hold ] && [ \"$(wc -l < asked)\" = 2 ]; then touch holding; exec sleep 25; fi\n\
    cat held;;\nesac\n";

#[test]
fn an_exchange_that_is_killed_in_the_middle_goes_on_from_there() {
    let mut kept = Kept::init();
    std::fs::write(kept.path("kms"), KMS).unwrap();
    std::fs::set_permissions(kept.path("kms"), PermissionsExt::from_mode(0o700)).unwrap();
    std::fs::write(kept.path("hold"), "").unwrap();
    let kms = kept.path("kms").display().to_string();
    kept.serve("--root-key-file root.key", &[]);
    assert_eq!(kept.create("before").0, 200);

    let mut command = rolecall(kept.folder.path());
    command.args(["account", "rekey", "--data", "data"]);
    command.args([
        "--root-key-file",
        "root.key",
        "--new-root-key-command",
        &kms,
    ]);
    let mut rekey = command.stderr(Stdio::null()).spawn().unwrap();
    until("the middle", WAIT_MAX, || {
        kept.path("holding").exists().then_some(())
    });
    // The new key is there, and is just tried: writes go on, and then everything ends at once.
    assert_eq!(kept.create("meanwhile").0, 200);
    kept.kill();
    rekey.kill().unwrap();
    rekey.wait().unwrap();
    std::fs::remove_file(kept.path("hold")).unwrap();

    // Both open it, and writing changes nothing about that.
    let by_command = format!("--root-key-command {kms}");
    for flags in ["--root-key-file root.key", by_command.as_str()] {
        kept.account(&format!("doctor {flags}")).ok();
        kept.serve(flags, &[]);
        assert!(kept.value("meanwhile").is_some());
        assert_eq!(kept.create(&flags.replace([' ', '/'], "-")).0, 200);
        kept.stop();
    }
    // An export in between is of the key that was there before.
    kept.account("backup --root-key-file root.key -o between")
        .ok();
    kept.serve("--root-key-file root.key", &[]);
    kept.account(&format!(
        "rekey --root-key-file root.key --new-root-key-command {kms}"
    ))
    .ok();
    // It went on with the key that was added, and did not make another.
    let asked = std::fs::read_to_string(kept.path("asked")).unwrap();
    assert!(asked.lines().count() > 2, "{asked}");
    kept.kill();
    kept.account("doctor --root-key-file root.key")
        .fails_with(&["that a program unwraps"]);
    let back = format!("rekey {by_command} --new-root-key-file last.key");
    kept.account(&back).ok();
    kept.account(&format!("doctor {by_command}"))
        .fails_with(&["is sealed with a root key in a file"]);
    kept.serve("--root-key-file last.key", &[]);
    for name in ["before", "meanwhile"] {
        assert!(kept.value(name).is_some(), "{name}");
    }
    kept.finish("last.key");
}
