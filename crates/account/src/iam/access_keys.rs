//! Access keys of users.

use protocol::{Fault, Record, Value};

use super::faults::{limit_exceeded, no_such_entity};
use super::pages::page;
use super::users::{self, named, on_user};
use crate::entity::{AccessKey, AccessKeyStatus, Entity};
use crate::gate::Caller;
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

fn create(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
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

fn list(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
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

fn update(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
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

fn delete(
    transaction: &mut Transaction<'_>,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let key = load(transaction, caller, input)?;
    transaction.delete(Entity::AccessKey(key).key())?;
    Ok(Record::new())
}

fn load(
    transaction: &Transaction<'_>,
    caller: &Caller,
    input: &Record,
) -> Result<AccessKey, Fault> {
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

// Source: IAM User Guide, "IAM and STS quotas".
const ACCESS_KEYS_MAX: usize = 2;
