//! Secrets themselves: made, described, updated.

use std::collections::BTreeMap;

use protocol::{Fault, Record, Value};

use super::answer::named;
use super::faults::{invalid_parameter, invalid_request, refuse};
use super::lookup::{arn, load, load_live, on_secret, primary};
use super::protection::{self, Asked};
use super::replicas;
use super::rotate;
use super::values::{self, Put};
use crate::entity::{Entity, SecretEntity, SecretVersion, Tag};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::state::HeldSecret;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateSecret",
        needs: create_needs,
        run: create,
    },
    Row {
        operation: "DescribeSecret",
        needs: |t, _, i| on_secret("secretsmanager:DescribeSecret", t, i),
        run: describe,
    },
    Row {
        operation: "UpdateSecret",
        needs: update_needs,
        run: update,
    },
];

fn create_needs(transaction: &Transaction, _: &Caller, input: &Record) -> Result<Vec<Need>, Fault> {
    let name = required(input, "Name")?;
    let arn = arn(transaction.state(), name);
    let tagged = |need: Need| need.requesting(input.records("Tags"));
    let create = Need::new("secretsmanager:CreateSecret", arn.as_str());
    let mut needs = vec![tagged(create.with(&keys::SECRET_NAME, name))];
    if !input.list("Tags").is_empty() {
        needs.push(tagged(Need::new(
            "secretsmanager:TagResource",
            arn.as_str(),
        )));
    }
    needs.extend(create_key_needs(transaction, &arn, name, input));
    needs.extend(replicas::needs_of_new(transaction, &arn, input));
    Ok(needs)
}

/// What the call needs on KMS keys. The contexts name what the handler will draw.
fn create_key_needs(transaction: &Transaction, arn: &str, name: &str, input: &Record) -> Vec<Need> {
    let known = transaction.state().secret(name);
    let known = known.filter(|held| !super::lookup::is_gone(&held.secret, transaction.now));
    if let Some(held) = known {
        return values::to_put(transaction, held, None, input)
            .into_iter()
            .collect();
    }
    let Some(Asked { key: Some(key) }) = protection::asked(input) else {
        return Vec::new();
    };
    let mut entropy = transaction.entropy.clone();
    let arn = format!("{arn}-{}", ids::secret_suffix(&mut entropy));
    let mut needs = protection::to_ask(transaction, key, &arn);
    if input.get("SecretString").is_some() || input.get("SecretBinary").is_some() {
        let version = values::token(&mut entropy, input);
        needs.extend(protection::to_put(transaction, Some(key), &arn, &version));
    }
    needs
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    let name = required(input, "Name")?;
    if name.chars().any(|letter| !is_name_letter(letter)) {
        return Err(Fault::new(
            "ValidationException",
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the \
             following: -/_+=.@!",
        ));
    }
    let value = values::given(input)?;
    if let Some(held) = transaction.state().secret(name).cloned() {
        if super::lookup::is_gone(&held.secret, transaction.now) {
            super::deletion::purge(transaction, &held)?;
        } else {
            return created_before(transaction, &held, input);
        }
    }
    let key = protection::asked(input).and_then(|asked| asked.key);
    protection::check_asked(transaction, key)?;
    let suffix = ids::secret_suffix(&mut transaction.entropy);
    let mut secret = SecretEntity {
        name: name.to_owned(),
        arn: format!("{}-{suffix}", arn(transaction.state(), name)),
        description: description(input),
        kms_key_id: key.map(str::to_owned),
        created: transaction.now,
        changed: transaction.now,
        deletion: None,
        stages: BTreeMap::new(),
        tags: tags(input)?,
        policy: None,
        replicas: replicas::asked(transaction, name, input)?,
        primary_region: None,
        rotation: None,
    };
    let mut answer = named(&secret).with_some("ReplicationStatus", replicas::status(&secret));
    let version = value
        .map(|value| values::first(transaction, &mut secret, input, value))
        .transpose()?;
    transaction.put(Entity::Secret(secret))?;
    if let Some(version) = version {
        answer.set("VersionId", version.id.as_str());
        transaction.put(Entity::SecretVersion(version))?;
    }
    Ok(answer)
}

/// A call repeated with its token and value is answered as the first time; anything else clashes.
fn created_before(
    transaction: &Transaction,
    held: &HeldSecret,
    input: &Record,
) -> Result<Record, Fault> {
    if held.secret.deletion.is_some() {
        return Err(invalid_request(
            "You can't create this secret because a secret with this name is already scheduled \
             for deletion.",
        ));
    }
    let version = input
        .text("ClientRequestToken")
        .and_then(|token| held.versions.get(token));
    if let Some(version) = version {
        protection::check_readable(transaction, version)?;
    }
    match version {
        Some(version) if version.value.is_some() && values::given(input)? == version.value => {
            Ok(named(&held.secret).with("VersionId", version.id.as_str()))
        }
        _ => Err(Fault::new(
            "ResourceExistsException",
            format!(
                "The operation failed because the secret {} already exists.",
                held.secret.name
            ),
        )),
    }
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    Ok(shown(&held.secret)
        .with_some("VersionIdsToStages", stages_by_version(&held.secret))
        .with_some("ReplicationStatus", replicas::status(&held.secret)))
}

/// What DescribeSecret and ListSecrets tell alike.
pub(super) fn shown(secret: &SecretEntity) -> Record {
    let tags: Vec<Record> = secret
        .tags
        .iter()
        .map(|tag| {
            Record::new()
                .with("Key", tag.key.as_str())
                .with("Value", tag.value.as_str())
        })
        .collect();
    rotate::show(named(secret), secret)
        .with_some("Description", secret.description.as_deref())
        .with_some("KmsKeyId", secret.kms_key_id.as_deref())
        .with("LastChangedDate", secret.changed)
        .with("CreatedDate", secret.created)
        .with_some("DeletedDate", secret.deletion.map(|(_, end)| end))
        .with_some("Tags", (!tags.is_empty()).then_some(tags))
        .with_some("PrimaryRegion", primary(secret))
}

/// Versions with their labels; a version without a label is deprecated and not shown.
pub(super) fn stages_by_version(secret: &SecretEntity) -> Option<Value> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (stage, version) in &secret.stages {
        versions.entry(version).or_default().push(stage);
    }
    let shown = versions
        .into_iter()
        .map(|(id, stages)| (id.to_owned(), Value::from(stages)));
    (!secret.stages.is_empty()).then(|| Value::Map(shown.collect()))
}

fn update(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED_OF_UPDATES)?;
    let held = load_live(transaction, input)?;
    let mut secret = held.secret.clone();
    if input.get("Description").is_some() {
        secret.description = description(input);
    }
    if let Some(Asked { key }) = protection::asked(input) {
        protection::check_asked(transaction, key)?;
        secret.kms_key_id = key.map(str::to_owned);
    }
    secret.changed = transaction.now;
    let mut answer = named(&secret);
    let put = match values::given(input)? {
        Some(value) => values::put(transaction, &held, &mut secret, input, value, &[])?,
        None => Put::Nothing,
    };
    if let Some(id) = put.version_id() {
        answer.set("VersionId", id);
    }
    if let Some(Asked { key }) = protection::asked(input) {
        for version in protection::moved(transaction, &held, key) {
            let key = protection::protect(transaction, key)?;
            let version = (*version).clone();
            transaction.put(Entity::SecretVersion(SecretVersion { key, ..version }))?;
        }
    }
    values::commit(transaction, secret, put)?;
    Ok(answer)
}

fn update_needs(transaction: &Transaction, _: &Caller, input: &Record) -> Result<Vec<Need>, Fault> {
    let mut needs = on_secret("secretsmanager:UpdateSecret", transaction, input)?;
    let Ok(held) = load_live(transaction, input) else {
        return Ok(needs);
    };
    let asked = protection::asked(input);
    if let Some(Asked { key }) = asked {
        let ask = key.map(|key| protection::to_ask(transaction, key, &held.secret.arn));
        needs.extend(ask.into_iter().flatten());
        needs.extend(protection::to_move(transaction, &held, key));
    }
    let own = held.secret.kms_key_id.as_deref();
    let key = asked.map_or(own, |asked| asked.key);
    needs.extend(values::to_put(transaction, &held, key, input));
    Ok(needs)
}

fn description(input: &Record) -> Option<String> {
    input
        .text("Description")
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// The tags that a call brings, each once.
pub(super) fn tags(input: &Record) -> Result<Vec<Tag>, Fault> {
    let mut tags: Vec<Tag> = Vec::new();
    for tag in input.records("Tags") {
        let (Some(key), value) = (tag.text("Key"), tag.text("Value").unwrap_or_default()) else {
            continue;
        };
        if key.starts_with("aws:") {
            return Err(invalid_parameter("Tag keys must not begin with aws:."));
        }
        if tags.iter().any(|known| known.key == key) {
            return Err(invalid_parameter(format!(
                "The tag key {key} is given more than once."
            )));
        }
        tags.push(Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        });
    }
    check_number(&tags)?;
    Ok(tags)
}

/// Refuses more tags than a secret may have.
pub(super) fn check_number(tags: &[Tag]) -> Result<(), Fault> {
    if tags.len() > TAGS_MAX {
        return Err(invalid_parameter(format!(
            "A secret has at most {TAGS_MAX} tags."
        )));
    }
    Ok(())
}

fn is_name_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "/_+=.@-!".contains(letter)
}

const TAGS_MAX: usize = 50;
/// There are no secrets of other services, and no originals in other accounts.
pub(super) const REFUSED: &[&str] = &["CrossAccountPrimaryARN", "Type"];
pub(super) const REFUSED_OF_UPDATES: &[&str] = &["Type"];
