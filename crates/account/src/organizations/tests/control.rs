//! Tests: what service and resource control policies do to calls.

use protocol::sigv4::Credentials;
use protocol::{Fault, Record, Secret};

use super::{FULL, MEMBER, Organization, RCP, SCP, deny};
use crate::entity::{ControlType, Entity, Located};
use crate::home::Home;
use crate::state::{Partition, StateError};
use crate::testing::{ACCOUNT, fails, policy, statements, texts};

const DENIED: (&str, u16) = ("AccessDeniedException", 400);

fn create_secret(
    own: &mut Organization,
    caller: &Credentials,
    name: &str,
) -> Result<Record, Fault> {
    let input = texts(&[("Name", name)]).with("SecretString", Secret::from_text("value".into()));
    own.world
        .call(caller, "secretsmanager", "CreateSecret", &input)
}

fn delete_secret(
    own: &mut Organization,
    caller: &Credentials,
    name: &str,
) -> Result<Record, Fault> {
    let input = texts(&[("SecretId", name)]).with("ForceDeleteWithoutRecovery", true);
    own.world
        .call(caller, "secretsmanager", "DeleteSecret", &input)
}

fn read_secret(own: &mut Organization, caller: &Credentials, id: &str) -> Result<Record, Fault> {
    let input = texts(&[("SecretId", id)]);
    own.world
        .call(caller, "secretsmanager", "GetSecretValue", &input)
}

#[test]
fn a_service_control_policy_denies_an_administrator_below_it_and_no_other() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let (inside, outside) = (own.account("a"), own.account("b"));
    let upper = own.unit(&root, "upper");
    let lower = own.unit(&upper, "lower");
    own.move_to(&inside, &root, &lower);
    let scp = own.policy(SCP, "p", &deny("secretsmanager:DeleteSecret"));
    own.attach(&scp, &upper);
    let (inside_admin, outside_admin) = (own.enter(&inside), own.enter(&outside));
    for admin in [&inside_admin, &outside_admin] {
        create_secret(&mut own, admin, "s").unwrap();
    }
    let words = "with an explicit deny in a service control policy";
    fails(delete_secret(&mut own, &inside_admin, "s"), DENIED, words);
    delete_secret(&mut own, &outside_admin, "s").unwrap();

    // A move counts at once.
    own.move_to(&inside, &lower, &root);
    delete_secret(&mut own, &inside_admin, "s").unwrap();
    create_secret(&mut own, &inside_admin, "t").unwrap();
    own.move_to(&inside, &root, &upper);
    fails(delete_secret(&mut own, &inside_admin, "t"), DENIED, words);
    // So does a change of the policy, and its end.
    let changed = deny("s3:*");
    let input = [("PolicyId", scp.as_str()), ("Content", &changed)];
    own.call("UpdatePolicy", &input).unwrap();
    delete_secret(&mut own, &inside_admin, "t").unwrap();
    create_secret(&mut own, &inside_admin, "u").unwrap();
    let back = deny("secretsmanager:*");
    let input = [("PolicyId", scp.as_str()), ("Content", &back)];
    own.call("UpdatePolicy", &input).unwrap();
    fails(delete_secret(&mut own, &inside_admin, "u"), DENIED, words);
    own.call("RemoveAccountFromOrganization", &[("AccountId", &inside)])
        .unwrap();
    delete_secret(&mut own, &inside_admin, "u").unwrap();
}

#[test]
fn the_management_account_is_not_limited() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let scp = own.policy(SCP, "p", &deny("secretsmanager:*"));
    own.attach(&scp, &root);
    own.attach(&scp, ACCOUNT);
    let rcp = statements(
        r#"{"Effect":"Deny","Principal":"*","Action":"secretsmanager:*","Resource":"*"}"#,
    );
    let rcp = own.policy(RCP, "p", &rcp);
    own.attach(&rcp, &root);
    let admin = own.world.admin.clone();
    create_secret(&mut own, &admin, "s").unwrap();
    delete_secret(&mut own, &admin, "s").unwrap();
}

#[test]
fn every_level_has_to_allow() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let account = own.account("a");
    let unit = own.unit(&root, "u");
    own.move_to(&account, &root, &unit);
    let session = own.enter(&account);
    let scp = own.policy(SCP, "kms", &policy("Allow", "kms:*", "*"));
    own.attach(&scp, &unit);
    create_secret(&mut own, &session, "s").unwrap();
    let input = [("PolicyId", FULL), ("TargetId", unit.as_str())];
    own.call("DetachPolicy", &input).unwrap();
    let words = "because no service control policy allows";
    fails(create_secret(&mut own, &session, "t"), DENIED, words);
    own.world
        .call(&session, "kms", "ListKeys", &Record::new())
        .unwrap();
    own.call("AttachPolicy", &input).unwrap();
    create_secret(&mut own, &session, "t").unwrap();
}

#[test]
fn a_service_control_policy_grants_nothing() {
    let mut own = Organization::new();
    let account = own.account("a");
    let session = own.enter(&account);
    let name = texts(&[("UserName", "nobody")]);
    let call = ("iam", "CreateUser");
    own.world.call(&session, call.0, call.1, &name).unwrap();
    let made = own.world.call(&session, "iam", "CreateAccessKey", &name);
    let made = made.unwrap();
    let key = made.record("AccessKey").unwrap();
    let nobody = Credentials {
        access_key_id: key.text("AccessKeyId").unwrap().to_owned(),
        secret_access_key: key.secret("SecretAccessKey").unwrap().clone(),
        session_token: None,
    };
    let words = "no identity-based policy allows";
    fails(create_secret(&mut own, &nobody, "s"), DENIED, words);
}

/// A member's secret that another account may read; its ARN.
fn shared(own: &mut Organization, member: &str, with: &str) -> String {
    let session = own.enter(member);
    let key_policy = statements(&format!(
        r#"{{"Effect":"Allow",
            "Principal":{{"AWS":["arn:aws:iam::{member}:root","arn:aws:iam::{with}:root"]}},
            "Action":"kms:*","Resource":"*"}}"#
    ));
    let input = texts(&[("Policy", &key_policy)]);
    let made = own
        .world
        .call(&session, "kms", "CreateKey", &input)
        .unwrap();
    let key = made.record("KeyMetadata").unwrap().text("Arn").unwrap();
    let input = texts(&[("Name", "shared"), ("KmsKeyId", key)])
        .with("SecretString", Secret::from_text("value".into()));
    let made = own
        .world
        .call(&session, "secretsmanager", "CreateSecret", &input)
        .unwrap();
    let allow = statements(&format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{with}:root"}},
            "Action":"secretsmanager:GetSecretValue","Resource":"*"}}"#
    ));
    let input = texts(&[("SecretId", "shared"), ("ResourcePolicy", &allow)]);
    let put = "PutResourcePolicy";
    own.world
        .call(&session, "secretsmanager", put, &input)
        .unwrap();
    made.text("ARN").unwrap().to_owned()
}

#[test]
fn a_resource_control_policy_keeps_strangers_from_a_secret() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let account = own.account("a");
    let stranger = own.world.account(MEMBER);
    let arn = shared(&mut own, &account, MEMBER);
    read_secret(&mut own, &stranger, &arn).unwrap();
    let organization = own.call("DescribeOrganization", &[]).unwrap();
    let organization = organization.record("Organization").unwrap();
    let rcp = statements(&format!(
        r#"{{"Effect":"Deny","Principal":"*","Action":"secretsmanager:*","Resource":"*",
            "Condition":{{"StringNotEqualsIfExists":{{"aws:PrincipalOrgID":"{}"}}}}}}"#,
        organization.text("Id").unwrap()
    ));
    let rcp = own.policy(RCP, "perimeter", &rcp);
    own.attach(&rcp, &root);
    let words = "with an explicit deny in a resource control policy";
    fails(read_secret(&mut own, &stranger, &arn), DENIED, words);
    // Those of the organization are not kept from it.
    let session = own.enter(&account);
    read_secret(&mut own, &session, "shared").unwrap();
    // What the stranger has itself is none of the organization's.
    create_secret(&mut own, &stranger, "s").unwrap();
    let input = [("PolicyId", rcp.as_str()), ("TargetId", root.as_str())];
    own.call("DetachPolicy", &input).unwrap();
    read_secret(&mut own, &stranger, &arn).unwrap();
}

#[test]
fn a_resource_control_policy_is_for_the_services_that_have_them() {
    let mut own = Organization::new();
    let (root, account) = (own.root.clone(), own.account("a"));
    let session = own.enter(&account);
    let rcp = statements(
        r#"{"Effect":"Deny","Principal":"*","Action":["iam:*","sts:*"],"Resource":"*"}"#,
    );
    let rcp = own.policy(RCP, "p", &rcp);
    own.attach(&rcp, &root);
    own.world
        .call(&session, "iam", "ListUsers", &Record::new())
        .unwrap();
    let role = format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole");
    let input = texts(&[("RoleArn", &role), ("RoleSessionName", "session")]);
    let answer = own.world.admin("sts", "AssumeRole", &input);
    let words = "with an explicit deny in a resource control policy";
    fails(answer, ("AccessDenied", 403), words);
}

/// Whether an account's user may list secrets whom this condition alone allows it.
fn may(own: &mut Organization, account: &str, condition: &str) -> bool {
    let session = own.enter(account);
    let mut iam = |operation: &str, members: &[(&'static str, &str)]| {
        let input = texts(members);
        own.world.call(&session, "iam", operation, &input).unwrap()
    };
    let name = ("UserName", "u");
    iam("CreateUser", &[name]);
    let allow = statements(&format!(
        r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}"#
    ));
    let policy = ("PolicyName", "p");
    iam("PutUserPolicy", &[name, policy, ("PolicyDocument", &allow)]);
    let made = iam("CreateAccessKey", &[name]);
    let made = made.record("AccessKey").unwrap();
    let user = Credentials {
        access_key_id: made.text("AccessKeyId").unwrap().to_owned(),
        secret_access_key: made.secret("SecretAccessKey").unwrap().clone(),
        session_token: None,
    };
    let service = "secretsmanager";
    let answer = own
        .world
        .call(&user, service, "ListSecrets", &Record::new());
    let mut iam = |operation: &str, members: &[(&'static str, &str)]| {
        let input = texts(members);
        own.world.call(&session, "iam", operation, &input).unwrap()
    };
    iam(
        "DeleteAccessKey",
        &[name, ("AccessKeyId", &user.access_key_id)],
    );
    iam("DeleteUserPolicy", &[name, policy]);
    iam("DeleteUser", &[name]);
    answer.is_ok()
}

#[test]
fn conditions_ask_where_in_the_organization_somebody_is() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let account = own.account("a");
    let unit = own.unit(&root, "u");
    let membership = own.world.partition.membership(ACCOUNT).unwrap();
    let (id, of_root) = (membership.organization.clone(), membership.path.clone());
    assert_eq!(of_root, format!("{id}/{root}/"));
    let path = format!("{of_root}{unit}/");
    let any = "ForAnyValue:StringEquals";
    for (key, operator, value, before, after) in [
        ("aws:PrincipalOrgID", "StringEquals", &*id, true, true),
        (
            "aws:PrincipalOrgID",
            "StringEquals",
            "o-other",
            false,
            false,
        ),
        ("aws:PrincipalOrgPaths", any, &*path, false, true),
        ("aws:PrincipalOrgPaths", any, &*of_root, true, false),
        ("aws:ResourceOrgID", "StringEquals", &*id, true, true),
        ("aws:ResourceOrgPaths", any, &*path, false, true),
    ] {
        let condition = format!(r#"{{"{operator}":{{"{key}":"{value}"}}}}"#);
        assert_eq!(may(&mut own, &account, &condition), before, "{condition}");
        own.move_to(&account, &root, &unit);
        assert_eq!(may(&mut own, &account, &condition), after, "{condition}");
        own.move_to(&account, &unit, &root);
    }
}

#[test]
fn what_limits_an_account_is_found_again_in_its_records_in_any_order() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let account = own.account("a");
    let unit = own.unit(&root, "u");
    let scp = own.policy(SCP, "p", &deny("secretsmanager:*"));
    own.attach(&scp, &unit);
    own.move_to(&account, &root, &unit);

    let partition = &own.world.partition;
    let organization = partition.account(ACCOUNT).unwrap().organization();
    let at = |account: &str| Home::new(account, "us-east-1");
    let mut records = vec![(at(ACCOUNT), Entity::Settings(partition.settings().clone()))];
    let record = organization.record().unwrap();
    records.push((at(ACCOUNT), Entity::Organization((**record).clone())));
    for member in organization.members().values() {
        records.push((at(ACCOUNT), Entity::MemberAccount((**member).clone())));
        let record = partition.account(&member.id).unwrap().record().clone();
        records.push((at(&member.id), Entity::Account(record)));
    }
    for unit in organization.units().values() {
        records.push((at(ACCOUNT), Entity::OrganizationalUnit((**unit).clone())));
    }
    for held in organization.policies().values() {
        records.push((at(ACCOUNT), Entity::ControlPolicy(held.policy.clone())));
    }
    for turned in 0..records.len() {
        records.rotate_left(1);
        let all = records.iter().cloned();
        let all = all.map(|(home, entity)| Located { home, entity });
        let read = Partition::load(all).unwrap();
        let membership = read.membership(&account).unwrap();
        let levels = membership.levels(ControlType::Service);
        assert_eq!(levels.len(), 1, "{turned}");
        assert_eq!(levels[0][1].policy.id, scp, "{turned}");
        assert!(
            read.membership(ACCOUNT)
                .unwrap()
                .levels(ControlType::Service)
                .is_empty()
        );
    }
    // Less than the whole is no account that is limited less.
    for missing in ["policy", "unit"] {
        let all = records.iter().cloned();
        let all = all.filter(|(_, entity)| match entity {
            Entity::ControlPolicy(_) => missing != "policy",
            Entity::OrganizationalUnit(_) => missing != "unit",
            _ => true,
        });
        let read = Partition::load(all.map(|(home, entity)| Located { home, entity }));
        assert!(matches!(read, Err(StateError::Orphan(_))), "{missing}");
    }
}

#[test]
fn the_simulator_knows_what_limits_an_account() {
    let mut own = Organization::new();
    let account = own.account("work");
    let session = own.enter(&account);
    let role = format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole");
    let input = texts(&[("PolicySourceArn", &role)])
        .with("ActionNames", vec!["s3:GetObject", "ec2:RunInstances"]);
    let decided = |own: &mut Organization| {
        let call = own
            .world
            .call(&session, "iam", "SimulatePrincipalPolicy", &input);
        let answer = call.unwrap();
        let results = answer.records("EvaluationResults");
        let decisions = results.map(|result| result.text("EvalDecision").unwrap().to_owned());
        decisions.collect::<Vec<_>>()
    };
    assert_eq!(decided(&mut own), ["allowed", "allowed"]);

    let denies = own.policy(SCP, "no-objects", &deny("s3:*"));
    own.attach(&denies, &account);

    assert_eq!(decided(&mut own), ["explicitDeny", "allowed"]);
}
