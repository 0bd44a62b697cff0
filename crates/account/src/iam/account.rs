//! What IAM keeps for the account as a whole: its alias, its password policy and its counts.

use protocol::{Fault, Record, Value};

use super::access_keys::ACCESS_KEYS_MAX;
use super::attachments::ATTACHED_MAX;
use super::faults::{already_exists, no_such_entity};
use super::groups::{GROUPS_MAX, GROUPS_PER_USER_MAX};
use super::inline::{GROUP_CHARACTERS_MAX, ROLE_CHARACTERS_MAX, USER_CHARACTERS_MAX};
use super::managed_policies::{CHARACTERS_MAX, VERSIONS_MAX};
use super::pages::page;
use crate::entity::{Entity, PasswordPolicy};
use crate::gate::{Caller, Need};
use crate::operation::{Row, required};
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateAccountAlias",
        needs: |_, _, _| Ok(vec![Need::new("iam:CreateAccountAlias", "*")]),
        run: create_alias,
    },
    Row {
        operation: "ListAccountAliases",
        needs: |_, _, _| Ok(vec![Need::new("iam:ListAccountAliases", "*")]),
        run: list_aliases,
    },
    Row {
        operation: "DeleteAccountAlias",
        needs: |_, _, _| Ok(vec![Need::new("iam:DeleteAccountAlias", "*")]),
        run: delete_alias,
    },
    Row {
        operation: "GetAccountPasswordPolicy",
        needs: |_, _, _| Ok(vec![Need::new("iam:GetAccountPasswordPolicy", "*")]),
        run: get_password_policy,
    },
    Row {
        operation: "UpdateAccountPasswordPolicy",
        needs: |_, _, _| Ok(vec![Need::new("iam:UpdateAccountPasswordPolicy", "*")]),
        run: update_password_policy,
    },
    Row {
        operation: "DeleteAccountPasswordPolicy",
        needs: |_, _, _| Ok(vec![Need::new("iam:DeleteAccountPasswordPolicy", "*")]),
        run: delete_password_policy,
    },
    Row {
        operation: "GetAccountSummary",
        needs: |_, _, _| Ok(vec![Need::new("iam:GetAccountSummary", "*")]),
        run: |transaction, _, _| Ok(summary(transaction.state())),
    },
];

/// An account has one alias: another takes its place.
fn create_alias(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let alias = required(input, "AccountAlias")?;
    let mut account = transaction.state().iam_account().clone();
    if account.alias.as_deref() == Some(alias) {
        let message = format!("The account alias {alias} already exists.");
        return Err(already_exists(message));
    }
    account.alias = Some(alias.to_owned());
    transaction.put(Entity::IamAccount(account))?;
    Ok(Record::new())
}

fn list_aliases(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let alias = transaction.state().iam_account().alias.as_deref();
    let show = |alias: &&str| Value::from(*alias);
    page(
        input,
        "AccountAliases",
        alias.into_iter(),
        |alias| (*alias).to_owned(),
        show,
    )
}

fn delete_alias(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let alias = required(input, "AccountAlias")?;
    let mut account = transaction.state().iam_account().clone();
    if account.alias.take().as_deref() != Some(alias) {
        let message = format!("The account alias {alias} cannot be found.");
        return Err(no_such_entity(message));
    }
    transaction.put(Entity::IamAccount(account))?;
    Ok(Record::new())
}

fn no_password_policy(transaction: &Transaction) -> Fault {
    let id = transaction.state().account_id();
    no_such_entity(format!(
        "The Password Policy with domain name {id} cannot be found."
    ))
}

fn get_password_policy(
    transaction: &mut Transaction,
    _: &Caller,
    _: &Record,
) -> Result<Record, Fault> {
    let held = transaction.state().iam_account().password_policy.as_ref();
    let policy = held.ok_or_else(|| no_password_policy(transaction))?;
    let shown = Record::new()
        .with("MinimumPasswordLength", policy.minimum_length)
        .with("RequireSymbols", policy.symbols)
        .with("RequireNumbers", policy.numbers)
        .with("RequireUppercaseCharacters", policy.uppercase)
        .with("RequireLowercaseCharacters", policy.lowercase)
        .with("AllowUsersToChangePassword", policy.users_may_change)
        .with("ExpirePasswords", policy.max_age_days.is_some())
        .with_some("MaxPasswordAge", policy.max_age_days)
        .with_some("PasswordReusePrevention", policy.reuse_prevention)
        .with_some("HardExpiry", policy.hard_expiry);
    Ok(Record::new().with("PasswordPolicy", shown))
}

/// "If you do not specify a value for a parameter, then the parameter uses its default value":
/// nothing of the policy before is left.
fn update_password_policy(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let is = |member| input.boolean(member).unwrap_or(false);
    let length = input.integer("MinimumPasswordLength");
    let mut account = transaction.state().iam_account().clone();
    account.password_policy = Some(PasswordPolicy {
        minimum_length: length.unwrap_or(PASSWORD_CHARACTERS_DEFAULT),
        symbols: is("RequireSymbols"),
        numbers: is("RequireNumbers"),
        uppercase: is("RequireUppercaseCharacters"),
        lowercase: is("RequireLowercaseCharacters"),
        users_may_change: is("AllowUsersToChangePassword"),
        max_age_days: input.integer("MaxPasswordAge"),
        reuse_prevention: input.integer("PasswordReusePrevention"),
        hard_expiry: input.boolean("HardExpiry"),
    });
    transaction.put(Entity::IamAccount(account))?;
    Ok(Record::new())
}

fn delete_password_policy(
    transaction: &mut Transaction,
    _: &Caller,
    _: &Record,
) -> Result<Record, Fault> {
    let mut account = transaction.state().iam_account().clone();
    if account.password_policy.take().is_none() {
        return Err(no_password_policy(transaction));
    }
    transaction.put(Entity::IamAccount(account))?;
    Ok(Record::new())
}

/// What there is, and the quotas that are kept here. Of what there cannot be, there is none.
fn summary(state: &State) -> Record {
    let versions = state.policies().values();
    let versions = versions.map(|held| held.policy.versions.len()).sum();
    let counts = [
        ("Users", state.users().len()),
        ("Groups", state.iam_groups().len()),
        ("Roles", state.roles().len()),
        ("Policies", state.policies().len()),
        ("PolicyVersionsInUse", versions),
        ("InstanceProfiles", state.profiles().len()),
        ("ServerCertificates", 0),
        ("MFADevices", 0),
        ("MFADevicesInUse", 0),
        ("AccountMFAEnabled", 0),
        ("AccountPasswordPresent", 0),
        ("AccountAccessKeysPresent", 0),
        ("AccountSigningCertificatesPresent", 0),
        ("GlobalEndpointTokenVersion", 1),
        ("AccessKeysPerUserQuota", ACCESS_KEYS_MAX),
        ("AttachedPoliciesPerGroupQuota", ATTACHED_MAX),
        ("AttachedPoliciesPerRoleQuota", ATTACHED_MAX),
        ("AttachedPoliciesPerUserQuota", ATTACHED_MAX),
        ("GroupPolicySizeQuota", GROUP_CHARACTERS_MAX),
        ("GroupsPerUserQuota", GROUPS_PER_USER_MAX),
        ("GroupsQuota", GROUPS_MAX),
        ("PolicySizeQuota", CHARACTERS_MAX),
        ("RolePolicySizeQuota", ROLE_CHARACTERS_MAX),
        ("UserPolicySizeQuota", USER_CHARACTERS_MAX),
        ("VersionsPerPolicyQuota", VERSIONS_MAX),
    ];
    let counted = |(name, count): (&str, usize)| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        (name.to_owned(), Value::Integer(count))
    };
    let map = counts.into_iter().map(counted).collect();
    Record::new().with("SummaryMap", Value::Map(map))
}

// Source: IAM API Reference, "UpdateAccountPasswordPolicy".
const PASSWORD_CHARACTERS_DEFAULT: i64 = 6;
