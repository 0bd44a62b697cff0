//! Providers made, changed and refused.

use protocol::{Fault, Record, Value};

use crate::testing::{World, fails, statements, texts};

const ARN: &str = "arn:aws:iam::123456789012:oidc-provider/issuer.example/team";
const THUMBPRINT: &str = "0123456789abcdef0123456789ABCDEF01234567";
const MISSING: (&str, u16) = ("NoSuchEntity", 404);
const INPUT: (&str, u16) = ("InvalidInput", 400);
const LIMIT: (&str, u16) = ("LimitExceeded", 409);

fn make(world: &mut World, url: &str) -> Result<Record, Fault> {
    let input = texts(&[("Url", url)])
        .with("ClientIDList", vec!["app", "app"])
        .with("ThumbprintList", vec![THUMBPRINT])
        .with("Tags", vec![texts(&[("Key", "team"), ("Value", "red")])]);
    world.admin("iam", "CreateOpenIDConnectProvider", &input)
}

fn made() -> World {
    let mut world = World::new();
    let answer = make(&mut world, "https://issuer.example/team").unwrap();
    assert_eq!(answer.text("OpenIDConnectProviderArn"), Some(ARN));
    world
}

fn on(operation: &'static str, world: &mut World, more: Record) -> Result<Record, Fault> {
    let input = more.with("OpenIDConnectProviderArn", ARN);
    world.admin("iam", operation, &input)
}

fn shown(world: &mut World) -> Record {
    on("GetOpenIDConnectProvider", world, Record::new()).unwrap()
}

fn list(record: &Record, member: &'static str) -> Vec<String> {
    record.texts(member).map(str::to_owned).collect()
}

#[test]
fn a_provider_is_shown_as_it_was_made() {
    let mut world = made();
    let provider = shown(&mut world);
    assert_eq!(provider.text("Url"), Some("issuer.example/team"));
    assert_eq!(list(&provider, "ClientIDList"), ["app"]);
    assert_eq!(list(&provider, "ThumbprintList"), [THUMBPRINT]);
    assert_eq!(
        provider.get("CreateDate"),
        Some(&Value::Timestamp(world.now))
    );
    let listed = world.admin("iam", "ListOpenIDConnectProviders", &Record::new());
    let listed = listed.unwrap();
    let arns = listed.records("OpenIDConnectProviderList");
    assert_eq!(
        arns.filter_map(|it| it.text("Arn")).collect::<Vec<_>>(),
        [ARN]
    );
}

#[test]
fn clients_and_thumbprints_change() {
    let mut world = made();
    let client = |id: &str| texts(&[("ClientID", id)]);
    for (operation, id, expect) in [
        (
            "AddClientIDToOpenIDConnectProvider",
            "web",
            &["app", "web"][..],
        ),
        ("AddClientIDToOpenIDConnectProvider", "web", &["app", "web"]),
        ("RemoveClientIDFromOpenIDConnectProvider", "app", &["web"]),
        ("RemoveClientIDFromOpenIDConnectProvider", "app", &["web"]),
    ] {
        on(operation, &mut world, client(id)).unwrap();
        assert_eq!(list(&shown(&mut world), "ClientIDList"), expect);
    }
    let other = THUMBPRINT.replace('0', "1");
    let input = Record::new().with("ThumbprintList", vec![other.as_str()]);
    on("UpdateOpenIDConnectProviderThumbprint", &mut world, input).unwrap();
    assert_eq!(list(&shown(&mut world), "ThumbprintList"), [other]);
}

#[test]
fn tags_come_and_go() {
    let mut world = made();
    let tag = texts(&[("Key", "Team"), ("Value", "blue")]);
    let input = Record::new().with("Tags", vec![tag]);
    on("TagOpenIDConnectProvider", &mut world, input).unwrap();
    let tags = on("ListOpenIDConnectProviderTags", &mut world, Record::new()).unwrap();
    let pairs: Vec<_> = tags
        .records("Tags")
        .map(|tag| (tag.text("Key"), tag.text("Value")))
        .collect();
    assert_eq!(pairs, [(Some("Team"), Some("blue"))]);
    let input = Record::new().with("TagKeys", vec!["team"]);
    on("UntagOpenIDConnectProvider", &mut world, input).unwrap();
    assert!(shown(&mut world).list("Tags").is_empty());
}

#[test]
fn what_cannot_be_a_provider_is_refused() {
    let mut world = made();
    for url in [
        "http://issuer.example",
        "issuer.example",
        "https:///path",
        "https://a?b=c",
    ] {
        fails(
            make(&mut world, url),
            INPUT,
            "Invalid Open ID Connect Provider URL",
        );
    }
    let twice = make(&mut world, "https://issuer.example/team");
    let words = "Provider with url https://issuer.example/team already exists.";
    fails(twice, ("EntityAlreadyExists", 409), words);

    let url = texts(&[("Url", "https://other.example")]);
    let with = |member: &'static str, values: Vec<String>| url.clone().with(member, values);
    let create = "CreateOpenIDConnectProvider";
    let clients: Vec<String> = (0..101).map(|at| format!("client-{at}")).collect();
    let answer = world.admin("iam", create, &with("ClientIDList", clients));
    fails(
        answer,
        LIMIT,
        "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100",
    );
    let prints = vec![THUMBPRINT.to_owned(); 6];
    let answer = world.admin("iam", create, &with("ThumbprintList", prints));
    fails(
        answer,
        LIMIT,
        "Cannot exceed quota for ThumbprintsPerOpenIdConnectProvider: 5",
    );
    let print = vec![THUMBPRINT.replace('0', "x")];
    let answer = world.admin("iam", create, &with("ThumbprintList", print));
    fails(answer, INPUT, "Thumbprint is not valid.");
}

#[test]
fn there_are_only_so_many() {
    let mut world = made();
    for at in 1..100 {
        make(&mut world, &format!("https://issuer.example/{at}")).unwrap();
    }
    let answer = make(&mut world, "https://issuer.example/100");
    fails(
        answer,
        LIMIT,
        "Cannot exceed quota for OpenIdConnectProvidersPerAccount: 100",
    );
}

#[test]
fn one_that_is_gone_is_not_found_but_deleted_again() {
    let mut world = made();
    for _ in 0..2 {
        on("DeleteOpenIDConnectProvider", &mut world, Record::new()).unwrap();
    }
    let words = format!("OpenIDConnect Provider not found for arn {ARN}");
    let answer = on("GetOpenIDConnectProvider", &mut world, Record::new());
    fails(answer, MISSING, &words);
    let client = texts(&[("ClientID", "web")]);
    let answer = on("AddClientIDToOpenIDConnectProvider", &mut world, client);
    fails(answer, MISSING, &words);
}

#[test]
fn policies_name_providers_and_their_tags() {
    let mut world = made();
    let user = world.user(
        "u",
        &statements(&format!(
            r#"{{"Effect":"Allow","Action":"iam:GetOpenIDConnectProvider","Resource":"{ARN}",
                "Condition":{{"StringEquals":{{"iam:ResourceTag/team":"red"}}}}}}"#
        )),
    );
    let input = texts(&[("OpenIDConnectProviderArn", ARN)]);
    let get = "GetOpenIDConnectProvider";
    assert!(world.call(&user, "iam", get, &input).is_ok());
    let other = texts(&[("OpenIDConnectProviderArn", &ARN.replace("team", "other"))]);
    fails(
        world.call(&user, "iam", get, &other),
        ("AccessDenied", 403),
        "iam:GetOpenID",
    );
    let gone = Record::new().with("TagKeys", vec!["team"]);
    on("UntagOpenIDConnectProvider", &mut world, gone).unwrap();
    fails(
        world.call(&user, "iam", get, &input),
        ("AccessDenied", 403),
        "iam:GetOpenID",
    );
}
