//! The metadata service, as curl, botocore and cloud-init see it.

use serde_json::Value;

use crate::clients::{Admin, client, cloud_init, python, run, script};
use crate::harness::{World, scenario};
use crate::instance::instance;
use crate::role_to_secret::ROLE;
use crate::wire::{Answer, http};

#[test]
fn reads_need_a_token() {
    scenario(|world| {
        for token in [
            &[][..],
            &["X-aws-ec2-metadata-token: forged"],
            &["X-aws-ec2-metadata-token:"],
        ] {
            let answer = http(world.imds(), "GET /latest/meta-data/", token, b"");
            assert_eq!(answer.status, 401, "{token:?}");
            assert_eq!(answer.body.len(), 343);
        }
        let token = token(world);
        let forwarded = [token.as_str(), "X-Forwarded-For: 10.0.0.1"];
        assert_eq!(
            http(world.imds(), "GET /latest/meta-data/", &forwarded, b"").status,
            403
        );
        let twice = [token.as_str(), token.as_str()];
        assert_eq!(
            http(world.imds(), "GET /latest/meta-data/", &twice, b"").status,
            401
        );
        assert_eq!(get(world, "latest/meta-data/nothing").status, 404);
        assert_eq!(get(world, "latest/../../etc/passwd").status, 404);
        let post = http(world.imds(), "POST /latest/meta-data/", &[&token], b"");
        assert_eq!(post.status, 405);
    });
}

#[test]
fn tokens_follow_the_rules() {
    scenario(|world| {
        let ask = |line: &str, headers: &[&str]| http(world.imds(), line, headers, b"").status;
        let put = "PUT /latest/api/token";
        let ttl = |value: &str| format!("X-aws-ec2-metadata-token-ttl-seconds: {value}");
        for (value, status) in [
            ("1", 200),
            ("21600", 200),
            ("0", 400),
            ("21601", 400),
            ("-1", 400),
            ("six", 400),
            ("", 400),
        ] {
            assert_eq!(ask(put, &[&ttl(value)]), status, "lifetime `{value}`");
        }
        assert_eq!(ask(put, &[]), 400);
        assert_eq!(ask(put, &[&ttl("60"), "X-Forwarded-For: 10.0.0.1"]), 403);
        assert_eq!(ask("GET /latest/api/token", &[&ttl("60")]), 405);
        assert_eq!(ask("POST /latest/api/token", &[&ttl("60")]), 405);

        let answer = http(world.imds(), put, &[&ttl("60")], b"");
        assert_eq!(
            answer.header("x-aws-ec2-metadata-token-ttl-seconds"),
            Some("60")
        );
        assert_eq!(answer.header("content-type"), Some("text/plain"));
    });
}

#[test]
fn the_tree_is_the_instance() {
    scenario(|world| {
        let listing = get(world, "latest/meta-data/");
        assert!(
            listing.body.contains("\niam/\n") && !listing.body.ends_with('\n'),
            "{listing:?}"
        );
        assert_eq!(
            get(world, "latest/meta-data/instance-id").body,
            world.instance_id()
        );
        assert_eq!(
            get(world, "latest/meta-data/placement/region").body,
            "us-east-1"
        );

        let info = get(world, "latest/meta-data/iam/info");
        let profile = info.json()["InstanceProfileArn"].clone();
        let wanted = "arn:aws:iam::123456789012:instance-profile/ec2-secrets-manager-profile";
        assert_eq!(
            (info.json()["Code"].as_str(), profile.as_str()),
            (Some("Success"), Some(wanted))
        );

        let roles = get(world, "latest/meta-data/iam/security-credentials/");
        assert_eq!(roles.body, ROLE);
        let path = format!("latest/meta-data/iam/security-credentials/{ROLE}");
        let credentials = get(world, &path).json();
        assert_eq!(credentials["Type"], "AWS-HMAC");
        assert!(
            credentials["AccessKeyId"]
                .as_str()
                .unwrap()
                .starts_with("ASIA")
        );
        let other = get(
            world,
            "latest/meta-data/iam/security-credentials/another-role",
        );
        assert_eq!(other.status, 404);

        let identity = get(world, "latest/dynamic/instance-identity/document").json();
        assert_eq!(identity["instanceId"], world.instance_id());
        assert_eq!(identity["accountId"], "123456789012");
        assert_eq!(identity["region"], "us-east-1");
    });
}

#[test]
fn curl_reads_as_the_documentation_says() {
    scenario(|world| {
        let url = world.imds();
        let lines = format!(
            "TOKEN=$(curl -sf -X PUT {url}/latest/api/token \
             -H 'X-aws-ec2-metadata-token-ttl-seconds: 21600') && \
             curl -sf -H \"X-aws-ec2-metadata-token: $TOKEN\" {url}/latest/meta-data/iam/info && \
             curl -sf --http1.0 -H \"X-aws-ec2-metadata-token: $TOKEN\" \
             {url}/latest/meta-data/ami-id"
        );
        let shown = run(client("sh", &world.scratch()).args(["-c", &lines]));
        assert!(
            shown
                .ok()
                .contains("\"InstanceProfileArn\" : \"arn:aws:iam::"),
            "{shown:?}"
        );
        assert!(shown.ok().ends_with("ami-0a1b2c3d4e5f60001"), "{shown:?}");

        let bare = format!("curl -s -o /dev/null -w '%{{http_code}}' {url}/latest/meta-data/");
        assert_eq!(
            run(client("sh", &world.scratch()).args(["-c", &bare])).ok(),
            "401"
        );
    });
}

#[test]
fn botocore_and_cloud_init_find_what_they_need() {
    scenario(|world| {
        let region = run(world
            .on_instance(python())
            .env_remove("AWS_REGION")
            .env_remove("AWS_DEFAULT_REGION")
            .arg(script("region.py")));
        assert_eq!(region.ok(), "us-east-1");

        let crawl = run(client(python(), &world.scratch())
            .arg(script("cloud_init.py"))
            .args([cloud_init(), world.scratch()])
            .arg(world.imds()));
        let crawl: Value = crawl
            .ok()
            .lines()
            .last()
            .map(serde_json::from_str)
            .unwrap()
            .unwrap();
        assert_eq!(crawl["found"], true);
        assert_eq!(crawl["instance_id"], world.instance_id());
        assert_eq!(crawl["region"], "us-east-1");
        assert_eq!(crawl["availability_zone"], "us-east-1a");
        assert_eq!(crawl["identity"]["instanceId"], world.instance_id());
        assert_eq!(crawl["user_data"], Value::Null);
        let metadata = &crawl["metadata"];
        assert_eq!(metadata["instance-type"], "t3.micro");
        assert!(
            metadata["iam"]["info"]["InstanceProfileArn"].is_string(),
            "{metadata}"
        );
        assert!(
            metadata["network"]["interfaces"]["macs"].is_object(),
            "{metadata}"
        );
    });
}

#[test]
fn what_the_operator_announces_is_told() {
    scenario(|world| {
        let id = world.instance_id().to_owned();
        let event = |flags: &[&str]| run(instance(world, "event").arg(&id).args(flags));
        let path = "latest/meta-data/spot/instance-action";
        assert_eq!(get(world, path).status, 404);
        event(&["--spot-interruption", "2030-01-01T00:00:00Z"]).ok();
        let expect = "{\"action\": \"terminate\", \"time\": \"2030-01-01T00:00:00Z\"}";
        assert_eq!(get(world, path).body, expect);
        event(&["--rebalance"]).ok();
        let path = "latest/meta-data/events/recommendations/rebalance";
        assert_eq!(get(world, path).status, 200);
        event(&["--maintenance", "instance-stop", "--not-before", "2h"]).ok();
        let scheduled = get(world, "latest/meta-data/events/maintenance/scheduled").json();
        assert_eq!(scheduled[0]["Code"], "instance-stop");
        event(&["--clear"]).ok();
        assert_eq!(get(world, path).status, 404);
        let history = get(world, "latest/meta-data/events/maintenance/history").json();
        assert_eq!(history[0]["EventId"], scheduled[0]["EventId"]);

        for flags in [
            &[][..],
            &["--rebalance", "--clear"],
            &["--maintenance", "repair", "--not-before", "2h"],
            &["--maintenance", "instance-stop"],
            &["--spot-interruption", "soon"],
            &[
                "--maintenance",
                "instance-stop",
                "--not-before",
                "2h",
                "--not-after",
                "1h",
            ],
        ] {
            let refused = event(flags);
            assert!([Some(2), Some(3)].contains(&refused.code), "{refused:?}");
            assert!(refused.stderr.starts_with("error: "), "{refused:?}");
        }
        let nobody = run(instance(world, "event").args(["i-0123456789abcdef0", "--clear"]));
        assert_eq!(nobody.code, Some(1));
    });
}

#[test]
fn reads_without_a_token_are_counted() {
    scenario(|world| {
        let id = world.instance_id().to_owned();
        let counts = || {
            let shown = run(instance(world, "show").args([&id, "--format", "json"])).json();
            let of = |name: &str| shown[name].as_u64().unwrap();
            (of("metadata_no_token"), of("metadata_no_token_rejected"))
        };
        let read = || http(world.imds(), "GET /latest/meta-data/", &[], b"").status;
        let before = counts();
        assert_eq!((read(), read()), (401, 401));
        assert_eq!(counts(), (before.0, before.1 + 2));
        let optional = "ec2 modify-instance-metadata-options --http-tokens optional";
        Admin::new(world)
            .run(&format!("{optional} --instance-id {id}"))
            .ok();
        assert_eq!(read(), 200);
        get(world, "latest/meta-data/");
        assert_eq!(counts(), (before.0 + 1, before.1 + 2));
    });
}

fn get(world: &World, path: &str) -> Answer {
    http(world.imds(), &format!("GET /{path}"), &[&token(world)], b"")
}

/// A token's header.
fn token(world: &World) -> String {
    let ttl = "X-aws-ec2-metadata-token-ttl-seconds: 60";
    let answer = http(world.imds(), "PUT /latest/api/token", &[ttl], b"");
    assert_eq!(answer.status, 200);
    format!("X-aws-ec2-metadata-token: {}", answer.body)
}
