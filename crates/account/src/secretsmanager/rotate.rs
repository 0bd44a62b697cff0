//! Rotation as callers set it up. What then happens by itself is `rotation`'s.
//!
//! Source: Secrets Manager API Reference, "RotateSecret", "CancelRotateSecret"; User Guide,
//! "Rotation by Lambda function".

use jiff::{SignedDuration, Timestamp};
use protocol::{Arn, Fault, Record};

use super::answer::named;
use super::faults::{invalid_parameter, invalid_request, refuse};
use super::labels::{CURRENT, PENDING};
use super::lookup::{find, load_live, on_secret};
use super::schedule::Schedule;
use super::values;
use crate::entity::{
    Entity, RotationJob, RotationRules, RotationStep, SecretEntity, SecretRotation, SecretVersion,
    Window,
};
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::state::HeldSecret;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "RotateSecret",
        needs: rotate_needs,
        run: rotate,
    },
    Row {
        operation: "CancelRotateSecret",
        needs: |t, _, i| on_secret("secretsmanager:CancelRotateSecret", t, i),
        run: cancel,
    },
];

/// The caller has the function called, so it needs what calling it needs.
fn rotate_needs(transaction: &Transaction, _: &Caller, input: &Record) -> Result<Vec<Need>, Fault> {
    let asked = asked_function(input);
    let with = |need: Need| {
        let need = need
            .with(&keys::SECRET_ROTATES_NOW, is_immediate(input))
            .with(
                &keys::SECRET_MODIFIES_RULES,
                input.record("RotationRules").is_some(),
            );
        match asked {
            Some(arn) => need.with(&keys::SECRET_FUNCTION, arn),
            None => need,
        }
    };
    let needs = on_secret("secretsmanager:RotateSecret", transaction, input)?;
    let mut needs: Vec<Need> = needs.into_iter().map(with).collect();
    let id = required(input, "SecretId")?;
    let held = find(transaction.state(), id, transaction.now);
    let own = held.and_then(|held| held.secret.rotation.as_ref());
    let function = asked.or(own.map(|rotation| rotation.function.as_str()));
    if let Some(function) = function.filter(|arn| Arn::parse(arn).is_some()) {
        needs.push(Need::new("lambda:InvokeFunction", function));
    }
    Ok(needs)
}

fn asked_function(input: &Record) -> Option<&str> {
    let asked = input.text("RotationLambdaARN");
    asked.filter(|arn| !arn.is_empty())
}

fn is_immediate(input: &Record) -> bool {
    input.boolean("RotateImmediately").unwrap_or(true)
}

fn rotate(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    let held = load_live(transaction, input)?;
    let mut secret = held.secret.clone();
    let before = secret.rotation.take();
    let function = asked_function(input)
        .or(before.as_ref().map(|before| before.function.as_str()))
        .ok_or_else(|| {
            invalid_request("No Lambda rotation function ARN is associated with this secret.")
        })?
        .to_owned();
    if !transaction
        .state()
        .rotation_functions()
        .contains_key(&function)
    {
        return Err(Fault::new("AccessDeniedException", NOT_INVOKABLE));
    }
    let rules = match input.record("RotationRules") {
        Some(rules) => rules_of(rules)?,
        None => before
            .as_ref()
            .map(|of| of.rules.clone())
            .unwrap_or_default(),
    };
    let schedule = Schedule::of(&rules).map_err(invalid_parameter)?;
    let token = values::token(&mut transaction.entropy, input);
    let pending = pending(&secret);
    if pending.is_some_and(|pending| pending != token) {
        return Err(invalid_request(
            "A previous rotation isn't complete. That rotation will be reattempted.",
        ));
    }
    let now = transaction.now;
    let (last, job) = before.map_or((None, None), |before| (before.last, before.job));
    let before = job.as_ref().map(|job| job.token.clone());
    let job = next_job(&held, &token, pending, job, is_immediate(input), now);
    let is_new = job.as_ref().map(|job| &job.token) != before.as_ref();
    secret.rotation = Some(Box::new(SecretRotation {
        enabled: true,
        function,
        rules,
        last,
        next: schedule.and_then(|schedule| schedule.next(now, now)),
        job,
    }));
    if is_new {
        values::attach(&mut secret, PENDING, &token);
    }
    secret.changed = now;
    let answer = named(&secret).with("VersionId", token.as_str());
    announce(transaction, &held, secret, &token)?;
    Ok(answer)
}

/// What is to be done for a token: the rotation that it began goes on, one that is done is not
/// repeated, and any other begins.
fn next_job(
    held: &HeldSecret,
    token: &str,
    pending: Option<&str>,
    before: Option<RotationJob>,
    immediately: bool,
    now: Timestamp,
) -> Option<RotationJob> {
    let known = held.versions.get(token);
    let is_done = known.is_some_and(|version| version.value.is_some());
    if is_done && pending != Some(token) {
        return before;
    }
    match before.filter(|job| job.token == token && !job.abandoned) {
        Some(job) if job.failures == 0 => Some(job),
        Some(job) => Some(RotationJob { at: now, ..job }),
        None => Some(RotationJob {
            token: token.to_owned(),
            only_test: !immediately,
            step: if immediately {
                RotationStep::CreateSecret
            } else {
                RotationStep::TestSecret
            },
            at: now,
            failures: 0,
            abandoned: false,
        }),
    }
}

/// Puts a secret, and where its job's version is not there yet, that one without a value.
pub(super) fn announce(
    transaction: &mut Transaction,
    held: &HeldSecret,
    mut secret: SecretEntity,
    token: &str,
) -> Result<(), Fault> {
    if held.versions.contains_key(token) {
        return transaction.put(Entity::Secret(secret));
    }
    values::attach(&mut secret, PENDING, token);
    values::check_labels(&secret)?;
    let version = SecretVersion {
        secret: secret.name.clone(),
        id: token.to_owned(),
        created: transaction.now,
        value: None,
        key: None,
    };
    transaction.put(Entity::Secret(secret))?;
    transaction.put(Entity::SecretVersion(version))
}

fn rules_of(given: &Record) -> Result<RotationRules, Fault> {
    let duration = given.text("Duration").map(|text| {
        let hours = text
            .strip_suffix('h')
            .and_then(|hours| hours.parse::<i64>().ok());
        hours.ok_or_else(|| invalid_parameter(format!("The Duration {text} is invalid.")))
    });
    Ok(RotationRules {
        days: given.integer("AutomaticallyAfterDays"),
        expression: given.text("ScheduleExpression").map(str::to_owned),
        duration_hours: duration.transpose()?,
    })
}

fn cancel(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load_live(transaction, input)?;
    let mut secret = held.secret.clone();
    let Some(rotation) = &mut secret.rotation else {
        return Err(invalid_request(
            "You tried to cancel the rotation of a secret that isn't configured for rotation.",
        ));
    };
    rotation.enabled = false;
    rotation.next = None;
    let job = rotation.job.take();
    secret.changed = transaction.now;
    let answer = named(&secret).with_some("VersionId", job.map(|job| job.token));
    transaction.put(Entity::Secret(secret))?;
    Ok(answer)
}

/// The version that waits to become current.
pub(super) fn pending(secret: &SecretEntity) -> Option<&str> {
    let pending = secret.stages.get(PENDING)?;
    (secret.stages.get(CURRENT) != Some(pending)).then_some(pending)
}

/// Takes notice of a value that is now current. One that no rotation has put counts as a rotation,
/// and makes the one that is under way moot.
pub(super) fn noticed(secret: &mut SecretEntity, version: &str, now: Timestamp) {
    let waiting = pending(secret).map(str::to_owned);
    let Some(rotation) = secret.rotation.as_mut().filter(|of| of.enabled) else {
        return;
    };
    let job = rotation.job.as_ref();
    if job.is_some_and(|job| job.token == version) {
        return;
    }
    rotation.next = next_window(rotation, now);
    if let Some(token) = waiting {
        secret.stages.remove(PENDING);
        rotation.job = Some(RotationJob {
            token,
            only_test: false,
            step: RotationStep::CreateSecret,
            at: now,
            failures: 0,
            abandoned: true,
        });
    }
}

/// The window after a rotation that was done now.
pub(super) fn next_window(rotation: &SecretRotation, now: Timestamp) -> Option<Window> {
    let schedule = Schedule::of(&rotation.rules).ok().flatten();
    let schedule = schedule.filter(|_| rotation.enabled)?;
    schedule.next(now, now)
}

/// What DescribeSecret and ListSecrets tell of a rotation that was set up once.
pub(super) fn show(shown: Record, secret: &SecretEntity) -> Record {
    let Some(rotation) = &secret.rotation else {
        return shown;
    };
    let rules = &rotation.rules;
    let duration = rules.duration_hours.map(|hours| format!("{hours}h"));
    let rules = Record::new()
        .with_some("AutomaticallyAfterDays", rules.days)
        .with_some("Duration", duration)
        .with_some("ScheduleExpression", rules.expression.as_deref());
    // The last moment at which it may begin.
    let next = rotation
        .next
        .map(|window| window.end - SignedDuration::from_secs(1));
    shown
        .with("RotationEnabled", rotation.enabled)
        .with("RotationLambdaARN", rotation.function.as_str())
        .with_some("RotationRules", (!rules.is_empty()).then_some(rules))
        .with_some(
            "LastRotatedDate",
            rotation.last.filter(|_| rotation.enabled),
        )
        .with_some("NextRotationDate", next)
}

/// There are no secrets of other services.
pub(super) const REFUSED: &[&str] = &[
    "ExternalSecretRotationMetadata",
    "ExternalSecretRotationRoleArn",
];
const NOT_INVOKABLE: &str = "Secrets Manager cannot invoke the specified Lambda function. Ensure \
                             that the function policy grants access to the principal \
                             secretsmanager.amazonaws.com.";
