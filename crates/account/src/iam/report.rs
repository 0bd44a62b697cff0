//! The credential report: every user and the state of its access keys, as comma-separated values.
//!
//! A report is made at once, and kept: who fetches it later gets what was true when it was made.
//!
//! Source: IAM User Guide, "Generate credential reports for your AWS account".

use jiff::Timestamp;
use protocol::{Fault, Record, Value};

use crate::entity::{AccessKey, AccessKeyStatus, CredentialReport, Entity, User};
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GenerateCredentialReport",
        needs: |_, _, _| Ok(vec![Need::new("iam:GenerateCredentialReport", "*")]),
        run: generate,
    },
    Row {
        operation: "GetCredentialReport",
        needs: |_, _, _| Ok(vec![Need::new("iam:GetCredentialReport", "*")]),
        run: get,
    },
];

/// A new report, unless there is one of late: then it is complete.
fn generate(transaction: &mut Transaction, _: &Caller, _: &Record) -> Result<Record, Fault> {
    let state = transaction.state();
    let held = state.iam_account().report.as_ref();
    if held.is_some_and(|report| !is_expired(report, transaction.now)) {
        return Ok(Record::new().with("State", "COMPLETE"));
    }
    let mut account = state.iam_account().clone();
    account.report = Some(CredentialReport {
        generated: transaction.now,
        text: text(state),
    });
    transaction.put(Entity::IamAccount(account))?;
    Ok(Record::new().with("State", "STARTED").with(
        "Description",
        "No report exists. Starting a new report generation task",
    ))
}

fn get(transaction: &mut Transaction, _: &Caller, _: &Record) -> Result<Record, Fault> {
    let gone = |code, what: &str| {
        let message = format!(
            "The credential report {what}. Generate a new one with GenerateCredentialReport."
        );
        Fault::new(code, message).status(410)
    };
    let Some(report) = &transaction.state().iam_account().report else {
        return Err(gone("ReportNotPresent", "does not exist"));
    };
    if is_expired(report, transaction.now) {
        return Err(gone("ReportExpired", "has expired"));
    }
    Ok(Record::new()
        .with("Content", Value::Blob(report.text.clone().into_bytes()))
        .with("ReportFormat", "text/csv")
        .with("GeneratedTime", report.generated))
}

fn is_expired(report: &CredentialReport, now: Timestamp) -> bool {
    now.as_second() - report.generated.as_second() >= REPORT_SECONDS
}

/// The headings, the account's root, and every user by name.
fn text(state: &State) -> String {
    let mut text = COLUMNS.join(",");
    let users = state
        .users()
        .values()
        .map(|held| user_line(state, &held.user));
    for line in [root_line(state)].into_iter().chain(users) {
        text.push('\n');
        let fields: Vec<String> = line.iter().map(|field| quoted(field)).collect();
        text.push_str(&fields.join(","));
    }
    text
}

/// The account's root has no password here and no keys: nobody can sign in as it.
fn root_line(state: &State) -> Vec<String> {
    let mut line = vec![
        "<root_account>".to_owned(),
        format!("arn:aws:iam::{}:root", state.account_id()),
        moment(state.settings().created),
    ];
    line.extend(["false", ABSENT, "not_supported", "not_supported", "false"].map(str::to_owned));
    line.extend(key_fields(state, None));
    line.extend(key_fields(state, None));
    line.extend(CERTIFICATES.map(str::to_owned));
    line
}

fn user_line(state: &State, user: &User) -> Vec<String> {
    let arn = state.iam_arn("user", &user.path, &user.name);
    let mut line = vec![user.name.clone(), arn.to_string(), moment(user.created)];
    line.extend(["false", ABSENT, ABSENT, ABSENT, "false"].map(str::to_owned));
    let held = state.access_keys().values().map(AsRef::as_ref);
    let mut keys: Vec<&AccessKey> = held.filter(|key| key.user == user.name).collect();
    keys.sort_by_key(|key| key.created);
    line.extend(key_fields(state, keys.first().copied()));
    line.extend(key_fields(state, keys.get(1).copied()));
    line.extend(CERTIFICATES.map(str::to_owned));
    line
}

/// Whether it is active, since when it is what it is, and when, where and for what it was used.
fn key_fields(state: &State, key: Option<&AccessKey>) -> [String; 5] {
    let absent = || ABSENT.to_owned();
    let Some(key) = key else {
        return ["false".to_owned(), absent(), absent(), absent(), absent()];
    };
    let active = (key.status == AccessKeyStatus::Active).to_string();
    let rotated = moment(key.created);
    match state.last_use(&key.id) {
        None => [active, rotated, absent(), absent(), absent()],
        Some(last) => [
            active,
            rotated,
            moment(last.at),
            last.region.clone(),
            last.service.clone(),
        ],
    }
}

/// ISO 8601, to the second.
fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// A user's name may have a comma in it (RFC 4180).
fn quoted(field: &str) -> String {
    if field.contains(',') {
        format!("\"{field}\"")
    } else {
        field.to_owned()
    }
}

// A report is good for four hours, and no other is made before.
const REPORT_SECONDS: i64 = 4 * 60 * 60;
const ABSENT: &str = "N/A";
// There are no signing certificates.
const CERTIFICATES: [&str; 4] = ["false", ABSENT, "false", ABSENT];
const COLUMNS: [&str; 22] = [
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    "access_key_1_active",
    "access_key_1_last_rotated",
    "access_key_1_last_used_date",
    "access_key_1_last_used_region",
    "access_key_1_last_used_service",
    "access_key_2_active",
    "access_key_2_last_rotated",
    "access_key_2_last_used_date",
    "access_key_2_last_used_region",
    "access_key_2_last_used_service",
    "cert_1_active",
    "cert_1_last_rotated",
    "cert_2_active",
    "cert_2_last_rotated",
];
