//! Credentials of callers' own: what the file may say, who gets which session, and who gets none.

use super::*;
use crate::caller::Process;

fn rules(text: &str) -> Rules {
    let config = parse(text, "guard.yaml").unwrap();
    Rules::new(&config, |_| None, |_| None).unwrap()
}

fn wrong(text: &str) -> String {
    let errors = parse(text, "guard.yaml").unwrap_err();
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn app(uid: u32) -> Process {
    Process {
        pid: Some(1),
        exe: Some("/usr/bin/app".into()),
        unit: Some("app.service".into()),
        cgroup: Some("/system.slice/app.service".into()),
        ..Process::user_alone(uid)
    }
}

fn asked(path: &str) -> Asked {
    Asked::read(path).unwrap()
}

fn session(decision: Decision) -> Session {
    match decision {
        Decision::Own(session) => *session,
        other => panic!("{other:?}"),
    }
}

const TREE: &str = "/latest/meta-data/iam/security-credentials/";
const ZONE: &str = "/latest/meta-data/placement/availability-zone";
const ROLE: &str = "arn:aws:iam::123456789012:role/team/web";

#[test]
fn a_session_is_called_after_its_caller() {
    let rules = rules(&format!(
        "rules:
  - name: web
    who: {{uid: 33}}
    assume-role:
      role-arn: {ROLE}
      duration: 900
      external-id: there
      session-policy: '{{}}'
      policy-arns: arn:aws:iam::aws:policy/ReadOnlyAccess
      session-name: '{{program}}-{{uid}}'
      source-identity: '{{unit}}'
      session-tags: {{Unit: '{{unit}}', Executable: '{{exe}}', Team: web, Rule: '{{rule}}'}}
"
    ));
    let session = session(rules.decide(&app(33), &asked(TREE)));
    let step = &session.step;
    assert_eq!(
        (step.session_name.as_str(), step.role_arn.as_str()),
        ("app-33", ROLE)
    );
    assert_eq!(step.source_identity.as_deref(), Some("app.service"));
    assert_eq!(step.duration.as_secs(), 900);
    let tags = [
        ("Executable", "/usr/bin/app"),
        ("Rule", "web"),
        ("Team", "web"),
        ("Unit", "app.service"),
    ];
    assert_eq!(
        step.tags,
        tags.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
    assert_eq!(session.to_string(), format!("session `app-33` of {ROLE}"));
    // More than the user is asked for where a session is called after it, and nowhere else.
    assert!(rules.turn_on_more(&app(33), &asked(TREE)));
    assert!(!rules.turn_on_more(&app(33), &asked(ZONE)));
    assert!(rules.sessions_of_users().is_empty());
}

#[test]
fn what_is_not_known_makes_no_session() {
    let rules = rules(&format!(
        "rules:
  - {{who: {{uid: 33}}, assume-role: {{role-arn: {ROLE}, session-name: '{{program}}'}}}}
  - {{who: {{uid: 34}}, assume-role: {{role-arn: {ROLE}, session-name: '{{unit}}'}}}}
  - {{who: {{uid: 3}}, assume-role: {{role-arn: {ROLE}, session-name: '{{uid}}'}}}}
  - {{who: {{uid: 35}}, assume-role: {{role-arn: {ROLE}, session-policy: /etc/x.json}}}}
"
    ));
    let denied = |process: &Process| match rules.decide(process, &asked(TREE)) {
        Decision::Denied(denial) => denial.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(denied(&Process::user_alone(33)).contains("its `program` is not known"));
    let mut odd = app(34);
    odd.unit = Some("user@1.service/x y.service".into());
    assert!(denied(&odd).contains("STS takes no session name made of its `unit`"));
    assert!(denied(&app(3)).contains("STS takes no session name made of its `uid`"));
    assert!(denied(&app(35)).contains("its session policy was not read"));
    // None of that closes the rest of the service.
    assert!(
        rules
            .decide(&Process::user_alone(33), &asked(ZONE))
            .is_allowed()
    );
}

#[test]
fn who_may_be_narrowed_does_not_get_more() {
    let rules = rules(&format!(
        "rules:
  - {{name: narrow, who: {{exe: /usr/bin/app}}, assume-role: {ROLE}}}
  - {{name: all, who: {{uid: 33}}, allow: everything}}
"
    ));
    let user = Process::user_alone(33);
    let decision = rules.decide(&user, &asked(TREE));
    assert!(
        matches!(decision, Decision::Denied(Denial::InDoubt { .. })),
        "{decision:?}"
    );
    assert!(rules.decide(&user, &asked(ZONE)).is_allowed());
    assert!(matches!(
        rules.decide(&app(33), &asked(TREE)),
        Decision::Own(_)
    ));
    let mut other = app(33);
    other.exe = Some("/usr/bin/other".into());
    assert!(matches!(
        rules.decide(&other, &asked(TREE)),
        Decision::Allowed(_)
    ));
    // Both have one connection open: neither what the one nor what the other has.
    let both = rules.decide_all(&[app(33), other.clone()], &user, &asked(TREE));
    assert_eq!(both, Decision::Denied(Denial::Shared));
    let same = rules.decide_all(&[app(33), app(33)], &user, &asked(TREE));
    assert!(matches!(same, Decision::Own(_)));
    let none = rules.decide_all(&[], &user, &asked(TREE));
    assert!(matches!(none, Decision::Denied(Denial::InDoubt { .. })));
    other.uid = 34;
    let one_may_not = rules.decide_all(&[app(33), other], &user, &asked(TREE));
    assert!(
        matches!(one_may_not, Decision::Denied(Denial::Otherwise(_))),
        "{one_may_not:?}"
    );
}

#[test]
fn sessions_of_users_are_known_before_they_ask() {
    let rules = rules(&format!(
        "rules:
  - {{who: {{uid: 35}}, allow: nothing}}
  - {{who: {{uid: [33, 35]}}, assume-role: {ROLE}}}
  - {{who: {{uid: 34, exe: /x}}, assume-role: {ROLE}}}
  - {{who: anyone, assume-role: {ROLE}}}
"
    ));
    let sessions = rules.sessions_of_users();
    let known: Vec<_> = sessions
        .iter()
        .map(|(uid, session)| (*uid, session.step.session_name.as_str()))
        .collect();
    assert_eq!(known, [(33, "uid-33")]);
}

#[test]
fn its_own_tree_is_the_role_s_alone() {
    for (path, expect) in [
        (TREE, OfRole::Name),
        ("/latest/meta-data/iam/security-credentials", OfRole::Name),
        (
            "/2021-03-23/meta-data//iam/./security-credentials/",
            OfRole::Name,
        ),
        (
            "/latest/meta-data/iam/security-credentials/web",
            OfRole::Document("web"),
        ),
        (
            "/latest/meta-data/iam/security-credentials/web/x",
            OfRole::Document("web"),
        ),
        (
            "/latest/meta-data/iam/Security-Credentials/",
            OfRole::Absent,
        ),
        (
            "/latest/meta-data/iam/security-credentials-extended/",
            OfRole::Absent,
        ),
        (
            "/latest/meta-data/identity-credentials/ec2/info",
            OfRole::Absent,
        ),
        (
            "/latest/x/meta-data/iam/security-credentials/",
            OfRole::Absent,
        ),
    ] {
        assert_eq!(asked(path).of_role(), expect, "{path}");
        assert!(asked(path).is_of_credentials(), "{path}");
    }
}

#[test]
fn mistakes_in_the_file_are_told_with_their_place() {
    let rule = |text: &str| format!("rules:\n- {{who: {{uid: 1}}, assume-role: {text}}}");
    for (text, expect) in [
        (rule("web"), "is not the ARN of a role"),
        (rule("{}"), "names no role and narrows none"),
        (rule("{duration: 7200, session-policy: '{}'}"), "duration"),
        (rule("{session-policy: '{'}"), "is not JSON"),
        (
            rule("{session-policy: narrow.json}"),
            "is not an absolute path",
        ),
        (rule("{policy-arns: [x]}"), "names no managed policy: `x`"),
        (
            rule(&format!("{{role-arn: {ROLE}, session-name: '{{pid}}'}}")),
            "holds `{pid`",
        ),
        (
            rule(&format!("{{role-arn: {ROLE}, session-name: '{{uid'}}")),
            "holds `{uid`",
        ),
        (
            rule(&format!("{{role-arn: {ROLE}, session-tags: [x]}}")),
            "must be a map of keys",
        ),
        (
            rule(&format!("{{role-arn: {ROLE}, session-tags: {{'a*': x}}}}")),
            "takes no tag `a*`",
        ),
        (
            rule(&format!("{{role-arn: {ROLE}, sesion-name: x}}")),
            "unknown key",
        ),
        (
            format!("rules:\n- {{who: anyone, allow: metadata, assume-role: {ROLE}}}"),
            "has both `allow` and `assume-role`",
        ),
        (
            "sts: {region: 'not a region'}".to_owned(),
            "guard.yaml:1:15",
        ),
        (
            "sts: {endpoint-url: 'ftp://x'}".to_owned(),
            "guard.yaml:1:21",
        ),
        ("callers: refuse\nsts: {}".to_owned(), "`sts` does nothing"),
    ] {
        let told = wrong(&text);
        assert!(told.contains(expect), "{text}: {told}");
    }
}
