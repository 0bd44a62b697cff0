//! The policy simulator.

use super::*;

const DENIED: (&str, u16) = ("AccessDenied", 403);
const OBJECT: &str = "arn:aws:s3:::bucket/key";
const CALLER: &str = "arn:aws:iam::123456789012:user/u";

fn custom(policies: &[&str], actions: &[&str]) -> Record {
    Record::new()
        .with("PolicyInputList", policies.to_vec())
        .with("ActionNames", actions.to_vec())
}

fn principal(arn: &str, actions: &[&str]) -> Record {
    texts(&[("PolicySourceArn", arn)]).with("ActionNames", actions.to_vec())
}

fn entry(name: &str, kind: &str, values: &[&str]) -> Record {
    texts(&[("ContextKeyName", name), ("ContextKeyType", kind)])
        .with("ContextKeyValues", values.to_vec())
}

fn results(world: &mut World, operation: &str, input: &Record) -> Vec<Record> {
    let answer = call(world, operation, input).unwrap();
    answer.records("EvaluationResults").cloned().collect()
}

/// The result of the one request that `input` is about.
#[track_caller]
fn result(world: &mut World, input: &Record) -> Record {
    let operation = if input.get("PolicySourceArn").is_some() {
        "SimulatePrincipalPolicy"
    } else {
        "SimulateCustomPolicy"
    };
    let results = results(world, operation, input);
    assert_eq!(results.len(), 1);
    results[0].clone()
}

#[track_caller]
fn decides(world: &mut World, input: &Record, expect: &str) {
    let result = result(world, input);
    assert_eq!(result.text("EvalDecision"), Some(expect), "{result:?}");
}

fn matched(result: &Record) -> Vec<String> {
    let shown = |statement: &Record| {
        let at = |position| {
            let at = statement.record(position).unwrap();
            let of = |member| at.integer(member).unwrap();
            format!("{}:{}", of("Line"), of("Column"))
        };
        format!(
            "{} {} {}-{}",
            statement.text("SourcePolicyType").unwrap(),
            statement.text("SourcePolicyId").unwrap(),
            at("StartPosition"),
            at("EndPosition"),
        )
    };
    result.records("MatchedStatements").map(shown).collect()
}

fn missing(result: &Record) -> Vec<&str> {
    result.texts("MissingContextValues").collect()
}

#[test]
fn a_policy_allows_denies_or_says_nothing() {
    let mut world = World::new();
    let allowing = policy("Allow", "s3:Get*", "*");
    let denying = policy("Deny", "s3:GetObject", "arn:aws:s3:::bucket/*");
    let input = custom(&[&allowing], &["s3:GetObject"]);
    let allowed = result(&mut world, &input);
    assert_eq!(allowed.text("EvalDecision"), Some("allowed"));
    assert_eq!(allowed.text("EvalResourceName"), Some("*"));
    let place = format!("1:39-1:{}", allowing.len() - 1);
    let expect = format!("IAM Policy PolicyInputList.1 {place}");
    assert_eq!(matched(&allowed), [expect]);
    assert_eq!(allowed.record("PermissionsBoundaryDecisionDetail"), None);

    decides(
        &mut world,
        &custom(&[&allowing], &["s3:PutObject"]),
        "implicitDeny",
    );
    let both = custom(&[&allowing, &denying], &["s3:GetObject"]);
    decides(&mut world, &both, "allowed");
    let both = both.with("ResourceArns", vec![OBJECT]);
    let denied = result(&mut world, &both);
    assert_eq!(denied.text("EvalDecision"), Some("explicitDeny"));
    let matched = matched(&denied);
    assert!(
        matched.len() == 1 && matched[0].contains("PolicyInputList.2"),
        "{matched:?}"
    );
}

#[test]
fn condition_keys_are_those_that_are_given_and_those_that_are_missing_are_told() {
    let mut world = World::new();
    let document = statements(
        r#"{"Effect":"Allow","Action":"s3:GetObject",
            "Resource":"arn:aws:s3:::bucket/${aws:username}",
            "Condition":{"NumericLessThan":{"s3:max-keys":"10"},
                         "ForAnyValue:StringEquals":{"aws:TagKeys":["team"]}}},
           {"Effect":"Allow","Action":"s3:PutObject","Resource":"*",
            "Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#,
    );
    let bare =
        custom(&[&document], &["s3:GetObject"]).with("ResourceArns", vec!["arn:aws:s3:::bucket/u"]);
    let denied = result(&mut world, &bare);
    assert_eq!(denied.text("EvalDecision"), Some("implicitDeny"));
    assert_eq!(
        missing(&denied),
        ["s3:max-keys", "aws:TagKeys", "aws:username"]
    );

    let some = vec![
        entry("S3:Max-Keys", "numeric", &["9"]),
        entry("aws:username", "string", &["u"]),
    ];
    let denied = result(
        &mut world,
        &bare.clone().with("ContextEntries", some.clone()),
    );
    assert_eq!(denied.text("EvalDecision"), Some("implicitDeny"));
    assert_eq!(missing(&denied), ["aws:TagKeys"]);
    let mut all = some;
    all.push(entry("aws:TagKeys", "stringList", &["cost", "team"]));
    let allowed = result(&mut world, &bare.with("ContextEntries", all));
    assert_eq!(allowed.text("EvalDecision"), Some("allowed"));
    assert!(missing(&allowed).is_empty());

    let mut keys = |operation, input: &Record| {
        let found = call(&mut world, operation, input).unwrap();
        let keys: Vec<String> = found.texts("ContextKeyNames").map(str::to_owned).collect();
        keys
    };
    let given = Record::new().with("PolicyInputList", vec![&*document]);
    let expect = [
        "s3:max-keys",
        "aws:TagKeys",
        "aws:username",
        "aws:SecureTransport",
    ];
    assert_eq!(keys("GetContextKeysForCustomPolicy", &given), expect);
    let of = "arn:aws:iam::123456789012:user/administrator";
    let given = given.with("PolicySourceArn", of);
    assert_eq!(keys("GetContextKeysForPrincipalPolicy", &given), expect);
}

#[test]
fn context_entries_that_are_not_what_they_say() {
    let mut world = World::new();
    let document = allow();
    for (kind, values) in [
        ("numeric", &["ten"][..]),
        ("boolean", &["yes"]),
        ("ip", &["10.0.0"]),
        ("ipList", &["10.0.0.0/8", "x"]),
        ("date", &["yesterday"]),
        ("binary", &["?"]),
        ("string", &["a", "b"]),
        ("string", &[]),
    ] {
        let entries = vec![entry("aws:Anything", kind, values)];
        let input = custom(&[&document], &["s3:GetObject"]).with("ContextEntries", entries);
        let answer = call(&mut world, "SimulateCustomPolicy", &input);
        fails(answer, INPUT, "Invalid context entry");
    }
    let nameless = vec![texts(&[("ContextKeyType", "string")])];
    let input = custom(&[&document], &["s3:GetObject"]).with("ContextEntries", nameless);
    let answer = call(&mut world, "SimulateCustomPolicy", &input);
    fails(answer, INPUT, "context entry");
}

#[test]
fn inputs_that_are_no_request() {
    let mut world = World::new();
    let document = allow();
    let plain = custom(&[&document], &["s3:GetObject"]);
    let trust = trust("123456789012");
    for (input, words) in [
        (
            custom(&[&document], &["GetObject"]),
            "Invalid action name: GetObject",
        ),
        (
            custom(&[&document], &["s3:Get*"]),
            "Invalid action name: s3:Get*",
        ),
        (custom(&["{"], &["s3:GetObject"]), "line 1"),
        (custom(&[&trust], &["s3:GetObject"]), "line 1"),
        (
            plain.clone().with("ResourceArns", vec!["bucket"]),
            "Invalid resource: bucket",
        ),
        (
            plain.clone().with("ResourceOwner", "me"),
            "Invalid ResourceOwner: me",
        ),
        (
            plain.clone().with("ResourcePolicy", &*document),
            "CallerArn is required",
        ),
        (
            plain
                .clone()
                .with("CallerArn", "arn:aws:iam::123456789012:role/r"),
            "is no user",
        ),
        (
            plain
                .clone()
                .with("CallerArn", CALLER)
                .with("ResourcePolicy", &*document),
            "line 1",
        ),
        (
            plain.clone().with("ResourceHandlingOption", "EC2-VPC"),
            "ResourceHandlingOption",
        ),
        (
            plain.clone().with(
                "PermissionsBoundaryPolicyInputList",
                vec![&*document, &*document],
            ),
            "one policy",
        ),
    ] {
        let answer = call(&mut world, "SimulateCustomPolicy", &input);
        fails(answer, INPUT, words);
    }
    let answer = call(
        &mut world,
        "SimulateCustomPolicy",
        &plain.with("Marker", "!"),
    );
    fails(answer, VALIDATION, "Marker");
}

#[test]
fn a_boundary_is_told_apart_and_a_given_one_takes_its_place() {
    let mut world = World::new();
    let document = policy("Allow", "s3:*", "*");
    world.user("u", &document);
    let boundary = policy("Allow", "s3:GetObject", "*");
    let members = [("PolicyName", "boundary"), ("PolicyDocument", &*boundary)];
    named(&mut world, "CreatePolicy", &members).unwrap();
    let arn = "arn:aws:iam::123456789012:policy/boundary";
    let members = [("UserName", "u"), ("PermissionsBoundary", arn)];
    named(&mut world, "PutUserPermissionsBoundary", &members).unwrap();
    let within = |result: &Record| {
        let detail = result.record("PermissionsBoundaryDecisionDetail").unwrap();
        detail.boolean("AllowedByPermissionsBoundary").unwrap()
    };
    let get = result(&mut world, &principal(CALLER, &["s3:GetObject"]));
    assert_eq!(
        (get.text("EvalDecision"), within(&get)),
        (Some("allowed"), true)
    );
    let statements = matched(&get);
    assert!(
        statements.len() == 1 && statements[0].contains("user_u_inline"),
        "{statements:?}"
    );
    let put = principal(CALLER, &["s3:PutObject"]);
    let denied = result(&mut world, &put);
    assert_eq!(
        (denied.text("EvalDecision"), within(&denied)),
        (Some("implicitDeny"), false)
    );
    let wider = put
        .clone()
        .with("PermissionsBoundaryPolicyInputList", vec![&*document]);
    decides(&mut world, &wider, "allowed");
    let excluded = vec![texts(&[("PolicyType", "permission-boundary")])];
    let without = result(&mut world, &put.with("PolicyExclusionList", excluded));
    assert_eq!(without.text("EvalDecision"), Some("allowed"));
    assert_eq!(without.record("PermissionsBoundaryDecisionDetail"), None);
}

/// A user `u` with an inline policy and one of AWS's, in a group `g` with an inline policy, which
/// all let it read.
fn member(world: &mut World) {
    let document = policy("Allow", "s3:GetObject", "*");
    world.user("u", &document);
    named(world, "CreateGroup", &[("GroupName", "g")]).unwrap();
    let members = [("GroupName", "g"), ("UserName", "u")];
    named(world, "AddUserToGroup", &members).unwrap();
    let members = [
        ("GroupName", "g"),
        ("PolicyName", "of-group"),
        ("PolicyDocument", &*document),
    ];
    named(world, "PutGroupPolicy", &members).unwrap();
    let attached = [
        ("UserName", "u"),
        (
            "PolicyArn",
            "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        ),
    ];
    named(world, "AttachUserPolicy", &attached).unwrap();
}

const OF_MEMBER: [&str; 3] = [
    "AmazonS3ReadOnlyAccess",
    "user_u_inline",
    "group_g_of-group",
];

fn ids(world: &mut World, input: &Record) -> Vec<String> {
    let result = result(world, input);
    let matched = result.records("MatchedStatements");
    matched
        .map(|it| it.text("SourcePolicyId").unwrap().to_owned())
        .collect()
}

#[test]
fn a_principals_policies_are_its_own_and_those_of_its_groups() {
    let mut world = World::new();
    member(&mut world);
    let input = principal(CALLER, &["s3:GetObject"]);
    assert_eq!(ids(&mut world, &input), OF_MEMBER);
    let group = "arn:aws:iam::123456789012:group/g";
    let of_group = principal(group, &["s3:GetObject"]);
    assert_eq!(ids(&mut world, &of_group), ["group_g_of-group"]);
    let role = format!("arn:aws:iam::123456789012:role/{}", crate::sample::ROLE);
    let of_role = principal(&role, &["secretsmanager:GetSecretValue"]);
    let of_role = of_role.with("ResourceArns", vec![world.secret_arn()]);
    assert_eq!(ids(&mut world, &of_role), ["ec2-secrets-manager-policy"]);
    let more = input.with("PolicyInputList", vec![policy("Allow", "*", "*")]);
    assert_eq!(ids(&mut world, &more).last().unwrap(), "PolicyInputList.1");
}

#[test]
fn policies_can_be_left_out_by_kind_by_arn_and_by_owner() {
    let mut world = World::new();
    member(&mut world);
    let all = OF_MEMBER;
    let input = principal(CALLER, &["s3:GetObject"]);
    let inline = |name: &str, kind: &str, owner: &str| {
        let of = [
            ("PolicyName", name),
            ("AttachmentType", kind),
            ("AttachmentName", owner),
        ];
        Record::new().with("InlinePolicyIdentifier", texts(&of))
    };
    for (excluded, left) in [
        (texts(&[("PolicyType", "inline")]), &all[..1]),
        (texts(&[("PolicyType", "aws-managed")]), &all[1..]),
        (texts(&[("PolicyType", "user-managed")]), &all[..]),
        (
            texts(&[("PolicyArn", "arn:aws:iam::aws:policy/AmazonS3*")]),
            &all[1..],
        ),
        (inline("inline", "user", "u"), &[all[0], all[2]]),
        (inline("of-group", "group", "g"), &all[..2]),
        (inline("of-group", "group", "other"), &all[..]),
    ] {
        let input = input
            .clone()
            .with("PolicyExclusionList", vec![excluded.clone()]);
        assert_eq!(ids(&mut world, &input), left, "{excluded:?}");
    }
    for excluded in [
        texts(&[("PolicyType", "scp")]),
        texts(&[("PolicyArn", "arn:aws:iam::*:role/abcdefghij")]),
        texts(&[
            ("PolicyType", "inline"),
            ("PolicyArn", "arn:aws:iam::aws:policy/x"),
        ]),
    ] {
        let input = input.clone().with("PolicyExclusionList", vec![excluded]);
        let answer = call(&mut world, "SimulatePrincipalPolicy", &input);
        fails(answer, INPUT, "");
    }
}

#[test]
fn a_principal_that_is_not_there() {
    let mut world = World::new();
    for (kind, path) in [
        ("user", ""),
        ("group", ""),
        ("role", ""),
        ("user", "wrong/"),
    ] {
        let arn = format!("arn:aws:iam::123456789012:{kind}/{path}none");
        let answer = call(
            &mut world,
            "SimulatePrincipalPolicy",
            &principal(&arn, &["s3:Get"]),
        );
        fails(
            answer,
            MISSING,
            &format!("The {kind} with name none cannot be found."),
        );
    }
    let policy = "arn:aws:iam::123456789012:policy/ec2-secrets-manager-policy";
    let answer = call(
        &mut world,
        "SimulatePrincipalPolicy",
        &principal(policy, &["s3:Get"]),
    );
    fails(answer, INPUT, "Invalid Entity Arn");
    // What others have in their accounts, nobody here may ask.
    let foreign = "arn:aws:iam::999999999999:user/u";
    let answer = call(
        &mut world,
        "SimulatePrincipalPolicy",
        &principal(foreign, &["s3:Get"]),
    );
    fails(answer, DENIED, "iam:SimulatePrincipalPolicy");
}

#[test]
fn a_resources_policy_may_allow_in_its_account_and_must_across_accounts() {
    let mut world = World::new();
    let nothing = policy("Allow", "ec2:*", "*");
    let bucket = |effect: &str, who: &str| {
        statements(&format!(
            r#"{{"Effect":"{effect}","Principal":{{"AWS":"{who}"}},"Action":"s3:GetObject",
                "Resource":"arn:aws:s3:::bucket/*"}}"#
        ))
    };
    let ask = |policy: &str, document: &str| {
        custom(&[policy], &["s3:GetObject"])
            .with("ResourceArns", vec![OBJECT])
            .with("CallerArn", CALLER)
            .with("ResourcePolicy", document)
    };
    let named = bucket("Allow", CALLER);
    let allowed = result(&mut world, &ask(&nothing, &named));
    assert_eq!(allowed.text("EvalDecision"), Some("allowed"));
    let places = matched(&allowed);
    assert!(
        places[0].starts_with("Resource Policy ResourcePolicy 1:39-2:"),
        "{places:?}"
    );
    assert_eq!(allowed.get("EvalDecisionDetails"), None);
    let other = bucket("Allow", "arn:aws:iam::123456789012:user/other");
    decides(&mut world, &ask(&nothing, &other), "implicitDeny");
    decides(
        &mut world,
        &ask(&allow(), &bucket("Deny", CALLER)),
        "explicitDeny",
    );

    // The bucket is another account's.
    let across = |policy: &str, document: &str| {
        ask(policy, document).with("ResourceOwner", "arn:aws:iam::999999999999:root")
    };
    let denied = result(&mut world, &across(&nothing, &named));
    assert_eq!(denied.text("EvalDecision"), Some("implicitDeny"));
    let Some(protocol::Value::Map(details)) = denied.get("EvalDecisionDetails") else {
        panic!("no details");
    };
    let details: Vec<String> = details
        .iter()
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    assert!(details[0].contains("IAM Policy") && details[0].contains("implicitDeny"));
    assert!(details[1].contains("Resource Policy") && details[1].contains("allowed"));
    decides(&mut world, &across(&allow(), &named), "allowed");
    decides(&mut world, &across(&allow(), &other), "implicitDeny");
    decides(
        &mut world,
        &ask(&allow(), &other).with("ResourceOwner", "999999999999"),
        "implicitDeny",
    );
}

#[test]
fn to_assume_a_role_its_trust_policy_has_to_allow() {
    let mut world = World::new();
    let document = policy("Allow", "sts:AssumeRole", "*");
    let plain = custom(&[&document], &["sts:AssumeRole"])
        .with("ResourceArns", vec!["arn:aws:iam::123456789012:role/r"]);
    decides(&mut world, &plain, "allowed");
    let ask = |who: &str| {
        plain
            .clone()
            .with("CallerArn", CALLER)
            .with("ResourcePolicy", trust(who))
    };
    decides(&mut world, &ask("123456789012"), "allowed");
    decides(
        &mut world,
        &ask("arn:aws:iam::123456789012:user/other"),
        "implicitDeny",
    );
}

#[test]
fn an_organization_has_to_allow_on_every_level() {
    let mut world = World::new();
    let all = policy("Allow", "*", "*");
    let some = policy("Allow", "ec2:*", "*");
    let level = |policy: &str| Record::new().with("ServiceControlPolicyInputList", vec![policy]);
    for (levels, expect) in [
        (vec![level(&all), level(&all)], "allowed"),
        (vec![level(&all), level(&some)], "implicitDeny"),
        (
            vec![level(&all), level(&policy("Deny", "s3:*", "*"))],
            "explicitDeny",
        ),
    ] {
        let input = custom(&[&all], &["s3:GetObject"]);
        let input = input.with("OrderedOrganizationPolicyInputList", levels);
        let result = result(&mut world, &input);
        assert_eq!(result.text("EvalDecision"), Some(expect));
        let detail = result.record("OrganizationsDecisionDetail").unwrap();
        let allowed = detail.boolean("AllowedByOrganizations");
        assert_eq!(allowed, Some(expect == "allowed"));
    }
}

#[test]
fn every_action_is_tried_on_every_resource_in_pages() {
    let mut world = World::new();
    let input = custom(&[&allow()], &["s3:GetObject", "s3:PutObject"]).with(
        "ResourceArns",
        vec!["arn:aws:s3:::a", "arn:aws:s3:::b", "arn:aws:s3:::c"],
    );
    for size in [1, 4, 6, 100] {
        let mut input = input.clone().with("MaxItems", size);
        let mut all = Vec::new();
        loop {
            let page = call(&mut world, "SimulateCustomPolicy", &input).unwrap();
            let shown = page.records("EvaluationResults").map(|result| {
                let of = |member| result.text(member).unwrap().rsplit(':').next().unwrap();
                let (action, resource) = (of("EvalActionName"), of("EvalResourceName"));
                format!("{action} {resource} {}", of("EvalDecision"))
            });
            let before = all.len();
            all.extend(shown);
            assert!(i64::try_from(all.len() - before).unwrap() <= size);
            match page.text("Marker") {
                Some(marker) => input.set("Marker", marker),
                None => break,
            }
        }
        let expect = [
            "GetObject a allowed",
            "GetObject b allowed",
            "GetObject c allowed",
            "PutObject a implicitDeny",
            "PutObject b implicitDeny",
            "PutObject c implicitDeny",
        ];
        assert_eq!(all, expect, "{size}");
    }
}

#[test]
fn the_simulator_says_what_the_gate_says() {
    let mut world = World::new();
    let document = statements(
        r#"{"Effect":"Allow","Action":"iam:List*","Resource":"*"},
           {"Effect":"Deny","Action":"iam:ListUsers","Resource":"*"}"#,
    );
    let user = world.user("u", &document);
    for operation in ["ListRoles", "ListUsers", "ListGroups", "GetAccountSummary"] {
        let real = world.call(&user, "iam", operation, &Record::new()).is_ok();
        let action = format!("iam:{operation}");
        let result = result(&mut world, &principal(CALLER, &[&action]));
        let simulated = result.text("EvalDecision") == Some("allowed");
        assert_eq!(real, simulated, "{operation}");
    }
}

#[test]
fn who_may_simulate_one_principal_may_not_simulate_another() {
    let mut world = World::new();
    let user = world.user("u", &policy("Allow", "iam:SimulatePrincipalPolicy", CALLER));
    let own = principal(CALLER, &["s3:GetObject"]);
    world
        .call(&user, "iam", "SimulatePrincipalPolicy", &own)
        .unwrap();
    let other = principal(
        "arn:aws:iam::123456789012:user/administrator",
        &["s3:GetObject"],
    );
    let answer = world.call(&user, "iam", "SimulatePrincipalPolicy", &other);
    fails(answer, DENIED, "user/administrator");
    let input = custom(&[&allow()], &["s3:GetObject"]);
    let answer = world.call(&user, "iam", "SimulateCustomPolicy", &input);
    fails(answer, DENIED, "iam:SimulateCustomPolicy");
}
