//! A disk that is full: writes are refused in words that SDKs try again on, reads go on, and once
//! there is room everything goes on by itself. Nothing that was answered is lost.
//!
//! The disk is a small file system in memory, in a mount namespace of the test's own.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Stdio};

use protocol::Record;
use serde_json::Value;

use crate::clients::{Output, aws, client, run};
use crate::cluster::Cluster;
use crate::etcd::Etcd;
use crate::kept::{CANARY, Kept, WAIT_MAX, created};
use crate::wait::until;

/// A mount namespace with a small disk at `disk` below a folder; it ends with its holder.
struct Disk {
    holder: Child,
    path: PathBuf,
}

impl Disk {
    fn mount(folder: &std::path::Path, size: &str) -> Self {
        std::fs::create_dir(folder.join("disk")).unwrap();
        let script = format!("mount -t tmpfs -o size={size} none disk && echo ready && exec cat");
        let mut unshare = client("unshare", folder);
        unshare.args(["--mount", "--propagation", "private", "sh", "-c", &script]);
        let pipes = unshare.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut holder = pipes.spawn().unwrap();
        let mut ready = [0; 5];
        let said = holder.stdout.as_mut().unwrap();
        std::io::Read::read_exact(said, &mut ready)
            .expect("root is needed\nhint: run `cargo xtask test` as root");
        let root = PathBuf::from(format!("/proc/{}/root", holder.id()));
        let path = root.join(folder.strip_prefix("/").unwrap()).join("disk");
        Self { holder, path }
    }

    /// What runs a program where the disk is.
    fn prefix(&self, folder: &std::path::Path) -> Vec<String> {
        let target = self.holder.id().to_string();
        let folder = format!("--wdns={}", folder.display());
        ["nsenter", "--mount", "--target", &target, &folder]
            .map(str::to_owned)
            .to_vec()
    }

    /// To the last byte.
    fn fill(&self) {
        let mut file = File::create(self.path.join("filling")).unwrap();
        let mut size = 64 * 1_024;
        while size > 0 {
            if file.write_all(&vec![1; size]).is_err() {
                size /= 2;
            }
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.path.join("filling")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.holder.kill().ok();
        self.holder.wait().ok();
    }
}

#[test]
fn a_full_disk_stops_writes_until_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount(folder.path(), "12m");
    let prefix = disk.prefix(folder.path());
    let mut kept = Kept::init_in(folder, "disk/data", "", &prefix);
    let flags = "--root-key-file root.key --export-dir disk/exports --export-every 1s";
    kept.serve(flags, &[]);
    std::fs::write(kept.path("object"), CANARY.repeat(8_000)).unwrap();
    s3(&kept, "create-bucket").ok();
    s3(&kept, "put-object --body object --key before").ok();
    assert_eq!(kept.create("before").0, 200);

    for round in 0..2 {
        disk.fill();
        // The store's file may have room in it for some.
        let filling = "x".repeat(60_000);
        let (answered, status, body) = written_until_refused(&kept, round, &filling);
        let name = format!("s-{round}-{answered}");
        assert_eq!(status, 503, "{body}");
        assert!(body.contains("ServiceUnavailable"), "{body}");
        // At once, and as often as somebody tries; and what is there is read.
        assert_eq!(kept.create("other").0, 503);
        assert!(kept.value("before").is_some());
        assert_eq!(kept.value(&name), None);
        let refused = s3(&kept, "put-object --body object --key during");
        let told = refused.fails_with(&["PutObject"]);
        assert!(told.contains("(ServiceUnavailable)"), "{told}");
        s3(&kept, "get-object got --key before").ok();
        let log = kept.log();
        assert!(log.contains("no space is left where the store is"), "{log}");
        assert!(log.contains("make room where the data folder is"), "{log}");

        disk.make_room();
        // The same call again, as SDKs do.
        until("room", WAIT_MAX, || {
            let (status, _) = kept.ask("CreateSecret", &created(&name, &filling));
            (status == 200).then_some(())
        });
        for number in 0..=answered {
            assert!(kept.value(&format!("s-{round}-{number}")).is_some());
        }
        s3(&kept, "put-object --body object --key during").ok();
        if round == 0 {
            // What one process knows of the disk's trouble, the next one need not.
            kept.kill();
            kept.serve(flags, &[]);
            assert!(kept.value(&name).is_some());
        }
    }
    kept.stop();
    check_copy(&mut kept, &disk);
    let trail = kept.account("trail --format json");
    assert!(trail.ok().contains("RecordsLost"), "the gap is not told");
    kept.check("root.key");
    let log = kept.log();
    assert!(log.contains("open again after its disk was full"), "{log}");
    assert!(!log.contains(CANARY), "{log}");
}

fn s3(kept: &Kept, line: &str) -> Output {
    let mut aws = kept.as_admin(aws());
    aws.arg("s3api").args(line.split_whitespace());
    run(aws.args(["--bucket", "kept"]))
}

/// Makes secrets; tells how many were answered, and what the next one was told.
fn written_until_refused(kept: &Kept, round: u32, filling: &str) -> (u32, u16, String) {
    let mut answered = 0;
    loop {
        let next = created(&format!("s-{round}-{answered}"), filling);
        let (status, body) = kept.ask("CreateSecret", &next);
        if status != 200 {
            return (answered, status, body);
        }
        answered += 1;
    }
}

/// The newest export is restored. It has the records of objects; their files are copied apart, as
/// `doctor` tells.
fn check_copy(kept: &mut Kept, disk: &Disk) {
    let exports = std::fs::read_dir(disk.path.join("exports")).unwrap();
    let newest = exports.map(|it| it.unwrap().file_name()).max().unwrap();
    let newest = newest.into_string().unwrap();
    let line = format!("restore --root-key-file root.key --from disk/exports/{newest}");
    let own = std::mem::replace(&mut kept.data, "disk/again".to_owned());
    kept.account(&line).ok();
    let incomplete = kept.account("doctor --root-key-file root.key");
    assert_eq!(incomplete.code, Some(1), "{incomplete:?}");
    let said = &incomplete.stdout;
    assert!(said.contains("names `objects/"), "{said}");
    kept.data = own;
}

/// Asks etcd's own gateway.
fn etcd(cluster: &Cluster, path: &str, body: &str) -> Value {
    let url = format!("{}/v3/{path}", cluster.etcd.endpoints()[0]);
    let mut curl = client("curl", cluster.folder.path());
    run(curl.args(["-sf", "-d", body, &url])).json()
}

#[test]
fn a_cluster_whose_quota_is_used_up_is_read_and_not_written() {
    let quota = "--quota-backend-bytes=4194304".to_owned();
    let cluster = Cluster::start_on(Etcd::start_with(1, "http", &[quota]), 1);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = cluster.client(0);
    let ask = |name: &str, input: &Record| {
        let answer = client.ask("secretsmanager", name, input, &[]);
        runtime.block_on(answer).unwrap()
    };
    let filling = "x".repeat(60_000);
    let mut number = 0;
    // Each takes the place of the one before, so that little is left when etcd has tidied up.
    let put = |number: u32| {
        let value = format!("{CANARY} v{number} {filling}");
        let made = ask("CreateSecret", &created(&format!("s-{number}"), &value));
        if let (200, Some(before)) = (made.0, number.checked_sub(1)) {
            let delete = Record::new()
                .with("SecretId", format!("s-{before}"))
                .with("ForceDeleteWithoutRecovery", true);
            ask("DeleteSecret", &delete);
        }
        made
    };
    let refused = loop {
        let (status, body) = put(number);
        if status != 200 {
            break (status, body);
        }
        number += 1;
        assert!(number < 1_000, "the quota is not used up");
    };
    assert_eq!(refused.0, 503, "{}", refused.1);
    let newest = format!("s-{}", number - 1);
    let get = Record::new().with("SecretId", newest);
    let (status, body) = ask("GetSecretValue", &get);
    assert_eq!(status, 200, "{body}");
    assert!(
        body.contains(&format!("v{} ", number - 1)),
        "not the newest"
    );
    assert!(cluster.is_ready(0));
    let log = cluster.log(0);
    assert!(
        log.contains("the space that etcd may use is used up"),
        "{log}"
    );
    assert!(log.contains("alarm disarm"), "{log}");
    let doctor = || cluster.account("doctor --data s0 --root-key-file root.key");
    let told = doctor();
    assert_eq!(told.code, Some(1), "{told:?}");
    told.fails_with(&["nothing can be written", "NOSPACE", "alarm disarm"]);

    // The way out that the hint names.
    let revision = etcd(&cluster, "kv/range", r#"{"key":"AA=="}"#);
    let revision = revision["header"]["revision"].as_str().unwrap().to_owned();
    let compact = format!(r#"{{"revision":{revision},"physical":true}}"#);
    etcd(&cluster, "kv/compaction", &compact);
    etcd(&cluster, "maintenance/defragment", "{}");
    let alarms = etcd(&cluster, "maintenance/alarm", r#"{"action":"GET"}"#);
    let member = alarms["alarms"][0]["memberID"].as_str().unwrap();
    let disarm = format!(r#"{{"action":"DEACTIVATE","memberID":"{member}","alarm":"NOSPACE"}}"#);
    etcd(&cluster, "maintenance/alarm", &disarm);
    until("room", WAIT_MAX, || (put(number).0 == 200).then_some(()));
    doctor().ok();
    cluster.finish(&[CANARY]);
}
