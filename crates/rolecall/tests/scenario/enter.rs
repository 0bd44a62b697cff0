//! `rolecall instance enter`: what a command sees, and what it leaves as it would without it.
//!
//! 169.254.169.254 is asked only from inside.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::clients::{Admin, Output, aws, client, node_modules, python, run, script_of};
use crate::harness::{World, scenario};
use crate::instance::instance;
use crate::role_to_secret::{ROLE, sample_password};
use crate::wait;

/// A command on the sample's instance.
pub(crate) fn enter(world: &World, flags: &[&str], command: &[&str]) -> Command {
    let mut enter = instance(world, "enter");
    enter
        .args(flags)
        .arg(world.instance_id())
        .arg("--")
        .args(command);
    enter
}

fn shell(world: &World, flags: &[&str], script: &str) -> Output {
    run(&mut enter(world, flags, &["sh", "-c", script]))
}

/// A scenario that sees the password of the sample's secret.
fn entered(steps: impl FnOnce(&mut World, &str)) {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        steps(world, &password);
    });
}

#[test]
fn the_metadata_service_is_where_it_is_on_ec2() {
    entered(|world, _| {
        let with_token = "TOKEN=$(curl -s -X PUT 'http://169.254.169.254/latest/api/token' \
             -H 'X-aws-ec2-metadata-token-ttl-seconds: 21600') && \
             curl -s -H \"X-aws-ec2-metadata-token: $TOKEN\" \
             http://169.254.169.254/latest/meta-data/iam/info";
        let info = shell(world, &[], with_token);
        assert!(
            info.ok()
                .contains("instance-profile/ec2-secrets-manager-profile"),
            "{info:?}"
        );
        let bare = "curl -s http://169.254.169.254/latest/meta-data/iam/info";
        assert!(shell(world, &[], bare).ok().contains("401 - Unauthorized"));

        let id = world.instance_id().to_owned();
        let optional = "--http-tokens optional --http-protocol-ipv6 enabled";
        let modify = "ec2 modify-instance-metadata-options --instance-id";
        Admin::new(world)
            .run(&format!("{modify} {id} {optional}"))
            .ok();
        assert_eq!(shell(world, &[], bare).ok(), info.ok());
        let v6 = "curl -g -s 'http://[fd00:ec2::254]/latest/meta-data/instance-id'";
        assert_eq!(shell(world, &[], v6).ok(), id);
        assert_eq!(shell(world, &["--container"], v6).ok(), id);
    });
}

#[test]
fn clients_find_the_account_with_nothing_configured() {
    entered(|world, password| {
        let get = [
            "secretsmanager",
            "get-secret-value",
            "--secret-id",
            "my-secret",
        ];
        let aws = aws().display().to_string();
        let command: Vec<&str> = [aws.as_str()].into_iter().chain(get).collect();
        // The CLI's second version and SDKs in their standard mode ask the metadata service.
        let region = ["--region", "us-east-1"];
        let value = run(&mut enter(world, &region, &command)).json();
        let text = value["SecretString"].as_str().unwrap();
        assert!(text.contains(password), "another password");
        let value = run(&mut enter(
            world,
            &["--region", "us-east-1", "--no-names"],
            &command,
        ));
        assert_eq!(value.json()["Name"], "my-secret");
        run(&mut enter(world, &[], &command)).fails_with(&["You must specify a region"]);

        let python = python().display().to_string();
        let boto3 = "import boto3; s = boto3.Session(region_name='us-east-1'); \
             print(s.client('sts').get_caller_identity()['Arn'], s.get_credentials().method)";
        let caller = run(&mut enter(world, &[], &[&python, "-c", boto3]));
        let id = world.instance_id();
        let arn = format!("arn:aws:sts::123456789012:assumed-role/{ROLE}/{id} iam-role");
        assert_eq!(caller.ok(), arn);

        let script = script_of("js", "instance.cjs").display().to_string();
        let mut node = enter(world, &region, &["node", &script]);
        node.env("NODE_PATH", node_modules("javascript"));
        assert_eq!(run(&mut node).ok(), "my-secret");
        let curl = "curl -s https://secretsmanager.us-east-1.amazonaws.com/ -o /dev/null \
             -w '%{http_code} %{ssl_verify_result}'";
        assert_eq!(shell(world, &[], curl).ok(), "403 0");
    });
}

#[test]
fn there_is_no_other_network() {
    entered(|world, _| {
        let names = "getent hosts sts.eu-west-1.amazonaws.com; getent hosts example.com; echo $?";
        let names = shell(world, &[], names);
        let lines: Vec<&str> = names.ok().lines().collect();
        assert!(
            lines[0].ends_with("sts.eu-west-1.amazonaws.com"),
            "{names:?}"
        );
        assert_eq!(lines[1..], ["2"], "{names:?}");
        let api = world.endpoint().to_owned();
        let outside = shell(world, &[], &format!("curl -s -m 5 {api}"));
        assert_eq!(outside.code, Some(7), "no connection: {outside:?}");
        let other = "curl -s -m 5 https://example.com --connect-to example.com:443:127.0.0.1:443";
        let other = shell(world, &[], other);
        assert_eq!(
            other.code,
            Some(35),
            "no certificate for other names: {other:?}"
        );
    });
}

#[test]
fn the_host_has_the_name_of_the_instance() {
    entered(|world, _| {
        let outside = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
        let script = "cat /proc/sys/kernel/hostname; getent ahostsv4 $(hostname) | head -n 1; \
             curl -s http://169.254.169.254/latest/meta-data/local-hostname";
        let id = world.instance_id().to_owned();
        let optional = "--http-tokens optional --instance-id";
        let modify = format!("ec2 modify-instance-metadata-options {optional} {id}");
        Admin::new(world).run(&modify).ok();
        for flags in [&[][..], &["--container"], &["--root"]] {
            let seen = shell(world, flags, script);
            let lines: Vec<&str> = seen.ok().lines().collect();
            let [name, resolved, told] = lines[..] else {
                panic!("{seen:?}");
            };
            assert!(name.starts_with("ip-172-31-") && name.ends_with(".ec2.internal"));
            assert_eq!(name, told);
            let host = name.split('.').next().unwrap();
            let address = host.trim_start_matches("ip-").replace('-', ".");
            assert!(resolved.starts_with(&address), "{resolved}");
        }
        let bare = shell(world, &["--no-names"], "cat /proc/sys/kernel/hostname");
        assert_eq!(bare.stdout, outside);
        let after = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
        assert_eq!(after, outside);
    });
}

#[test]
fn a_container_does_not_get_a_token_that_is_for_the_instance() {
    entered(|world, _| {
        let put = "curl -s -m 2 -o /dev/null -w '%{http_code}' -X PUT \
             -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' \
             http://169.254.169.254/latest/api/token";
        let get = "curl -s -m 5 -o /dev/null -w '%{http_code}' http://169.254.169.254/latest/";
        assert_eq!(shell(world, &["--container"], get).ok(), "401");
        let lost = shell(world, &["--container"], put);
        assert_eq!((lost.code, &*lost.stdout), (Some(28), "000"), "{lost:?}");
        assert_eq!(shell(world, &[], put).ok(), "200");

        let id = world.instance_id().to_owned();
        let modify = format!(
            "ec2 modify-instance-metadata-options --instance-id {id} \
             --http-put-response-hop-limit 2"
        );
        Admin::new(world).run(&modify).ok();
        assert_eq!(shell(world, &["--container"], put).ok(), "200");
    });
}

#[test]
fn codes_and_signals_are_those_of_the_command() {
    entered(|world, _| {
        assert_eq!(shell(world, &[], "exit 42").code, Some(42));
        assert_eq!(shell(world, &[], "kill -KILL $$").code, Some(137));
        let none = run(&mut enter(world, &[], &["no-such-command"]));
        assert_eq!(none.code, Some(127));
        none.fails_with(&["`no-such-command` cannot be started"]);
        assert_eq!(run(&mut enter(world, &[], &["/etc"])).code, Some(126));

        let script = "trap 'echo told; exit 7' TERM; echo ready; while :; do sleep 0.1; done";
        let mut command = enter(world, &[], &["sh", "-c", script]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut lines = String::new();
        std::io::BufRead::read_line(&mut output, &mut lines).unwrap();
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        let ended = wait::exit(&mut child, Duration::from_secs(10));
        assert_eq!((ended.code(), ended.signal()), (Some(7), None));
        std::io::Read::read_to_string(&mut output, &mut lines).unwrap();
        assert_eq!(lines, "ready\ntold\n");
    });
}

#[test]
fn a_shell_says_where_it_is() {
    entered(|world, _| {
        let mut command = client(python(), &world.scratch());
        let lines = "echo in-$ROLECALL_INSTANCE\nstty -a >/dev/null && echo a-terminal\nexit 5\n";
        command.args(["-c", include_str!("py/terminal.py"), lines]);
        command
            .env("SHELL", "/bin/sh")
            .arg(env!("CARGO_BIN_EXE_rolecall"));
        command
            .args(["instance", "enter", "--data"])
            .arg(world.data());
        let output = run(command.arg(world.instance_id()));
        let id = world.instance_id();
        assert_eq!(output.code, Some(5), "{output:?}");
        for shown in [
            format!("({id}) $ "),
            format!("in-{id}"),
            "a-terminal".to_owned(),
        ] {
            assert!(output.stdout.contains(&shown), "{shown}: {output:?}");
        }
    });
}

#[test]
fn what_says_who_the_user_is_stays_outside() {
    entered(|world, _| {
        let folder = world.scratch().join(".aws");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("credentials"), "[default]\n").unwrap();
        let script = "env | grep -E '^(AWS_|HTTPS_PROXY|https_proxy)' | sort; ls ~/.aws; \
             touch ~/.aws/new; id -u";
        let mut command = enter(world, &[], &["sh", "-c", script]);
        let settings = [
            ("AWS_PROFILE", "work"),
            ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
            ("AWS_REGION", "eu-west-1"),
            ("HTTPS_PROXY", "http://127.0.0.1:9"),
        ];
        let uid = rustix::process::getuid().as_raw().to_string();
        let seen = run(command.envs(settings));
        let seen: Vec<&str> = seen
            .ok()
            .lines()
            .map(|line| line.split('=').next().unwrap())
            .collect();
        assert_eq!(seen, ["AWS_CA_BUNDLE", "AWS_PAGER", uid.as_str()]);
        assert!(!folder.join("new").exists());

        let kept = ["sh", "-c", "echo $AWS_PROFILE $HTTPS_PROXY; ls ~/.aws"];
        let mut command = enter(world, &["--keep-env"], &kept);
        assert_eq!(run(command.envs(settings)).ok(), "work\ncredentials");
    });
}
