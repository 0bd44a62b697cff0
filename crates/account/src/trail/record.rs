//! A record's text: one JSON object on one line.
//!
//! Names of members are CloudTrail's; the decisions stand below `additionalEventData`, which
//! CloudTrail leaves to each service.

use jiff::Timestamp;
use protocol::{Record, Value, arn};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::text::Text;
use super::{Trail, is_read_only};
use crate::entropy::Entropy;
use crate::gate::{Caller, Decider, FromVpc, GLOBAL_REGION, Identity, Verdict};
use crate::home::Home;
use crate::ids;
use crate::session::{Session, UserSession};

/// Calls of which there is no record, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// How many.
    pub calls: u64,
    /// Why, for people.
    pub reason: &'static str,
    /// When it was noticed.
    pub moment: Timestamp,
}

impl Trail {
    /// Appends the record's text, without the line's end.
    ///
    /// `place` is whose record it is where no call got so far as to say.
    pub fn write(&self, place: &Home, to: &mut Vec<u8>) {
        let place = self.home.as_ref().unwrap_or(place);
        if let Some(subject) = &self.subject {
            let text = self.event_of_service(subject, place);
            to.extend_from_slice(text.as_bytes());
            return;
        }
        let verdicts = self.verdicts.get(..VERDICTS_MAX).unwrap_or(&self.verdicts);
        let to = &mut Text(to);
        to.raw("{\"eventVersion\":\"").raw(EVENT_VERSION).raw("\"");
        self.identity(to);
        to.moment(",\"eventTime\":", self.moment);
        to.raw(",\"eventSource\":\"");
        to.raw(self.service.unwrap_or("unknown"))
            .raw(DOMAIN)
            .raw("\"");
        let name = self.operation.unwrap_or("Unknown");
        to.raw(",\"eventName\":\"").raw(name).raw("\"");
        to.string(",\"awsRegion\":", self.region(place));
        if let Some(source) = self.source {
            to.address(",\"sourceIPAddress\":", source.to_canonical());
        }
        to.some_string(",\"userAgent\":", self.user_agent.as_deref());
        to.some_string(",\"errorCode\":", self.error.as_deref().map(bounded));
        let message = self.error_message.as_deref().map(bounded);
        to.some_string(",\"errorMessage\":", message);
        // `null` where there is nothing, as CloudTrail has it.
        shown(to.raw(",\"requestParameters\":"), &self.parameters);
        shown(to.raw(",\"responseElements\":"), &self.elements);
        self.additional(to, verdicts);
        to.string(",\"requestID\":", &self.request_id);
        to.raw(",\"eventID\":\"")
            .raw(&ids::uuid_of(self.event))
            .raw("\"");
        to.truth(",\"readOnly\":", is_read_only(name));
        resources(to, verdicts);
        to.raw(",\"eventType\":\"AwsApiCall\"");
        to.truth(",\"managementEvent\":", !self.is_data);
        to.string(",\"recipientAccountId\":", place.account());
        let category = if self.is_data { "Data" } else { "Management" };
        to.raw(",\"eventCategory\":\"").raw(category).raw("\"}");
    }

    /// `additionalEventData`, where there is any.
    fn additional(&self, to: &mut Text<'_>, verdicts: &[Verdict]) {
        let origin = self.caller.as_ref().and_then(Caller::instance_origin);
        let mut before = ",\"additionalEventData\":{";
        if let Some(origin) = origin {
            to.raw(before);
            before = ",";
            to.string("\"instanceCredentials\":{\"issuedTo\":", &origin.arn);
            to.string(",\"vpcId\":", &origin.vpc_id);
            to.address(",\"privateIPv4\":", origin.private_ip.into());
            let is_there = |from: &FromVpc| {
                from.vpc_id == origin.vpc_id && from.private_ip == origin.private_ip
            };
            let is_there = self.from_vpc.as_ref().is_some_and(is_there);
            to.truth(",\"usedElsewhere\":", !is_there).raw("}");
        }
        if !verdicts.is_empty() {
            to.raw(before).raw("\"authorization\":");
            each(to, verdicts, authorized);
            before = ",";
        }
        if before == "," {
            to.raw("}");
        }
    }

    /// The record's text by itself.
    #[cfg(test)]
    pub(crate) fn record(&self, place: &Home) -> String {
        let mut text = Vec::new();
        self.write(place, &mut text);
        String::from_utf8(text).unwrap()
    }

    /// An event that a service has by itself.
    fn event_of_service(&self, subject: &str, place: &Home) -> String {
        let source = source(self.service.unwrap_or("unknown"));
        let mut record = json!({
            "eventVersion": EVENT_VERSION,
            "eventType": "AwsServiceEvent",
            "eventCategory": "Management",
            "managementEvent": true,
            "eventTime": in_seconds(self.moment),
            "eventSource": source,
            "eventName": self.operation,
            "awsRegion": self.region(place),
            "sourceIPAddress": source,
            "userAgent": source,
            "readOnly": false,
            "requestID": self.request_id,
            "eventID": ids::uuid_of(self.event),
            "recipientAccountId": place.account(),
            "userIdentity": {"accountId": place.account(), "invokedBy": source},
            "requestParameters": null,
            "responseElements": null,
            "additionalEventData": {"SecretId": subject},
            "resources": [{"ARN": subject, "accountId": place.account()}],
        });
        if let (Some(why), Some(members)) = (&self.error_message, record.as_object_mut()) {
            members.insert("errorMessage".to_owned(), bounded(why).into());
        }
        record.to_string()
    }

    /// IAM and STS count as called in the first region, wherever they are.
    fn region<'a>(&self, place: &'a Home) -> &'a str {
        match self.service {
            Some("iam" | "sts") => GLOBAL_REGION,
            _ => place.region(),
        }
    }

    fn identity(&self, to: &mut Text<'_>) {
        let key = self.access_key_id.as_deref().map(bounded);
        let to = to.raw(",\"userIdentity\":{\"type\":\"");
        let Some(caller) = &self.caller else {
            to.raw("Unknown\"");
            to.some_string(",\"accessKeyId\":", key).raw("}");
            return;
        };
        let known = |to: &mut Text<'_>, kind: &str| {
            to.raw(kind).raw("\"");
            to.string(",\"principalId\":", &caller.user_id);
            to.string(",\"arn\":", &caller.arn);
            to.string(",\"accountId\":", &caller.account);
            to.some_string(",\"accessKeyId\":", key);
        };
        match &caller.identity {
            Identity::User { name } => {
                known(to, "IAMUser");
                to.string(",\"userName\":", name);
            }
            Identity::Session { role_arn, session } => {
                known(to, "AssumedRole");
                of_role(to, caller, role_arn, session);
            }
            Identity::UserSession { user_arn, session } if session.federated.is_some() => {
                known(to, "FederatedUser");
                let issuer = ["IAMUser", &session.user_id, user_arn, &session.user];
                context(to, caller, Some(issuer), session.issued).raw("}");
            }
            Identity::UserSession { session, .. } => {
                known(to, "IAMUser");
                of_itself(to, caller, session);
            }
            Identity::Outsider(identity) => {
                to.raw("WebIdentityUser\"");
                to.string(",\"principalId\":", &caller.user_id);
                to.string(",\"userName\":", &identity.subject);
                to.string(",\"identityProvider\":", &identity.provider);
            }
        }
        to.raw("}");
    }
}

impl Gap {
    /// The record's text: an event of the service itself, as CloudTrail calls what nobody called.
    pub fn record(&self, place: &Home) -> String {
        let moment = self.moment.to_string();
        let Self { calls, reason, .. } = self;
        json!({
            "eventVersion": EVENT_VERSION,
            "eventType": "AwsServiceEvent",
            "eventCategory": "Management",
            "managementEvent": true,
            "eventTime": in_seconds(self.moment),
            "eventSource": source("cloudtrail"),
            "eventName": GAP,
            "awsRegion": place.region(),
            "readOnly": true,
            "eventID": event_id(&[GAP, &moment, &calls.to_string(), reason]),
            "recipientAccountId": place.account(),
            "userIdentity": {"accountId": place.account(), "invokedBy": source("cloudtrail")},
            "requestParameters": null,
            "responseElements": null,
            "additionalEventData": {"calls": calls, "reason": reason},
        })
        .to_string()
    }
}

fn of_role(to: &mut Text<'_>, caller: &Caller, role_arn: &str, session: &Session) {
    let issuer = ["Role", &session.role_id, role_arn, &session.role];
    context(to, caller, Some(issuer), session.issued);
    if let Some(origin) = &session.instance {
        to.number(",\"ec2RoleDelivery\":\"", origin.delivery);
        to.raw(".0\"");
    }
    let identity = session.source_identity.as_deref();
    to.some_string(",\"sourceIdentity\":", identity).raw("}");
}

fn of_itself(to: &mut Text<'_>, caller: &Caller, session: &UserSession) {
    to.string(",\"userName\":", &session.user);
    context(to, caller, None, session.issued).raw("}");
}

/// What a session comes from, as type, id, ARN and name, and since when it is. Its end is left to
/// who knows more.
fn context<'t, 'a>(
    to: &'t mut Text<'a>,
    caller: &Caller,
    issuer: Option<[&str; 4]>,
    since: Timestamp,
) -> &'t mut Text<'a> {
    to.raw(",\"sessionContext\":{");
    if let Some([kind, id, arn, name]) = issuer {
        to.string("\"sessionIssuer\":{\"type\":", kind);
        to.string(",\"principalId\":", id);
        to.string(",\"arn\":", arn);
        to.string(",\"accountId\":", &caller.account);
        to.string(",\"userName\":", name).raw("},");
    }
    to.moment("\"attributes\":{\"creationDate\":", since);
    // A text in CloudTrail, too.
    to.raw(",\"mfaAuthenticated\":\"false\"}")
}

fn authorized(to: &mut Text<'_>, verdict: &Verdict) {
    to.raw("{\"action\":\"").raw(verdict.action).raw("\"");
    to.string(",\"resource\":", bounded(&verdict.resource));
    let decision = if verdict.allowed { "allowed" } else { "denied" };
    to.raw(",\"decision\":\"").raw(decision).raw("\"");
    to.string(",\"reason\":", bounded(&verdict.reason));
    if let Some(Decider { policy, sid, index }) = &verdict.statement {
        to.string(",\"statement\":{\"policy\":", bounded(policy));
        to.some_string(",\"sid\":", sid.as_deref());
        let index = u64::try_from(*index).unwrap_or(u64::MAX);
        to.number(",\"index\":", index).raw("}");
    }
    to.raw("}");
}

/// What was decided on, each once; the member is left out where that is nothing.
fn resources(to: &mut Text<'_>, verdicts: &[Verdict]) {
    let mut before = ",\"resources\":[";
    for (at, verdict) in verdicts.iter().enumerate() {
        let arn = bounded(&verdict.resource);
        let mut earlier = verdicts.iter().take(at);
        if !arn.starts_with("arn:") || earlier.any(|other| bounded(&other.resource) == arn) {
            continue;
        }
        to.raw(before);
        before = ",";
        let account_id = arn::part(arn, 4).filter(|account| !account.is_empty());
        to.string("{\"ARN\":", arn);
        to.some_string(",\"accountId\":", account_id).raw("}");
    }
    if before == "," {
        to.raw("]");
    }
}

/// What is kept of a call's members, in CloudTrail's spelling.
fn shown(to: &mut Text<'_>, record: &Record) {
    if record.is_empty() {
        to.raw("null");
        return;
    }
    for (at, (name, value)) in record.members().enumerate() {
        to.raw(if at == 0 { "{\"" } else { ",\"" });
        spelled(to, name);
        shown_value(to.raw("\":"), value);
    }
    to.raw("}");
}

fn shown_value(to: &mut Text<'_>, value: &Value) {
    match value {
        Value::List(values) => each(to, values, shown_value),
        Value::Structure(record) => shown(to, record),
        Value::Boolean(truth) => {
            to.truth("", *truth);
        }
        Value::Integer(number) => {
            to.number("", *number);
        }
        Value::String(text) => {
            to.string("", text);
        }
        Value::Timestamp(moment) => {
            to.moment("", *moment);
        }
        // None of them is ever kept.
        Value::Float(_) | Value::Secret(_) | Value::Blob(_) | Value::Map(_) => {
            to.raw("null");
        }
    }
}

fn each<T>(to: &mut Text<'_>, values: &[T], write: fn(&mut Text<'_>, &T)) {
    to.raw("[");
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            to.raw(",");
        }
        write(to, value);
    }
    to.raw("]");
}

/// `secretId` of `SecretId`, `arn` of `ARN`. Names of the models are ASCII.
fn spelled(to: &mut Text<'_>, name: &str) {
    let is_acronym = name.bytes().all(|byte| byte.is_ascii_uppercase());
    let small = if is_acronym { name.len() } else { 1 };
    let start = to.0.len();
    to.raw(name);
    if let Some(letters) = to.0.get_mut(start..start + small) {
        letters.make_ascii_lowercase();
    }
}

fn source(service: &str) -> String {
    format!("{service}{DOMAIN}")
}

fn in_seconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The id of what no call brought random bytes for.
fn event_id(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    ids::uuid(&mut Entropy::new(hash.finalize().into()))
}

fn bounded(text: &str) -> &str {
    if text.len() <= TEXT_CHARACTERS_MAX {
        return text;
    }
    match text.char_indices().nth(TEXT_CHARACTERS_MAX) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}

/// The event that stands for calls without a record.
pub(super) const GAP: &str = "RecordsLost";

const EVENT_VERSION: &str = "1.11";
const DOMAIN: &str = ".amazonaws.com";
// As long as the longest name, a secret's id.
const TEXT_CHARACTERS_MAX: usize = 2_048;
// BatchGetSecretValue of twenty secrets under keys of their own.
const VERDICTS_MAX: usize = 42;
