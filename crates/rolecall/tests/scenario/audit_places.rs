//! `rolecall audit --host` and `--code`: on a tree of planted keys, on a tree of traps, on code,
//! and joined with an account on the instance and its user's key. No report holds a whole secret.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::canary::Canaries;
use crate::clients::{Admin, Output, run};
use crate::harness::{World, rolecall, scenario};

// Made up, and put together here.
const ID: &str = concat!("AKIA", "Y34FZKBOKMUTVV7A");
const SECRET: &str = concat!("q8Zr3Lk0", "VnT5yXwB1mHj", "/7PdEoAc9+sRu2GfKi6N");
const FORMATS: [&str; 6] = ["text", "json", "sarif", "html", "ocsf", "csv"];

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A host with the pair in ten places, copied role credentials, and what only looks like a key.
fn plant(root: &Path, id: &str, secret: &str) {
    let exports = format!("export AWS_ACCESS_KEY_ID={id}\nexport AWS_SECRET_ACCESS_KEY={secret}\n");
    let ini = format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    let environment = exports.replace("export ", "").replace('\n', "\0");
    let script = format!("#!/bin/sh\n{exports}");
    let unit = format!(
        "[Service]\nUser=app\nEnvironment={}",
        exports.replace("export ", "")
    );
    let unit = unit.replace("\nAWS_SECRET", "\nEnvironment=AWS_SECRET");
    let role = json!({"Code": "Success", "AccessKeyId": id.replace("AKIA", "ASIA"),
        "SecretAccessKey": secret.chars().rev().collect::<String>(), "Token": "FwoGZXIv".repeat(40),
        "Expiration": "2999-01-01T00:00:00Z"});
    for (path, text) in [
        (
            "etc/passwd",
            "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n",
        ),
        ("home/app/.aws/credentials", &ini),
        ("etc/systemd/system/web.service", &unit),
        ("etc/default/batch", &exports.replace("export ", "")),
        ("home/app/.bash_history", &format!("ls\n{exports}exit\n")),
        ("srv/saved.environ", &environment),
        ("var/lib/cloud/instance/user-data.txt", &script),
        ("var/lib/cloud/instance/user-data.b64", &base64(&script)),
        (
            "opt/app/config.yaml",
            &format!("access-key-id: {id}\nsecret-access-key: {secret}\n"),
        ),
        (
            "opt/app/s3.js",
            &format!("s3({{accessKeyId:'{id}',secretAccessKey:'{secret}'}})"),
        ),
        ("home/app/iam.json", &role.to_string()),
        (
            "opt/decoys/README.md",
            "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n",
        ),
        (
            "opt/decoys/deploy.sh",
            "git checkout 3f786850e387550fdab836ed7e6dc881de23001b\n",
        ),
        (
            "opt/decoys/start.sh",
            "export AWS_SECRET_ACCESS_KEY=$(rolecall get app:key)\n",
        ),
    ] {
        put(root, path, text);
    }
    let packed = std::fs::File::create(root.join("var/lib/cloud/instance/user-data.gz")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, script.as_bytes()).unwrap();
    packed.finish().unwrap();
}

/// RFC 4648 with what a shell has.
fn base64(text: &str) -> String {
    use ::base64::Engine as _;
    ::base64::engine::general_purpose::STANDARD.encode(text)
}

fn audit(home: &Path, arguments: &[&str]) -> Output {
    run(rolecall(home).arg("audit").args(arguments))
}

fn found<'a>(report: &'a Value, rule: &str) -> Vec<&'a Value> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|it| it["rule"] == rule || it["code"] == rule)
        .collect()
}

#[test]
fn a_host_gives_up_its_keys_and_no_report_does() {
    let home = TempDir::new().unwrap();
    let root = home.path().join("root");
    plant(&root, ID, SECRET);
    let place = root.to_str().unwrap();
    let output = audit(home.path(), &["--host", place, "--format", "json"]);

    assert_eq!(output.code, Some(1), "{output:?}");
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let keys = found(&report, "RC-HOST-001");
    assert_eq!(keys.len(), 1, "{report:#}");
    assert_eq!(
        keys[0]["evidence"].as_array().unwrap().len(),
        10,
        "{report:#}"
    );
    assert_eq!(found(&report, "RC-HOST-003").len(), 1, "{report:#}");
    assert_eq!(found(&report, "RC-HOST-002").len(), 3, "{report:#}");
    assert!(!output.stdout.contains("decoys"), "{report:#}");

    let mut canaries = Canaries::default();
    canaries.add(SECRET);
    canaries.add(&SECRET.chars().rev().collect::<String>());
    let reports = home.path().join("reports");
    std::fs::create_dir(&reports).unwrap();
    for format in FORMATS {
        let file = reports.join(format);
        let file = file.to_str().unwrap();
        let output = audit(
            home.path(),
            &["--host", place, "--format", format, "-o", file],
        );
        assert_eq!(output.code, Some(1), "{output:?}");
        std::fs::write(reports.join("talk"), format!("{output:?}")).unwrap();
        canaries.search(&[&reports], &[]);
    }
    let record = reports.join("facts.json");
    let record = record.to_str().unwrap();
    audit(home.path(), &["--host", place, "--record", record]);
    canaries.search(&[&reports], &[]);
    let again = audit(home.path(), &["--from", record, "--format", "json"]);
    assert_eq!(again.code, Some(1), "{again:?}");
}

/// As a user of the host who is not root and may not look everywhere.
fn audit_as_nobody(home: &Path, arguments: &[&str]) -> Output {
    let mut command = crate::clients::client("setpriv", home);
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(env!("CARGO_BIN_EXE_rolecall"))
        .arg("audit")
        .args(arguments);
    run(&mut command)
}

#[test]
fn a_host_of_traps_is_walked_to_its_end() {
    let home = TempDir::new().unwrap();
    let open = |path: &Path, mode| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(path, mode).unwrap();
    };
    open(home.path(), 0o755);
    let root = home.path().join("root");
    put(&root, "etc/passwd", "root:x:0:0::/root:/bin/sh\n");
    let pair = format!("AWS_ACCESS_KEY_ID={ID}\nAWS_SECRET_ACCESS_KEY={SECRET}\n");
    put(&root, "opt/zzz/app.env", &pair);
    put(&root, "srv/closed/app.env", &pair);
    put(&root, "srv/unreadable", &pair);
    let huge = std::fs::File::create(root.join("opt/huge")).unwrap();
    huge.set_len(10 << 30).unwrap();
    for script in [
        "mkfifo opt/pipe",
        "mknod opt/device c 0 0",
        "ln -s loop opt/loop",
        "ln -s one opt/other && ln -s other opt/one",
        "ln -s . opt/self && ln -s ../../../.. opt/up",
    ] {
        let mut shell = crate::clients::client("sh", &root);
        run(shell.args(["-ec", script]).current_dir(&root)).ok();
    }
    let socket = std::os::unix::net::UnixListener::bind(root.join("opt/socket")).unwrap();
    open(&root.join("srv/closed"), 0o000);
    open(&root.join("srv/unreadable"), 0o000);
    let arguments = ["--host", root.to_str().unwrap(), "--format", "json"];
    let output = audit_as_nobody(home.path(), &arguments);

    assert_eq!(output.code, Some(3), "{output:?}");
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let keys = found(&report, "RC-HOST-001");
    assert_eq!(keys.len(), 1, "{report:#}");
    assert!(keys[0].to_string().contains("/opt/zzz/app.env"));
    let missing = report["missing"].as_array().unwrap().iter();
    let mut missing: Vec<(&str, &str)> = missing
        .map(|it| (it["what"].as_str().unwrap(), it["why"].as_str().unwrap()))
        .collect();
    missing.sort_unstable();
    let circle = "links go round in circles";
    let expected = [
        ("/opt/device", "a device, which is not opened"),
        (
            "/opt/huge",
            "only the first 16 MiB of 10737418240 bytes were read",
        ),
        ("/opt/loop", circle),
        ("/opt/one", circle),
        ("/opt/other", circle),
        ("/opt/pipe", "a pipe, which is not opened"),
        ("/opt/socket", "a socket, which is not opened"),
        ("/srv/closed", "permission denied"),
        ("/srv/unreadable", "permission denied"),
    ];
    assert_eq!(missing, expected);
    drop(socket);
}

#[test]
fn a_root_or_folder_that_is_not_there_is_a_mistake() {
    let home = TempDir::new().unwrap();
    for flag in ["--host", "--code"] {
        let output = audit(home.path(), &[flag, "no/such/folder"]);
        assert_eq!(output.code, Some(2), "{output:?}");
        assert!(output.stderr.contains("hint: "), "{output:?}");
    }
}

const CODE: &str = "resource \"aws_instance\" \"web\" {\n  iam_instance_profile = \"\"\n}\n";

#[test]
fn code_is_told_with_file_and_line_and_what_is_not_read_is_not_passed() {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("infra");
    put(&folder, "main.tf", CODE);
    let place = folder.to_str().unwrap();
    let output = audit(home.path(), &["--code", place, "--format", "json"]);
    assert_eq!(output.code, Some(1), "{output:?}");
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let empty = found(&report, "RC-CODE-002")[0].to_string();
    assert!(empty.contains("main.tf") && empty.contains('2'), "{empty}");

    let keys =
        format!("provider \"aws\" {{\n  access_key = \"{ID}\"\n  secret_key = \"{SECRET}\"\n}}\n");
    put(&folder, "keys.tf", &keys);
    let output = audit(home.path(), &["--code", place]);
    assert!(output.stdout.contains("RC-CODE-009"), "{output:?}");
    assert!(!output.stdout.contains(SECRET) && !output.stderr.contains(SECRET));

    put(&folder, "broken.tf", "resource {");
    let output = audit(home.path(), &["--code", place]);
    assert_eq!(output.code, Some(3), "{output:?}");
    assert!(output.stdout.contains("broken.tf"), "{output:?}");
}

#[test]
fn a_host_and_its_account_are_joined_on_the_instance_and_the_key() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        admin.run("iam create-user --user-name ci").ok();
        let key = admin.run("iam create-access-key --user-name ci").json();
        let part = |name: &str| key["AccessKey"][name].as_str().unwrap().to_owned();
        let (id, secret) = (part("AccessKeyId"), part("SecretAccessKey"));
        world.canary(&secret);
        let root = TempDir::new().unwrap();
        let ini = format!("[default]\naws_access_key_id={id}\naws_secret_access_key={secret}\n");
        for (path, text) in [
            ("etc/passwd", "app:x:1000:1000::/home/app:/bin/sh\n"),
            ("home/app/.aws/credentials", &ini),
            ("var/lib/cloud/data/instance-id", world.instance_id()),
        ] {
            put(root.path(), path, text);
        }
        let report = run(joined(world, root.path()).args(["--format", "json"]));
        assert_eq!(report.code, Some(1), "{report:?}");
        assert!(!report.stdout.contains(&secret));
        let report: Value = serde_json::from_str(&report.stdout).unwrap();
        let mixed = found(&report, "RC-HOST-007")[0].to_string();
        assert!(
            mixed.contains(world.instance_id()) && mixed.contains("user app"),
            "{mixed}"
        );
        let owner = found(&report, "RC-HOST-008")[0].to_string();
        assert!(owner.contains(":user/ci"), "{owner}");
        let instances = report["instances"].as_array().unwrap();
        let is_sample = |it: &&Value| it["arn"].to_string().contains(world.instance_id());
        let sample = instances.iter().find(is_sample).unwrap();
        assert_eq!(sample["keys_absent"]["is"], "no", "{sample}");
        assert_eq!(sample["role_needed"]["is"], "yes", "{sample}");
    });
}

fn joined(world: &World, root: &Path) -> std::process::Command {
    let mut command = world.as_admin(env!("CARGO_BIN_EXE_rolecall"));
    command.args(["audit", "--account", "--region", "us-east-1", "--host"]);
    command.arg(root);
    command
}
