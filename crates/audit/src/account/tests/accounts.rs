//! Several accounts: roles that are assumed across them, and secrets that let another account in.

use super::super::judge::{Judged, judge};
use super::*;
use world::{allow, codes, inline, role_arn, secret_arn};

const OTHER: &str = "222222222222";
const KEY: &str = "arn:aws:kms:eu-central-1:222222222222:key/0a11ce00-0000-0000-0000-000000000002";

/// The same in the other account.
fn there(text: &str) -> String {
    text.replace(ACCOUNT, OTHER)
}

fn reader() -> String {
    there(&role_arn("reader"))
}

/// An instance whose role may assume `reader` of the other account.
fn here() -> World {
    let mut world = World::new()
        .with_role(
            "app",
            vec![inline("hop", &allow("sts:AssumeRole", &reader()))],
        )
        .with_instance("app");
    world.facts.all_regions = false;
    world
}

/// The other account, whose `reader` trusts this, and reads a secret.
fn beyond(trusted: &str) -> World {
    let read = allow("secretsmanager:GetSecretValue", &there(&secret_arn("db")));
    let mut world = World::new()
        .with_bare_role("reader", trusted, vec![inline("read", &read)])
        .with_secret("db", None);
    world.facts.account = OTHER.to_owned();
    let identities = world.facts.identities.as_mut().unwrap();
    for role in &mut identities.roles {
        role.arn = there(&role.arn);
    }
    for secret in world.region().secrets.as_mut().unwrap() {
        secret.arn = there(&secret.arn);
    }
    world
}

fn both(here: &World, beyond: &World) -> Judged {
    let judged = judge(
        &[here.facts.clone(), beyond.facts.clone()],
        None,
        world::now(),
    );
    assert_eq!(judged.missing, []);
    judged
}

fn secrets(judged: &Judged) -> &[SecretAccess] {
    let [app] = judged.access.as_slice() else {
        panic!("{:?}", judged.access);
    };
    assert_eq!(app.role, role_arn("app"));
    &app.secrets
}

fn named(role: &str) -> String {
    format!(r#"{{"AWS":"{}"}}"#, role_arn(role))
}

#[test]
fn a_role_of_another_account_reads_for_the_one_that_assumes_it() {
    for trusted in [
        named("app"),
        format!(r#"{{"AWS":"arn:aws:iam::{ACCOUNT}:root"}}"#),
        format!(r#"{{"AWS":"{ACCOUNT}"}}"#),
    ] {
        let judged = both(&here(), &beyond(&trusted));
        let [secret] = secrets(&judged) else {
            panic!("{:?}", judged.access);
        };
        assert_eq!(secret.secret, there(&secret_arn("db")));
        assert_eq!(secret.through, [reader()]);
        assert!(secret.statements[0].contains("inline policy read"));
    }
}

#[test]
fn one_side_alone_is_no_chain() {
    let mut no_policy = here();
    no_policy.role("app").policies.inline.clear();
    let mut denied = here();
    let deny = allow("sts:*", "*").replace("Allow", "Deny");
    denied.role("app").policies.inline.push(inline("no", &deny));
    let mut limited = here();
    limited.facts.service_control = vec![vec![inline("root", &allow("s3:*", "*"))]];
    let open = beyond(&named("app"));
    let mut shut = beyond(&named("app"));
    let rcp = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*",
        "Action":"sts:AssumeRole","Resource":"*"}]}"#;
    shut.facts.resource_control = vec![vec![inline("rcp", rcp)]];
    for (what, here, beyond) in [
        ("the role may not assume it", no_policy, &open),
        ("the role is denied it", denied, &open),
        ("its organization does not allow it", limited, &open),
        (
            "another role is trusted",
            here(),
            &beyond(&named("somebody")),
        ),
        (
            "the account trusts itself",
            here(),
            &beyond(&there(&named("app"))),
        ),
        ("resources let nobody assume them", here(), &shut),
    ] {
        assert_eq!(secrets(&both(&here, beyond)), [], "{what}");
    }
    // By itself neither account tells of the other.
    assert_eq!(here().judge().access[0].secrets, []);
}

#[test]
fn a_chain_goes_on_in_the_other_account_and_conditions_are_told() {
    let hub = there(&role_arn("hub"));
    let mut first = here();
    first.role("app").policies.inline = vec![inline("hop", &allow("sts:AssumeRole", &hub))];
    let mut second = beyond(&there(&named("hub")));
    let identities = second.facts.identities.as_mut().unwrap();
    let trust = world::trust(&named("app")).replace(
        r#""Action""#,
        r#""Condition":{"StringEquals":{"sts:ExternalId":"x"}},"Action""#,
    );
    identities.roles.push(Role {
        arn: hub.clone(),
        id: None,
        policies: Layers {
            inline: vec![inline("hop", &allow("sts:AssumeRole", &reader()))],
            ..Layers::default()
        },
        trust,
        last_used: None,
    });
    let judged = both(&first, &second);
    let [secret] = secrets(&judged) else {
        panic!("{:?}", judged.access);
    };
    assert_eq!(secret.through, [hub, reader()]);
    assert!(secret.conditions.join(" ").contains("sts:ExternalId"));
}

#[test]
fn an_administrator_of_another_account_is_told_with_the_account() {
    let mut other = beyond(&named("app"));
    let identities = other.facts.identities.as_mut().unwrap();
    identities.roles[0].policies.inline = vec![world::admin("all")];
    let judged = both(&here(), &other);
    assert_eq!(codes(&judged), ["RC-IAM-004"]);
    let finding = &judged.findings[0];
    assert_eq!(
        finding.title,
        "it can assume reader of account 222222222222, and then: it may do anything"
    );
    assert_eq!(finding.subject.account.as_deref(), Some(ACCOUNT));
}

/// One's own role, named, is what the rule asks for; the account as a whole is not, and alone the
/// other account is not known to be one's own.
#[test]
fn a_role_of_an_account_that_was_read_may_be_trusted_by_name() {
    let asked = |trusted: &str| codes(&both(&here(), &beyond(trusted)));
    assert_eq!(asked(&named("app")), Vec::<&str>::new());
    let root = format!(r#"{{"AWS":"arn:aws:iam::{ACCOUNT}:root"}}"#);
    assert_eq!(asked(&root), ["RC-IAM-006"]);
    let alone = beyond(&named("app")).judge();
    assert_eq!(codes(&alone), ["RC-IAM-006"]);
}

fn lets(principal: &str, action: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},
        "Action":"{action}","Resource":"*"}}]}}"#
    )
}

/// A secret of the other account whose policy and whose key's policy let these in.
fn shared(secret: &str, key: &str) -> World {
    let mut world = beyond(r#"{"Service":"ec2.amazonaws.com"}"#);
    let held = &mut world.region().secrets.as_mut().unwrap()[0];
    held.policy = ResourcePolicy::Text(lets(secret, "secretsmanager:GetSecretValue"));
    held.key = Some(KEY.to_owned());
    world.region().keys.push(Key {
        arn: KEY.to_owned(),
        policy: Some(lets(key, "kms:Decrypt")),
        aws_managed: false,
        grants: Some(Vec::new()),
    });
    world
}

/// An instance whose role may do these in the other account.
fn asks(actions: &[&str]) -> World {
    let mut world = here();
    let policies = actions.iter().map(|it| inline(it, &allow(it, "*")));
    world.role("app").policies.inline = policies.collect();
    world
}

const BOTH: &[&str] = &["secretsmanager:GetSecretValue", "kms:Decrypt"];

#[test]
fn a_secret_that_lets_another_accounts_role_in_is_read_by_it() {
    let root = format!(r#"{{"AWS":"arn:aws:iam::{ACCOUNT}:root"}}"#);
    for (secret, key) in [(&named("app"), &named("app")), (&root, &root)] {
        let judged = both(&asks(BOTH), &shared(secret, key));
        let [found] = secrets(&judged) else {
            panic!("{:?}", judged.access);
        };
        assert_eq!(found.through, Vec::<String>::new());
        assert_eq!(found.key.as_deref(), Some(KEY));
        let statements = found.statements.join(" ");
        assert!(statements.contains("resource policy"), "{statements}");
        assert!(statements.contains("inline policy"), "{statements}");
        let of_key = found.key_statements.join(" ");
        assert!(of_key.contains("resource policy"), "{of_key}");
    }
}

#[test]
fn a_secret_of_another_account_is_shut_with_one_thing_less() {
    let (app, nobody) = (named("app"), named("somebody"));
    let mut awss = shared(&app, &app);
    awss.region().keys[0].aws_managed = true;
    let mut default = shared(&app, &app);
    default.region().secrets.as_mut().unwrap()[0].key = None;
    let open = shared(&app, &app);
    for (what, here, beyond) in [
        ("the secret's policy", asks(BOTH), &shared(&nobody, &app)),
        ("the key's policy", asks(BOTH), &shared(&app, &nobody)),
        (
            "its own policy for the secret",
            asks(&["kms:Decrypt"]),
            &open,
        ),
        ("its own policy for the key", asks(&BOTH[..1]), &open),
        ("a key of AWS's, told", asks(BOTH), &awss),
        ("a key of AWS's", asks(BOTH), &default),
    ] {
        assert_eq!(secrets(&both(&here, beyond)), [], "{what}");
    }
}

/// `aws:PrincipalOrgID` and `kms:CallerAccount` are the caller's.
#[test]
fn conditions_on_the_caller_are_of_its_account() {
    let everybody = r#""*""#;
    let condition = |text: &str, key: &str, value: &str| {
        text.replace(
            r#""Resource""#,
            &format!(r#""Condition":{{"StringEquals":{{"{key}":"{value}"}}}},"Resource""#),
        )
    };
    let place = |world: &mut World, organization: &str| {
        world.facts.organization = Some(Membership {
            id: organization.to_owned(),
            path: format!("{organization}/r-1/"),
        });
    };
    for (organization, caller, count) in [
        ("o-ours", ACCOUNT, 1),
        ("o-others", ACCOUNT, 0),
        ("o-ours", OTHER, 0),
    ] {
        let mut first = asks(BOTH);
        place(&mut first, organization);
        let mut second = shared(everybody, everybody);
        place(&mut second, "o-ours");
        let held = &mut second.region().secrets.as_mut().unwrap()[0];
        let text = lets(everybody, "secretsmanager:GetSecretValue");
        held.policy = ResourcePolicy::Text(condition(&text, "aws:PrincipalOrgID", "o-ours"));
        let text = condition(&lets(everybody, "kms:Decrypt"), "kms:CallerAccount", caller);
        second.region().keys[0].policy = Some(text);
        let judged = both(&first, &second);
        assert_eq!(secrets(&judged).len(), count, "{organization} {caller}");
        let conditions = secrets(&judged).iter().flat_map(|it| &it.conditions);
        assert_eq!(conditions.count(), 0);
    }
}
