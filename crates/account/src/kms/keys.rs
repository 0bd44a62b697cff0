//! Keys themselves: made, described, listed.

use protocol::{Fault, Record, Value};

use super::faults::{limit_exceeded, only, refuse, unsupported, validation};
use super::lookup::{self, ALGORITHM, By, ENCRYPTS, ORIGIN, arn, check_kept, load, named, on_key};
use super::material;
use super::{pages, policies, tags};
use crate::entity::{Entity, Key, KmsKey, KmsKeySpec, KmsKeyState, KmsMaterial};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::state::HeldKey;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateKey",
        needs: |t, _, i| Ok(create_needs(t, i)),
        run: create,
    },
    Row {
        operation: "DescribeKey",
        needs: |transaction, _, input| {
            let id = required(input, "KeyId")?;
            let need = lookup::need("kms:DescribeKey", transaction, id, By::Alias);
            Ok(vec![need])
        },
        run: describe,
    },
    Row {
        operation: "ListKeys",
        needs: |_, _, _| Ok(vec![Need::new("kms:ListKeys", "*")]),
        run: list,
    },
    Row {
        operation: "UpdateKeyDescription",
        needs: |t, _, i| on_key("kms:UpdateKeyDescription", t, i),
        run: update_description,
    },
];

fn create_needs(transaction: &Transaction<'_>, input: &Record) -> Vec<Need> {
    let tagged = |need: Need| need.requesting_pairs(tags::pairs(input));
    let usage = input.text("KeyUsage").unwrap_or(ENCRYPTS);
    let create = lookup::of_spec(Need::new("kms:CreateKey", "*"), spec_asked(input), usage);
    let mut needs = vec![tagged(
        create.with(&keys::KMS_BYPASS, policies::bypasses(input)),
    )];
    if !input.list("Tags").is_empty() {
        // The key has no id yet: it may be any.
        let any = arn(transaction.state(), "key/*");
        needs.push(tagged(Need::new("kms:TagResource", any)));
    }
    needs
}

fn spec_asked(input: &Record) -> &str {
    let spec = input.text("KeySpec");
    let spec = spec.or(input.text("CustomerMasterKeySpec"));
    spec.unwrap_or(ALGORITHM)
}

fn spec(input: &Record) -> Result<KmsKeySpec, Fault> {
    if input.get("KeySpec").is_some() && input.get("CustomerMasterKeySpec").is_some() {
        return Err(validation(
            "You cannot specify KeySpec and CustomerMasterKeySpec in the same request.",
        ));
    }
    let asked = spec_asked(input);
    let spec = KmsKeySpec::find(asked);
    let spec = spec.ok_or_else(|| {
        unsupported(format!(
            "This server does not support KeySpec {asked}, only SYMMETRIC_DEFAULT and HMAC_*."
        ))
    })?;
    let usage = input.text("KeyUsage").unwrap_or(ENCRYPTS);
    if spec.usage() != usage {
        return Err(validation(format!(
            "KeyUsage {usage} is not valid for KeySpec {asked}, which is for {}.",
            spec.usage()
        )));
    }
    Ok(spec)
}

fn create(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    refuse(input, &["CustomKeyStoreId", "XksKeyId"])?;
    only(input, "Origin", ORIGIN)?;
    let spec = spec(input)?;
    if input.boolean("MultiRegion") == Some(true) {
        return Err(unsupported(
            "This server does not support keys of several regions.",
        ));
    }
    purge(transaction)?;
    if transaction.state().kms_keys().len() >= KEYS_MAX {
        return Err(limit_exceeded(format!(
            "An account has at most {KEYS_MAX} keys."
        )));
    }
    let id = ids::uuid(&mut transaction.entropy);
    let mut key = KmsKey {
        arn: arn(transaction.state(), &format!("key/{id}")),
        id,
        spec,
        description: input.text("Description").unwrap_or_default().to_owned(),
        state: KmsKeyState::Enabled,
        created: transaction.now,
        policy: String::new(),
        tags: tags::given(input)?,
        rotation: None,
        materials: vec![new_material(transaction, spec, 1)],
    };
    key.policy = match input.text("Policy") {
        Some(text) => {
            let bypasses = policies::bypasses(input);
            policies::check(transaction, caller, &key, text, bypasses)?;
            text.to_owned()
        }
        None => policies::default(transaction.state()),
    };
    let answer = Record::new().with("KeyMetadata", metadata(transaction, &key));
    transaction.put(Entity::KmsKey(key))?;
    Ok(answer)
}

/// Material that nothing was encrypted with yet.
pub(super) fn new_material(
    transaction: &mut Transaction<'_>,
    spec: KmsKeySpec,
    version: u32,
) -> KmsMaterial {
    let mut secret = vec![0; spec.material_bytes()].into_boxed_slice();
    transaction.entropy.fill(&mut secret);
    KmsMaterial {
        version,
        created: transaction.now,
        secret: protocol::Secret::new(secret),
    }
}

/// Removes some of the keys whose waiting period has ended, with their material and aliases. Until
/// then they are only not found.
fn purge(transaction: &mut Transaction<'_>) -> Result<(), Fault> {
    let state = transaction.state();
    let gone = state.kms_keys().values();
    let gone = gone.filter(|held| held.key.is_gone(transaction.now));
    let gone: Vec<String> = gone
        .take(PURGED_MAX)
        .map(|held| held.key.id.clone())
        .collect();
    for id in gone {
        let aliases = transaction.state().kms_aliases_of(&id);
        let aliases: Vec<String> = aliases.map(str::to_owned).collect();
        for name in aliases {
            transaction.delete(Key::KmsAlias(name))?;
        }
        transaction.delete(Key::KmsKey(id))?;
    }
    Ok(())
}

fn describe(
    transaction: &mut Transaction<'_>,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    refuse(input, &["GrantTokens"])?;
    let found = named(transaction, input, "KeyId", By::Alias)?;
    let shown = metadata(transaction, &found.held.key);
    Ok(Record::new().with("KeyMetadata", shown))
}

fn metadata(transaction: &Transaction<'_>, key: &KmsKey) -> Record {
    let (state, deletion) = match key.state {
        KmsKeyState::Enabled => ("Enabled", None),
        KmsKeyState::Disabled => ("Disabled", None),
        KmsKeyState::PendingDeletion { end, .. } => ("PendingDeletion", Some(end)),
    };
    let (spec, algorithms) = (key.spec.name(), vec![key.spec.algorithm()]);
    let (algorithms_member, encrypts) = match key.spec {
        KmsKeySpec::Symmetric => ("EncryptionAlgorithms", true),
        _ => ("MacAlgorithms", false),
    };
    let newest = material::newest(key).filter(|_| encrypts);
    let material = newest.and_then(|newest| material::shown_id(key, newest.version));
    Record::new()
        .with("AWSAccountId", transaction.state().account_id())
        .with("KeyId", key.id.as_str())
        .with("Arn", key.arn.as_str())
        .with("CreationDate", key.created)
        .with("Enabled", key.state == KmsKeyState::Enabled)
        .with("Description", key.description.as_str())
        .with("KeyUsage", key.spec.usage())
        .with("KeyState", state)
        .with_some("DeletionDate", deletion)
        .with("Origin", ORIGIN)
        .with("KeyManager", "CUSTOMER")
        .with("CustomerMasterKeySpec", spec)
        .with("KeySpec", spec)
        .with(algorithms_member, algorithms)
        .with("MultiRegion", false)
        .with_some("CurrentKeyMaterialId", material)
}

fn list(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    if input.texts("ResourceOwners").any(|owner| owner != "SELF") {
        return Err(unsupported(
            "This server does not support ResourceOwners other than SELF.",
        ));
    }
    let now = transaction.now;
    let kept = transaction.state().kms_keys().values();
    let kept = kept.filter(|held| !held.key.is_gone(now));
    pages::page(
        input,
        "Keys",
        kept,
        |held| held.key.id.clone(),
        |held| {
            let HeldKey { key, .. } = held.as_ref();
            let entry = Record::new().with("KeyId", key.id.as_str());
            Value::from(entry.with("KeyArn", key.arn.as_str()))
        },
    )
}

fn update_description(
    transaction: &mut Transaction<'_>,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    check_kept(&held)?;
    let mut key = held.key.clone();
    required(input, "Description")?.clone_into(&mut key.description);
    transaction.put(Entity::KmsKey(key))?;
    Ok(Record::new())
}

// Source: KMS Developer Guide, "Resource quotas".
const KEYS_MAX: usize = 100_000;
// What one call may have to do for others.
const PURGED_MAX: usize = 16;
