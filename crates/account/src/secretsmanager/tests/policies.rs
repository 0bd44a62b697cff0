//! Resource policies: stored only when understood, and then counted in every call on the secret.

use protocol::shape::Service;

use super::*;
use crate::testing::{policy, statements};

const MALFORMED: (&str, u16) = ("MalformedPolicyDocumentException", 400);
const PUBLIC: (&str, u16) = ("PublicPolicyException", 400);
const DENIED: (&str, u16) = ("AccessDeniedException", 400);
const USER: &str = "arn:aws:iam::123456789012:user/u";

fn statement(effect: &str, principal: &str, action: &str) -> String {
    format!(r#"{{"Effect":"{effect}","Principal":{principal},"Action":"{action}","Resource":"*"}}"#)
}

fn allowing(principal: &str) -> String {
    let principal = format!(r#"{{"AWS":"{principal}"}}"#);
    statements(&statement(
        "Allow",
        &principal,
        "secretsmanager:GetSecretValue",
    ))
}

fn put_policy(world: &mut World, text: &str) -> Result<Record, Fault> {
    let input = texts(&[("SecretId", "my-secret"), ("ResourcePolicy", text)]);
    call(world, "PutResourcePolicy", &input)
}

fn policy_of(world: &mut World) -> Option<String> {
    let input = texts(&[("SecretId", "my-secret")]);
    let answer = call(world, "GetResourcePolicy", &input).unwrap();
    answer.text("ResourcePolicy").map(str::to_owned)
}

#[test]
fn what_is_not_understood_is_not_stored() {
    let mut world = World::new();
    for (text, words) in [
        ("{", "syntax error"),
        ("{}", "syntax error"),
        (policy("Allow", "*", "*").as_str(), "syntax error"),
        (
            allowing("arn:aws:iam::123456789012:user/nobody").as_str(),
            "unsupported principal: arn:aws:iam::123456789012:user/nobody",
        ),
    ] {
        fails(put_policy(&mut world, text), MALFORMED, words);
        let input = texts(&[("ResourcePolicy", text)]);
        let answer = call(&mut world, "ValidateResourcePolicy", &input);
        fails(answer, MALFORMED, words);
    }
    assert_eq!(policy_of(&mut world), None);
    let missing = texts(&[("SecretId", "none"), ("ResourcePolicy", "{}")]);
    fails(call(&mut world, "PutResourcePolicy", &missing), MISSING, "");
    for operation in ["GetResourcePolicy", "DeleteResourcePolicy"] {
        let answer = call(&mut world, operation, &texts(&[("SecretId", "none")]));
        fails(answer, MISSING, "");
        let named = texts(&[("SecretId", "my-secret"), ("PolicyName", "p")]);
        fails(call(&mut world, operation, &named), PARAMETER, "PolicyName");
    }
}

#[test]
fn policies_for_everyone_are_refused_where_that_is_asked() {
    let mut world = World::new();
    let conditioned = r#"{"Effect":"Allow","Principal":"*","Action":"secretsmanager:GetSecretValue",
        "Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}}"#;
    let get = "secretsmanager:GetSecretValue";
    for (block, is_public) in [
        (statement("Allow", r#""*""#, get), true),
        (statement("Allow", r#"{"AWS":"*"}"#, get), true),
        (
            statement("Allow", r#"{"AWS":["123456789012","*"]}"#, get),
            true,
        ),
        (statement("Deny", r#""*""#, get), false),
        (conditioned.to_owned(), false),
        (statement("Allow", r#"{"AWS":"123456789012"}"#, get), false),
    ] {
        let text = statements(&block);
        let input = texts(&[("SecretId", "my-secret"), ("ResourcePolicy", &text)]);
        let answer = call(&mut world, "ValidateResourcePolicy", &input).unwrap();
        assert_eq!(
            answer.boolean("PolicyValidationPassed"),
            Some(!is_public),
            "{text}"
        );
        assert_eq!(
            answer.records("ValidationErrors").count(),
            usize::from(is_public)
        );
        let blocking = input.clone().with("BlockPublicPolicy", true);
        let answer = call(&mut world, "PutResourcePolicy", &blocking);
        if is_public {
            fails(answer, PUBLIC, "line 1, column");
            call(&mut world, "PutResourcePolicy", &input).unwrap();
        } else {
            answer.unwrap();
        }
    }
}

#[test]
fn a_policy_comes_and_goes_and_other_changes_leave_it() {
    let mut world = World::new();
    let text = allowing("123456789012");
    put_policy(&mut world, &text).unwrap();
    put(&mut world, "my-secret", 1, "new value", &[]).unwrap();
    assert_eq!(policy_of(&mut world).as_deref(), Some(text.as_str()));
    for _ in 0..2 {
        let input = texts(&[("SecretId", "my-secret")]);
        call(&mut world, "DeleteResourcePolicy", &input).unwrap();
        assert_eq!(policy_of(&mut world), None);
    }
}

#[test]
fn a_policy_lets_in_whom_it_names_and_nobody_else() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let get = texts(&[("SecretId", "my-secret")]);
    let read =
        |world: &mut World, who: &_| world.call(who, "secretsmanager", "GetSecretValue", &get);
    fails(read(&mut world, &user), DENIED, "no identity-based policy");

    let other = world.user_without_policies("other");
    put_policy(&mut world, &allowing(USER)).unwrap();
    read(&mut world, &user).unwrap();
    fails(read(&mut world, &other), DENIED, "no identity-based policy");
    let describe = world.call(&user, "secretsmanager", "DescribeSecret", &get);
    fails(describe, DENIED, "secretsmanager:DescribeSecret");
    create(&mut world, "second", Some("value"));
    let second = texts(&[("SecretId", "second")]);
    let answer = world.call(&user, "secretsmanager", "GetSecretValue", &second);
    fails(answer, DENIED, "no identity-based policy");

    // The account's name leaves it to the account's own policies.
    put_policy(&mut world, &allowing("123456789012")).unwrap();
    fails(read(&mut world, &user), DENIED, "no identity-based policy");
    call(&mut world, "DeleteResourcePolicy", &get).unwrap();
    fails(read(&mut world, &user), DENIED, "no identity-based policy");
}

#[test]
fn a_deny_at_the_secret_counts_in_every_call_on_it() {
    let mut world = World::new();
    let user = world.user("u", &policy("Allow", "secretsmanager:*", "*"));
    let deny = statement(
        "Deny",
        &format!(r#"{{"AWS":"{USER}"}}"#),
        "secretsmanager:*",
    );
    put_policy(&mut world, &statements(&deny)).unwrap();
    let arn = world.secret_arn();
    let bare = arn.split_at(arn.len() - 7).0.to_owned();
    let mut operations = 0;
    for operation in Service::find("secretsmanager").unwrap().operations {
        for id in ["my-secret", &arn, &bare] {
            let mut input = crate::testing::least_input(operation);
            let takes = matches!(
                operation.input.map(|shape| &shape.kind),
                Some(protocol::shape::Kind::Structure(members))
                    if members.iter().any(|member| member.name == "SecretId")
            );
            if !takes {
                continue;
            }
            operations += 1;
            input.set("SecretId", id);
            let answer = world.call(&user, "secretsmanager", operation.name, &input);
            fails(answer, DENIED, "explicit deny in a resource-based policy");
        }
    }
    assert!(operations > 30, "{operations}");
}

#[test]
fn a_condition_of_the_policy_is_asked() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let block = |stage: &str| {
        statements(&format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"{USER}"}},"Resource":"*",
                "Action":"secretsmanager:GetSecretValue",
                "Condition":{{"StringEquals":{{"secretsmanager:VersionStage":"{stage}"}}}}}}"#
        ))
    };
    let get = texts(&[("SecretId", "my-secret")]);
    put_policy(&mut world, &block("AWSPREVIOUS")).unwrap();
    let answer = world.call(&user, "secretsmanager", "GetSecretValue", &get);
    fails(answer, DENIED, "no identity-based policy");
    put_policy(&mut world, &block("AWSCURRENT")).unwrap();
    world
        .call(&user, "secretsmanager", "GetSecretValue", &get)
        .unwrap();
}

#[test]
fn a_session_policy_still_narrows_what_the_secret_grants_to_the_role() {
    let mut world = World::new();
    let admin = world.admin.clone();
    let role = world.role(
        "r",
        &crate::testing::trust("123456789012"),
        &policy("Allow", "sts:*", "*"),
    );
    put_policy(&mut world, &allowing(&role)).unwrap();
    let get = texts(&[("SecretId", "my-secret")]);
    let input = texts(&[("RoleArn", &role), ("RoleSessionName", "session")]);
    let whole = world.assume(&admin, &input);
    world
        .call(&whole, "secretsmanager", "GetSecretValue", &get)
        .unwrap();
    let narrow = policy("Allow", "sts:*", "*");
    let narrowed = world.assume(&admin, &input.with("Policy", narrow));
    let answer = world.call(&narrowed, "secretsmanager", "GetSecretValue", &get);
    fails(answer, DENIED, "no session policy");
}
