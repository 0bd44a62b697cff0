//! The metadata service, request by request: facts of the EC2 User Guide as tables.

use bytes::Bytes;
use http::{Request, Response};
use protocol::sigv4::Credentials;
use protocol::{Record, Secret};

use super::{TokenUse, serve};
use crate::sample;
use crate::testing::{World, seconds, texts};

mod announce;
mod credentials;
mod identity;
mod kept;
mod live;
mod manner;
mod many;

const TOKEN: &str = "x-aws-ec2-metadata-token";
const TTL: &str = "x-aws-ec2-metadata-token-ttl-seconds";
const FORWARDED: &str = "x-forwarded-for";
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

fn ask(world: &World, method: &str, path: &str, headers: &[(&str, &str)]) -> super::Answer {
    ask_of(world, &world.instance_id(), method, path, headers)
}

fn ask_of(
    world: &World,
    instance: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> super::Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    serve(
        &world.state,
        instance,
        &request.body(()).unwrap(),
        world.now,
        [3; 12],
    )
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

fn header<'a>(response: &'a Response<Bytes>, name: &str) -> Option<&'a str> {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}

fn token_of(world: &World, instance: &str, ttl: &str) -> String {
    let answer = ask_of(world, instance, "PUT", "/latest/api/token", &[(TTL, ttl)]);
    assert_eq!(answer.response.status(), 200);
    text(&answer.response)
}

fn token(world: &World) -> String {
    token_of(world, &world.instance_id(), "21600")
}

/// What stands at a path, with a token.
fn get(world: &World, path: &str) -> (u16, String) {
    let answer = ask(world, "GET", path, &[(TOKEN, &token(world))]);
    (answer.response.status().as_u16(), text(&answer.response))
}

fn set(world: &mut World, options: &[(&'static str, &str)]) {
    let mut input = texts(options);
    input.set("InstanceId", world.instance_id());
    world
        .admin("ec2", "ModifyInstanceMetadataOptions", &input)
        .unwrap();
}

#[test]
fn a_token_is_handed_out_for_the_time_asked() {
    let world = World::new();
    for ttl in ["1", "60", "21600"] {
        let answer = ask(&world, "PUT", "/latest/api/token", &[(TTL, ttl)]);
        let response = &answer.response;
        assert_eq!(response.status(), 200);
        assert_eq!(header(response, TTL), Some(ttl));
        assert_eq!(header(response, "content-type"), Some("text/plain"));
        assert_eq!(header(response, "server"), Some("EC2ws"));
        assert_eq!(header(response, "connection"), Some("close"));
        assert_eq!(answer.hop_limit, Some(1));
        assert_eq!(text(response).len(), 56);
    }
}

#[test]
fn tokens_that_are_not_handed_out() {
    let world = World::new();
    let (latest, dated) = ("/latest/api/token", "/2021-03-23/api/token");
    for (method, path, headers, status) in [
        ("PUT", latest, &[][..], 400),
        ("PUT", latest, &[(TTL, "")], 400),
        ("PUT", latest, &[(TTL, "0")], 400),
        ("PUT", latest, &[(TTL, "21601")], 400),
        ("PUT", latest, &[(TTL, "-1")], 400),
        ("PUT", latest, &[(TTL, "6h")], 400),
        ("PUT", latest, &[(TTL, "60"), (TTL, "60")], 400),
        ("PUT", latest, &[(TTL, "60"), (FORWARDED, "")], 403),
        ("PUT", latest, &[(TTL, "60"), (FORWARDED, "10.0.0.1")], 403),
        ("PUT", latest, &[(FORWARDED, "10.0.0.1")], 403),
        ("PUT", dated, &[(TTL, "60")], 403),
        ("PUT", "/1.0/api/token", &[(TTL, "60")], 403),
        ("GET", latest, &[(TTL, "60")], 405),
        ("HEAD", latest, &[(TTL, "60")], 405),
        ("POST", latest, &[(TTL, "60")], 405),
        ("DELETE", latest, &[(TTL, "60")], 405),
        ("PUT", "/latest/meta-data/", &[(TTL, "60")], 405),
        ("PUT", "/latest/api", &[(TTL, "60")], 405),
        ("PUT", "/", &[(TTL, "60")], 405),
        ("POST", "/latest/meta-data/", &[], 405),
        ("OPTIONS", "/latest/meta-data/", &[], 405),
        ("BREW", "/latest/user-data", &[], 405),
    ] {
        let answer = ask(&world, method, path, headers);
        let response = &answer.response;
        assert_eq!(response.status(), status, "{method} {path} {headers:?}");
        assert_eq!(answer.hop_limit, None);
        let is_token = path.ends_with("/api/token");
        if status == 405 {
            let allow = if is_token {
                "OPTIONS, PUT"
            } else {
                "GET, HEAD"
            };
            assert_eq!(header(response, "allow"), Some(allow), "{method} {path}");
            assert!(response.body().is_empty());
        } else {
            assert_eq!(header(response, "content-type"), Some("text/html"));
            assert!(text(response).contains(&format!("<title>{status} - ")));
        }
    }
}

#[test]
fn who_is_answered_in_which_mode() {
    let mut world = World::new();
    let good = token(&world);
    let altered = {
        let mut bytes = good.clone().into_bytes();
        bytes[20] = if bytes[20] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let other = {
        let input = texts(&[("ImageId", "ami-12c6146b")])
            .with("MinCount", 1)
            .with("MaxCount", 1);
        world.admin("ec2", "RunInstances", &input).unwrap();
        let own = world.instance_id();
        let mut ids = world.state.instance_ids();
        let other = ids.find(|id| *id != own).unwrap().to_owned();
        token_of(&world, &other, "60")
    };
    let foreign = {
        let world = World::of([2; 32], "us-east-1");
        token(&world)
    };
    for (mode, without) in [("optional", 200), ("required", 401)] {
        set(&mut world, &[("HttpTokens", mode)]);
        for (headers, status, used) in [
            (
                &[][..],
                without,
                if without == 200 {
                    TokenUse::None
                } else {
                    TokenUse::Rejected
                },
            ),
            (&[(TOKEN, &*good)], 200, TokenUse::Regular),
            (&[(TOKEN, "")], 401, TokenUse::Regular),
            (&[(TOKEN, "x")], 401, TokenUse::Regular),
            (&[(TOKEN, &*altered)], 401, TokenUse::Regular),
            (&[(TOKEN, &*other)], 401, TokenUse::Regular),
            (&[(TOKEN, &*foreign)], 401, TokenUse::Regular),
            (&[(TOKEN, &*good), (TOKEN, &*good)], 401, TokenUse::Regular),
            (
                &[(TOKEN, &*good), (FORWARDED, "10.0.0.1")],
                403,
                TokenUse::Regular,
            ),
        ] {
            for method in ["GET", "HEAD"] {
                let answer = ask(&world, method, "/latest/meta-data/instance-id", headers);
                assert_eq!(answer.response.status(), status, "{mode} {headers:?}");
                assert_eq!(answer.token_use, used, "{mode} {headers:?}");
            }
        }
        // What is not there is not told to who may not ask.
        let nowhere = ask(&world, "GET", "/latest/nothing", &[(TOKEN, "x")]);
        assert_eq!(nowhere.response.status(), 401);
    }
}

#[test]
fn a_token_tells_what_is_left_of_it_and_ends() {
    let mut world = World::new();
    let token = token_of(&world, &world.instance_id(), "60");
    let path = "/latest/meta-data/instance-id";
    for (at, left) in [(0, Some("60")), (59, Some("1")), (60, None)] {
        world.now = seconds(at);
        let answer = ask(&world, "GET", path, &[(TOKEN, &token)]);
        assert_eq!(header(&answer.response, TTL), left);
        assert_eq!(answer.response.status().is_success(), left.is_some());
    }
}

#[test]
fn a_disabled_endpoint_answers_nobody() {
    let mut world = World::new();
    let token = token(&world);
    set(&mut world, &[("HttpEndpoint", "disabled")]);
    for (method, path) in [
        ("PUT", "/latest/api/token"),
        ("GET", "/latest/meta-data/"),
        ("GET", "/"),
        ("POST", "/x"),
    ] {
        let answer = ask(&world, method, path, &[(TOKEN, &token), (TTL, "60")]);
        assert_eq!(answer.response.status(), 403, "{method} {path}");
    }
}

#[test]
fn the_hop_limit_comes_with_the_token() {
    let mut world = World::new();
    let input = texts(&[("InstanceId", &world.instance_id())]).with("HttpPutResponseHopLimit", 64);
    world
        .admin("ec2", "ModifyInstanceMetadataOptions", &input)
        .unwrap();
    let answer = ask(&world, "PUT", "/latest/api/token", &[(TTL, "60")]);
    assert_eq!(answer.hop_limit, Some(64));
}

#[test]
fn a_head_is_a_get_without_its_body() {
    let world = World::new();
    let token = token(&world);
    for path in [
        "/latest/meta-data/",
        "/latest/meta-data/instance-id",
        "/latest/nothing",
    ] {
        let get = ask(&world, "GET", path, &[(TOKEN, &token)]).response;
        let head = ask(&world, "HEAD", path, &[(TOKEN, &token)]).response;
        assert_eq!(head.status(), get.status());
        assert!(head.body().is_empty());
        let length = get.body().len().to_string();
        assert_eq!(header(&head, "content-length"), Some(&*length));
        assert_eq!(header(&head, "content-type"), header(&get, "content-type"));
    }
}

#[test]
fn listings_and_values() {
    let mut world = World::new();
    set(&mut world, &[("InstanceMetadataTags", "enabled")]);
    let id = world.instance_id();
    let mac = world.state.instance(&id).unwrap().instance.mac.clone();
    let macs = format!("{mac}/");
    let role = sample::ROLE;
    for (path, expect) in [
        ("/latest", "dynamic\nmeta-data"),
        ("/latest/", "dynamic\nmeta-data"),
        ("/latest/meta-data/iam", "info\nsecurity-credentials/"),
        ("/latest/meta-data/iam/", "info\nsecurity-credentials/"),
        (ROLES, role),
        ("/latest/meta-data/iam/security-credentials", role),
        ("/latest/meta-data/network/interfaces/macs/", &*macs),
        (
            "/latest/meta-data/placement/",
            "availability-zone\navailability-zone-id\nregion",
        ),
        (
            "/latest/meta-data/placement/availability-zone",
            "us-east-1a",
        ),
        (
            "/latest/meta-data/placement/availability-zone/",
            "us-east-1a",
        ),
        ("/latest/meta-data/placement/region", "us-east-1"),
        ("/latest//meta-data/./placement//region", "us-east-1"),
        ("/latest/meta-data/iam/../instance-id", &*id),
        ("/latest/meta-data/instance%2Did?x=y", &*id),
        ("/latest/meta-data/tags", "instance/"),
        ("/latest/meta-data/tags/instance", "Name"),
        (
            "/latest/meta-data/tags/instance/Name",
            "ec2-with-imds-and-secrets",
        ),
        ("/latest/meta-data/events/maintenance/history", "[]"),
        ("/latest/meta-data/instance-life-cycle", "on-demand"),
        ("/latest/meta-data/services/domain", "amazonaws.com"),
        ("/latest/dynamic", "fws/\ninstance-identity/"),
        (
            "/latest/dynamic/instance-identity",
            "document\nrsa2048\nsignature",
        ),
        ("/1.0/meta-data/instance-id", &*id),
    ] {
        assert_eq!(get(&world, path), (200, expect.to_owned()), "{path}");
    }
    let (_, versions) = get(&world, "/");
    assert!(versions.starts_with("1.0\n2007-01-19\n") && versions.ends_with("\nlatest"));
    let (_, listing) = get(&world, "/latest/meta-data");
    let names: Vec<&str> = listing.split('\n').collect();
    assert!(
        names.contains(&"iam/") && names.contains(&"instance-id"),
        "{listing}"
    );
    assert!(names.is_sorted() && !listing.ends_with('\n'));
}

#[test]
fn what_is_absent_is_not_found() {
    let world = World::new();
    for path in [
        "/nothing",
        "/2000-01-01/meta-data/",
        "/2022-01-01/meta-data/",
        "/LATEST/meta-data/",
        "/latest/Meta-Data/",
        "/latest/meta-data/nothing",
        "/latest/meta-data/instance-id/more",
        "/latest/meta-data/tags",
        "/latest/meta-data/tags/instance",
        "/latest/meta-data/public-ipv4",
        "/latest/meta-data/spot/instance-action",
        "/latest/meta-data/iam/security-credentials/other",
        "/latest/user-data",
        "/latest/api",
        // Brought by later versions.
        "/1.0/meta-data/iam/info",
        "/2011-05-01/meta-data/iam/",
        "/2007-12-15/meta-data/placement/region",
        "/2020-08-24/meta-data/tags/instance",
        "/1.0/dynamic/instance-identity/document",
    ] {
        let (status, page) = get(&world, path);
        assert_eq!(status, 404, "{path}");
        assert!(page.contains("404 - Not Found"));
    }
    for path in ["/latest/%zz", "/latest/%00", "/latest/%ff"] {
        assert_eq!(get(&world, path).0, 400, "{path}");
    }
    assert_eq!(get(&world, "/2012-01-12/meta-data/iam/").0, 200);
}

#[test]
fn an_instance_that_is_not_there_is_not_found() {
    let mut world = World::new();
    let id = world.instance_id();
    let input = Record::new().with("InstanceIds", vec![&*id]);
    world.admin("ec2", "TerminateInstances", &input).unwrap();
    for id in [&*id, "i-00000000000000000", ""] {
        let answer = ask_of(&world, id, "GET", "/latest/meta-data/", &[]);
        assert_eq!(answer.response.status(), 404);
    }
}

#[test]
fn user_data_are_the_bytes_that_were_given() {
    use base64::Engine as _;
    let mut world = World::new();
    let bytes: Vec<u8> = (0..=255).collect();
    let encoded = base64::engine::general_purpose::STANDARD.encode(&bytes);
    let input = texts(&[("ImageId", "ami-12c6146b"), ("ClientToken", "t")])
        .with("MinCount", 1)
        .with("MaxCount", 1)
        .with("UserData", Secret::from_text(encoded));
    world.admin("ec2", "RunInstances", &input).unwrap();
    let id = world
        .state
        .launched_with("t")
        .next()
        .unwrap()
        .instance
        .id
        .clone();

    let response = ask_of(&world, &id, "GET", "/latest/user-data", &[]).response;

    assert_eq!(response.body(), &bytes);
    assert_eq!(
        header(&response, "content-type"),
        Some("application/octet-stream")
    );
    let listing = ask_of(&world, &id, "GET", "/latest/", &[]).response;
    assert_eq!(text(&listing), "dynamic\nmeta-data\nuser-data");
}

#[test]
fn the_identity_document() {
    let world = World::new();
    let (_, document) = get(&world, "/latest/dynamic/instance-identity/document");
    let read: serde_json::Value = serde_json::from_str(&document).unwrap();

    assert_eq!(read["accountId"], "123456789012");
    assert_eq!(read["instanceId"], *world.instance_id());
    assert_eq!(read["privateIp"], "172.31.0.10");
    assert_eq!(read["pendingTime"], "2026-01-01T00:00:00Z");
    assert_eq!(read["version"], "2017-09-30");
    assert!(read["billingProducts"].is_null() && read.get("ramdiskId").is_some());
    assert_eq!(read.as_object().unwrap().len(), 15);
    assert!(document.starts_with("{\n  \"accountId\" : \"123456789012\",\n"));
}
