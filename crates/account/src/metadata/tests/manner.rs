//! Switches of a listener, the IPv6 address, and credentials that nobody may use.

use super::*;
use crate::metadata::{Manner, ViaIpv6};

const HOST: &str = "host";

fn ask_in(
    world: &World,
    manner: Manner,
    path: &str,
    headers: &[(&str, &str)],
) -> super::super::Answer {
    let mut request = Request::builder().uri(path).extension(manner);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(()).unwrap();
    serve(
        &world.state,
        &world.instance_id(),
        &request,
        world.now,
        [3; 12],
    )
}

#[test]
fn a_folder_without_a_slash_is_redirected_where_that_is_wanted() {
    let world = World::new();
    let token = token(&world);
    let manner = Manner {
        redirects: true,
        ..Manner::default()
    };
    for (path, location) in [
        ("/latest", Some("http://h:80/latest/")),
        ("/latest/meta-data", Some("http://h:80/latest/meta-data/")),
        (
            "/latest//meta-data/./iam",
            Some("http://h:80/latest/meta-data/iam/"),
        ),
        ("/", None),
        ("/latest/meta-data/", None),
        ("/latest/meta-data/instance-id", None),
        ("/latest/meta-data/instance-id/", None),
    ] {
        let response = ask_in(&world, manner, path, &[(TOKEN, &token), (HOST, "h:80")]).response;
        assert_eq!(header(&response, "location"), location, "{path}");
        let status = if location.is_some() { 301 } else { 200 };
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.body().is_empty(), location.is_some(), "{path}");
        let plain = ask(&world, "GET", path, &[(TOKEN, &token)]).response;
        assert_eq!(plain.status(), 200, "{path}");
    }
    let nameless = ask_in(&world, manner, "/latest", &[(TOKEN, &token)]).response;
    let location = Some("http://169.254.169.254/latest/");
    assert_eq!(header(&nameless, "location"), location);
    // Who may not read is told no paths, and what is not there is not there.
    assert_eq!(
        ask_in(&world, manner, "/latest", &[]).response.status(),
        401
    );
    let nothing = ask_in(&world, manner, "/latest/nothing", &[(TOKEN, &token)]);
    assert_eq!(nothing.response.status(), 404);
}

#[test]
fn connections_are_kept_where_that_is_wanted_and_never_after_a_token() {
    let world = World::new();
    let token = token(&world);
    let manner = Manner {
        keeps_alive: true,
        ..Manner::default()
    };
    let path = "/latest/meta-data/instance-id";
    let kept = ask_in(&world, manner, path, &[(TOKEN, &token)]).response;
    assert_eq!(header(&kept, "connection"), None);
    let closed = ask(&world, "GET", path, &[(TOKEN, &token)]).response;
    assert_eq!(header(&closed, "connection"), Some("close"));
    let put = Request::put("/latest/api/token").header(TTL, "60");
    let put = put.extension(manner).body(()).unwrap();
    let minted = serve(&world.state, &world.instance_id(), &put, world.now, [3; 12]);
    assert_eq!(minted.response.status(), 200);
    assert_eq!(header(&minted.response, "connection"), Some("close"));
}

#[test]
fn the_extended_tree_is_there_whole_or_not_at_all() {
    let world = World::new();
    let token = token(&world);
    let folder = "/latest/meta-data/iam/security-credentials-extended/";
    let path = format!("{folder}{}", sample::ROLE);
    let extended = Manner {
        extended_credentials: true,
        ..Manner::default()
    };
    for (manner, status) in [(Manner::default(), 404), (extended, 200)] {
        for path in [folder, &path] {
            let response = ask_in(&world, manner, path, &[(TOKEN, &token)]).response;
            assert_eq!(response.status(), status, "{path}");
        }
        let above = ask_in(&world, manner, "/latest/meta-data/iam/", &[(TOKEN, &token)]).response;
        assert_eq!(text(&above).contains("extended"), status == 200);
    }
    let read = ask_in(&world, extended, &path, &[(TOKEN, &token)]).response;
    let read: serde_json::Value = serde_json::from_slice(read.body()).unwrap();
    assert_eq!(read["AccountId"], "123456789012");
    let plain = get(&world, &format!("{ROLES}{}", sample::ROLE)).1;
    let plain: serde_json::Value = serde_json::from_str(&plain).unwrap();
    assert_eq!(plain["AccessKeyId"], read["AccessKeyId"]);
    assert_eq!(plain.get("AccountId"), None);
}

#[test]
fn the_ipv6_address_answers_where_it_is_enabled() {
    let mut world = World::new();
    let path = "/latest/meta-data/instance-id";
    for (option, status) in [("disabled", 403), ("enabled", 200), ("disabled", 403)] {
        set(&mut world, &[("HttpProtocolIpv6", option)]);
        let token = token(&world);
        let request = Request::get(path).header(TOKEN, &token).extension(ViaIpv6);
        let request = request.body(()).unwrap();
        let answer = serve(
            &world.state,
            &world.instance_id(),
            &request,
            world.now,
            [3; 12],
        );
        assert_eq!(answer.response.status(), status, "{option}");
        // The IPv4 address stays.
        assert_eq!(get(&world, path).0, 200, "{option}");
    }
}

#[test]
fn no_call_is_accepted_with_the_instance_s_own_identity() {
    let mut world = World::new();
    let folder = "/latest/meta-data/identity-credentials/ec2/";
    let (_, info) = get(&world, &format!("{folder}info"));
    let info: serde_json::Value = serde_json::from_str(&info).unwrap();
    assert_eq!(info["Code"], "Success");
    assert_eq!(info["AccountId"], "123456789012");
    let names = get(&world, &format!("{folder}security-credentials/")).1;
    assert_eq!(names, "ec2-instance");
    let (status, document) = get(&world, &format!("{folder}security-credentials/{names}"));
    assert_eq!(status, 200);
    let read: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(read["Code"], "Success");
    let text = |name: &str| read[name].as_str().unwrap().to_owned();
    let credentials = Credentials {
        access_key_id: text("AccessKeyId"),
        secret_access_key: Secret::from_text(text("SecretAccessKey")),
        session_token: Some(Secret::from_text(text("Token"))),
    };
    let own = world.call(&credentials, "sts", "GetCallerIdentity", &Record::new());
    assert_eq!(own.unwrap_err().status, 403);
    let early = get(
        &world,
        "/2016-11-30/meta-data/identity-credentials/ec2/info",
    );
    assert_eq!(early.0, 404);
}
