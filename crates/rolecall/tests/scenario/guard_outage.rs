//! A guard that is killed, starts before there is a network, or finds its rules gone.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::clients::run;
use crate::guard::{APP, ELSEWHERE, NOBODY, ROLE, RULES, ZONE, begin, get};
use crate::guard_net::{Guard, Net, guard_yaml};
use crate::harness::scenario;

#[test]
fn a_guard_that_is_killed_is_back_at_once_and_nothing_was_open() {
    scenario(|world| {
        let net = begin(world);
        let guard = Guard::start(world, &net, "guard", RULES);
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(guard.end(Signal::KILL), None);
        // Its rules are there, and lead to nobody.
        let read = format!("curl -s -m 5 http://169.254.169.254{ROLE}");
        let as_user = format!("setpriv --reuid {APP} --regid {APP} --clear-groups {read}");
        assert_eq!(net.sh(&as_user).code, Some(7), "refused");
        let start = Instant::now();
        let guard = Guard::start(world, &net, "guard-2", RULES);
        let took = start.elapsed();
        assert!(took < START_TIME_MAX, "{took:?}");
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(get(&net, NOBODY, None, ROLE).0, 403);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn it_starts_without_a_network_and_is_proven_with_it() {
    scenario(|world| {
        let net = begin(world);
        let route = "169.254.169.254/32 via 10.99.0.2";
        net.sh(&format!("ip route del {route}")).ok();
        let guard = Guard::spawn_unproven(world, "guard", &mut net.guard(world, RULES));
        guard.until_said("proven once the metadata service answers");
        assert!(net.table().is_some(), "there before the network");
        net.sh(&format!("ip route add {route}")).ok();
        guard.until_said("in force and proven");
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(get(&net, NOBODY, None, ROLE).0, 403);
        assert_eq!(guard.end(Signal::TERM), Some(0));
        assert_eq!(net.table(), None);
    });
}

#[test]
fn a_lockdown_that_cannot_be_mended_ends_as_the_operator_chose() {
    scenario(|world| {
        let net = begin(world);
        for (choice, stays) in [("closed", true), ("open", false)] {
            let rules = format!("{RULES}proof-every: 1\non-failure: {choice}\n");
            let guard = Guard::start(world, &net, choice, &rules);
            // Loading its own rules again does not help against these.
            net.sh(ELSEWHERE).ok();
            guard.until_said("the lockdown is not proven: user 65534");
            assert_eq!(guard.ended(), Some(3), "{choice}");
            assert_eq!(net.table().is_some(), stays, "{choice}");
            net.sh("nft delete table ip elsewhere").ok();
            let (status, _) = get_or_refused(&net);
            // Open is open: what the instance itself demands is a token.
            assert_eq!(status, if stays { 0 } else { 401 }, "{choice}");
        }
    });
}

#[test]
fn a_file_with_a_mistake_changes_nothing() {
    scenario(|world| {
        let net = begin(world);
        let wrong =
            "rules:\n  - {name: a, who: anyone, allow: nothing}\n  - {who: anyone, alow: x}\n";
        let output = run(&mut net.guard(world, wrong));
        output.fails_with(&["guard.yaml:3:19: unknown key `rules[1].alow`", "`allow`?"]);
        assert_eq!(output.code, Some(2));
        assert_eq!(net.table(), None);
        // Nor to a guard that runs.
        let guard = Guard::start(world, &net, "guard", RULES);
        let before = net.table();
        std::fs::write(guard_yaml(world), wrong).unwrap();
        guard.signal(Signal::HUP);
        guard.until_said("guard.yaml:3:19: unknown key `rules[1].alow`");
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(without_counters(net.table()), without_counters(before));
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

fn without_counters(table: Option<String>) -> String {
    let numbers = regex::Regex::new("packets [0-9]+ bytes [0-9]+").unwrap();
    numbers.replace_all(&table.unwrap(), "").into_owned()
}

/// 0 where the connection is refused.
fn get_or_refused(net: &Net) -> (u16, String) {
    let read = format!("curl -s -o /dev/null -m 5 -w %{{http_code}} http://169.254.169.254{ZONE}");
    let as_user = format!("setpriv --reuid {APP} --regid {APP} --clear-groups {read}");
    let output = net.sh(&as_user);
    (output.stdout.trim().parse().unwrap(), output.stdout)
}

// On a busy machine, without optimization.
const START_TIME_MAX: Duration = Duration::from_secs(5);
