//! `rolecall instance list`, `show` and `serve`, and who may ask the running account.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::clients::{Admin, client, python, run, script};
use crate::harness::{World, rolecall, scenario};
use crate::role_to_secret::sample_password;
use crate::wait;

/// `rolecall instance …` on the data of a world.
pub(crate) fn instance(world: &World, command: &str) -> Command {
    let mut instance = rolecall(&world.scratch());
    instance.args(["instance", command, "--data"]);
    instance.arg(world.data());
    instance
}

#[test]
fn instances_are_listed_and_shown() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let id = world.instance_id().to_owned();
        let list = run(&mut instance(world, "list"));
        assert_eq!(list.ok().lines().count(), 2);
        assert!(list.ok().contains(&id), "{list:?}");
        let list = run(instance(world, "list").args(["--format", "json"])).json();
        assert_eq!(list[0]["instance_id"], *id);
        assert_eq!(list[0]["state"], "running");

        let show = run(instance(world, "show").arg(&id));
        for row in ["ec2-secrets-manager-role", "hop limit        1", "172.31."] {
            assert!(show.ok().contains(row), "{row}: {show:?}");
        }
        let show = run(instance(world, "show").args([&id, "--format", "json"])).json();
        assert_eq!(show["metadata_options"]["http_tokens"], "required");
        assert_eq!(show["region"], "us-east-1");

        let none = run(instance(world, "show").arg("i-0123456789abcdef0"));
        assert_eq!(none.code, Some(1));
        none.fails_with(&[
            "error: there is no instance `i-0123456789abcdef0`",
            "hint: ",
        ]);
        Admin::new(world)
            .run(&format!("ec2 stop-instances --instance-ids {id}"))
            .ok();
        let stopped = run(instance(world, "enter").args([&id, "true"]));
        assert_eq!(stopped.code, Some(1));
        stopped.fails_with(&["is stopped", "hint: "]);
    });
}

#[test]
fn an_account_that_does_not_run_is_not_found() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        world.kill();
        let none = run(&mut instance(world, "list"));
        assert_eq!(none.code, Some(3));
        none.fails_with(&["is running: ", "hint: start it with `rolecall up`"]);
        world.start();
        run(&mut instance(world, "list")).ok();
        world.stop();
        assert!(!world.data().join("control.sock").exists());
        world.start();
    });
}

#[test]
fn nobody_else_is_answered() {
    if !geteuid().is_root() {
        return;
    }
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let socket = world.data().join("control.sock");
        let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&socket), 0o600);
        let as_nobody = |command: &mut Command| run(command.uid(65_534).gid(65_534));
        let ask = [
            "-c",
            "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); \
             s.send(b'{\"request\":\"list\"}\\n'); print(len(s.recv(100)))",
        ];
        let mut command = client("python3", std::path::Path::new("/"));
        command.args(ask).arg(&socket);
        as_nobody(&mut command).fails_with(&["PermissionError"]);

        // Where all rights were widened, who connects still counts.
        let folder = world.data().parent().unwrap().to_owned();
        for (path, mode) in [(&folder, 0o755), (&world.data(), 0o755), (&socket, 0o666)] {
            std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
        }
        let refused = as_nobody(&mut command);
        let resets = ["ConnectionReset", "BrokenPipe"];
        let is_reset = resets.iter().any(|reset| refused.stderr.contains(reset));
        assert!(refused.stdout == "0\n" || is_reset, "{refused:?}");
        let mut owner = client("python3", std::path::Path::new("/"));
        let owner = run(owner.args(ask).arg(&socket));
        assert_ne!(owner.ok(), "0", "the owner is answered");
        for (path, mode) in [(&world.data(), 0o700), (&folder, 0o700)] {
            std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
        }
    });
}

#[test]
fn what_is_no_request_is_refused_and_harms_nobody() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let script = script("control.py");
        let mut ask = client("python3", &world.scratch());
        ask.arg(script).arg(world.data().join("control.sock"));
        let answers = run(ask.arg(world.instance_id()));
        let expect = [
            "unentered: no instance was named",
            "too few: 0 sockets came for 1",
            "of another kind: a socket for Metadata cannot be served: it is of another kind",
            "not listening: a socket for Metadata cannot be served: it does not listen",
            "too many: these are more sockets than an instance needs",
            "no console: no output came with it",
            "no request: the end",
            "endless: the end",
        ];
        assert_eq!(answers.ok().lines().collect::<Vec<_>>(), expect);
        run(&mut instance(world, "list")).ok();
    });
}

#[test]
fn a_metadata_service_is_served_as_long_as_the_command_runs() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        for (signal, code) in [(Signal::TERM, Some(0)), (Signal::KILL, None)] {
            let (mut child, endpoint) = serve(world, &[]);
            let status = || {
                let url = format!("{endpoint}/latest/meta-data/");
                let mut curl = client("curl", &world.scratch());
                run(curl.args(["-s", "-o", "/dev/null", "-w", "%{http_code}", &url])).stdout
            };
            assert_eq!(status(), "401");
            let mut caller = world.anonymous(python());
            caller.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &endpoint);
            let arn = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])";
            let arn = run(caller.args(["-c", arn]));
            assert!(arn.ok().ends_with(world.instance_id()), "{arn:?}");

            kill_process(Pid::from_child(&child), signal).unwrap();
            assert_eq!(wait::exit(&mut child, TIME_MAX).code(), code);
            wait::until("end of the listener", TIME_MAX, || {
                (status() == "000").then_some(())
            });
        }
    });
}

/// The process that serves the sample's instance, and where.
pub(crate) fn serve(world: &World, flags: &[&str]) -> (Child, String) {
    let id = world.instance_id();
    let mut command = instance(world, "serve");
    command.args([id, "--listen", "127.0.0.1:0"]).args(flags);
    command.stderr(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let output = child.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut line).unwrap();
    let endpoint = line.trim_end();
    let endpoint = endpoint.strip_prefix("AWS_EC2_METADATA_SERVICE_ENDPOINT=");
    (child, endpoint.unwrap().to_owned())
}

const TIME_MAX: Duration = Duration::from_secs(10);
