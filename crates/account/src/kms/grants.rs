//! Grants: what somebody may do with a key beside what its policy says, given and taken back
//! without a change of the policy.
//!
//! Source: KMS Developer Guide, "Grants in KMS"; KMS API Reference, "CreateGrant". They count as
//! soon as they are there, so a grant token is not needed for anything but to name a grant.

mod constraint;
mod token;

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::{Arn, Fault, Record, Value};

pub(crate) use self::constraint::covers;
pub(super) use self::token::check_tokens;
use self::token::{ID_BYTES, invalid_token, is_grant_id, read_token, token};
use super::context::Context;
use super::faults::{check_dry_run, invalid_arn, limit_exceeded, not_found, refuse, validation};
use super::lookup::{self, By, check_usable, load, on_key};
use super::pages;
use crate::entity::{Entity, Key, KmsGrant, KmsGrantConstraint, KmsKey, KmsKeySpec, KmsKeyUsage};
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::state::{HeldGrant, State};
use crate::transaction::{Transaction, internal_failure};
use crate::{iam, ids};

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateGrant",
        needs: create_needs,
        run: create,
    },
    Row {
        operation: "ListGrants",
        needs: |t, _, i| Ok(for_aws(on_key("kms:ListGrants", t, i)?)),
        run: list,
    },
    Row {
        operation: "ListRetirableGrants",
        needs: |_, _, _| Ok(vec![Need::new("kms:ListRetirableGrants", "*")]),
        run: list_retirable,
    },
    Row {
        operation: "RetireGrant",
        needs: |t, _, i| Ok(vec![to_retire(t, i)]),
        run: retire,
    },
    Row {
        operation: "RevokeGrant",
        needs: |t, _, i| Ok(for_aws(on_key("kms:RevokeGrant", t, i)?)),
        run: revoke,
    },
];

/// No service of AWS makes grants for its own resources here.
fn for_aws(needs: Vec<Need>) -> Vec<Need> {
    let needs = needs.into_iter();
    needs
        .map(|need| need.with(&keys::KMS_GRANT_FOR_AWS, false))
        .collect()
}

fn create_needs(transaction: &Transaction, _: &Caller, input: &Record) -> Result<Vec<Need>, Fault> {
    let operations: Vec<String> = input.texts("Operations").map(str::to_owned).collect();
    let needs = for_aws(on_key("kms:CreateGrant", transaction, input)?);
    let needs = needs.into_iter().map(|need| {
        let need = need.with(&keys::KMS_GRANT_OPERATIONS, operations.clone());
        let need = with_text(need, &keys::KMS_GRANTEE, input.text("GranteePrincipal"));
        let need = with_text(need, &keys::KMS_RETIRING, input.text("RetiringPrincipal"));
        match constraint(input) {
            Ok(Some(constraint)) => on_constraint(need, &constraint),
            // More than one is refused by the handler.
            Ok(None) | Err(_) => need,
        }
    });
    Ok(needs.collect())
}

fn with_text(need: Need, key: &'static keys::ConditionKey, value: Option<&str>) -> Need {
    match value {
        Some(value) => need.with(key, value),
        None => need,
    }
}

fn on_constraint(need: Need, constraint: &KmsGrantConstraint) -> Need {
    let (name, entries) = match constraint {
        KmsGrantConstraint::Equals(entries) => (EQUALS, entries),
        KmsGrantConstraint::Subset(entries) => (SUBSET, entries),
    };
    context(entries).on(need.with(&keys::KMS_GRANT_CONSTRAINT_TYPE, name))
}

fn context(entries: &BTreeMap<String, String>) -> Context<'_> {
    let entries = entries.iter();
    entries
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// What a call constrains a grant to.
fn constraint(input: &Record) -> Result<Option<KmsGrantConstraint>, Fault> {
    let Some(given) = input.record("Constraints") else {
        return Ok(None);
    };
    refuse(given, REFUSED_OF_CONSTRAINTS)?;
    let entries = |member: &str| match given.get(member) {
        Some(Value::Map(entries)) => {
            let entries = entries.iter().filter_map(|(name, value)| match value {
                Value::String(value) => Some((name.clone(), value.clone())),
                _ => None,
            });
            Some(entries.collect::<BTreeMap<String, String>>())
        }
        _ => None,
    };
    match (entries(EQUALS), entries(SUBSET)) {
        // Clients that know both send the one that is not meant without an entry.
        (Some(equals), Some(subset)) => match (equals.is_empty(), subset.is_empty()) {
            (false, false) => Err(validation("More than one constraint supplied")),
            (false, true) => Ok(Some(KmsGrantConstraint::Equals(equals))),
            (true, false) => Ok(Some(KmsGrantConstraint::Subset(subset))),
            (true, true) => Ok(None),
        },
        (Some(entries), None) => Ok(Some(KmsGrantConstraint::Equals(entries))),
        (None, Some(entries)) => Ok(Some(KmsGrantConstraint::Subset(entries))),
        (None, None) => Ok(None),
    }
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    check_tokens(input)?;
    let held = load(transaction, input)?;
    check_usable(&held)?;
    let grant = asked(transaction, input, &held.key)?;
    let state = transaction.state();
    let before = same(state, &grant).map(|held| held.grant.id.clone());
    let count = state.kms_grants(&grant.key).map_or(0, imbl::OrdMap::len);
    if before.is_none() && count >= GRANTS_MAX {
        return Err(limit_exceeded(format!(
            "A key has at most {GRANTS_MAX} grants."
        )));
    }
    check_dry_run(input)?;
    let id = if let Some(id) = before {
        id
    } else {
        let id = ids::hex(&transaction.entropy.bytes::<ID_BYTES>());
        let made = KmsGrant {
            id: id.clone(),
            ..grant
        };
        transaction.put(Entity::KmsGrant(made))?;
        id
    };
    let token = token(transaction, &held.key.id, &id).ok_or_else(internal_failure)?;
    Ok(Record::new().with("GrantToken", token).with("GrantId", id))
}

/// The grant that a call asks for, but for its id.
fn asked(transaction: &Transaction, input: &Record, key: &KmsKey) -> Result<KmsGrant, Fault> {
    let state = transaction.state();
    let mut operations: Vec<String> = input.texts("Operations").map(str::to_owned).collect();
    operations.sort_unstable();
    operations.dedup();
    check_operations(&operations, key)?;
    let constraint = constraint(input)?;
    if let Some(KmsGrantConstraint::Equals(entries) | KmsGrantConstraint::Subset(entries)) =
        &constraint
    {
        context(entries).check()?;
    }
    if constraint.is_some() && key.spec != KmsKeySpec::Symmetric {
        return Err(validation(format!(
            "Encryption context constraints are not supported by the key spec {}.",
            key.spec.name()
        )));
    }
    let principal = |member: &'static str| {
        let named = input.text(member).map(|arn| principal(state, arn));
        named.transpose()
    };
    let grant = KmsGrant {
        id: String::new(),
        key: key.id.clone(),
        name: input.text("Name").unwrap_or_default().to_owned(),
        grantee: principal("GranteePrincipal")?
            .ok_or_else(|| validation("GranteePrincipal is required."))?,
        retiring: principal("RetiringPrincipal")?,
        operations,
        constraint,
        created: transaction.now,
    };
    // What the language cannot name is no principal.
    HeldGrant::new(grant.clone()).map_err(|_| invalid_principal(&grant.grantee))?;
    Ok(grant)
}

/// A grant that is there, of the same name and saying the same.
fn same<'a>(state: &'a State, grant: &KmsGrant) -> Option<&'a Arc<HeldGrant>> {
    let is_same = |known: &KmsGrant| {
        KmsGrant {
            id: known.id.clone(),
            created: known.created,
            ..grant.clone()
        } == *known
    };
    let mut known = state.kms_grants_to(&grant.key, &grant.grantee);
    known.find(|held| !grant.name.is_empty() && is_same(&held.grant))
}

/// The ARN of a principal that is there.
fn principal(state: &State, arn: &str) -> Result<String, Fault> {
    let parsed = Arn::parse(arn).filter(|arn| matches!(arn.service(), "iam" | "sts"));
    let is_account = parsed.as_ref().is_some_and(|arn| arn.resource() == "root");
    if is_account || (parsed.is_some() && iam::is_known(state, arn)) {
        return Ok(arn.to_owned());
    }
    Err(invalid_principal(arn))
}

fn invalid_principal(arn: &str) -> Fault {
    invalid_arn(format!("ARN does not refer to a valid principal: {arn}"))
}

/// Refuses operations that keys of this kind do not have.
fn check_operations(operations: &[String], key: &KmsKey) -> Result<(), Fault> {
    if operations.iter().all(|operation| operation == CREATE) {
        return Err(validation(
            "Grants must not contain only the CreateGrant operation.",
        ));
    }
    let usage = key.usage();
    let own: &[&str] = match usage {
        KmsKeyUsage::EncryptDecrypt if key.spec == KmsKeySpec::Symmetric => &[
            "Decrypt",
            "Encrypt",
            "GenerateDataKey",
            "GenerateDataKeyPair",
            "GenerateDataKeyPairWithoutPlaintext",
            "GenerateDataKeyWithoutPlaintext",
            "ReEncryptFrom",
            "ReEncryptTo",
        ],
        KmsKeyUsage::EncryptDecrypt => &[
            "Decrypt",
            "Encrypt",
            "GetPublicKey",
            "ReEncryptFrom",
            "ReEncryptTo",
        ],
        KmsKeyUsage::SignVerify => &["GetPublicKey", "Sign", "Verify"],
        KmsKeyUsage::KeyAgreement => &["DeriveSharedSecret", "GetPublicKey"],
        KmsKeyUsage::GenerateVerifyMac => &["GenerateMac", "VerifyMac"],
    };
    let is_own = |name: &str| own.contains(&name) || OF_ALL.contains(&name);
    match operations.iter().find(|name| !is_own(name)) {
        Some(name) => Err(validation(format!(
            "The grant operation {name} is not valid for the key usage {} and the key spec {}.",
            usage.name(),
            key.spec.name()
        ))),
        None => Ok(()),
    }
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED_OF_LISTS)?;
    let held = load(transaction, input)?;
    let state = transaction.state();
    let of_key = state.kms_grants(&held.key.id);
    let of_key = of_key.into_iter().flat_map(imbl::OrdMap::values);
    let is = |member: &str, own: &str| input.text(member).is_none_or(|asked| asked == own);
    let asked = of_key.filter(|held| {
        is("GrantId", &held.grant.id) && is("GranteePrincipal", &held.grant.grantee)
    });
    let id = |held: &&Arc<HeldGrant>| held.grant.id.clone();
    pages::page(input, "Grants", asked, id, |held| shown(state, held).into())
}

fn list_retirable(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    refuse(input, REFUSED_OF_RETIRABLE)?;
    let principal = input
        .text("RetiringPrincipal")
        .ok_or_else(|| validation("RetiringPrincipal is required."))?;
    if Arn::parse(principal).is_none() {
        return Err(invalid_principal(principal));
    }
    let (state, now) = (transaction.state(), transaction.now);
    let asked = state.kms_grants_retired_by(principal);
    let asked = asked.filter(|held| lookup::live(state, &held.grant.key, now).is_some());
    let at = |held: &&Arc<HeldGrant>| format!("{}/{}", held.grant.key, held.grant.id);
    pages::page(input, "Grants", asked, at, |held| shown(state, held).into())
}

fn shown(state: &State, held: &HeldGrant) -> Record {
    let grant = &held.grant;
    let map = |entries: &BTreeMap<String, String>| {
        let entries = entries.iter();
        Value::Map(
            entries
                .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
                .collect(),
        )
    };
    let constraint = grant
        .constraint
        .as_ref()
        .map(|constraint| match constraint {
            KmsGrantConstraint::Equals(entries) => Record::new().with(EQUALS, map(entries)),
            KmsGrantConstraint::Subset(entries) => Record::new().with(SUBSET, map(entries)),
        });
    let operations: Value = grant.operations.iter().map(String::as_str).collect();
    Record::new()
        .with("KeyId", lookup::arn(state, &format!("key/{}", grant.key)))
        .with("GrantId", grant.id.as_str())
        .with("Name", grant.name.as_str())
        .with("CreationDate", grant.created)
        .with("GranteePrincipal", grant.grantee.as_str())
        .with_some("RetiringPrincipal", grant.retiring.as_deref())
        .with("IssuingAccount", state.iam_arn("root", "", "").as_str())
        .with("Operations", operations)
        .with_some("Constraints", constraint)
}

/// Which grant a call wants to retire, by key id and grant id.
fn named(transaction: &Transaction, input: &Record) -> Result<(String, String), Fault> {
    if let Some(token) = input.text("GrantToken") {
        return read_token(token).ok_or_else(invalid_token);
    }
    let (Some(key), Some(id)) = (input.text("KeyId"), input.text("GrantId")) else {
        return Err(validation(
            "Please specify either a grant token, or a key ID and a grant ID.",
        ));
    };
    let found = lookup::find(transaction.state(), key, By::Id, transaction.now)?;
    Ok((found.held.key.id.clone(), id.to_owned()))
}

/// Who may retire a grant says the grant itself; the account's policies may as well.
fn to_retire(transaction: &Transaction, input: &Record) -> Need {
    let (state, action) = (transaction.state(), "kms:RetireGrant");
    let Ok((key, id)) = named(transaction, input) else {
        // Nobody's policy speaks of it; who may retire any is told that it is not there.
        return Need::new(action, lookup::arn(state, "key/*"));
    };
    let need = match lookup::live(state, &key, transaction.now) {
        Some(held) => lookup::need_on(action, state, &held.key),
        None => Need::new(action, lookup::arn(state, &format!("key/{key}"))),
    };
    let held = state.kms_grants(&key).and_then(|grants| grants.get(&id));
    let constraint = held.and_then(|held| held.grant.constraint.as_ref());
    let need = match constraint {
        Some(constraint) => on_constraint(need, constraint),
        None => need,
    };
    need.of_grant(&key, &id)
}

fn retire(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let (key, id) = named(transaction, input)?;
    remove(transaction, input, &key, &id)
}

fn revoke(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    remove(
        transaction,
        input,
        &held.key.id,
        required(input, "GrantId")?,
    )
}

fn remove(
    transaction: &mut Transaction,
    input: &Record,
    key: &str,
    id: &str,
) -> Result<Record, Fault> {
    if !is_grant_id(id) {
        return Err(Fault::new("InvalidGrantIdException", "Invalid grant ID"));
    }
    // Whatever state the key is in.
    let held = lookup::live(transaction.state(), key, transaction.now);
    if held.is_none() {
        let arn = lookup::arn(transaction.state(), &format!("key/{key}"));
        return Err(not_found(format!("Key '{arn}' does not exist")));
    }
    let grants = transaction.state().kms_grants(key);
    if !grants.is_some_and(|grants| grants.contains_key(id)) {
        return Err(not_found(format!("Grant ID {id} not found")));
    }
    check_dry_run(input)?;
    transaction.delete(Key::KmsGrant(key.to_owned(), id.to_owned()))?;
    Ok(Record::new())
}

const EQUALS: &str = "EncryptionContextEquals";
const SUBSET: &str = "EncryptionContextSubset";
const CREATE: &str = "CreateGrant";
/// Operations that grants of every key can have.
const OF_ALL: [&str; 3] = [CREATE, "DescribeKey", "RetireGrant"];
// Source: KMS Developer Guide, "Resource quotas".
const GRANTS_MAX: usize = 50_000;
/// No service of AWS has grants.
pub(super) const REFUSED: &[&str] = &["GranteeServicePrincipal", "RetiringServicePrincipal"];
pub(super) const REFUSED_OF_CONSTRAINTS: &[&str] = &["SourceArn"];
pub(super) const REFUSED_OF_LISTS: &[&str] = &["GranteeServicePrincipal"];
pub(super) const REFUSED_OF_RETIRABLE: &[&str] = &["RetiringServicePrincipal"];
