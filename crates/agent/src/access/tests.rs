//! Callers who must get nothing, by what they lack; then what the rules open.

use proptest::prelude::*;
use protocol::Secret;

use super::*;
use crate::ask::Ask;
use crate::caller::{NO_GID, Process};
use crate::config::parse;
use crate::entry::SecretVersion;
use crate::moment::Moment;
use crate::value::Value;

const OWN: u32 = 900;
const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:app/db-AbCdEf";

fn rules(rules: &str) -> Rules {
    let text = format!(
        "service: {{tcp: {{endpoint: ':1'}}}}\nsecret-manager: {{aws: {{region: us-east-1, \
         resources: {{a: b}}}}}}\naccess: {{tokens: {{t: /t}}, rules: {rules}}}"
    );
    let config = parse(&text, "f").unwrap();
    let look_up = |name: &str| (name == "www-data").then_some(33);
    Rules::new(&config.access, &resources(), OWN, look_up, look_up).unwrap()
}

fn resources() -> BTreeMap<String, Ask> {
    let by_role = ask("theirs").by_role("reader");
    BTreeMap::from([
        ("web-db".to_owned(), ask("app/db")),
        ("web-arn".to_owned(), ask(ARN)),
        ("theirs".to_owned(), by_role),
    ])
}

fn defaults() -> Rules {
    Rules::new(&Access::default(), &resources(), OWN, |_| None, |_| None).unwrap()
}

fn process(uid: u32) -> Process {
    Process {
        pid: Some(7),
        uid,
        gid: 100,
        groups: vec![33, 44],
        exe: Some("/usr/bin/app".to_owned()),
        unit: Some("app.service".to_owned()),
        cgroup: Some("/system.slice/app.service".to_owned()),
        network: None,
    }
}

fn user(uid: u32) -> Caller {
    Caller {
        process: Some(process(uid)),
        ..Caller::default()
    }
}

fn ask(secret: &str) -> Ask {
    Ask::new(secret, None, None).unwrap()
}

fn of<'a>(ask: &'a Ask, key: Option<&'a str>) -> Wanted<'a> {
    Wanted {
        resource: None,
        ask,
        key,
    }
}

fn entry() -> Entry {
    let version = SecretVersion {
        arn: ARN.to_owned(),
        name: "app/db".to_owned(),
        version_id: "v".to_owned(),
        version_stages: Vec::new(),
        created: jiff::Timestamp::UNIX_EPOCH,
        value: Value::Text(Secret::from_text("{}".to_owned())),
    };
    let ask = Ask::new(ARN, None, None).unwrap();
    Entry::new(&ask, version, Moment::default(), 0)
}

fn check(
    rules: &Rules,
    caller: &Caller,
    (secret, key): (&str, Option<&str>),
    expect: Result<&str, Denial>,
) {
    let ask = ask(secret);
    let wanted = of(&ask, key);
    let expect = match expect {
        Ok(rule) => Decision::Allowed(rule.to_owned()),
        Err(denial) => Decision::Denied(denial),
    };
    assert_eq!(
        rules.decide(caller, Listener::Uds, wanted),
        expect,
        "{caller:?} {wanted:?}"
    );
}

#[test]
fn what_no_rule_opens_is_closed() {
    let none = rules("[]");
    let anything = ("a", None);
    let with_token = Caller {
        token: Some("t".to_owned()),
        ..user(0)
    };
    check(&none, &with_token, anything, Err(Denial::NobodysRule));
    assert!(!none.decide_credentials(&with_token).is_allowed());

    let some = rules("[{name: r, who: {uid: 5}, secrets: [b, 'c*']}]");
    check(&some, &user(6), ("b", None), Err(Denial::NobodysRule));
    check(&some, &user(0), ("b", None), Err(Denial::NobodysRule));
    check(&some, &user(5), ("a", None), Err(Denial::NotOpened));
    check(&some, &user(5), ("cc", None), Ok("r"));
    assert!(!some.decide_credentials(&user(5)).is_allowed());
}

#[test]
fn what_is_not_known_of_a_caller_fits_no_rule() {
    let nobody = Caller::default();
    for who in [
        "{uid: 0}",
        "{gid: 0}",
        "{exe: '/*'}",
        "{unit: '*'}",
        "{cgroup: /}",
        "{certificate: '*'}",
        "{token: t}",
    ] {
        let rules = rules(&format!("[{{who: {who}, secrets: '*'}}]"));
        check(&rules, &nobody, ("a", None), Err(Denial::NobodysRule));
    }
    let unseen = Caller {
        process: Some(Process {
            pid: None,
            uid: 0,
            gid: NO_GID,
            groups: Vec::new(),
            exe: None,
            unit: None,
            cgroup: None,
            network: None,
        }),
        ..Caller::default()
    };
    for who in [
        "{exe: '/*'}",
        "{unit: '*'}",
        "{cgroup: /}",
        "{gid: 4294967295}",
    ] {
        let rules = rules(&format!("[{{who: {who}, secrets: '*'}}]"));
        check(&rules, &unseen, ("a", None), Err(Denial::NobodysRule));
    }
}

#[test]
fn all_that_a_rule_asks_for_must_hold() {
    let all = rules(
        "[{name: r, secrets: '*', who: {uid: [5, www-data], gid: 44, exe: '/usr/*/app', \
         unit: app.service, cgroup: /system.slice}}]",
    );
    check(&all, &user(5), ("a", None), Ok("r"));
    check(&all, &user(33), ("a", None), Ok("r"));
    let without = |change: fn(&mut Process)| {
        let mut caller = user(5);
        change(caller.process.as_mut().unwrap());
        check(&all, &caller, ("a", None), Err(Denial::NobodysRule));
    };
    without(|process| process.uid = 6);
    without(|process| process.groups.clear());
    without(|process| process.exe = Some("/usr/bin/other".to_owned()));
    without(|process| process.exe = None);
    without(|process| process.unit = Some("app.service.d".to_owned()));
    without(|process| process.cgroup = Some("/system.slice2/app.service".to_owned()));
}

#[test]
fn a_key_opens_itself_alone() {
    let rules = rules("[{name: r, who: anyone, secrets: db, keys: [user, password]}]");
    let nobody = Caller::default();

    check(&rules, &nobody, ("db", Some("user")), Ok("r"));
    check(&rules, &nobody, ("db", None), Err(Denial::KeysAlone));
    check(
        &rules,
        &nobody,
        ("db", Some("users")),
        Err(Denial::NotOpened),
    );
    check(&rules, &nobody, ("db", Some("*")), Err(Denial::NotOpened));
}

#[test]
fn a_resource_is_opened_by_its_name_or_by_its_secret() {
    let rules = rules("[{name: r, who: anyone, resources: 'web-*', secrets: db}]");
    let opens = |resource, secret| {
        let wanted = Wanted {
            resource: Some(resource),
            ..of(secret, None)
        };
        rules
            .decide(&Caller::default(), Listener::Tcp, wanted)
            .is_allowed()
    };
    let (anything, db, web) = (ask("anything"), ask("db"), ask("web-1"));
    assert!(opens("web-1", &anything) && opens("x", &db));
    assert!(!opens("xweb-1", &anything) && !opens("db", &web));
    // The name of a resource is not the name of a secret.
    check(
        &rules,
        &Caller::default(),
        ("web-1", None),
        Err(Denial::NotOpened),
    );
}

#[test]
fn a_resource_is_opened_however_its_secret_is_asked_for() {
    let rules = rules("[{name: r, who: anyone, resources: [web-db, theirs]}]");
    let caller = Caller::default();
    let entry = entry();
    let is_open = |ask: &Ask, is_home: bool| {
        let wanted = of(ask, None);
        let by = Listener::AwsHttp;
        rules.decide(&caller, by, wanted).is_allowed()
            && rules
                .confirm(&caller, by, wanted, (&entry, is_home))
                .is_allowed()
    };
    assert!(is_open(&ask("app/db"), true) && is_open(&ask(ARN), true));
    assert!(!is_open(&ask(ARN), false), "of another account");
    assert!(!is_open(&ask("app/db2"), true));
    assert!(
        !is_open(&ask("app/db").at_stage("AWSPREVIOUS"), true),
        "another version"
    );
    assert!(!is_open(&ask("theirs"), true), "without the role");
    assert!(is_open(&ask("theirs").by_role("reader"), false));
}

#[test]
fn an_arn_is_taken_for_its_name_only_in_the_agents_own_account() {
    let rules = rules("[{name: r, who: anyone, secrets: app/db}]");
    let caller = Caller::default();
    let entry = entry();
    let confirm = |ask: &Ask, is_home| {
        let wanted = of(ask, None);
        rules
            .confirm(&caller, Listener::AwsHttp, wanted, (&entry, is_home))
            .is_allowed()
    };
    check(&rules, &caller, (ARN, None), Ok("r"));
    assert!(confirm(&ask(ARN), true));
    assert!(!confirm(&ask(ARN), false));
    // What was asked for by an open name, and is another secret.
    assert!(!confirm(&ask("app/db"), false));
    // What a role reads is not of the agent's own account.
    let by_role = ask("app/db").by_role("reader");
    assert!(
        !rules
            .decide(&caller, Listener::Sdk, of(&by_role, None))
            .is_allowed()
    );
    assert!(!confirm(&by_role, true) && !confirm(&ask(ARN).by_role("reader"), true));
}

#[test]
fn an_arn_in_a_rule_may_leave_the_suffix_out() {
    let full = format!("[{{name: r, who: anyone, secrets: '{ARN}'}}]");
    let partial = full.replace("-AbCdEf", "");
    for text in [full, partial] {
        let rules = rules(&text);
        let caller = Caller::default();
        check(&rules, &caller, (ARN, None), Ok("r"));
        let ask = ask(ARN).by_role("reader");
        let wanted = of(&ask, None);
        assert!(rules.decide(&caller, Listener::Tcp, wanted).is_allowed());
        let confirmed = rules.confirm(&caller, Listener::Tcp, wanted, (&entry(), false));
        assert!(confirmed.is_allowed());
    }
}

#[test]
fn each_rule_says_why() {
    let rules = rules(
        "[{name: a, who: {uid: 5, gid: 9}, secrets: db}, {name: b, who: {uid: 5}, secrets: x}, \
         {name: c, who: {uid: 5}, secrets: db, keys: k}, {name: d, who: anyone, secrets: db}]",
    );
    let ask = ask("db");

    assert_eq!(
        rules.explain(&user(5), of(&ask, None)),
        [
            ("a", Verdict::NotAbout("gid")),
            ("b", Verdict::NotThis),
            ("c", Verdict::OtherKeys),
            ("d", Verdict::Opens)
        ]
    );
    assert_eq!(
        rules.explain(&user(6), of(&ask, None))[0].1,
        Verdict::NotAbout("uid")
    );
    assert_eq!(defaults().explain(&user(5), of(&ask, None)), []);
}

#[test]
fn tokens_and_certificates_are_known_by_name() {
    let rules = rules(
        "[{name: t, who: {token: t}, secrets: a}, {name: c, who: {certificate: '*.app'}, \
         secrets: b, credentials: true}]",
    );
    let by_token = Caller {
        token: Some("t".to_owned()),
        ..Caller::default()
    };
    let by_name = Caller {
        certificate_names: vec!["x".to_owned(), "db.app".to_owned()],
        ..Caller::default()
    };
    check(&rules, &by_token, ("a", None), Ok("t"));
    check(&rules, &by_token, ("b", None), Err(Denial::NotOpened));
    check(&rules, &by_name, ("b", None), Ok("c"));
    assert!(rules.decide_credentials(&by_name).is_allowed());
    assert!(!rules.decide_credentials(&by_token).is_allowed());
}

#[test]
fn without_rules_the_listener_decides() {
    let rules = defaults();
    let token = Caller {
        token: Some("default".to_owned()),
        ..user(5)
    };
    let all = [
        (Listener::Tcp, [true, true, true]),
        (Listener::Management, [true, true, true]),
        (Listener::MutualTls, [true, true, true]),
        (Listener::Uds, [false, true, true]),
        (Listener::AwsHttp, [false, false, true]),
        (Listener::AwsSocket, [false, true, true]),
        (Listener::Sdk, [false, true, true]),
        (Listener::SystemdCredentials, [false, true, true]),
        (Listener::ContainerCredentials, [false, false, true]),
    ];
    for (by, expect) in all {
        let decide = |caller: &Caller| rules.decide(caller, by, of(&ask("a"), None)).is_allowed();
        assert_eq!(
            [decide(&user(5)), decide(&user(OWN)), decide(&token)],
            expect,
            "{by:?}"
        );
        assert_eq!(decide(&user(0)), decide(&user(OWN)), "{by:?}");
        assert_eq!(decide(&Caller::default()), expect[0], "{by:?}");
    }
}

#[test]
fn a_user_that_the_host_does_not_have_is_a_mistake() {
    let access = Access {
        rules: rules("[{who: anyone, secrets: a}]").rules.map(|_| {
            let text = "service: {tcp: {endpoint: ':1'}}\nsecret-manager: {aws: {region: us-1, \
                        resources: {a: b}}}\naccess: {rules: [{who: {uid: ghost}, secrets: a}]}";
            parse(text, "f").unwrap().access.rules.unwrap()
        }),
        ..Access::default()
    };
    let error = Rules::new(&access, &resources(), OWN, |_| None, |_| None).unwrap_err();

    assert_eq!(
        error.to_string(),
        "rule `rule 1` names the user `ghost`, which this host does not have"
    );
}

#[test]
fn executables_are_asked_for_only_where_a_rule_needs_them() {
    assert!(!rules("[{who: {uid: 1}, secrets: a}]").needs_process());
    assert!(rules("[{who: {unit: a.service}, secrets: a}]").needs_process());
    assert!(rules("[{who: {gid: 1}, secrets: a}]").needs_process());
    assert!(!defaults().needs_process());
}

proptest! {
    /// Whatever is asked for by whomever: a rule for another user opens nothing.
    #[test]
    fn a_rule_is_for_those_it_names(uid in 0_u32..100, secret in ".{1,40}", key in ".{0,9}") {
        let rules = rules("[{who: {uid: 100}, secrets: '*', resources: '*', credentials: true}]");
        let ask = ask(&secret);
        let wanted = Wanted { resource: Some(&key), ask: &ask, key: Some(&key) };

        for by in [Listener::Tcp, Listener::Uds, Listener::Sdk, Listener::MutualTls] {
            prop_assert!(!rules.decide(&user(uid), by, wanted).is_allowed());
            prop_assert!(rules.decide(&user(100), by, wanted).is_allowed());
        }
    }
}
