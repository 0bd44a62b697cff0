//! `rolecall guard stats`: what the running guard has counted, and first of all who reads without a
//! token.

use std::fmt::Write as _;

use agent::caller::HOST_NETWORK;
use agent::guard::{Answers, Counts, Outcome};
use serde_json::json;

use crate::cli::{Format, StatsOfGuard};
use crate::control;
use crate::failure::{Exit, Failure};
use crate::term::{self, shown};

pub(crate) fn run(flags: &StatsOfGuard) -> Result<Exit, Failure> {
    let mut counts = control::guard::ask()?;
    // Who would break most often comes first.
    let often = |answers: Answers| std::cmp::Reverse(answers.answered + answers.refused);
    counts.without_token.sort_by_key(|it| often(it.answers));
    term::data(&match flags.format {
        Format::Text => text(&counts),
        Format::Json => format!("{}\n", json(&counts)),
    });
    Ok(Exit::Done)
}

fn json(counts: &Counts) -> serde_json::Value {
    let rules = counts.rules().into_iter();
    let users = counts.users.iter();
    json!({
        "since": counts.since,
        "without_token": counts.without_token,
        "without_token_others": counts.other_without_token,
        "rules": rules.map(|(rule, it)| row("rule", rule.into(), it)).collect::<Vec<_>>(),
        "users": users.map(|(uid, it)| row("uid", (*uid).into(), *it)).collect::<Vec<_>>(),
        "users_others": counts.other_users,
        "outcomes": outcomes(counts).map(|(outcome, count)| json!({
            "outcome": outcome, "count": count,
        })).collect::<Vec<_>>(),
    })
}

fn row(key: &str, value: serde_json::Value, answers: Answers) -> serde_json::Value {
    let Answers { answered, refused } = answers;
    let mut row = json!({ "answered": answered, "refused": refused });
    if let Some(members) = row.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
    row
}

/// How often requests ended in each way that occurred.
fn outcomes(counts: &Counts) -> impl Iterator<Item = (&'static str, u64)> {
    let all = OUTCOMES.map(|outcome| (outcome.as_str(), counts.of(&[outcome])));
    all.into_iter().filter(|(_, count)| *count > 0)
}

fn text(counts: &Counts) -> String {
    let mut text = format!("counted since {}\n", counts.since);
    text.push_str("\nread without a token, and are refused once tokens are required\n");
    let head = [
        "ANSWERED",
        "REFUSED",
        "USER",
        "UNIT",
        "NETWORK",
        "EXECUTABLE",
        "LAST",
        "PATH",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    let or_none = |name: &Option<String>| shown(name.as_deref().unwrap_or("-"));
    rows.extend(counts.without_token.iter().map(|it| {
        let (last, path) = (it.last.strftime("%Y-%m-%dT%H:%M:%SZ"), shown(&it.path));
        let Answers { answered, refused } = it.answers;
        let (unit, exe) = (or_none(&it.unit), or_none(&it.exe));
        let network = shown(it.network_namespace.as_deref().unwrap_or(HOST_NETWORK));
        let numbers = [
            answered.to_string(),
            refused.to_string(),
            it.uid.to_string(),
        ];
        let [answered, refused, uid] = numbers;
        let last = last.to_string();
        [answered, refused, uid, unit, network, exe, last, path]
    }));
    let others = counts.other_without_token;
    if others != Answers::default() {
        let Answers { answered, refused } = others;
        let counted = [
            answered.to_string(),
            refused.to_string(),
            "others".to_owned(),
        ];
        let [answered, refused, who] = counted;
        let none = String::new;
        let rest = [none(), none(), none(), none(), none()];
        let [unit, network, exe, last, path] = rest;
        rows.push([answered, refused, who, unit, network, exe, last, path]);
    }
    table(&mut text, &rows);
    text.push_str("\nrules\n");
    let rules = counts.rules().into_iter();
    answers(&mut text, "RULE", rules.map(|(rule, it)| (shown(rule), it)));
    text.push_str("\nusers\n");
    let users = counts.users.iter().map(|(uid, it)| (uid.to_string(), *it));
    let others = Some(("others".to_owned(), counts.other_users));
    let others = others.filter(|(_, it)| *it != Answers::default());
    answers(&mut text, "USER", users.chain(others));
    text.push_str("\nrequests\n");
    let requests = outcomes(counts).map(|(outcome, count)| [count.to_string(), outcome.to_owned()]);
    table(&mut text, &requests.collect::<Vec<_>>());
    text
}

fn answers(text: &mut String, what: &str, rows: impl Iterator<Item = (String, Answers)>) {
    let mut lines = vec![["ANSWERED", "REFUSED", what].map(str::to_owned)];
    lines.extend(rows.map(|(name, Answers { answered, refused })| {
        [answered.to_string(), refused.to_string(), name]
    }));
    table(text, &lines);
}

fn table<const N: usize>(text: &mut String, rows: &[[String; N]]) {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let _infallible = write!(line, "  {cell:<width$}");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

const OUTCOMES: [Outcome; 11] = [
    Outcome::Answered,
    Outcome::Stale,
    Outcome::TokenMade,
    Outcome::Denied,
    Outcome::NoToken,
    Outcome::BadToken,
    Outcome::Unknown,
    Outcome::Changed,
    Outcome::Malformed,
    Outcome::Away,
    Outcome::Unrecorded,
];
