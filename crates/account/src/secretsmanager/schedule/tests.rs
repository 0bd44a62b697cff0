//! Windows by the calendar, and rules that are none.

use proptest::prelude::*;

use super::*;

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn rules(expression: &str, duration_hours: Option<i64>) -> RotationRules {
    RotationRules {
        days: None,
        expression: Some(expression.to_owned()),
        duration_hours,
    }
}

#[track_caller]
fn check(expression: &str, duration: Option<i64>, last: &str, now: &str, expect: (&str, &str)) {
    let schedule = Schedule::of(&rules(expression, duration)).unwrap().unwrap();
    let window = schedule.next(moment(last), moment(now)).unwrap();
    let expect = Window {
        start: moment(expect.0),
        end: moment(expect.1),
    };
    assert_eq!(window, expect, "{expression} after {last} at {now}");
}

#[test]
fn windows_of_rates() {
    let last = "2026-01-01T10:30:00Z";
    let soon = "2026-01-01T10:31:00Z";
    let day = |from, to| (from, to);
    let tenth = day("2026-01-11T00:00:00Z", "2026-01-12T00:00:00Z");
    check("rate(10 days)", None, last, soon, tenth);
    let short = day("2026-01-11T00:00:00Z", "2026-01-11T02:00:00Z");
    check("rate(10 days)", Some(2), last, soon, short);
    // From midnight on, where the hours divide the day.
    let noon = day("2026-01-01T12:00:00Z", "2026-01-01T13:00:00Z");
    check("rate(12 hours)", None, last, soon, noon);
    check("rate(4 hours)", None, last, soon, noon);
    let at_noon = "2026-01-01T12:00:00Z";
    let afternoon = day("2026-01-01T16:00:00Z", "2026-01-01T17:00:00Z");
    check("rate(4 hours)", None, at_noon, at_noon, afternoon);
    let evening = day("2026-01-01T20:00:00Z", "2026-01-01T23:00:00Z");
    check("rate(10 hours)", Some(3), last, soon, evening);
    let next_days = day("2026-01-02T22:00:00Z", "2026-01-02T23:00:00Z");
    check("rate(36 hours)", None, last, soon, next_days);
}

#[test]
fn windows_that_nobody_was_there_for() {
    let last = "2026-01-01T10:30:00Z";
    let today = ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z");
    check("rate(10 days)", None, last, "2026-03-01T05:00:00Z", today);
    let tomorrow = ("2026-03-02T00:00:00Z", "2026-03-02T02:00:00Z");
    check(
        "rate(10 days)",
        Some(2),
        last,
        "2026-03-01T05:00:00Z",
        tomorrow,
    );
    let this_hour = ("2026-03-01T05:00:00Z", "2026-03-01T06:00:00Z");
    check(
        "rate(4 hours)",
        None,
        last,
        "2026-03-01T05:20:00Z",
        this_hour,
    );
    let third = ("2026-03-03T02:00:00Z", "2026-03-03T03:00:00Z");
    check(
        "cron(0 2 3 * ? *)",
        Some(1),
        last,
        "2026-03-01T05:00:00Z",
        third,
    );
}

#[test]
fn windows_of_crons() {
    // A Thursday.
    let last = "2026-01-01T10:30:00Z";
    for (expression, start, end) in CRONS.iter().copied() {
        check(
            &format!("cron({expression})"),
            None,
            last,
            last,
            (start, end),
        );
    }
}

#[test]
fn automatically_after_days_is_a_rate_of_days() {
    let days = RotationRules {
        days: Some(30),
        ..RotationRules::default()
    };
    let last = moment("2026-01-01T10:30:00Z");
    let one = Schedule::of(&days).unwrap().unwrap().next(last, last);
    let two = Schedule::of(&rules("rate(30 days)", None)).unwrap();
    assert_eq!(one, two.unwrap().next(last, last));
    assert_eq!(Schedule::of(&RotationRules::default()), Ok(None));
}

#[test]
fn rules_that_are_none() {
    for expression in [
        "",
        "rate",
        "rate()",
        "rate(1)",
        "rate(0 days)",
        "rate(-1 days)",
        "rate(3 hours)",
        "rate(1 hour)",
        "rate(1000 days)",
        "rate(24000 hours)",
        "rate(2 weeks)",
        "rate(9223372036854775808 days)",
        "every day",
        "cron()",
        "cron(0 8 * * ?)",
        "cron(5 8 * * ? *)",
        "cron(* 8 * * ? *)",
        "cron(0 8 * * ? 2026)",
        "cron(0 8 * * * *)",
        "cron(0 8 ? * ? *)",
        "cron(0 24 * * ? *)",
        "cron(0 8 0 * ? *)",
        "cron(0 8 32 * ? *)",
        "cron(0 8 30 FEB ? *)",
        "cron(0 8 * 13 ? *)",
        "cron(0 8 ? * 8 *)",
        "cron(0 8 ? * FRI#6 *)",
        "cron(0 8 ? * FRI#0 *)",
        "cron(0 20-8 * * ? *)",
        "cron(0 */3 * * ? *)",
        "cron(0 8/0 * * ? *)",
        "cron(0 0,22 * * ? *)",
        "cron(0 +8 * * ? *)",
    ] {
        let answer = Schedule::of(&rules(expression, None));
        assert!(answer.is_err(), "{expression}: {answer:?}");
    }
    for (expression, duration) in [
        ("rate(1 day)", 0),
        ("rate(1 day)", 25),
        ("rate(4 hours)", 5),
        ("cron(0 20 * * ? *)", 5),
        ("cron(0 0/6 * * ? *)", 7),
        ("cron(0 4,22 * * ? *)", 3),
    ] {
        let answer = Schedule::of(&rules(expression, Some(duration)));
        assert!(
            answer.unwrap_err().contains("Duration"),
            "{expression} {duration}"
        );
    }
    let both = RotationRules {
        days: Some(1),
        ..rules("rate(1 day)", None)
    };
    assert!(Schedule::of(&both).unwrap_err().contains("both"));
    let alone = RotationRules {
        duration_hours: Some(1),
        ..RotationRules::default()
    };
    assert!(Schedule::of(&alone).unwrap_err().contains("without"));
}

fn expression() -> impl Strategy<Value = String> {
    prop_oneof![
        (1..60_i64).prop_map(|days| format!("rate({days} days)")),
        (4..60_i64).prop_map(|hours| format!("rate({hours} hours)")),
        (0..24_i64, 1..29_i64).prop_map(|(hour, day)| format!("cron(0 {hour} {day} * ? *)")),
        (0..24_i64, 1..8_i64).prop_map(|(hour, day)| format!("cron(0 {hour} ? * {day} *)")),
        (0..4_i64, 4..13_i64).prop_map(|(hour, step)| format!("cron(0 {hour}/{step} * * ? *)")),
    ]
}

proptest! {
    #[test]
    fn a_window_is_after_the_last_rotation_and_not_over(
        expression in expression(),
        last in 0..4_000_000_000_i64,
        later in 0..40_000_000_i64,
    ) {
        let Ok(Some(schedule)) = Schedule::of(&rules(&expression, None)) else {
            // Steps that meet over midnight are refused.
            prop_assert!(expression.contains('/'), "{}", expression);
            return Ok(());
        };
        let last = Timestamp::from_second(last).unwrap();
        let now = last + SignedDuration::from_secs(later);
        let window = schedule.next(last, now).unwrap();

        prop_assert!(window.start > last, "{} {:?}", expression, window);
        prop_assert!(window.end > now, "{} {:?}", expression, window);
        prop_assert_eq!(window.start.as_second() % HOUR, 0);
        prop_assert!(window.end.as_second() - window.start.as_second() <= DAY);
        // The same is said as long as it is not over.
        let end = window.end - SignedDuration::from_secs(1);
        prop_assert_eq!(schedule.next(last, end.max(now)), Some(window));
    }

    #[test]
    fn no_text_is_too_odd(text in "(rate|cron)?\\(?[0-9A-Za-z()#?*/, -]{0,40}\\)?") {
        let _answer = Schedule::of(&rules(&text, Some(1)));
    }
}

// After ten on New Year's Day, a Thursday.
const CRONS: &[(&str, &str, &str)] = &[
    (
        "0 10 * * ? *",
        "2026-01-02T10:00:00Z",
        "2026-01-03T00:00:00Z",
    ),
    (
        "0 16 1,15 * ? *",
        "2026-01-01T16:00:00Z",
        "2026-01-02T00:00:00Z",
    ),
    (
        "0 1 1,15 * ? *",
        "2026-01-15T01:00:00Z",
        "2026-01-16T00:00:00Z",
    ),
    (
        "0 18 ? * MON-FRI *",
        "2026-01-01T18:00:00Z",
        "2026-01-02T00:00:00Z",
    ),
    (
        "0 8 ? * 7 *",
        "2026-01-03T08:00:00Z",
        "2026-01-04T00:00:00Z",
    ),
    (
        "0 8 ? * L *",
        "2026-01-03T08:00:00Z",
        "2026-01-04T00:00:00Z",
    ),
    (
        "0 8 L * ? *",
        "2026-01-31T08:00:00Z",
        "2026-02-01T00:00:00Z",
    ),
    (
        "0 8 L FEB ? *",
        "2026-02-28T08:00:00Z",
        "2026-03-01T00:00:00Z",
    ),
    (
        "0 8 29 2 ? *",
        "2028-02-29T08:00:00Z",
        "2028-03-01T00:00:00Z",
    ),
    (
        "0 8 ? * 6L *",
        "2026-01-30T08:00:00Z",
        "2026-01-31T00:00:00Z",
    ),
    (
        "0 8 ? * FRI#3 *",
        "2026-01-16T08:00:00Z",
        "2026-01-17T00:00:00Z",
    ),
    (
        "0 8 ? * 2#1 *",
        "2026-01-05T08:00:00Z",
        "2026-01-06T00:00:00Z",
    ),
    (
        "0 8 1 1/3 ? *",
        "2026-04-01T08:00:00Z",
        "2026-04-02T00:00:00Z",
    ),
    (
        "0 8 1 JAN,MAR ? *",
        "2026-03-01T08:00:00Z",
        "2026-03-02T00:00:00Z",
    ),
    (
        "0 */8 * * ? *",
        "2026-01-01T16:00:00Z",
        "2026-01-01T17:00:00Z",
    ),
    (
        "0 4/12 * * ? *",
        "2026-01-01T16:00:00Z",
        "2026-01-01T17:00:00Z",
    ),
    (
        "0 8-20/6 * * ? *",
        "2026-01-01T14:00:00Z",
        "2026-01-01T15:00:00Z",
    ),
];
