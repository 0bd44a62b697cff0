//! Rules as `nft` makes them, and who reaches the metadata service by them.

use super::*;

const V4: [u8; 4] = [169, 254, 169, 254];

fn rules(chains: Vec<Chain>) -> Ruleset {
    Ruleset {
        chains,
        ..Ruleset::default()
    }
}

fn chain(name: &str, point: Option<(Point, i32)>, rules: Vec<Vec<Step>>) -> Chain {
    let numbered = rules.into_iter().zip(1..);
    Chain {
        family: Family::Inet,
        table: "imds".to_owned(),
        name: name.to_owned(),
        hook: point.map(|(point, priority)| Hook { point, priority }),
        drops: false,
        rules: numbered
            .map(|(steps, handle)| Rule { handle, steps })
            .collect(),
    }
}

fn output(rules: Vec<Vec<Step>>) -> Chain {
    chain("out", Some((Point::Output, 0)), rules)
}

fn load(field: Field) -> Step {
    Step::Load { to: 16, field }
}

fn equal(with: &[u8]) -> Step {
    compare(Comparison::Equal, with)
}

fn compare(how: Comparison, with: &[u8]) -> Step {
    let with = with.to_vec();
    Step::Compare {
        from: 16,
        how,
        with,
    }
}

/// `ip daddr 169.254.169.254`
fn to_service() -> Vec<Step> {
    vec![
        load(Field::Family),
        equal(&[2]),
        load(Field::Network(16, 4)),
        equal(&V4),
    ]
}

fn with(mut steps: Vec<Step>, more: Vec<Step>) -> Vec<Step> {
    steps.extend(more);
    steps
}

fn user_is(how: Comparison, user: u32) -> Vec<Step> {
    vec![load(Field::User), compare(how, &user.to_ne_bytes())]
}

fn drop() -> Vec<Step> {
    vec![Step::Note, Step::End(Verdict::Drop)]
}

/// What is said of the first address.
fn said(rules: &Ruleset) -> String {
    match judge(rules, V4.into()) {
        Ok(found) => found.describe(),
        Err(why) => why,
    }
}

const OPEN: &str = "all users may reach it; what the host sends on for containers may too";

#[test]
fn without_rules_all_users_reach_it() {
    assert_eq!(said(&Ruleset::default()), OPEN);
    assert!(judge(&Ruleset::default(), V4.into()).unwrap().is_open());
    let accepts = output(vec![vec![Step::End(Verdict::Accept)]]);
    assert_eq!(said(&rules(vec![accepts])), OPEN);
}

#[test]
fn a_rule_about_users_tells_them_apart() {
    let different = with(user_is(Comparison::Different, 1000), drop());
    let only = output(vec![with(to_service(), different)]);
    let found = judge(&rules(vec![only.clone()]), V4.into()).unwrap();
    assert_eq!(
        found.describe(),
        "user 1000 may reach it; what the host sends on for containers may too"
    );
    assert_eq!(found.by, ["table inet imds, chain out, rule 1"]);
    let to = |from, to| Users { from, to };
    assert_eq!(found.kept_away, [to(0, 999), to(1001, LAST_USER)]);
    // Nothing is said of the other address.
    let other = judge(&rules(vec![only]), "fd00:ec2::254".parse().unwrap());
    assert!(other.unwrap().is_open());
}

#[test]
fn ranges_sets_and_matches_of_iptables_tell_users_apart() {
    let swap = Step::Swap {
        from: 16,
        to: 16,
        bytes: 4,
        size: 4,
    };
    let between = Step::Between {
        from: 16,
        range: (10_u32.to_be_bytes().into(), 20_u32.to_be_bytes().into()),
        inverted: true,
    };
    let lookup = Step::Lookup {
        from: 16,
        set: "ok".to_owned(),
        inverted: true,
    };
    let owner = Step::Owner {
        users: (10, 20),
        inverted: true,
    };
    let one = |user: u32| (user.to_ne_bytes().into(), user.to_ne_bytes().into());
    let sets = vec![Set {
        family: Family::Inet,
        table: "imds".to_owned(),
        name: "ok".to_owned(),
        values: Some(vec![one(0), one(7)]),
    }];
    for (steps, who) in [
        (
            vec![load(Field::User), swap.clone(), between],
            "users 10 to 20 may",
        ),
        (vec![load(Field::User), lookup], "user 0, user 7 may"),
        (vec![owner], "users 10 to 20 may"),
        (
            vec![
                load(Field::User),
                swap,
                compare(Comparison::Less, &900_u32.to_be_bytes()),
            ],
            "users from 900 on may",
        ),
    ] {
        let steps = with(to_service(), with(steps, drop()));
        let mut rules = rules(vec![output(vec![steps])]);
        rules.sets.clone_from(&sets);
        assert!(said(&rules).starts_with(who), "{}", said(&rules));
    }
    let mut changing = rules(vec![output(vec![with(
        vec![
            load(Field::User),
            Step::Lookup {
                from: 16,
                set: "ok".to_owned(),
                inverted: false,
            },
        ],
        drop(),
    )])]);
    changing.sets = sets;
    changing.sets[0].values = None;
    assert!(said(&changing).contains("depends on more than the user"));
}

#[test]
fn other_connections_are_not_meant() {
    let other_port = [load(Field::Transport(2, 2)), equal(&22_u16.to_be_bytes())];
    let other_net = [load(Field::Network(16, 1)), equal(&[10])];
    let net = [load(Field::Network(16, 2)), equal(&V4[..2])];
    let established = [
        load(Field::ConnectionState),
        Step::Mask {
            from: 16,
            to: 16,
            mask: 6_u32.to_ne_bytes().into(),
            flip: vec![0; 4],
        },
        compare(Comparison::Different, &[0; 4]),
    ];
    let loopback = [
        load(Field::DeviceOut),
        equal(b"lo\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    ];
    let passes = |steps: &[Step]| said(&rules(vec![output(vec![with(steps.into(), drop())])]));
    for steps in [
        &other_port[..],
        &other_net,
        &established,
        &loopback,
        &[Step::Ports {
            ports: (443, 443),
            inverted: false,
        }],
    ] {
        assert_eq!(passes(steps), OPEN);
    }
    assert!(passes(&net).starts_with("nobody reaches it"));
}

#[test]
fn what_may_decide_and_is_not_understood_is_no_answer() {
    let device = vec![
        load(Field::DeviceOut),
        equal(b"eth0\0\0\0\0\0\0\0\0\0\0\0\0"),
    ];
    for (steps, why) in [
        (with(device, drop()), "depends on more than the user"),
        (
            with(vec![Step::Condition], drop()),
            "depends on more than the user",
        ),
        (
            with(
                to_service(),
                vec![
                    load(Field::NotKnown(4)),
                    equal(&[1; 4]),
                    Step::End(Verdict::Drop),
                ],
            ),
            "depends on more than the user",
        ),
        (
            vec![Step::NotKnown("queue".to_owned())],
            "`queue`, which is not understood",
        ),
        (
            with(to_service(), vec![Step::End(Verdict::Elsewhere)]),
            "leads it elsewhere",
        ),
        (
            vec![Step::End(Verdict::Jump("gone".to_owned()))],
            "a chain that was not read",
        ),
    ] {
        let found = judge(&rules(vec![output(vec![steps])]), V4.into());
        let found = found.unwrap_err();
        assert!(found.contains(why), "{found}");
        assert!(found.contains("table inet imds, chain out"), "{found}");
    }
    // Where it cannot decide it does no harm.
    let ssh = vec![load(Field::Transport(2, 2)), equal(&22_u16.to_be_bytes())];
    let ssh = with(ssh, vec![Step::NotKnown("queue".to_owned())]);
    let limited = vec![Step::Condition, Step::Note];
    assert_eq!(said(&rules(vec![output(vec![ssh, limited])])), OPEN);
    let mut below = output(vec![drop()]);
    below.family = Family::Below;
    assert!(said(&rules(vec![below])).contains("filters below IP"));
}

#[test]
fn chains_are_entered_left_and_gone_to() {
    let jump = |name: &str| {
        with(
            to_service(),
            vec![Step::End(Verdict::Jump(name.to_owned()))],
        )
    };
    let goto = |name: &str| vec![Step::End(Verdict::Goto(name.to_owned()))];
    let root = with(
        user_is(Comparison::Equal, 0),
        vec![Step::End(Verdict::Return)],
    );
    let refuse = || chain("refuse", None, vec![root.clone(), drop()]);
    let only_root = "user 0 may reach it";
    let jumped = rules(vec![output(vec![jump("refuse")]), refuse()]);
    assert!(said(&jumped).starts_with(only_root), "{}", said(&jumped));
    let mut gone = rules(vec![output(vec![goto("refuse"), drop()]), refuse()]);
    assert!(said(&gone).starts_with(only_root), "{}", said(&gone));
    // What falls out of a chain that was gone to meets the policy.
    gone.chains[0].drops = true;
    assert!(said(&gone).starts_with("nobody"), "{}", said(&gone));
    let back = rules(vec![output(vec![jump("refuse"), drop()]), refuse()]);
    assert!(said(&back).starts_with("nobody"), "{}", said(&back));
}

#[test]
fn all_chains_of_a_point_count_and_accept_is_of_one() {
    let first = chain(
        "first",
        Some((Point::Output, -10)),
        vec![vec![Step::End(Verdict::Accept)]],
    );
    let second = output(vec![with(to_service(), drop())]);
    let both = rules(vec![second.clone(), first]);
    assert!(said(&both).starts_with("nobody"));
    let mut dormant = both.clone();
    dormant.dormant = vec![(Family::Inet, "imds".to_owned())];
    assert_eq!(said(&dormant), OPEN);
    let mut late = rules(vec![second.clone()]);
    late.chains[0].hook = Some(Hook {
        point: Point::Postrouting,
        priority: 0,
    });
    assert!(said(&late).contains("for containers may not"));
    let mut other = rules(vec![second]);
    other.chains[0].family = Family::Ip6;
    assert_eq!(said(&other), OPEN);
}

#[test]
fn what_is_sent_on_is_judged_by_itself() {
    let forwarded = chain(
        "forwarded",
        Some((Point::Forward, 0)),
        vec![with(to_service(), drop())],
    );
    assert_eq!(
        said(&rules(vec![forwarded.clone()])),
        "all users may reach it; what the host sends on for containers may not"
    );
    let mut bridge = forwarded;
    let device = vec![
        load(Field::NotKnown(16)),
        equal(b"docker0\0\0\0\0\0\0\0\0\0"),
    ];
    bridge.rules[0].steps = with(device, drop());
    assert!(said(&rules(vec![bridge])).contains("it is not known"));
}

#[test]
fn the_guard_is_known() {
    let root = with(
        user_is(Comparison::Equal, 0),
        vec![Step::End(Verdict::Return)],
    );
    let led = with(to_service(), vec![Step::End(Verdict::Elsewhere)]);
    let mut guard = chain("led", Some((Point::Output, -100)), vec![root, led]);
    guard.table = "rolecall_guard".to_owned();
    let found = judge(&rules(vec![guard]), V4.into()).unwrap();
    assert!(found.describe().starts_with("user 0 may reach it"));
    assert_eq!(
        found.by,
        ["table inet rolecall_guard, chain led, rule 2 (Rolecall's guard)"]
    );
}

#[test]
fn more_sorts_of_users_than_are_tried_are_no_answer() {
    let rule = |user: u32| with(user_is(Comparison::Equal, user * 2), drop());
    let many = output((0..2_000).map(rule).collect());
    let found = judge(&rules(vec![many]), V4.into()).unwrap_err();
    assert!(found.contains("sorts of users"), "{found}");
}
