//! Access keys of users.

use protocol::{Fault, Record, Value};

use super::faults::{limit_exceeded, no_such_entity};
use super::names::user_arn;
use super::pages::page;
use super::users::{self, named, on_user};
use crate::entity::{AccessKey, AccessKeyStatus, Entity, Key};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateAccessKey",
        needs: |t, c, i| on_user("iam:CreateAccessKey", t, c, i),
        run: create,
    },
    Row {
        operation: "ListAccessKeys",
        needs: |t, c, i| on_user("iam:ListAccessKeys", t, c, i),
        run: list,
    },
    Row {
        operation: "GetAccessKeyLastUsed",
        needs: on_its_user,
        run: last_used,
    },
    Row {
        operation: "UpdateAccessKey",
        needs: |t, c, i| on_user("iam:UpdateAccessKey", t, c, i),
        run: update,
    },
    Row {
        operation: "DeleteAccessKey",
        needs: |t, c, i| on_user("iam:DeleteAccessKey", t, c, i),
        run: delete,
    },
];

/// A need on the user whose key it is. Whose a key of nowhere is, nobody is told.
fn on_its_user(transaction: &Transaction, _: &Caller, input: &Record) -> Result<Vec<Need>, Fault> {
    let state = transaction.state();
    let key = state.access_key(required(input, "AccessKeyId")?);
    let user = key.and_then(|key| state.user(&key.user));
    let need = |resource: String| Need::new("iam:GetAccessKeyLastUsed", resource);
    Ok(vec![match user {
        Some(held) => need(user_arn(transaction, &held.user.name))
            .on_tagged(&keys::IAM_RESOURCE_TAG, &held.user.tags),
        None => need("*".to_owned()),
    }])
}

fn create(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    let user = users::load(transaction, named(caller, input)?)?;
    let held = transaction
        .state()
        .access_keys()
        .values()
        .filter(|key| key.user == user.name);
    if held.count() >= ACCESS_KEYS_MAX {
        return Err(limit_exceeded(format!(
            "Cannot exceed quota for AccessKeysPerUser: {ACCESS_KEYS_MAX}"
        )));
    }
    let id = transaction.entropy.bytes();
    let secret = ids::secret_access_key(&transaction.entropy.bytes());
    let key = AccessKey {
        id: ids::access_key_id("AKIA", &id),
        user: user.name,
        secret: secret.clone(),
        status: AccessKeyStatus::Active,
        created: transaction.now,
    };
    let shown = shown(&key).with("SecretAccessKey", secret);
    transaction.put(Entity::AccessKey(key))?;
    Ok(Record::new().with("AccessKey", shown))
}

fn list(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    let user = users::load(transaction, named(caller, input)?)?;
    let keys = transaction
        .state()
        .access_keys()
        .values()
        .filter(|key| key.user == user.name);
    let page = page(
        input,
        "AccessKeyMetadata",
        keys,
        |key| key.id.clone(),
        |key| Value::from(shown(key)),
    )?;
    Ok(page)
}

fn last_used(
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let id = required(input, "AccessKeyId")?;
    let state = transaction.state();
    let Some(key) = state.access_key(id) else {
        let arn = &caller.arn;
        let message = format!(
            "User: {arn} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: \
             access key {id}"
        );
        return Err(Fault::new("AccessDenied", message).status(403));
    };
    let last = state.last_use(id);
    let shown = Record::new()
        .with_some("LastUsedDate", last.map(|last| last.at))
        .with("ServiceName", last.map_or(NEVER, |last| &last.service))
        .with("Region", last.map_or(NEVER, |last| &last.region));
    Ok(Record::new()
        .with("UserName", key.user.as_str())
        .with("AccessKeyLastUsed", shown))
}

fn update(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut key = load(transaction, caller, input)?;
    key.status = match required(input, "Status")? {
        "Active" => AccessKeyStatus::Active,
        "Inactive" => AccessKeyStatus::Inactive,
        other => {
            let message = format!("This server does not support the access key status {other}.");
            return Err(Fault::new("InvalidInput", message));
        }
    };
    transaction.put(Entity::AccessKey(key))?;
    Ok(Record::new())
}

fn delete(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    let key = load(transaction, caller, input)?;
    if transaction.state().last_use(&key.id).is_some() {
        transaction.delete(Key::LastUse(key.id.clone()))?;
    }
    transaction.delete(Entity::AccessKey(key).key())?;
    Ok(Record::new())
}

fn load(transaction: &Transaction, caller: &Caller, input: &Record) -> Result<AccessKey, Fault> {
    let user = users::load(transaction, named(caller, input)?)?;
    let id = required(input, "AccessKeyId")?;
    let key = transaction
        .state()
        .access_key(id)
        .filter(|key| key.user == user.name);
    let missing = || no_such_entity(format!("The Access Key with id {id} cannot be found."));
    Ok((**key.ok_or_else(missing)?).clone())
}

fn shown(key: &AccessKey) -> Record {
    Record::new()
        .with("UserName", key.user.as_str())
        .with("AccessKeyId", key.id.as_str())
        .with("Status", key.status.as_str())
        .with("CreateDate", key.created)
}

// What stands for a use that there was none of.
const NEVER: &str = "N/A";
// Source: IAM User Guide, "IAM and STS quotas".
pub(super) const ACCESS_KEYS_MAX: usize = 2;
