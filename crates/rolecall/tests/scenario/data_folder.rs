//! The data folder: what is said when it cannot be used, and that it is then left as it was.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::canary::files;
use crate::clients::{Output, run};
use crate::harness::{rolecall, scenario, up};
use crate::role_to_secret::sample_password;

#[test]
fn a_folder_in_use_is_refused() {
    scenario(|world| {
        world.canary(&sample_password(world));
        let output = refuses(&mut up(&world.data(), &world.scratch()), &world.data());
        assert!(output.stderr.contains("in use"), "{output:?}");
        // The first server goes on.
        sample_password(world);
    });
}

#[test]
fn a_folder_is_its_owners_alone() {
    scenario(|world| {
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&world.data()), 0o700);
        for file in files(&world.data()) {
            assert_eq!(mode(&file) & 0o077, 0, "{}", file.display());
        }
    });
}

#[test]
fn a_folder_needs_its_own_root_key() {
    scenario(|world| {
        world.canary(&sample_password(world));
        world.stop();
        let data = world.data();
        let other = world.scratch().join("other.key");
        let check = |key: Option<&str>, words: &str| {
            let mut command = up(&data, &world.scratch());
            if let Some(key) = key {
                std::fs::write(&other, key).unwrap();
                command.arg("--root-key-file").arg(&other);
            }
            let output = unchanged(&data, || refuses(&mut command, &data));
            assert!(output.stderr.contains(words), "no `{words}` in {output:?}");
        };
        check(
            Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"),
            "does not open",
        );
        check(Some("AAAA\n"), "is no root key");
        check(Some(""), "is no root key");
        let key = data.join("root.key");
        let away = world.scratch().join("root.key");
        std::fs::rename(&key, &away).unwrap();
        check(None, "is missing");
        std::fs::rename(&away, &key).unwrap();
        world.start();
    });
}

#[test]
fn a_folder_keeps_its_account_and_region() {
    scenario(|world| {
        world.canary(&sample_password(world));
        world.stop();
        for flags in [["--account-id", "210987654321"], ["--region", "eu-west-1"]] {
            let mut command = up(&world.data(), &world.scratch());
            command.args(flags);
            let output = unchanged(&world.data(), || refuses(&mut command, &world.data()));
            assert!(output.stderr.contains(flags[1]), "{output:?}");
        }
        world.start();
    });
}

#[test]
fn a_damaged_database_is_left_as_it_is() {
    scenario(|world| {
        world.stop();
        let database = database(&world.data());
        let whole = std::fs::read(&database).unwrap();
        let garbled: Vec<u8> = whole.iter().map(|byte| byte ^ 0x5a).collect();
        let half = whole[..whole.len() / 2].to_vec();
        let text = b"this is no database\n".to_vec();
        for damaged in [garbled, half, text] {
            std::fs::write(&database, &damaged).unwrap();
            let output = unchanged(&world.data(), || {
                refuses(&mut up(&world.data(), &world.scratch()), &world.data())
            });
            assert!(!output.stderr.contains("panicked"), "{output:?}");
            assert!(output.stderr.contains("rolecall.redb"), "{output:?}");
        }
        std::fs::write(&database, &whole).unwrap();
        world.start();
    });
}

#[test]
fn one_changed_byte_in_the_data_is_never_served() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        world.stop();
        let database = database(&world.data());
        let whole = std::fs::read(&database).unwrap();
        // Places over all of the file; what stands there may be in use or not.
        for place in (0..whole.len()).step_by(whole.len() / 23 + 1) {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            std::fs::write(&database, &changed).unwrap();
            let outcome = world.try_start();
            if outcome.is_none() {
                assert_eq!(sample_password(world), password, "byte {place}");
                world.stop();
            }
            let said = outcome.unwrap_or_default();
            assert!(!said.contains("panicked"), "byte {place}: {said}");
            assert!(
                said.is_empty() || said.contains("error: "),
                "byte {place}: {said}"
            );
        }
        std::fs::write(&database, &whole).unwrap();
        world.start();
    });
}

#[test]
fn a_folder_that_cannot_be_written_is_refused() {
    scenario(|world| {
        world.stop();
        let data = world.data();
        let home = world.scratch();
        assert!(
            is_root(),
            "root is needed\nhint: run `cargo xtask test` as root"
        );
        // The way to the folder is open; the folder is another's.
        std::fs::set_permissions(home.parent().unwrap(), PermissionsExt::from_mode(0o755)).unwrap();
        let output = unchanged(&data, || refuses(as_nobody(&mut up(&data, &home)), &data));
        assert!(
            output.stderr.to_lowercase().contains("permission denied"),
            "{output:?}"
        );

        let empty = home.join("empty");
        std::fs::create_dir(&empty).unwrap();
        std::fs::set_permissions(&home, PermissionsExt::from_mode(0o755)).unwrap();
        let output = unchanged(&empty, || {
            refuses(as_nobody(&mut up(&empty, &home)), &empty)
        });
        assert!(
            output.stderr.to_lowercase().contains("permission denied"),
            "{output:?}"
        );

        // Readable, but not writable.
        let copy = home.join("copy");
        std::fs::create_dir(&copy).unwrap();
        for file in files(&data) {
            let to = copy.join(file.file_name().unwrap());
            std::fs::copy(&file, &to).unwrap();
            chown(&to, Some(NOBODY), Some(NOBODY)).unwrap();
            std::fs::set_permissions(&to, PermissionsExt::from_mode(0o400)).unwrap();
        }
        chown(&copy, Some(NOBODY), Some(NOBODY)).unwrap();
        std::fs::set_permissions(&copy, PermissionsExt::from_mode(0o500)).unwrap();
        unchanged(&copy, || refuses(as_nobody(&mut up(&copy, &home)), &copy));
        std::fs::remove_dir_all(&copy).unwrap();
        world.start();
    });
}

#[test]
fn a_folder_that_is_a_file_is_refused() {
    scenario(|world| {
        let file = world.scratch().join("file");
        std::fs::write(&file, "mine").unwrap();
        refuses(&mut up(&file, &world.scratch()), &file);
        assert_eq!(std::fs::read(&file).unwrap(), b"mine");
    });
}

#[test]
fn a_port_in_use_is_named() {
    scenario(|world| {
        let taken = world.endpoint().strip_prefix("http://").unwrap();
        let data = world.scratch().join("another");
        let mut command = rolecall(&world.scratch());
        command
            .arg("up")
            .arg("--data")
            .arg(&data)
            .args(["--listen", taken]);
        for port in ["--imds", "--agent-tcp", "--agent-http"] {
            command.args([port, "127.0.0.1:0"]);
        }
        let output = run(&mut command);
        is_told(&output);
        assert!(output.stderr.contains(&format!("`{taken}`")), "{output:?}");
        assert!(output.stderr.contains("--listen"), "{output:?}");
    });
}

/// Runs what must be refused, with an error that names the folder and a way out.
fn refuses(command: &mut Command, folder: &Path) -> Output {
    let output = run(command);
    is_told(&output);
    let name = folder.display().to_string();
    assert!(
        output.stderr.contains(&name),
        "`{name}` is not named: {output:?}"
    );
    output
}

fn is_told(output: &Output) {
    assert!(matches!(output.code, Some(2 | 3)), "{output:?}");
    let mut lines = output.stderr.lines();
    assert!(lines.any(|line| line.starts_with("error: ")), "{output:?}");
    assert!(lines.any(|line| line.starts_with("hint: ")), "{output:?}");
    assert_eq!(output.stdout, "", "an error is talk, not data");
}

/// Holds that the files of a folder are the same before and after.
fn unchanged<T>(folder: &Path, act: impl FnOnce() -> T) -> T {
    let read = || -> BTreeMap<PathBuf, Vec<u8>> {
        let all = files(folder).into_iter();
        all.map(|path| (path.clone(), std::fs::read(path).unwrap()))
            .collect()
    };
    let before = read();
    let result = act();
    let after = read();
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after));
    let changed: Vec<_> = before
        .keys()
        .filter(|path| before[*path] != after[*path])
        .collect();
    assert!(changed.is_empty(), "changed: {changed:?}");
    result
}

fn database(data: &Path) -> PathBuf {
    let mut all = files(data).into_iter();
    let found = all.find(|path| path.extension().is_some_and(|it| it == "redb"));
    found.unwrap()
}

fn as_nobody(command: &mut Command) -> &mut Command {
    command.uid(NOBODY).gid(NOBODY)
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

const NOBODY: u32 = 65_534;
