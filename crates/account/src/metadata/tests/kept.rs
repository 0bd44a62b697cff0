//! What is kept tells the same as the account, as long as it may.

use protocol::metadata::Version;

use super::*;
use crate::metadata::{Kept, Manner, keep};

fn kept(world: &World) -> Kept {
    kept_in(world, Manner::default())
}

fn kept_in(world: &World, manner: Manner) -> Kept {
    let id = world.instance_id();
    let kept = keep(&world.state, &id, world.now, manner).unwrap();
    // As it gets to another process.
    let sent = serde_json::to_string(&kept).unwrap();
    serde_json::from_str(&sent).unwrap()
}

/// An answer of each: the account's, and what is kept of it.
fn both(world: &World, kept: &Kept, path: &str, manner: Manner) -> [Response<Bytes>; 2] {
    let request = || {
        let request = Request::builder().uri(path).extension(manner);
        request.body(()).unwrap()
    };
    let id = world.instance_id();
    let live = serve(&world.state, &id, &request(), world.now, [3; 12]);
    let told = kept.serve(&request(), world.now, [3; 12]);
    assert_eq!(live.token_use, told.token_use, "{path}");
    [live.response, told.response]
}

/// Follows every listing below a path; how many values there are.
fn compare(world: &World, kept: &Kept, path: &str, manner: Manner) -> usize {
    let [live, told] = both(world, kept, path, manner);
    assert_eq!(live.status(), told.status(), "{path}");
    assert_eq!(live.headers(), told.headers(), "{path}");
    assert_eq!(text(&live), text(&told), "{path}");
    if !path.ends_with('/') || live.status() != 200 {
        return usize::from(live.status() == 200);
    }
    let listing = text(&live);
    let children = listing.lines().map(|line| {
        let bare = matches!(line, "dynamic" | "meta-data");
        let name = line.split('=').next().unwrap();
        let slash = if bare { "/" } else { "" };
        compare(world, kept, &format!("{path}{name}{slash}"), manner)
    });
    children.sum()
}

#[test]
fn everything_is_told_as_the_account_tells_it() {
    let mut world = World::new();
    set(&mut world, &[("HttpTokens", "optional")]);
    let all = Manner {
        redirects: true,
        keeps_alive: true,
        extended_credentials: true,
    };
    for manner in [Manner::default(), all] {
        let kept = kept_in(&world, manner);
        let mut values = 0;
        for version in Version::all() {
            let path = format!("/{}/", version.as_str());
            values += compare(&world, &kept, &path, manner);
        }
        assert!(values > 500, "{values}");
        for path in [
            "/",
            "/none",
            "/latest/meta-data/none",
            "/latest/meta-data/iam/x",
            "/..",
        ] {
            let [live, told] = both(&world, &kept, path, manner);
            assert_eq!(live.status(), told.status(), "{path}");
            assert_eq!(live.body(), told.body(), "{path}");
        }
    }
}

#[test]
fn tokens_are_minted_and_taken_on_either_side() {
    let world = World::new();
    let kept = kept(&world);
    let put = Request::put("/latest/api/token").header(TTL, "60");
    let minted = kept.serve(&put.body(()).unwrap(), world.now, [4; 12]);
    assert_eq!(minted.hop_limit, Some(1));
    let minted = text(&minted.response);
    let read = |token: &str| {
        let request = Request::get("/latest/meta-data/instance-id").header(TOKEN, token);
        let request = request.body(()).unwrap();
        let id = world.instance_id();
        let live = serve(&world.state, &id, &request, world.now, [3; 12]);
        let told = kept.serve(&request, world.now, [3; 12]);
        [live, told].map(|answer| answer.response.status().as_u16())
    };
    assert_eq!(read(&minted), [200, 200]);
    assert_eq!(
        read(&token_of(&world, &world.instance_id(), "60")),
        [200, 200]
    );
    assert_eq!(read("AQAEA"), [401, 401]);
    let bare = Request::get("/latest/").body(()).unwrap();
    let refused = kept.serve(&bare, world.now, [3; 12]);
    assert_eq!(refused.response.status(), 401);
    assert_eq!(refused.token_use, TokenUse::Rejected);
}

#[test]
fn credentials_are_told_until_they_end_and_then_a_failure() {
    let mut world = World::new();
    set(&mut world, &[("HttpTokens", "optional")]);
    let kept = kept(&world);
    let ask = |path: &str, now| {
        let request = Request::get(path).body(()).unwrap();
        let answer = kept.serve(&request, now, [3; 12]).response;
        assert_eq!(answer.status(), 200, "{path}");
        let document: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        document
    };
    let role = format!("{ROLES}ec2-secrets-manager-role");
    let held = ask(&role, world.now);
    assert_eq!(held["Code"], "Success");
    let end: jiff::Timestamp = held["Expiration"].as_str().unwrap().parse().unwrap();
    let before = end - jiff::SignedDuration::from_secs(1);
    assert_eq!(ask(&role, before), held);
    let identity = "/latest/meta-data/identity-credentials/ec2/security-credentials/ec2-instance";
    for path in [role.as_str(), identity] {
        let late = end + jiff::SignedDuration::from_hours(6);
        let failure = ask(path, late);
        assert_eq!(failure["Code"], "InternalFailure", "{path}");
        assert!(failure.get("SecretAccessKey").is_none());
        assert!(failure["Message"].is_string() && failure["LastUpdated"].is_string());
    }
    assert_eq!(ask(&role, end)["Code"], "InternalFailure");
}

#[test]
fn no_key_of_the_account_is_kept_but_that_of_tokens() {
    use base64::Engine as _;
    let world = World::new();
    let sent = serde_json::to_string(&kept(&world)).unwrap();
    let keyring = &world.state.settings().keyring;
    let there = |secret: &Secret| {
        let text = base64::engine::general_purpose::STANDARD.encode(secret.expose());
        sent.contains(&text)
    };
    assert!(there(&keyring.metadata_seal));
    assert!(!there(&keyring.session_keys) && !there(&keyring.session_seal));
}

#[test]
fn nothing_is_kept_of_an_instance_that_does_not_run() {
    let mut world = World::new();
    let id = world.instance_id();
    let stop = Record::new().with("InstanceIds", vec![id.as_str()]);
    world.admin("ec2", "StopInstances", &stop).unwrap();
    assert!(keep(&world.state, &id, world.now, Manner::default()).is_none());
    assert!(keep(&world.state, "i-0", world.now, Manner::default()).is_none());
}
