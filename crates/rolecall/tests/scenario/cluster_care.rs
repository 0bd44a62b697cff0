//! Looking after an account in a cluster: exports, another engine and back, another root key while
//! servers run, and what is found to be wrong.

use serde_json::Value;

use crate::clients::{Output, client, python, run};
use crate::cluster::Cluster;
use crate::harness::rolecall;

impl Cluster {
    /// `rolecall account`, in the cluster's folder, on its etcd.
    pub(crate) fn account(&self, line: &str) -> Output {
        let etcd = self.etcd.endpoints().join(",");
        let line = line.replace("$ETCD", &etcd.replace("http://", ""));
        let mut command = rolecall(self.folder.path());
        command.arg("account").args(line.split_whitespace());
        if line.contains("--data") {
            command.args(["--etcd", &etcd]);
        }
        run(&mut command)
    }

    fn make_secret(&self, name: &str) {
        let script = format!(
            "import boto3; boto3.client('secretsmanager').create_secret(Name='{name}', \
             SecretString='canary of care')"
        );
        let mut command = client(python(), self.folder.path());
        command
            .env("AWS_SHARED_CREDENTIALS_FILE", self.path("credentials"))
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ENDPOINT_URL", self.endpoint(0));
        run(command.args(["-c", &script])).ok();
    }
}

/// How many there are of a kind.
fn count(report: &Output, kind: &str) -> Option<u64> {
    let report: Value = serde_json::from_str(report.ok()).unwrap();
    assert_eq!(report["dangling"], serde_json::json!([]));
    report["records"][kind].as_u64()
}

#[test]
fn an_account_goes_from_one_engine_to_the_other_and_back() {
    let cluster = Cluster::start(1, 1);
    for number in 0..3 {
        cluster.make_secret(&format!("s{number}"));
    }
    // A server runs meanwhile.
    let key = "--root-key-file root.key";
    let secrets = |report: &Output| count(report, "secretsmanager/secret");
    let there = cluster.account(&format!("doctor --data s0 {key} --format json"));
    assert_eq!(secrets(&there), Some(3));

    cluster
        .account(&format!("backup --data s0 {key} -o export"))
        .ok();
    let again = format!("restore --data r {key} --from export --etcd-prefix /restored");
    cluster.account(&again).ok();
    cluster
        .account(&again)
        .fails_with(&["there is an account in `etcd://"]);
    let restored = cluster.account(&format!(
        "doctor --data r {key} --format json --etcd-prefix /restored"
    ));
    assert_eq!(secrets(&restored), Some(3));

    cluster
        .account(&format!(
            "migrate --from etcd://$ETCD/rolecall --to file {key}"
        ))
        .ok();
    cluster
        .account(&format!("migrate --from file --to etcd://$ETCD/back {key}"))
        .ok();
    let back = cluster.account(&format!(
        "doctor --data b {key} --format json --etcd-prefix /back"
    ));
    assert_eq!(secrets(&back), Some(3));
    let mut file = rolecall(cluster.folder.path());
    file.args([
        "account",
        "doctor",
        "--data",
        "file",
        "--root-key-file",
        "root.key",
    ]);
    assert_eq!(secrets(&run(file.args(["--format", "json"]))), Some(3));

    let refused = cluster.account(&format!(
        "migrate --from file --to etcd://$ETCD/rolecall {key}"
    ));
    refused.fails_with(&["there is an account in `etcd://"]);
    cluster
        .account(&format!("migrate --from file --to file {key}"))
        .fails_with(&["is both where from and where to"]);
    cluster
        .account("migrate --from file --to etcd://$ETCD/x")
        .fails_with(&["which root key opens the account", "--root-key-file"]);
    cluster
        .account(&format!(
            "backup --data s0 {key} -o export2 --etcd-prefix /none"
        ))
        .fails_with(&["there is no account in `etcd://"]);
    cluster.finish(&["canary of care"]);
}

#[test]
fn the_root_key_is_exchanged_while_servers_run() {
    let mut cluster = Cluster::start(1, 2);
    cluster.make_secret("before");
    let rekey = "rekey --data s0 --root-key-file root.key --new-root-key-file new.key";
    cluster.account(rekey).ok();
    // The servers go on, and write.
    cluster.make_secret("after");
    let doctor = |key: &str| cluster.account(&format!("doctor --data d --root-key-file {key}"));
    doctor("root.key").fails_with(&["does not open `etcd://"]);
    doctor("new.key").ok();
    let data_key = "rekey --data s0 --root-key-file new.key --data-key";
    cluster
        .account(data_key)
        .fails_with(&["servers of a cluster hold the data key"]);

    // One after the other is started with the new one.
    std::fs::copy(cluster.path("new.key"), cluster.path("root.key")).unwrap();
    for at in 0..2 {
        cluster.stop(at);
        cluster.serve(at);
    }
    cluster.make_secret("with-the-new-one");
    cluster.finish(&["canary of care"]);
}
