//! Instances whose account goes away: what was minted is answered on, and what comes back is
//! taken up again.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::clients::{Admin, client, run};
use crate::enter::enter;
use crate::harness::{World, scenario};
use crate::instance::serve;
use crate::role_to_secret::sample_password;
use crate::wait;

/// A shell on the instance that runs line by line what it is told.
struct Inside {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Inside {
    fn new(mut command: Command) -> Self {
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    /// The output of a command that prints one line.
    fn line(&mut self, command: &str) -> String {
        writeln!(self.input, "{command}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn end(mut self) -> Option<i32> {
        writeln!(self.input, "exit 0").unwrap();
        wait::exit(&mut self.child, TIME_MAX).code()
    }
}

#[test]
fn inside_an_instance_its_credentials_outlive_the_account() {
    for ends in [World::kill as fn(&mut World), World::stop] {
        scenario(|world| {
            let password = sample_password(world);
            world.canary(&password);
            let mut inside = Inside::new(enter(world, &[], &["sh"]));
            let functions = format!("ask() {{ {ASK} }}; fresh() {{ {FRESH} }}; echo there");
            assert_eq!(inside.line(&functions), "there");
            let token = inside.line("TOKEN=$(fresh); echo ${#TOKEN}");
            assert_eq!(token, "56");
            let key = inside.line(KEY);
            assert!(key.contains("ASIA"), "{key}");
            let signature = inside.line("ask dynamic/instance-identity/signature | cksum");

            ends(world);
            assert_eq!(inside.line(KEY), key, "with the token that was there");
            assert_eq!(inside.line("TOKEN=$(fresh); echo ${#TOKEN}"), "56");
            assert_eq!(inside.line(KEY), key, "with one that was minted since");
            let again = inside.line("ask dynamic/instance-identity/signature | cksum");
            assert_eq!(again, signature);
            let status = "curl -s -o /dev/null -w '%{http_code}\\n' http://169.254.169.254/latest/";
            assert_eq!(inside.line(status), "401");
            let api = "curl -s https://sts.us-east-1.amazonaws.com/; echo $?";
            assert_eq!(inside.line(api), "6", "nobody answers for the account");

            world.start();
            world.canary(&password);
            let id = world.instance_id();
            let call = format!(
                "ec2 modify-instance-metadata-options --http-tokens optional --instance-id {id}"
            );
            Admin::new(world).run(&call).ok();
            wait::until("the account's own answer", TIME_MAX, || {
                (inside.line(status) == "200").then_some(())
            });
            assert_eq!(inside.end(), Some(0));
        });
    }
}

#[test]
fn a_change_is_known_when_the_account_ends_right_after_it() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let mut inside = Inside::new(enter(world, &["--container"], &["sh"]));
        let status = "curl -s -o /dev/null -w '%{http_code}\\n' http://169.254.169.254/latest/";
        assert_eq!(inside.line(status), "401");
        let id = world.instance_id();
        let call = format!(
            "ec2 modify-instance-metadata-options --http-tokens optional --instance-id {id}"
        );
        Admin::new(world).run(&call).ok();
        world.stop();
        assert_eq!(inside.line(status), "200");
        world.start();
        assert_eq!(inside.end(), Some(0));
    });
}

#[test]
fn what_is_served_outlives_the_account() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let (mut child, endpoint) = serve(world, &[]);
        let read = |path: &str| {
            let script = format!(
                "TOKEN=$(curl -sf -X PUT {endpoint}/latest/api/token -H '{TTL}: 60'); \
                 curl -sf -H \"X-aws-ec2-metadata-token: $TOKEN\" {endpoint}/latest/{path}"
            );
            let mut shell = client("sh", std::path::Path::new("/"));
            run(shell.args(["-c", &script])).ok().to_owned()
        };
        let role = "meta-data/iam/security-credentials/ec2-secrets-manager-role";
        let held = read(role);
        assert!(held.contains("\"Success\""), "other credentials");
        world.kill();
        assert_eq!(read(role), held);
        let id = read("meta-data/instance-id");
        assert!(child.try_wait().unwrap().is_none());
        world.start();
        assert_eq!(id, world.instance_id());
        world.kill();
        assert_eq!(read(role), held);
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        assert_eq!(wait::exit(&mut child, TIME_MAX).code(), Some(0));
        world.start();
    });
}

/// As EC2: a failure is a document too, whoever answers.
#[test]
fn a_failure_to_mint_is_told_as_one() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let mut inside = Inside::new(enter(world, &[], &["sh"]));
        let functions = format!("ask() {{ {ASK} }}; fresh() {{ {FRESH} }}; echo there");
        assert_eq!(inside.line(&functions), "there");
        assert_eq!(inside.line("TOKEN=$(fresh); echo ${#TOKEN}"), "56");
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":
            {"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
        let update = "iam update-assume-role-policy --role-name ec2-secrets-manager-role \
                      --policy-document";
        Admin::new(world).run_with(update, &[trust]).ok();
        let code = "ask meta-data/iam/security-credentials/ec2-secrets-manager-role | grep Code";
        let refused = "\"Code\" : \"AssumeRoleUnauthorizedAccess\",";
        assert_eq!(inside.line(code).trim(), refused);
        world.stop();
        assert_eq!(inside.line(code).trim(), refused);
        world.start();
        assert_eq!(inside.end(), Some(0));
    });
}

#[test]
fn options_are_those_of_the_command() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let options = ["--imds-option", "redirects,keep-alive,extended-credentials"];
        let mut inside = Inside::new(enter(world, &options, &["sh"]));
        let functions = format!("ask() {{ {ASK} }}; fresh() {{ {FRESH} }}; echo there");
        assert_eq!(inside.line(&functions), "there");
        assert_eq!(inside.line("TOKEN=$(fresh); echo ${#TOKEN}"), "56");
        let seen = |inside: &mut Inside| {
            let lines = [
                "ask meta-data -w '%{http_code}\\n' -o /dev/null",
                "ask meta-data/iam/security-credentials-extended/; echo",
                "ask meta-data/ami-id -i | grep -c '^Connection: close'",
            ];
            lines.map(|line| inside.line(line))
        };
        let expect = ["301", "ec2-secrets-manager-role", "0"].map(str::to_owned);
        assert_eq!(seen(&mut inside), expect);
        let (mut child, endpoint) = serve(world, &options);
        let status = || {
            let script = format!(
                "T=$(curl -sf -X PUT {endpoint}/latest/api/token -H '{TTL}: 60'); \
                 curl -s -o /dev/null -w '%{{http_code}}' -H \"X-aws-ec2-metadata-token: $T\" \
                 {endpoint}/latest/meta-data"
            );
            let mut shell = client("sh", std::path::Path::new("/"));
            run(shell.args(["-c", &script])).ok().to_owned()
        };
        assert_eq!(status(), "301");
        let (mut plain, other) = serve(world, &[]);
        assert_ne!(endpoint, other);
        world.stop();
        assert_eq!(seen(&mut inside), expect);
        assert_eq!(status(), "301");
        for child in [&mut child, &mut plain] {
            kill_process(Pid::from_child(child), Signal::TERM).unwrap();
            wait::exit(child, TIME_MAX);
        }
        world.start();
        assert_eq!(inside.end(), Some(0));
    });
}

const TTL: &str = "X-aws-ec2-metadata-token-ttl-seconds";
const FRESH: &str = "curl -sf -X PUT http://169.254.169.254/latest/api/token \
     -H 'X-aws-ec2-metadata-token-ttl-seconds: 60';";
const ASK: &str = "path=$1; shift; curl -s -H \"X-aws-ec2-metadata-token: $TOKEN\" \"$@\" \
     http://169.254.169.254/latest/$path;";
const KEY: &str = "ask meta-data/iam/security-credentials/ec2-secrets-manager-role \
     | grep AccessKeyId";
const TIME_MAX: Duration = Duration::from_secs(20);
