//! STS: who calls, and temporary credentials for a role; in the files below those for a user, for
//! who comes from outside, and what a denial said.
//!
//! Source: STS API Reference, "AssumeRole", "GetCallerIdentity".

mod fidelity;
mod messages;
mod user_sessions;
mod web_identity;

use jiff::{SignedDuration, Timestamp};
use policy::{Kind, Policy};
use protocol::{Arn, Fault, Record};

pub(crate) use self::fidelity::FIDELITY;
use crate::entity::{Role, Tag};
use crate::gate::{Caller, Identity, Need, Rule, keys};
use crate::operation::{Row, required};
use crate::session::{self, Credentials, Session, Token};
use crate::transaction::{Transaction, internal_failure};

pub(crate) static ROWS: &[&[Row]] = &[
    OWN_ROWS,
    user_sessions::ROWS,
    web_identity::ROWS,
    messages::ROWS,
];

static OWN_ROWS: &[Row] = &[
    // Answered to whoever holds a key, whatever policies say: STS API Reference, GetCallerIdentity.
    Row {
        operation: "GetCallerIdentity",
        needs: |_, _, _| Ok(Vec::new()),
        run: get_caller_identity,
    },
    Row {
        operation: "AssumeRole",
        needs: assume_role_needs,
        run: assume_role,
    },
];

#[expect(clippy::unnecessary_wraps, reason = "every handler has this signature")]
fn get_caller_identity(_: &mut Transaction, caller: &Caller, _: &Record) -> Result<Record, Fault> {
    Ok(Record::new()
        .with("UserId", caller.user_id.as_str())
        .with("Account", caller.account.as_str())
        .with("Arn", caller.arn.as_str()))
}

fn assume_role_needs(
    transaction: &Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let arn = required(input, "RoleArn")?;
    // A role that is not there trusts nobody, and the answer does not tell which it was.
    let role = role_by_arn(transaction, arn)
        .map(|role| role.name.clone())
        .unwrap_or_default();
    let need = |action| {
        let mut need =
            Need::new(action, arn).with(&keys::STS_ROLE_SESSION_NAME, session_name(input));
        need.rule = Rule::Trust { role: role.clone() };
        if let Some(id) = input.text("ExternalId") {
            need = need.with(&keys::STS_EXTERNAL_ID, id);
        }
        if let Some(identity) = input.text("SourceIdentity") {
            need = need.with(&keys::STS_SOURCE_IDENTITY, identity);
        }
        need.requesting(input.records("Tags"))
    };
    let mut needs = vec![need("sts:AssumeRole")];
    if !input.list("Tags").is_empty() {
        needs.push(need("sts:TagSession"));
    }
    // One that the calling session has goes on to the next, which has to be allowed as well.
    let carried = match &caller.identity {
        Identity::Session { session, .. } => session.source_identity.as_ref(),
        _ => None,
    };
    if input.text("SourceIdentity").is_some() || carried.is_some() {
        needs.push(need("sts:SetSourceIdentity"));
    }
    Ok(needs)
}

fn session_name(input: &Record) -> &str {
    input.text("RoleSessionName").unwrap_or_default()
}

fn role_by_arn<'a>(transaction: &'a Transaction, arn: &str) -> Option<&'a Role> {
    let parsed = Arn::parse(arn)?;
    let name = parsed
        .resource()
        .strip_prefix("role/")?
        .rsplit('/')
        .next()?;
    let role = &transaction.state().role(name)?.role;
    let own = transaction.state().iam_arn("role", &role.path, &role.name);
    (own.as_str() == arn).then_some(role)
}

/// Refuses what would be silently without effect.
fn refuse(input: &Record, members: &[&'static str]) -> Result<(), Fault> {
    match members.iter().find(|member| input.get(member).is_some()) {
        Some(member) => Err(Fault::new(
            "ValidationError",
            format!("This server does not support {member}."),
        )),
        None => Ok(()),
    }
}

fn assume_role(
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    let role =
        role_by_arn(transaction, required(input, "RoleArn")?).ok_or_else(internal_failure)?;
    let seconds = duration(caller, role, input)?;
    let policy = input.text("Policy").map(check_session_policy).transpose()?;
    let tags = tags(caller, input)?;
    let now = truncated(transaction.now);
    let parsed = Session {
        access_key_id: String::new(),
        account: transaction.state().account_id().to_owned(),
        role: role.name.clone(),
        role_id: role.id.clone(),
        name: session_name(input).to_owned(),
        issued: now,
        expires: now + SignedDuration::from_secs(seconds),
        policy,
        policy_arns: policy_arns(transaction, input)?,
        tags: tags.all,
        transitive_tag_keys: tags.transitive,
        source_identity: source_identity(caller, input)?,
        provider: None,
        instance: None,
    };
    answer(transaction, parsed)
}

/// The answer to whoever assumed a role, however it did.
fn answer(transaction: &mut Transaction, session: Session) -> Result<Record, Fault> {
    let arn = crate::gate::session_arn(&session);
    let user_id = format!("{}:{}", session.role_id, session.name);
    let source_identity = session.source_identity.clone();
    let credentials = minted(transaction, session)?;
    let assumed = Record::new()
        .with("AssumedRoleId", user_id)
        .with("Arn", arn);
    Ok(Record::new()
        .with("Credentials", shown(credentials))
        .with("AssumedRoleUser", assumed)
        .with_some("SourceIdentity", source_identity))
}

/// Credentials whose session token a request can carry.
fn minted(transaction: &mut Transaction, token: impl Into<Token>) -> Result<Credentials, Fault> {
    let random = transaction.entropy.bytes();
    let keyring = &transaction.state().settings().keyring;
    let credentials = session::mint(keyring, token, &random).ok_or_else(internal_failure)?;
    let (size, max) = (credentials.session_token.len(), session::TOKEN_BYTES_MAX);
    if size > max {
        let percent = size.saturating_mul(100) / max;
        return Err(Fault::new(
            "PackedPolicyTooLarge",
            format!("Packed size of session tags consumes {percent}% of allotted space."),
        ));
    }
    Ok(credentials)
}

/// Tokens and answers tell whole seconds.
fn truncated(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

fn duration(caller: &Caller, role: &Role, input: &Record) -> Result<i64, Fault> {
    let chained = matches!(caller.identity, Identity::Session { .. });
    let asked = input
        .integer("DurationSeconds")
        .unwrap_or(SESSION_SECONDS_DEFAULT);
    if chained && asked > CHAINED_SECONDS_MAX {
        return Err(Fault::new(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining",
        ));
    }
    if asked > role.max_session_seconds {
        return Err(Fault::new(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    Ok(asked)
}

fn check_session_policy(text: &str) -> Result<String, Fault> {
    if text.chars().count() > POLICY_CHARACTERS_MAX {
        let message = format!(
            "1 validation error detected: Value at 'policy' failed to satisfy constraint: Member \
             must have length less than or equal to {POLICY_CHARACTERS_MAX}"
        );
        return Err(Fault::new("ValidationError", message));
    }
    match Policy::parse(text, Kind::Identity) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(Fault::new("MalformedPolicyDocument", error.to_string())),
    }
}

fn policy_arns(transaction: &Transaction, input: &Record) -> Result<Vec<String>, Fault> {
    let arns = input
        .records("PolicyArns")
        .filter_map(|descriptor| descriptor.text("arn"));
    let arns: Vec<String> = arns.map(str::to_owned).collect();
    if arns.len() > POLICY_ARNS_MAX {
        let message = format!("The number of policy ARNs must not exceed {POLICY_ARNS_MAX}.");
        return Err(Fault::new("ValidationError", message));
    }
    match arns
        .iter()
        .find(|arn| transaction.state().policy(arn).is_none())
    {
        Some(arn) => Err(Fault::new(
            "ValidationError",
            format!("Policy {arn} was not found."),
        )),
        None => Ok(arns),
    }
}

struct SessionTags {
    all: Vec<Tag>,
    transitive: Vec<String>,
}

/// The tags passed.
fn passed_tags(input: &Record) -> Result<Vec<Tag>, Fault> {
    let mut all: Vec<Tag> = Vec::new();
    for tag in input.records("Tags") {
        let (Some(key), Some(value)) = (tag.text("Key"), tag.text("Value")) else {
            continue;
        };
        if all.iter().any(|known| known.key.eq_ignore_ascii_case(key)) {
            return Err(Fault::new(
                "InvalidParameterValue",
                "Duplicate session tag keys.",
            ));
        }
        all.push(Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        });
    }
    Ok(all)
}

/// The tags passed, on top of the transitive ones of the session that calls.
fn tags(caller: &Caller, input: &Record) -> Result<SessionTags, Fault> {
    let mut all = passed_tags(input)?;
    let mut transitive: Vec<String> = input
        .texts("TransitiveTagKeys")
        .map(str::to_owned)
        .collect();
    if let Some(key) = transitive
        .iter()
        .find(|key| !all.iter().any(|tag| tag.key == **key))
    {
        let message = format!("The transitive tag key {key} is not among the session tags.");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    if let Identity::Session { session, .. } = &caller.identity {
        let kept = session.transitive_tag_keys.iter();
        for tag in kept.filter_map(|key| session.tags.iter().find(|tag| tag.key == *key)) {
            if all
                .iter()
                .any(|passed| passed.key.eq_ignore_ascii_case(&tag.key))
            {
                return Err(Fault::new(
                    "InvalidParameterValue",
                    "One of the specified transitive tag keys can't be set because it conflicts \
                     with a transitive tag key from the calling session.",
                ));
            }
            transitive.push(tag.key.clone());
            all.push(tag.clone());
        }
    }
    Ok(SessionTags { all, transitive })
}

/// Once set, a source identity stays with every session that follows from it.
fn source_identity(caller: &Caller, input: &Record) -> Result<Option<String>, Fault> {
    let asked = input.text("SourceIdentity").map(str::to_owned);
    let Identity::Session { session, .. } = &caller.identity else {
        return Ok(asked);
    };
    match (&session.source_identity, asked) {
        (Some(held), Some(asked)) if *held != asked => Err(Fault::new(
            "AccessDenied",
            "The source identity of the calling session cannot be changed.",
        )
        .status(403)),
        (held, asked) => Ok(held.clone().or(asked)),
    }
}

fn shown(credentials: Credentials) -> Record {
    Record::new()
        .with("AccessKeyId", credentials.access_key_id)
        .with("SecretAccessKey", credentials.secret_access_key)
        .with("SessionToken", credentials.session_token)
        .with("Expiration", credentials.expires)
}

/// What would be silently without effect, or weaken what it should strengthen.
const REFUSED: &[&str] = &[
    "SerialNumber",
    "TokenCode",
    "ProvidedContexts",
    "MinimumSessionTokenSize",
];
const SESSION_SECONDS_DEFAULT: i64 = 3_600;
// Source: IAM User Guide, "Roles terms and concepts", role chaining.
const CHAINED_SECONDS_MAX: i64 = 3_600;
// Source: STS API Reference, AssumeRole.
const POLICY_ARNS_MAX: usize = 10;
const POLICY_CHARACTERS_MAX: usize = 2_048;

#[cfg(test)]
mod tests;
