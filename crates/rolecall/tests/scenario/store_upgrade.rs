//! Data folders of earlier builds, kept in `folders`: this one opens them, reads all that is in
//! them, and writes. One of a later format is refused.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::canary::files;
use crate::clients::{Admin, run};
use crate::harness::{World, rolecall, scenario};

/// Each a folder that `folders/make.py` has made with a build of its day.
const FOLDERS: [&str; 2] = ["2026-11-21", "2026-11-22"];

#[test]
fn folders_of_earlier_builds_are_opened_read_and_written() {
    scenario(|world| {
        for folder in FOLDERS {
            world.stop();
            let expected = put_in_place(folder, &world.data());
            world.start();
            let mut admin = Admin::new(world);
            let mut secrets = |line: &str| admin.run(&format!("secretsmanager {line}"));
            let value = secrets("get-secret-value --secret-id kept-secret").json();
            assert_eq!(value["SecretString"], "second value", "{folder}");
            let previous = "get-secret-value --secret-id kept-secret --version-stage AWSPREVIOUS";
            assert_eq!(secrets(previous).json()["SecretString"], "first value");
            let sample = secrets("get-secret-value --secret-id my-secret").json();
            world.canary(sample["SecretString"].as_str().unwrap());
            reads_all_else(&mut admin, &kept_in(folder), &expected);
            writes(&mut admin);

            // What was written is there after a start, and all of it belongs together.
            drop(admin);
            world.stop();
            let doctor = account(world, "doctor");
            let trail = account(world, "trail --verify");
            assert!(doctor.contains("secretsmanager/secret"), "{doctor}");
            assert!(!trail.contains("broken"), "{trail}");
            world.start();
            let mut admin = Admin::new(world);
            let get = "secretsmanager get-secret-value --secret-id kept-secret";
            assert_eq!(admin.run(get).json()["SecretString"], "third value");
        }
    });
}

#[test]
fn a_folder_of_a_later_format_is_refused() {
    scenario(|world| {
        world.stop();
        put_in_place(FOLDERS[0], &world.data());
        let mut database = Vec::new();
        for file in files(&world.data()) {
            if file.ends_with("rolecall.redb") {
                database = std::fs::read(&file).unwrap();
                // As a later version would have it: `format` is a value of one byte, in a leaf
                // whose checksum says so; so the value is put there by the engine.
                let opened = redb::Database::open(&file).unwrap();
                let write = opened.begin_write().unwrap();
                let meta: redb::TableDefinition<&str, &[u8]> = redb::TableDefinition::new("meta");
                let put = |bytes: &[u8]| {
                    let mut table = write.open_table(meta).unwrap();
                    table.insert("format", bytes).unwrap();
                };
                put(b"3");
                write.commit().unwrap();
            }
        }
        assert!(!database.is_empty());
        let said = world.try_start().expect("it starts");
        assert!(
            said.contains("has format 3, this version knows format 2"),
            "{said}"
        );
        assert!(said.contains("run the version that wrote it"), "{said}");
        put_in_place(FOLDERS[0], &world.data());
        world.start();
        let mut admin = Admin::new(world);
        let sample = admin.run("secretsmanager get-secret-value --secret-id my-secret");
        world.canary(sample.json()["SecretString"].as_str().unwrap());
    });
}

/// Copies a folder to where the server expects one; tells what must be there.
fn put_in_place(name: &str, data: &Path) -> Value {
    let from = kept_in(name);
    std::fs::remove_dir_all(data).unwrap();
    for file in files(&from.join("data")) {
        let to = data.join(file.strip_prefix(from.join("data")).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(&file, &to).unwrap();
        std::fs::set_permissions(&to, PermissionsExt::from_mode(0o600)).unwrap();
    }
    for place in [data.to_owned(), data.join("trail")] {
        std::fs::set_permissions(place, PermissionsExt::from_mode(0o700)).unwrap();
    }
    let expected = std::fs::read(from.join("expected.json")).unwrap();
    serde_json::from_slice(&expected).unwrap()
}

fn reads_all_else(admin: &mut Admin, folder: &Path, expected: &Value) {
    let mut names = |line: &str, name: &str| {
        let output = admin.run(line);
        assert!(output.ok().contains(name), "{line}: {output:?}");
    };
    names("iam get-user --user-name kept-user", "kept-user");
    names("iam list-user-tags --user-name kept-user", "Team");
    names(
        "iam list-groups-for-user --user-name kept-user",
        "kept-group",
    );
    names(
        "iam list-attached-group-policies --group-name kept-group",
        "kept-policy",
    );
    names("iam list-role-policies --role-name kept-role", "inline");
    names(
        "iam get-instance-profile --instance-profile-name kept-profile",
        "kept-role",
    );
    names("kms describe-key --key-id alias/kept", "kept key");
    let instance = expected["instance"].as_str().unwrap();
    names(
        &format!("ec2 describe-instances --instance-ids {instance}"),
        "kept-profile",
    );
    let sealed = folder.join("ciphertext").display().to_string();
    let decrypt = format!("kms decrypt --ciphertext-blob fileb://{sealed}");
    let plaintext = admin.run(&decrypt).json();
    // "kept plaintext"
    assert_eq!(plaintext["Plaintext"], "a2VwdCBwbGFpbnRleHQ=");
}

fn writes(admin: &mut Admin) {
    let put = "secretsmanager put-secret-value --secret-id kept-secret --secret-string";
    admin.run_with(put, &["third value"]).ok();
    admin
        .run("iam tag-user --user-name kept-user --tags Key=Seen,Value=again")
        .ok();
    admin.run("kms create-key --description another").ok();
}

fn account(world: &World, line: &str) -> String {
    let mut command = rolecall(&world.scratch());
    command.arg("account").args(line.split_whitespace());
    run(command.arg("--data").arg(world.data())).ok().to_owned()
}

fn kept_in(name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenario");
    tests.join("folders").join(name)
}
