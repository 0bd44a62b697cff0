//! Values: put, read, and how staging labels move when one is put.

use protocol::{Fault, Record, Secret, Value};

use super::answer::named;
use super::faults::{invalid_parameter, invalid_request};
use super::labels::{CURRENT, PREVIOUS};
use super::lookup::{load_live, on_secret};
use super::{protection, rotate};
use crate::entity::{Entity, Key, SecretEntity, SecretValue, SecretVersion};
use crate::entropy::Entropy;
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::Row;
use crate::state::HeldSecret;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GetSecretValue",
        needs: |transaction, _, input| to_get(transaction, input),
        run: get,
    },
    Row {
        operation: "PutSecretValue",
        needs: |transaction, _, input| {
            let mut needs = on_secret("secretsmanager:PutSecretValue", transaction, input)?;
            if let Ok(held) = load_live(transaction, input) {
                let key = held.secret.kms_key_id.as_deref();
                needs.extend(to_put(transaction, &held, key, input));
            }
            Ok(needs)
        },
        run: put_value,
    },
];

/// What putting a value leads to.
#[derive(Debug)]
pub(super) enum Put {
    /// No value was given.
    Nothing,
    /// The same was put before under the same token.
    Repeated(SecretVersion),
    /// A version more, and those that had to make room.
    New {
        version: SecretVersion,
        dropped: Vec<String>,
    },
}

impl Put {
    pub(super) fn version_id(&self) -> Option<&str> {
        match self {
            Self::Nothing => None,
            Self::Repeated(version) | Self::New { version, .. } => Some(&version.id),
        }
    }
}

/// The value of a call, if it has one.
pub(super) fn given(input: &Record) -> Result<Option<SecretValue>, Fault> {
    let value = match (input.secret("SecretString"), input.secret("SecretBinary")) {
        (Some(_), Some(_)) => {
            return Err(invalid_parameter(
                "You can't specify both a binary secret value and a string secret value in the \
                 same secret.",
            ));
        }
        (Some(text), None) => SecretValue::Text(text.clone()),
        (None, Some(bytes)) => SecretValue::Binary(bytes.clone()),
        (None, None) => return Ok(None),
    };
    // The shapes bound a text in characters; the quota is of bytes.
    if value.len() > VALUE_BYTES_MAX {
        let message = format!(
            "1 validation error detected: Value at 'secretString' failed to satisfy constraint: \
             Member must have length less than or equal to {VALUE_BYTES_MAX}"
        );
        return Err(Fault::new("ValidationException", message));
    }
    Ok(Some(value))
}

/// What a value needs on KMS keys, where the call has one. What is put under a token that is known
/// already is compared with what the token stands for, which is read for that.
pub(super) fn to_put(
    transaction: &Transaction,
    held: &HeldSecret,
    key: Option<&str>,
    input: &Record,
) -> Option<Need> {
    if input.get("SecretString").is_none() && input.get("SecretBinary").is_none() {
        return None;
    }
    // The same that the handler will draw.
    let id = token(&mut transaction.entropy.clone(), input);
    match held.versions.get(&id) {
        Some(known) if known.value.is_some() => {
            protection::to_read(transaction, &held.secret, known)
        }
        _ => protection::to_put(transaction, key, &held.secret.arn, &id),
    }
}

/// The first version of a secret that is being made.
pub(super) fn first(
    transaction: &mut Transaction,
    secret: &mut SecretEntity,
    input: &Record,
    value: SecretValue,
) -> Result<SecretVersion, Fault> {
    let id = token(&mut transaction.entropy, input);
    secret.stages.insert(CURRENT.to_owned(), id.clone());
    Ok(SecretVersion {
        secret: secret.name.clone(),
        id,
        created: transaction.now,
        value: Some(value),
        key: protection::protect(transaction, secret.kms_key_id.as_deref())?,
    })
}

/// Adds a version and moves the labels asked for to it, or `AWSCURRENT` where none is.
pub(super) fn put(
    transaction: &mut Transaction,
    held: &HeldSecret,
    secret: &mut SecretEntity,
    input: &Record,
    value: SecretValue,
    asked: &[&str],
) -> Result<Put, Fault> {
    let id = token(&mut transaction.entropy, input);
    // What a rotation has only announced gets its value.
    let announced = held.versions.get(&id);
    if let Some(known) = announced.filter(|known| known.value.is_some()) {
        protection::check_readable(transaction, known)?;
        if known.value.as_ref() == Some(&value) {
            return Ok(Put::Repeated((**known).clone()));
        }
        return Err(Fault::new(
            "ResourceExistsException",
            format!(
                "You can't use ClientRequestToken {id} because that value is already in use for a \
                 version of secret {}.",
                secret.arn
            ),
        ));
    }
    let stages = if asked.is_empty() { &[CURRENT] } else { asked };
    // The very first value is the current one whatever it is labelled.
    let becomes_current = stages.contains(&CURRENT) || held.versions.is_empty();
    for stage in stages.iter().filter(|stage| **stage != CURRENT) {
        attach(secret, stage, &id);
    }
    if becomes_current {
        attach(secret, CURRENT, &id);
        rotate::noticed(secret, &id, transaction.now);
    }
    check_labels(secret)?;
    let version = SecretVersion {
        secret: secret.name.clone(),
        id,
        created: transaction.now,
        value: Some(value),
        key: protection::protect(transaction, secret.kms_key_id.as_deref())?,
    };
    Ok(Put::New {
        version,
        dropped: surplus(held, secret),
    })
}

/// Moves a label to a version. When `AWSCURRENT` moves, `AWSPREVIOUS` follows to where it was.
pub(super) fn attach(secret: &mut SecretEntity, stage: &str, version: &str) {
    let before = secret.stages.insert(stage.to_owned(), version.to_owned());
    if stage != CURRENT {
        return;
    }
    if let Some(before) = before.filter(|before| before != version) {
        secret.stages.insert(PREVIOUS.to_owned(), before);
    } else if secret.stages.get(PREVIOUS).map(String::as_str) == Some(version) {
        // A version is not both.
        secret.stages.remove(PREVIOUS);
    }
}

/// Refuses more labels than a secret may have.
pub(super) fn check_labels(secret: &SecretEntity) -> Result<(), Fault> {
    let labels = secret.stages.len();
    if labels > STAGES_MAX {
        return Err(Fault::new(
            "LimitExceededException",
            format!("A secret has at most {STAGES_MAX} staging labels, this would make {labels}."),
        ));
    }
    Ok(())
}

/// Puts the secret and what became of its versions.
pub(super) fn commit(
    transaction: &mut Transaction,
    secret: SecretEntity,
    put: Put,
) -> Result<(), Fault> {
    let name = secret.name.clone();
    transaction.put(Entity::Secret(secret))?;
    if let Put::New { version, dropped } = put {
        for id in dropped {
            transaction.delete(Key::SecretVersion(name.clone(), id))?;
        }
        transaction.put(Entity::SecretVersion(version))?;
    }
    Ok(())
}

fn put_value(
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    super::faults::refuse(input, REFUSED)?;
    let held = load_live(transaction, input)?;
    protection::check_reach(transaction, caller, held.secret.kms_key_id.is_none())?;
    let value = given(input)?
        .ok_or_else(|| invalid_request("You must provide either SecretString or SecretBinary."))?;
    let mut secret = held.secret.clone();
    let asked: Vec<&str> = input.texts("VersionStages").collect();
    let put = put(transaction, &held, &mut secret, input, value, &asked)?;
    if matches!(put, Put::New { .. }) {
        secret.changed = transaction.now;
    }
    let id = put.version_id().unwrap_or_default().to_owned();
    let answer = named(&secret)
        .with("VersionId", id.as_str())
        .with("VersionStages", secret.stages_of(&id));
    if matches!(put, Put::New { .. }) {
        commit(transaction, secret, put)?;
    }
    Ok(answer)
}

/// What reading a value needs, on its secret and on the secret's key.
pub(super) fn to_get(transaction: &Transaction, input: &Record) -> Result<Vec<Need>, Fault> {
    let mut needs = on_secret("secretsmanager:GetSecretValue", transaction, input)?;
    if let Some(need) = needs.pop() {
        let stage = input.text("VersionStage").unwrap_or(CURRENT);
        let need = need.with(&keys::SECRET_VERSION_STAGE, stage);
        needs.push(match input.text("VersionId") {
            Some(id) => need.with(&keys::SECRET_VERSION_ID, id),
            None => need,
        });
    }
    let held = load_live(transaction, input).ok();
    let read = held.as_ref().and_then(|held| {
        let version = version(held, input).ok()?;
        protection::to_read(transaction, &held.secret, version)
    });
    needs.extend(read);
    Ok(needs)
}

fn get(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    read(transaction, caller, input)
}

/// A value with what belongs to it.
pub(super) fn read(
    transaction: &Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let held = load_live(transaction, input)?;
    let version = version(&held, input)?;
    protection::check_reach(transaction, caller, version.key.is_none())?;
    protection::check_readable(transaction, version)?;
    let (text, binary) = match &version.value {
        Some(SecretValue::Text(text)) => (Some(text.clone()), None::<Secret>),
        Some(SecretValue::Binary(bytes)) => (None, Some(bytes.clone())),
        None => (None, None),
    };
    let stages = held.secret.stages_of(&version.id);
    Ok(named(&held.secret)
        .with("VersionId", version.id.as_str())
        .with_some("SecretString", text)
        .with_some("SecretBinary", binary)
        .with_some(
            "VersionStages",
            (!stages.is_empty()).then(|| Value::from(stages)),
        )
        .with("CreatedDate", version.created))
}

fn version<'a>(held: &'a HeldSecret, input: &Record) -> Result<&'a SecretVersion, Fault> {
    let (id, stage) = (input.text("VersionId"), input.text("VersionStage"));
    let missing = |what: String| {
        let message = format!("Secrets Manager can't find the specified secret value for {what}");
        Fault::new("ResourceNotFoundException", message)
    };
    let Some(id) = id else {
        let stage = stage.unwrap_or(CURRENT);
        let found = held
            .secret
            .stages
            .get(stage)
            .and_then(|id| held.versions.get(id))
            .filter(|version| version.value.is_some());
        return found
            .map(AsRef::as_ref)
            .ok_or_else(|| missing(format!("staging label: {stage}")));
    };
    let found = held
        .versions
        .get(id)
        .filter(|version| version.value.is_some())
        .ok_or_else(|| missing(format!("VersionId: {id}")))?;
    match stage {
        Some(stage) if held.secret.stages.get(stage) != Some(&found.id) => Err(invalid_request(
            "You provided a VersionStage that is not associated to the provided VersionId.",
        )),
        _ => Ok(found),
    }
}

/// The id of the version that a call puts.
pub(super) fn token(entropy: &mut Entropy, input: &Record) -> String {
    match input.text("ClientRequestToken") {
        Some(token) => token.to_owned(),
        None => ids::uuid(entropy),
    }
}

/// Versions without a label that make a secret hold more than its share, the oldest first.
fn surplus(held: &HeldSecret, secret: &SecretEntity) -> Vec<String> {
    let mut unlabelled: Vec<_> = held
        .versions
        .values()
        .filter(|version| !secret.stages.values().any(|id| *id == version.id))
        .collect();
    unlabelled.sort_by_key(|version| version.created);
    let surplus = (held.versions.len() + 1).saturating_sub(VERSIONS_MAX);
    unlabelled
        .iter()
        .take(surplus)
        .map(|version| version.id.clone())
        .collect()
}

// Source: Secrets Manager User Guide, "Secrets Manager quotas".
const STAGES_MAX: usize = 20;
const VALUE_BYTES_MAX: usize = 65_536;
const VERSIONS_MAX: usize = 100;
/// It is given to functions of other accounts, which are not supported.
pub(super) const REFUSED: &[&str] = &["RotationToken"];
