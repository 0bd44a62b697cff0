//! Accounts made in the organization. The account is there when the call is answered; as on AWS
//! the answer says that it is being made, and the status of the request what became of it.

use protocol::{Fault, Record, Value};

use super::faults::{constraint, invalid_input, only};
use super::needs::{on_all, tagging};
use super::shown::sensitive;
use super::tree::Tree;
use super::{pages, tags};
use crate::entity::{
    AccountEntity, AccountRequest, Attachments, Entity, InlinePolicies, Key, MemberAccount, Role,
};
use crate::gate::Caller;
use crate::home::Home;
use crate::ids;
use crate::operation::{Row, required};
use crate::sample::ACCOUNTS_MAX;
use crate::state::State;
use crate::transaction::{Transaction, internal_failure};

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateAccount",
        needs: |transaction, _, input| {
            let needs = on_all("organizations:CreateAccount");
            Ok(tagging(transaction, needs, "account", input))
        },
        run: create,
    },
    Row {
        operation: "DescribeCreateAccountStatus",
        needs: |_, _, _| Ok(on_all("organizations:DescribeCreateAccountStatus")),
        run: describe,
    },
    Row {
        operation: "ListCreateAccountStatus",
        needs: |_, _, _| Ok(on_all("organizations:ListCreateAccountStatus")),
        run: list,
    },
];

/// A member that the model marks sensitive, and that is none here.
fn plain(input: &Record, member: &'static str) -> Result<String, Fault> {
    let sensitive = input.secret(member).and_then(|text| text.expose_text());
    match sensitive.or(input.text(member)) {
        Some(text) => Ok(text.to_owned()),
        None => required(input, member).map(str::to_owned),
    }
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    Tree::managed(transaction.state())?;
    // There is no billing here that somebody could be kept from.
    only(input, "IamUserAccessToBilling", "ALLOW")?;
    let (name, email) = (plain(input, "AccountName")?, plain(input, "Email")?);
    let tags = tags::given(input)?;
    if transaction.state().partition().accounts().len() >= ACCOUNTS_MAX {
        return Err(constraint(
            "You have exceeded the allowed number of AWS accounts.",
        ));
    }
    let id = ids::organizations_id::<32>("car-", &mut transaction.entropy);
    let outcome = if has_email(transaction.state(), &email) {
        Err("EMAIL_ALREADY_EXISTS".to_owned())
    } else {
        let role = input.text("RoleName").unwrap_or(ROLE).to_owned();
        let account = new_account(transaction, &name, &email, role)?;
        join(transaction, &account, tags)?;
        Ok(account)
    };
    forget_oldest(transaction)?;
    let request = AccountRequest {
        id,
        account_name: name,
        requested: transaction.now,
        outcome,
    };
    transaction.put(Entity::AccountRequest(request.clone()))?;
    let begun = Record::new()
        .with("Id", request.id.as_str())
        .with("AccountName", sensitive(&request.account_name))
        .with("State", "IN_PROGRESS")
        .with("RequestedTimestamp", request.requested);
    Ok(Record::new().with("CreateAccountStatus", begun))
}

fn has_email(state: &State, email: &str) -> bool {
    let mut accounts = state.partition().accounts().values();
    accounts.any(|account| account.record().email.eq_ignore_ascii_case(email))
}

/// An account with nothing in it but the role by which the management account gets in.
fn new_account(
    transaction: &mut Transaction,
    name: &str,
    email: &str,
    role: String,
) -> Result<String, Fault> {
    let mut tries = 0..ID_TRIES_MAX;
    let id = loop {
        tries.next().ok_or_else(internal_failure)?;
        let id = ids::account_id(&mut transaction.entropy);
        if transaction.state().partition().account(&id).is_none() {
            break id;
        }
    };
    let mut account = AccountEntity::new(&id, Some(name), transaction.now);
    email.clone_into(&mut account.email);
    let management = transaction.state().account_id();
    let role = Role {
        name: role,
        path: "/".to_owned(),
        trust: trust(management),
        id: ids::unique_id("AROA", &mut transaction.entropy),
        created: transaction.now,
        description: None,
        max_session_seconds: SESSION_SECONDS,
        inline: InlinePolicies::new(),
        attached: vec![ADMINISTRATOR_ACCESS.to_owned()],
        boundary: None,
        tags: Vec::new(),
    };
    let home = Home::new(&id, transaction.state().region());
    transaction.put_in(home.clone(), Entity::Account(account))?;
    transaction.put_in(home, Entity::Role(role))?;
    Ok(id)
}

fn trust(management: &str) -> String {
    format!(
        r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Effect": "Allow",
      "Principal": {{"AWS": "arn:aws:iam::{management}:root"}},
      "Action": "sts:AssumeRole"
    }}
  ]
}}"#
    )
}

fn join(
    transaction: &mut Transaction,
    account: &str,
    tags: Vec<crate::entity::Tag>,
) -> Result<(), Fault> {
    let tree = Tree::managed(transaction.state())?;
    let member = MemberAccount {
        id: account.to_owned(),
        parent: tree.record.root_id.clone(),
        is_created: true,
        joined: transaction.now,
        closed: None,
        attached: Attachments::default(),
        tags,
    };
    transaction.put(Entity::MemberAccount(member))
}

/// Requests are remembered up to a number.
fn forget_oldest(transaction: &mut Transaction) -> Result<(), Fault> {
    let tree = Tree::managed(transaction.state())?;
    if tree.held.requests().len() < REQUESTS_MAX {
        return Ok(());
    }
    let oldest = tree.held.requests().values().min_by_key(|it| it.requested);
    match oldest.map(|request| Key::AccountRequest(request.id.clone())) {
        Some(key) => transaction.delete(key),
        None => Ok(()),
    }
}

fn show(request: &AccountRequest) -> Record {
    let shown = Record::new()
        .with("Id", request.id.as_str())
        .with("AccountName", sensitive(&request.account_name))
        .with("State", standing(request))
        .with("RequestedTimestamp", request.requested)
        .with("CompletedTimestamp", request.requested);
    match &request.outcome {
        Ok(account) => shown.with("AccountId", account.as_str()),
        Err(reason) => shown.with("FailureReason", reason.as_str()),
    }
}

fn standing(request: &AccountRequest) -> &'static str {
    match request.outcome {
        Ok(_) => "SUCCEEDED",
        Err(_) => "FAILED",
    }
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let id = required(input, "CreateAccountRequestId")?;
    let request = tree.held.requests().get(id).ok_or_else(|| {
        Fault::new(
            "CreateAccountStatusNotFoundException",
            "You specified a create account request that doesn't exist.",
        )
    })?;
    Ok(Record::new().with("CreateAccountStatus", show(request)))
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let states: Vec<&str> = input.texts("States").collect();
    if states.iter().any(|state| !STATES.contains(state)) {
        return Err(invalid_input("You provided an invalid state."));
    }
    let wanted =
        |request: &&AccountRequest| states.is_empty() || states.contains(&standing(request));
    let requests = tree.held.requests().values().map(AsRef::as_ref);
    pages::page(
        input,
        "CreateAccountStatuses",
        requests.filter(wanted),
        |request| request.id.clone(),
        |request| Value::from(show(request)),
    )
}

const ROLE: &str = "OrganizationAccountAccessRole";
const ADMINISTRATOR_ACCESS: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const SESSION_SECONDS: i64 = 3_600;
const STATES: &[&str] = &["IN_PROGRESS", "SUCCEEDED", "FAILED"];
const REQUESTS_MAX: usize = 1_000;
// Of 900,000,000,000 numbers at most a thousand are taken.
const ID_TRIES_MAX: usize = 16;
