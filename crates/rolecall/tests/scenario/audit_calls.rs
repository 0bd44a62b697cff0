//! What `rolecall audit --host` asks of the kernel, as `strace` sees it: below the root it opens
//! nothing but to read, changes nothing, starts no program and connects to nobody.

use std::path::Path;

use tempfile::TempDir;

use crate::clients::{client, run};

/// The calls that a run made, each a line.
fn calls(root: &Path) -> Vec<String> {
    let home = TempDir::new().unwrap();
    let trace = home.path().join("trace");
    let mut command = client("strace", home.path());
    command
        .args(["--follow-forks", "--quiet=all", "--string-limit=4096"])
        .args(["--trace=file,network,process,fchmod,fchown,ftruncate", "-o"])
        .arg(&trace)
        .arg(env!("CARGO_BIN_EXE_rolecall"))
        .args(["audit", "--format", "json", "--host"])
        .arg(root);
    let output = run(&mut command);
    assert_eq!(output.code, Some(3), "{output:?}");
    let trace = std::fs::read_to_string(trace).unwrap();
    trace.lines().map(str::to_owned).collect()
}

#[test]
fn an_audited_host_is_only_read() {
    let root = TempDir::new().unwrap();
    for (path, text) in [
        (
            "etc/passwd",
            "root:x:0:0::/root:/bin/sh\napp:x:1:1::/home/app:/bin/sh\n",
        ),
        (
            "etc/systemd/system/web.service",
            "[Service]\nEnvironmentFile=/srv/web.env\n",
        ),
        ("srv/web.env", "AWS_SHARED_CREDENTIALS_FILE=/srv/keys\n"),
        ("srv/keys", "[default]\n"),
        ("home/app/.bash_history", "aws s3 ls\n"),
        ("var/lib/cloud/data/instance-id", "i-0123456789abcdef0\n"),
        ("opt/run", "#!/bin/sh\ntouch /opt/was-run\n"),
    ] {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let outside = TempDir::new().unwrap();
    std::fs::write(outside.path().join("secret"), "x").unwrap();
    let mut links = client("sh", root.path());
    links.args([
        "-euc",
        "mkfifo opt/pipe; ln -s \"$OUT\" opt/out; chmod +x opt/run",
    ]);
    run(links.env("OUT", outside.path()).current_dir(root.path())).ok();
    let calls = calls(root.path());

    let is_open = |it: &&String| it.contains("open(") || it.contains("openat");
    let opened: Vec<&String> = calls.iter().filter(is_open).collect();
    let reads = opened.iter().filter(|it| it.contains("web.env")).count();
    assert!(reads > 0, "the trace sees what is opened: {calls:#?}");
    let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"];
    for call in &opened {
        let is_written = writes.iter().any(|flag| call.contains(flag));
        assert!(!is_written || call.contains("\"/dev/"), "{call}");
        assert!(
            !call.contains("\"pipe\"") && !call.contains("opt/pipe"),
            "{call}"
        );
    }
    let outside = outside.path().to_str().unwrap();
    let changes = [
        "unlink", "rename", "mkdir", "rmdir", "link(", "linkat(", "symlink", "mknod", "chmod",
        "chown", "truncate", "utime", "setxattr", "mount(", "connect(", "bind(",
    ];
    for call in &calls {
        let name = call
            .split_once(' ')
            .map_or(&**call, |(_, it)| it)
            .trim_start();
        let is_change = changes
            .iter()
            .any(|it| name.starts_with(it) || name.starts_with(&format!("f{it}")));
        assert!(!is_change, "{call}");
        assert!(!call.contains(outside), "{call}");
    }
    let programs = calls.iter().filter(|it| it.contains("execve"));
    assert_eq!(programs.count(), 1, "its own");
}
