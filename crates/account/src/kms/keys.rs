//! Keys themselves: made, described, listed.

use protocol::{Fault, Record, Value};

use super::data_key_pairs::make;
use super::faults::{limit_exceeded, only, refuse, unsupported, validation};
use super::grants::check_tokens;
use super::lookup::{self, By, ORIGIN, SYMMETRIC, arn, check_kept, load, named, on_key};
use super::{material, pages, policies, tags};
use crate::entity::{Entity, Key, KmsKey, KmsKeySpec, KmsKeyState, KmsKeyUsage, KmsMaterial};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::state::HeldKey;
use crate::transaction::{Transaction, internal_failure};

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

fn create_needs(transaction: &Transaction, input: &Record) -> Vec<Need> {
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
    spec.unwrap_or(SYMMETRIC)
}

/// What kind of key is asked for, and what for.
fn spec(input: &Record) -> Result<(KmsKeySpec, KmsKeyUsage), Fault> {
    if input.get("KeySpec").is_some() && input.get("CustomerMasterKeySpec").is_some() {
        return Err(validation(
            "You cannot specify KeySpec and CustomerMasterKeySpec in the same request.",
        ));
    }
    let asked = spec_asked(input);
    let spec = KmsKeySpec::find(asked);
    let spec = spec.ok_or_else(|| {
        unsupported(format!(
            "This server does not support KeySpec {asked}, only SYMMETRIC_DEFAULT, HMAC_*, RSA_* \
             and ECC_*."
        ))
    })?;
    let usage = match input.text("KeyUsage") {
        Some(usage) => usage,
        None if spec == KmsKeySpec::Symmetric => ENCRYPTS,
        None => {
            return Err(validation(
                "You must specify a KeyUsage value for all KMS keys except for symmetric \
                 encryption keys.",
            ));
        }
    };
    let valid = KmsKeyUsage::find(usage).filter(|usage| spec.usages().contains(usage));
    let valid = valid.ok_or_else(|| {
        validation(format!(
            "KeyUsage {usage} is not compatible with KeySpec {asked}"
        ))
    })?;
    Ok((spec, valid))
}

fn create(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    only(input, "Origin", ORIGIN)?;
    let (spec, usage) = spec(input)?;
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
        chosen_usage: (spec.usages().len() > 1).then_some(usage),
        description: input.text("Description").unwrap_or_default().to_owned(),
        state: KmsKeyState::Enabled,
        created: transaction.now,
        policy: String::new(),
        tags: tags::given(input)?,
        rotation: None,
        materials: Vec::new(),
    };
    key.policy = match input.text("Policy") {
        Some(text) => {
            let bypasses = policies::bypasses(input);
            policies::check(transaction, caller, &key, text, bypasses)?;
            text.to_owned()
        }
        None => policies::default(transaction.state()),
    };
    // The last thing that can fail: an RSA key is made for calls alone that come to something.
    let secret = if spec.is_asymmetric() {
        make(transaction, spec)?
    } else {
        material::drawn(spec, &mut transaction.entropy).ok_or_else(internal_failure)?
    };
    key.materials.push(KmsMaterial {
        version: 1,
        created: transaction.now,
        on_demand: false,
        secret,
    });
    let answer = Record::new().with("KeyMetadata", metadata(transaction, &key));
    transaction.put(Entity::KmsKey(key))?;
    Ok(answer)
}

/// Removes some of the keys whose waiting period has ended, with their material and aliases. Until
/// then they are only not found.
fn purge(transaction: &mut Transaction) -> Result<(), Fault> {
    let state = transaction.state();
    let gone = state.kms_keys().values();
    let gone = gone.filter(|held| held.key.is_gone(transaction.now));
    let gone: Vec<String> = gone
        .take(PURGED_MAX)
        .map(|held| held.key.id.clone())
        .collect();
    for id in gone {
        let grants = transaction.state().kms_grants(&id);
        let grants = grants.into_iter().flat_map(imbl::OrdMap::keys);
        let grants: Vec<String> = grants.take(GRANTS_PURGED_MAX).cloned().collect();
        let is_last = grants.len() < GRANTS_PURGED_MAX;
        for grant in grants {
            transaction.delete(Key::KmsGrant(id.clone(), grant))?;
        }
        if !is_last {
            // The rest is left to later calls, and the key with it.
            continue;
        }
        let aliases = transaction.state().kms_aliases_of(&id);
        let aliases: Vec<String> = aliases.map(str::to_owned).collect();
        for name in aliases {
            transaction.delete(Key::KmsAlias(name))?;
        }
        transaction.delete(Key::KmsKey(id))?;
    }
    Ok(())
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    check_tokens(input)?;
    let found = named(transaction, input, "KeyId", By::Alias)?;
    let shown = metadata(transaction, &found.held.key);
    Ok(Record::new().with("KeyMetadata", shown))
}

fn metadata(transaction: &Transaction, key: &KmsKey) -> Record {
    let (state, deletion) = match key.state {
        KmsKeyState::Enabled => ("Enabled", None),
        KmsKeyState::Disabled => ("Disabled", None),
        KmsKeyState::PendingDeletion { end, .. } => ("PendingDeletion", Some(end)),
    };
    let (spec, usage) = (key.spec.name(), key.usage());
    let is_symmetric = key.spec == KmsKeySpec::Symmetric;
    let newest = material::newest(key).filter(|_| is_symmetric);
    let material = newest.and_then(|newest| material::shown_id(key, newest.version));
    Record::new()
        .with("AWSAccountId", transaction.state().account_id())
        .with("KeyId", key.id.as_str())
        .with("Arn", key.arn.as_str())
        .with("CreationDate", key.created)
        .with("Enabled", key.state == KmsKeyState::Enabled)
        .with("Description", key.description.as_str())
        .with("KeyUsage", usage.name())
        .with("KeyState", state)
        .with_some("DeletionDate", deletion)
        .with("Origin", ORIGIN)
        .with("KeyManager", "CUSTOMER")
        .with("CustomerMasterKeySpec", spec)
        .with("KeySpec", spec)
        .with(usage.algorithms_member(), key.algorithms().to_vec())
        .with("MultiRegion", false)
        .with_some("CurrentKeyMaterialId", material)
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
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
    transaction: &mut Transaction,
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
/// What a key is for that does not say it.
const ENCRYPTS: &str = "ENCRYPT_DECRYPT";
// What one call may have to do for others.
const PURGED_MAX: usize = 16;
const GRANTS_PURGED_MAX: usize = 256;
/// There are no custom key stores.
pub(super) const REFUSED: &[&str] = &["CustomKeyStoreId", "XksKeyId"];
