//! What a server of several does when it cannot know the newest state, or when another one is gone:
//! instances are told nothing, clocks that are set change nothing, and rotations go on elsewhere.

use std::process::{Command, Stdio};
use std::time::Instant;

use protocol::{Record, Secret};
use rustix::process::{Pid, Signal, kill_process};
use tokio::runtime::Runtime;

use crate::clients::run;
use crate::cluster::{Cluster, STALENESS_MAX, WAIT_MAX};
use crate::crash_client::Client;
use crate::harness::rolecall;
use crate::rotation::{FIRST, FUNCTION, Rotation, TRUST, policy};
use crate::wait;

/// A call that is answered with 200; what was answered.
fn call(runtime: &Runtime, client: &Client, of: (&str, &str), input: &Record) -> String {
    let answer = runtime.block_on(client.ask(of.0, of.1, input, &[]));
    let (status, body) = answer.unwrap();
    assert_eq!(status, 200, "{}: {body}", of.1);
    body
}

/// The text of the first element of this name.
fn element(xml: &str, name: &str) -> String {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

/// An instance with a role, which runs.
fn launch(runtime: &Runtime, client: &Client) -> String {
    let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
        "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;
    let role = Record::new()
        .with("RoleName", "r")
        .with("AssumeRolePolicyDocument", trust);
    call(runtime, client, ("iam", "CreateRole"), &role);
    let profile = Record::new().with("InstanceProfileName", "p");
    call(runtime, client, ("iam", "CreateInstanceProfile"), &profile);
    let both = profile.with("RoleName", "r");
    call(runtime, client, ("iam", "AddRoleToInstanceProfile"), &both);
    let images = call(runtime, client, ("ec2", "DescribeImages"), &Record::new());
    let instance = Record::new()
        .with("ImageId", element(&images, "imageId"))
        .with("InstanceType", "t3.micro")
        .with("MinCount", 1_i64)
        .with("MaxCount", 1_i64)
        .with("IamInstanceProfile", Record::new().with("Name", "p"));
    let launched = call(runtime, client, ("ec2", "RunInstances"), &instance);
    element(&launched, "instanceId")
}

#[test]
fn an_instance_is_told_nothing_that_may_be_too_old() {
    let runtime = Runtime::new().unwrap();
    let cluster = Cluster::start(1, 1);
    let id = launch(&runtime, &cluster.client(0));
    let listed = |what: &str| {
        let mut list = rolecall(cluster.folder.path());
        list.args(["instance", what, "--data", "s0"]);
        if what != "list" {
            list.arg(&id);
        }
        if what == "enter" {
            list.args(["--", "true"]);
        }
        run(&mut list)
    };
    listed("enter").ok();
    let script = "token=$(curl -s -X PUT http://169.254.169.254/latest/api/token \
         -H 'X-aws-ec2-metadata-token-ttl-seconds: 600')\n\
         ask() { curl -s -o answer -w '%{http_code}\\n' -H \"X-aws-ec2-metadata-token: $token\" \
         http://169.254.169.254/latest/meta-data/iam/security-credentials/r; }\n\
         for file in begun stopped mended; do\n\
         until [ -e $file ]; do sleep 0.05; done; ask; ! grep -q Secret answer; echo $?\n\
         touch $file.told; done";
    let mut enter = rolecall(cluster.folder.path());
    enter.args([
        "instance", "enter", "--data", "s0", &id, "--", "sh", "-c", script,
    ]);
    let entered = enter.stdout(Stdio::piped()).spawn().unwrap();
    let step = |name: &str| {
        std::fs::write(cluster.path(name), "").unwrap();
        let told = cluster.path(&format!("{name}.told"));
        wait::until(name, WAIT_MAX, || told.exists().then_some(()));
    };
    step("begun");

    let member = Pid::from_raw(cluster.etcd.pid(0).try_into().unwrap()).unwrap();
    kill_process(member, Signal::STOP).unwrap();
    let is_ready = |wanted: bool| {
        wait::until("readiness", WAIT_MAX, || {
            (cluster.is_ready(0) == wanted).then_some(())
        });
    };
    is_ready(false);
    step("stopped");
    for what in ["list", "show", "enter"] {
        listed(what).fails_with(&["does not know whether its state is the newest"]);
    }
    kill_process(member, Signal::CONT).unwrap();
    is_ready(true);
    step("mended");
    listed("show").ok();
    let told = entered.wait_with_output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    assert_eq!(told, "200\n1\n503\n0\n200\n1\n");
    std::fs::remove_file(cluster.path("answer")).unwrap();
    cluster.finish(&[]);
}

/// Adds the seconds in a file to the time of day, and to no other clock.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>
int clock_gettime(clockid_t clock, struct timespec *time) {
    int failed = (int)syscall(SYS_clock_gettime, clock, time);
    char text[32] = {0};
    FILE *file = clock == CLOCK_REALTIME ? fopen(getenv("TEST_CLOCK_FILE"), "r") : NULL;
    if (file) {
        if (fgets(text, sizeof text, file)) time->tv_sec += atol(text);
        fclose(file);
    }
    return failed;
}
"#;

#[test]
fn a_time_of_day_that_is_set_changes_nothing_of_the_bound() {
    let runtime = Runtime::new().unwrap();
    let mut cluster = Cluster::start(1, 2);
    let (source, library) = (cluster.path("clock.c"), cluster.path("clock.so"));
    std::fs::write(&source, SHIM).unwrap();
    let mut compile = Command::new("cc");
    compile.args(["-shared", "-fPIC", "-o"]);
    run(compile.arg(&library).arg(&source)).ok();
    let offset = cluster.path("offset");
    cluster.stop(1);
    cluster.serve_with(1, |command| {
        command
            .env("LD_PRELOAD", &library)
            .env("TEST_CLOCK_FILE", &offset);
    });
    let far = cluster.client(1);
    let ask = || {
        let none = Record::new();
        let who = far.ask("sts", "GetCallerIdentity", &none, &[]);
        runtime.block_on(who).unwrap()
    };
    assert_eq!(ask().0, 200);
    for seconds in ["-86400", "86400"] {
        // Somebody sets the clock: signatures are of another day, and what is known is as new.
        std::fs::write(&offset, seconds).unwrap();
        let (status, body) = ask();
        assert_eq!(status, 403, "{body}");
        assert!(body.contains("Signature"), "{body}");
        wait::until("readiness", WAIT_MAX, || cluster.is_ready(1).then_some(()));

        cluster.cut(1);
        let cut = Instant::now();
        wait::until("refusal", WAIT_MAX, || {
            let asked = cut.elapsed();
            let is_ready = cluster.is_ready(1);
            assert!(!is_ready || asked < STALENESS_MAX, "ready after {asked:?}");
            (!is_ready).then_some(())
        });
        // Nor does setting it back make the state any newer.
        std::fs::write(&offset, "0").unwrap();
        assert_eq!(ask().0, 503);
        assert!(!cluster.is_ready(1));
        cluster.mend(1);
        wait::until("readiness", WAIT_MAX, || cluster.is_ready(1).then_some(()));
        assert_eq!(ask().0, 200);
    }
    cluster.finish(&[]);
}

/// Two servers with the same command.
fn rotating() -> (Cluster, Rotation) {
    let runtime = Runtime::new().unwrap();
    let mut cluster = Cluster::start(1, 2);
    let rotation = Rotation::new();
    let admin = cluster.client(0);
    let role = Record::new()
        .with("RoleName", "rotator")
        .with("AssumeRolePolicyDocument", TRUST);
    call(&runtime, &admin, ("iam", "CreateRole"), &role);
    let allowed = Record::new()
        .with("RoleName", "rotator")
        .with("PolicyName", "rotate")
        .with("PolicyDocument", policy());
    call(&runtime, &admin, ("iam", "PutRolePolicy"), &allowed);
    let secret = Record::new()
        .with("Name", "database")
        .with("SecretString", Secret::from_text(FIRST.to_owned()));
    call(
        &runtime,
        &admin,
        ("secretsmanager", "CreateSecret"),
        &secret,
    );
    for at in [0, 1] {
        cluster.stop(at);
        cluster.serve_with(at, |command| {
            command.args(["--rotation-command", &rotation.flag]);
        });
    }
    (cluster, rotation)
}

#[test]
fn one_of_two_servers_rotates_and_the_other_goes_on_when_it_is_killed() {
    let runtime = Runtime::new().unwrap();
    let (mut cluster, rotation) = rotating();
    // It gets no further than this step until the server is gone.
    std::fs::write(rotation.path("held"), "setSecret").unwrap();
    let far = cluster.client(1);
    let rotate = Record::new()
        .with("SecretId", "database")
        .with("RotationLambdaARN", FUNCTION)
        .with("ClientRequestToken", "0".repeat(32));
    call(&runtime, &far, ("secretsmanager", "RotateSecret"), &rotate);
    wait::until("step", WAIT_MAX, || {
        (rotation.steps() == ["createSecret", "setSecret"]).then_some(())
    });
    let servers = rotation.servers();
    assert_eq!(servers[0], servers[1]);
    let first = (0..2)
        .find(|at| cluster.endpoint(*at) == servers[0])
        .unwrap();
    cluster.kill(first);
    std::fs::remove_file(rotation.path("held")).unwrap();

    let admin = cluster.client(1 - first);
    let secret = Record::new().with("SecretId", "database");
    wait::until("rotation", WAIT_MAX, || {
        let of = ("secretsmanager", "DescribeSecret");
        call(&runtime, &admin, of, &secret)
            .contains("LastRotatedDate")
            .then_some(())
    });
    let steps = [
        "createSecret",
        "setSecret",
        "setSecret",
        "testSecret",
        "finishSecret",
    ];
    assert_eq!(rotation.steps(), steps);
    let servers = rotation.servers();
    let other = cluster.endpoint(1 - first);
    assert!(servers[2..].iter().all(|it| it == other), "{servers:?}");
    let value = call(
        &runtime,
        &admin,
        ("secretsmanager", "GetSecretValue"),
        &secret,
    );
    let database = std::fs::read_to_string(rotation.path("database")).unwrap();
    assert!(value.contains(database.trim()), "another value");
    cluster.finish(&[FIRST, database.trim()]);
}
