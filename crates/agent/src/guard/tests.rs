//! Rules and paths of the guard, tried against each other. No socket and no packet filter here.

use proptest::prelude::*;

use super::*;
use crate::caller::{NO_GID, Network, Process};

fn rules(text: &str) -> Rules {
    let config = parse(text, "guard.yaml").unwrap();
    let user = |name: &str| (name == "app").then_some(1_000);
    Rules::new(&config, user, |_| None).unwrap()
}

fn process(uid: u32) -> Process {
    Process {
        pid: Some(1),
        uid,
        gid: uid,
        groups: vec![44],
        exe: Some("/usr/bin/app".into()),
        unit: Some("app.service".into()),
        cgroup: Some("/system.slice/app.service".into()),
        network: Some(Network::host()),
    }
}

/// All but the user is unknown.
fn nameless(uid: u32) -> Process {
    Process {
        pid: None,
        gid: NO_GID,
        groups: Vec::new(),
        exe: None,
        unit: None,
        cgroup: None,
        ..process(uid)
    }
}

fn decide(rules: &Rules, process: &Process, path: &str) -> String {
    match rules.decide(process, &Asked::read(path).unwrap()) {
        Decision::Allowed(reason) => format!("yes: {reason}"),
        Decision::Own(session) => format!("own: {session}"),
        Decision::Denied(denial) => format!("no: {denial}"),
    }
}

fn wrong(text: &str) -> Vec<String> {
    let errors = parse(text, "guard.yaml").unwrap_err();
    errors.iter().map(ToString::to_string).collect()
}

const ROLE: &str = "/latest/meta-data/iam/security-credentials/role";
const ZONE: &str = "/latest/meta-data/placement/availability-zone";

#[test]
fn without_rules_everybody_sees_metadata_and_no_credentials() {
    let rules = rules("{}");
    assert!(decide(&rules, &nameless(33), ZONE).starts_with("yes"));
    assert_eq!(
        decide(&rules, &nameless(33), ROLE),
        "no: no rule is about it, and `otherwise` opens metadata without credentials"
    );
    assert!(!rules.turn_on_more(&nameless(33), &Asked::read(ROLE).unwrap()));
}

#[test]
fn the_first_rule_about_caller_and_path_decides() {
    let rules = rules(
        "otherwise: nothing
rules:
  - {name: no user data, who: anyone, paths: [user-data], allow: nothing}
  - {name: app, who: {uid: app, exe: /usr/bin/app}, allow: everything}
  - {name: video, who: {gid: 44}, paths: [meta-data/placement, dynamic], allow: metadata}
",
    );
    for (uid, path, expect) in [
        (1_000, ROLE, "yes: rule `app` opens it"),
        (
            1_000,
            "/2021-03-23/USER-data/x",
            "no: rule `no user data` opens nothing",
        ),
        (33, ZONE, "yes: rule `video` opens it"),
        (33, "/1.0/dynamic/", "yes: rule `video` opens it"),
        (
            33,
            "/latest/meta-data/placement2",
            "no: no rule is about it, and `otherwise` opens nothing",
        ),
        (
            33,
            "/",
            "no: no rule is about it, and `otherwise` opens nothing",
        ),
    ] {
        assert_eq!(decide(&rules, &process(uid), path), expect, "{uid} {path}");
    }
}

#[test]
fn the_process_is_asked_for_where_a_rule_turns_on_it() {
    let rules = rules(
        "rules:
  - {who: {uid: 7, exe: /bin/a}, allow: everything}
  - {who: {uid: 8}, allow: everything}
  - {who: {exe: /bin/b}, paths: dynamic, allow: nothing}
",
    );
    for (uid, path, expect) in [
        (7, ROLE, true),
        (8, ROLE, false),
        (9, ROLE, false),
        (9, "/latest/dynamic/x", true),
        (8, "/latest/dynamic/x", false),
    ] {
        let asked = Asked::read(path).unwrap();
        assert_eq!(
            rules.turn_on_more(&nameless(uid), &asked),
            expect,
            "{uid} {path}"
        );
        assert!(!rules.turn_on_more(&process(uid), &asked));
    }
}

#[test]
fn what_is_not_known_opens_nothing_and_passes_no_rule_that_takes_away() {
    for (who, what) in [
        ("exe: /usr/bin/browser", "exe"),
        ("unit: browser.service", "unit"),
        ("cgroup: /user.slice", "cgroup"),
        ("gid: 7", "gid"),
    ] {
        let takes = rules(&format!(
            "otherwise: everything\nrules: [{{name: b, who: {{{who}}}, allow: metadata}}]"
        ));
        assert!(decide(&takes, &process(33), ROLE).starts_with("yes"));
        assert_eq!(
            decide(&takes, &nameless(33), ROLE),
            format!(
                "no: it is not known whether rule `b` is about this caller, \
                 as its `{what}` is not"
            )
        );
        // The rule would have opened that too.
        assert!(decide(&takes, &nameless(33), ZONE).starts_with("yes"));
        let gives = rules(&format!(
            "rules: [{{name: b, who: {{{who}}}, allow: everything}}]"
        ));
        assert!(decide(&gives, &nameless(33), ROLE).starts_with("no: no rule"));
    }
    // What certainly does not fit leaves no doubt.
    let other = rules("otherwise: everything\nrules: [{who: {uid: 7, exe: /x}, allow: nothing}]");
    assert!(decide(&other, &nameless(33), ROLE).starts_with("yes"));
}

#[test]
fn a_process_in_no_unit_is_known_to_be_in_none() {
    let rules = rules("otherwise: everything\nrules: [{who: {unit: a.service}, allow: nothing}]");
    let shell = Process {
        unit: None,
        cgroup: Some("/".into()),
        ..process(33)
    };
    assert!(decide(&rules, &shell, ROLE).starts_with("yes"));
}

#[test]
fn explanations_tell_of_each_rule() {
    let rules = rules(
        "rules:
  - {name: a, who: {uid: 7}, allow: nothing}
  - {name: b, who: anyone, paths: dynamic, allow: nothing}
  - {name: c, who: {exe: /bin/x}, allow: nothing}
  - {name: d, who: {uid: 33}, allow: everything}
  - {name: e, who: anyone, allow: metadata}
",
    );
    let said = rules.explain(&nameless(33), &Asked::read(ROLE).unwrap());
    assert_eq!(
        said,
        [
            ("a", Verdict::NotAbout("uid")),
            ("b", Verdict::OtherPaths),
            ("c", Verdict::InDoubt("exe", Level::Nothing)),
            ("d", Verdict::Decides(Level::Everything)),
            ("e", Verdict::TooLate),
        ]
    );
}

#[test]
fn a_whole_file_is_read() {
    let text = "callers: redirect
port: 981
stay: true
on-failure: open
tokens: required
otherwise: nothing
rules:
  - {who: {uid: [0, app], gid: 5, exe: /usr/bin/*, unit: a@*.service, cgroup: /a}, allow: metadata}
";
    let config = parse(text, "guard.yaml").unwrap();
    assert_eq!(
        (config.port, config.stay, config.on_failure, config.tokens),
        (981, true, OnFailure::Open, Tokens::Required)
    );
    assert_eq!(config.rules[0].name, "rule 1");
    assert_eq!(parse("{}", "f").unwrap().port, PORT_DEFAULT);
    assert_eq!(
        parse("callers: refuse", "f").unwrap().callers,
        Callers::Refuse
    );
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (text, expect) in [
        ("", "1:1: the file is empty"),
        ("rule: []", "1:1: unknown key `rule`"),
        ("port: 8080", "1:7: `port` must be at most 1023"),
        (
            "tokens: maybe",
            "1:9: `tokens` must be one of `optional`, `required`",
        ),
        (
            "callers: refuse\nrules: [{who: anyone, allow: nothing}]",
            "2:8: `rules` does nothing with `callers: refuse`",
        ),
        ("rules: [{who: anyone}]", "1:9: `rules[0].allow` is missing"),
        (
            "rules: [{allow: nothing}]",
            "1:9: `rules[0].who` is missing",
        ),
        (
            "rules: [{who: {token: x}, allow: nothing}]",
            "1:16: unknown key `rules[0].who.token`",
        ),
        (
            "rules: [{who: anyone, paths: /latest/user-data, allow: nothing}]",
            "1:30: `rules[0].paths` is no path below a version: `/latest/user-data`",
        ),
        (
            "rules: [{who: anyone, paths: [user-data, 'a%'], allow: everything}]",
            "1:42: `rules[0].paths[1]` is no path of the service: \
             the path holds an incomplete escape",
        ),
    ] {
        let told = wrong(text);
        let expect = format!("guard.yaml:{expect}");
        assert!(told.contains(&expect), "{text}: {told:?}");
    }
}

#[test]
fn paths_that_another_reader_may_take_for_others_are_forwarded_for_nobody() {
    for path in [
        "/latest/meta-data/iam/%2573ecurity-credentials/role",
        "/latest/meta-data/iam;x/security-credentials",
        "/latest/meta-data\\iam\\security-credentials",
        "/latest/meta-data/iam%5csecurity-credentials",
        "/latest/meta-data/iam/security-credentials%20",
        "/latest/meta-data/\u{ff49}am",
        "/latest/x%23",
    ] {
        assert_eq!(Asked::read(path), Err(PathFault::NotPlain), "{path}");
    }
    assert!(matches!(Asked::read("/%00"), Err(PathFault::NotAPath(_))));
}

#[test]
fn tokens_are_made_in_the_newest_version() {
    let asked = |path| Asked::read(path).unwrap();
    assert!(asked("/latest//api/./token/").is_token());
    assert!(!asked("/2021-03-23/api/token").is_token());
    assert!(asked("/2021-03-23/api/token").is_token_of_any_version());
    assert!(!asked("/latest/api/token/x").is_token_of_any_version());
}

/// Spellings of one path: each separator and each letter in one of many ways.
fn spelling(path: &'static [&'static str]) -> impl Strategy<Value = String> {
    let versions = prop_oneof![
        Just("latest".to_owned()),
        Just("1.0".to_owned()),
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
        "[a-z]{0,4}",
    ];
    let separator = prop_oneof![
        4 => Just("/"),
        1 => Just("//"),
        1 => Just("/./"),
        1 => Just("/x/../"),
        1 => Just("%2f"),
        1 => Just("/%2e/"),
        1 => Just("/x/%2E%2e/"),
    ];
    let segment = |text: &'static str| {
        let ways = prop::collection::vec(0..4_u8, text.len());
        ways.prop_map(move |ways| {
            let letters = text.chars().zip(ways);
            let spelt = letters.map(|(letter, way)| match way {
                0 => format!("%{:02x}", u32::from(letter)),
                1 => format!("%{:02X}", u32::from(letter.to_ascii_uppercase())),
                2 => letter.to_ascii_uppercase().to_string(),
                _ => letter.to_string(),
            });
            spelt.collect::<String>()
        })
    };
    let parts: Vec<_> = path.iter().map(|text| segment(text)).collect();
    let tails = prop_oneof![
        Just(String::new()),
        Just("/".to_owned()),
        Just("/role".to_owned()),
        Just("/role/x?y=/../..".to_owned()),
        Just("//.".to_owned()),
        Just("?".to_owned()),
        "(/[a-z.%;]{0,5}){0,3}",
    ];
    let separators = prop::collection::vec(separator, path.len() + 1);
    (versions, parts, separators, tails).prop_map(|(version, parts, separators, tail)| {
        let mut separators = separators.into_iter();
        let mut next = || separators.next().unwrap_or("/");
        let start = format!("{}{version}", next());
        let parts = parts.iter().map(|part| format!("{}{part}", next()));
        let middle: String = parts.collect();
        format!("{start}{middle}{tail}")
    })
}

fn check_closed(spelling: &str) -> Result<(), TestCaseError> {
    let rules = rules("rules: [{who: anyone, allow: metadata}]");
    let Ok(asked) = Asked::read(spelling) else {
        return Ok(());
    };
    let forwarded = asked.to_string();
    // What climbs out of the tree again is not of it.
    let segments = || forwarded.split('/').filter(|it| !it.is_empty()).skip(1);
    let leads = |names: [&str; 2]| {
        let wanted = names.into_iter();
        let mut pairs = segments().skip(1).zip(wanted.filter(|it| !it.is_empty()));
        pairs.all(|(own, name)| own.eq_ignore_ascii_case(name))
    };
    let is_closed = !rules.decide(&nameless(33), &asked).is_allowed();
    let is_tree = segments().count() >= 3 && leads(["iam", "security-credentials"])
        || segments().count() >= 2 && leads(["identity-credentials", ""]);
    prop_assert!(is_closed || !is_tree, "{} -> {}", spelling, forwarded);
    // And the same again for whoever reads what was forwarded.
    prop_assert_eq!(Asked::read(&forwarded), Ok(asked));
    Ok(())
}

proptest! {
    #[test]
    fn no_spelling_of_the_roles_credentials_is_metadata(
        path in spelling(&["meta-data", "iam", "security-credentials"]),
    ) {
        check_closed(&path)?;
    }

    #[test]
    fn no_spelling_of_the_instances_own_credentials_is_metadata(
        path in spelling(&["meta-data", "identity-credentials"]),
    ) {
        check_closed(&path)?;
    }

    #[test]
    fn nothing_that_is_forwarded_names_a_tree_of_credentials(
        path in "/(latest|1.0|[a-z%2/]{0,9})(/|[a-zA-Z%0-9./;\\\\-]|iam|security-credentials){0,9}",
    ) {
        let rules = rules("rules: [{who: anyone, allow: metadata}]");
        if let Ok(asked) = Asked::read(&path)
            && rules.decide(&nameless(33), &asked).is_allowed()
        {
            let forwarded = asked.to_string().to_lowercase();
            prop_assert!(!forwarded.contains("/security-credentials/"));
            prop_assert!(!forwarded.ends_with("/security-credentials"));
            prop_assert!(!forwarded.contains('%'));
        }
    }
}

/// In a network of its own, of which `known` is what is known by path.
fn contained(uid: u32, known: &[(&str, Option<bool>)]) -> Process {
    let paths = known.iter();
    Process {
        network: Some(Network {
            name: "net:[7]".to_owned(),
            paths: paths
                .map(|(path, is_it)| ((*path).to_owned(), *is_it))
                .collect(),
        }),
        ..nameless(uid)
    }
}

#[test]
fn networks_are_told_apart_and_one_that_is_not_known_counts_against_the_caller() {
    let gives = rules(
        "containers: identify
rules:
  - {name: web, who: {uid: 7, network-namespace: [/run/a, /run/b]}, allow: everything}
  - {name: host, who: {uid: 7, network-namespace: host}, allow: everything}
",
    );
    assert_eq!(gives.networks(), ["/run/a", "/run/b"]);
    for (caller, expect) in [
        (
            contained(7, &[("/run/a", Some(true)), ("/run/b", None)]),
            "yes: rule `web`",
        ),
        (
            contained(7, &[("/run/a", Some(false)), ("/run/b", Some(true))]),
            "yes: rule `web`",
        ),
        (
            contained(7, &[("/run/a", Some(false)), ("/run/b", Some(false))]),
            "no: no rule",
        ),
        (
            contained(7, &[("/run/a", Some(false)), ("/run/b", None)]),
            "no: no rule",
        ),
        (contained(7, &[]), "no: no rule"),
        (contained(8, &[("/run/a", Some(true))]), "no: no rule"),
        (process(7), "yes: rule `host`"),
        (
            Process {
                network: None,
                ..process(7)
            },
            "no: no rule",
        ),
        (
            Process {
                network: Some(Network {
                    paths: vec![
                        ("/run/a".into(), Some(false)),
                        ("/run/b".into(), Some(false)),
                    ],
                    ..Network::host()
                }),
                ..process(7)
            },
            "yes: rule `host`",
        ),
    ] {
        let told = decide(&gives, &caller, ROLE);
        assert!(told.starts_with(expect), "{caller:?}: {told}");
    }
    let takes = rules(
        "containers: identify\notherwise: everything
rules: [{name: shut, who: {network-namespace: /run/a}, allow: nothing}]",
    );
    for (known, expect) in [
        (Some(true), "no: rule `shut` opens nothing"),
        (Some(false), "yes: no rule is about it"),
        (
            None,
            "no: it is not known whether rule `shut` is about this caller, as its \
             `network-namespace` is not",
        ),
    ] {
        let told = decide(&takes, &contained(7, &[("/run/a", known)]), ROLE);
        assert!(told.starts_with(expect), "{known:?}: {told}");
    }
}

#[test]
fn what_is_said_of_networks_and_means_nothing_is_a_mistake() {
    let rule = |who: &str, allow: &str| format!("rules: [{{who: {{{who}}}, allow: {allow}}}]");
    let path = rule("network-namespace: /run/netns/a", "nothing");
    let by_number = "guard.yaml:2:15: `rules[0].who` opens more than metadata by a number that \
                     containers' users may have as well";
    for (text, expect) in [
        (
            path.clone(),
            "guard.yaml:1:15: `rules[0].who` names a network that is not the host's, from where \
             everybody is refused",
        ),
        (
            "containers: all".to_owned(),
            "guard.yaml:1:13: `containers` must be one of `refuse`, `identify`",
        ),
        (
            "callers: refuse\ncontainers: identify".to_owned(),
            "guard.yaml:2:13: `containers` does nothing with `callers: refuse`",
        ),
        (
            "containers-port: 982".to_owned(),
            "guard.yaml:1:18: `containers-port` does nothing without `containers: identify`",
        ),
        (
            "containers: identify\ncontainers-port: 980".to_owned(),
            "guard.yaml:2:18: `containers-port` is the guard's own `port`",
        ),
        (
            format!("containers: identify\n{}", rule("uid: 7", "everything")),
            by_number,
        ),
        (
            format!(
                "containers: identify\n{}",
                rule("gid: 7, uid: 8", "everything")
            ),
            by_number,
        ),
        (
            rule("network-namespace: web", "nothing"),
            "guard.yaml:1:35: `rules[0].who.network-namespace` is not an absolute path: `web`",
        ),
        (
            rule("network-namespace: /proc/7/ns/net", "nothing"),
            "guard.yaml:1:35: `rules[0].who.network-namespace` goes by the number of a process",
        ),
    ] {
        assert_eq!(wrong(&text), [expect], "{text}");
    }
    let near = parse(&rule("network_namespace: host", "nothing"), "guard.yaml").unwrap_err();
    let mut hints = near.iter().filter_map(|error| error.hint.as_deref());
    assert!(hints.any(|hint| hint == "did you mean `network-namespace`?"));
    for fine in [
        format!("containers: identify\n{path}"),
        format!("containers: identify\n{}", rule("uid: 7", "metadata")),
        format!(
            "containers: identify\n{}",
            rule("uid: 7, unit: a.service", "everything")
        ),
        rule("uid: 7, network-namespace: host", "everything"),
        rule("uid: 7", "everything"),
    ] {
        assert!(parse(&fine, "guard.yaml").is_ok(), "{fine}");
    }
}
