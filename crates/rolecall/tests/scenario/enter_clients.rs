//! Clients of the metadata service that are as EC2 has them, inside `rolecall instance enter`:
//! those with a fixed address, and the strictest.

use aws_config::BehaviorVersion;
use aws_credential_types::provider::ProvideCredentials;
use serde_json::Value;

use crate::clients::{Admin, cloud_init, ec2_metadata, python, run, script};
use crate::enter::enter;
use crate::harness::scenario;
use crate::role_to_secret::{ROLE, sample_password};

/// The test's own program is the client: it runs itself on the instance.
#[test]
fn aws_config_for_rust_finds_region_role_and_secret() {
    if std::env::var_os(INSIDE).is_some() {
        return print_what_the_sdk_finds();
    }
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let program = std::env::current_exe().unwrap();
        let name = "enter_clients::aws_config_for_rust_finds_region_role_and_secret";
        let program = [&*program.to_string_lossy(), "--exact", name, "--nocapture"];
        let output = run(enter(world, &[], &program).env(INSIDE, "1"));
        let found = output.ok().lines().find_map(|line| line.split_once(FOUND));
        let found: Value = serde_json::from_str(found.unwrap().1).unwrap();
        let id = world.instance_id();
        assert_eq!(found["region"], "us-east-1");
        assert_eq!(found["provider"], "IMDSv2");
        let arn = format!("arn:aws:sts::123456789012:assumed-role/{ROLE}/{id}");
        assert_eq!(found["arn"], arn);
        assert_eq!(found["has_password"], true);
    });
}

/// As an application does it: nothing is configured, everything is asked for.
fn print_what_the_sdk_finds() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let found = runtime.enable_all().build().unwrap().block_on(async {
        let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
        let credentials = config.credentials_provider().unwrap();
        let credentials = credentials.provide_credentials().await.unwrap();
        let sts = aws_sdk_sts::Client::new(&config);
        let caller = sts.get_caller_identity().send().await.unwrap();
        let secrets = aws_sdk_secretsmanager::Client::new(&config);
        let get = secrets.get_secret_value().secret_id("my-secret");
        let value = get.send().await.unwrap();
        let held: Value = serde_json::from_str(value.secret_string().unwrap()).unwrap();
        let debug = format!("{credentials:?}");
        let provider = debug.split("provider_name: \"").nth(1).unwrap();
        serde_json::json!({
            "region": config.region().unwrap().as_ref(),
            "provider": provider.split('"').next().unwrap(),
            "arn": caller.arn().unwrap(),
            "has_password": held["password"].is_string(),
        })
    });
    say(&format!("{FOUND}{found}"));
}

#[expect(clippy::print_stdout, reason = "the test reads it from itself")]
fn say(line: &str) {
    println!("{line}");
}

#[test]
fn ec2_metadata_of_debian_tells_all() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let program = ec2_metadata().display().to_string();
        let id = world.instance_id();
        let ask = |flags: &[&str]| {
            let command: Vec<&str> = [program.as_str()].iter().chain(flags).copied().collect();
            run(&mut enter(world, &[], &command)).ok().to_owned()
        };
        assert_eq!(ask(&["-i"]), format!("instance-id: {id}"));
        assert_eq!(ask(&["-z"]), "placement: us-east-1a");
        let all = ask(&[]);
        for line in [
            "instance-type: t3.micro",
            "ami-launch-index: 0",
            "local-ipv4: 172.31.",
        ] {
            assert!(all.contains(line), "{line}: {all}");
        }
        // Absent values are told as such, and not as error pages.
        assert!(all.contains("kernel-id: not available"), "{all}");
        assert!(!all.contains("404"), "{all}");

        let disable = format!(
            "ec2 modify-instance-metadata-options --http-endpoint disabled --instance-id {id}"
        );
        Admin::new(world).run(&disable).ok();
        let refused = run(&mut enter(world, &[], &[&program, "-i"]));
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(
            refused.stdout.contains("Could not get IMDSv2 token"),
            "{refused:?}"
        );
    });
}

#[test]
fn cloud_init_crawls_the_instance() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let (python, script) = (python().display().to_string(), script("cloud_init.py"));
        let scratch = world.scratch();
        let command = [
            &python,
            &*script.to_string_lossy(),
            &*cloud_init().to_string_lossy().into_owned(),
            &*scratch.to_string_lossy(),
            "http://169.254.169.254",
        ];
        let crawl = run(&mut enter(world, &[], &command));
        let crawl = crawl.ok().lines().last().map(serde_json::from_str::<Value>);
        let crawl = crawl.unwrap().unwrap();
        assert_eq!(crawl["found"], true);
        assert_eq!(crawl["instance_id"], world.instance_id());
        assert_eq!(crawl["region"], "us-east-1");
    });
}

const INSIDE: &str = "ROLECALL_TEST_INSIDE";
const FOUND: &str = "found: ";
