//! A record's text: one JSON object on one line.
//!
//! Made off the path of the call. Names of members are CloudTrail's; the decisions stand below
//! `additionalEventData`, which CloudTrail leaves to each service.

use jiff::Timestamp;
use protocol::{Arn, Record, Value};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::{Trail, is_read_only};
use crate::entropy::Entropy;
use crate::gate::{Caller, Decider, Identity, Verdict};
use crate::ids;

/// Whose calls are recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The twelve digits.
    pub account_id: String,
    /// The region.
    pub region: String,
}

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
    /// The record's text, without the line's end.
    pub fn record(&self, place: &Place) -> String {
        let parameters = shown(&self.parameters);
        let elements = shown(&self.elements);
        let mut record = json!({
            "eventVersion": EVENT_VERSION,
            "eventType": "AwsApiCall",
            "eventCategory": "Management",
            "managementEvent": true,
            "eventTime": in_seconds(self.moment),
            "eventSource": source(self.service.unwrap_or("unknown")),
            "eventName": self.operation.unwrap_or("Unknown"),
            "awsRegion": self.region(place),
            "readOnly": self.operation.is_some_and(is_read_only),
            "requestID": self.request_id,
            "eventID": event_id(&[&self.request_id, &self.moment.to_string()]),
            "recipientAccountId": place.account_id,
            "userIdentity": self.identity(),
            "requestParameters": parameters,
            "responseElements": elements,
        });
        let mut set = |name: &str, value: Json| {
            if let Json::Object(members) = &mut record {
                members.insert(name.to_owned(), value);
            }
        };
        if let Some(source) = self.source {
            set("sourceIPAddress", source.to_canonical().to_string().into());
        }
        if let Some(agent) = &self.user_agent {
            set("userAgent", agent.as_str().into());
        }
        if let Some(code) = &self.error {
            set("errorCode", bounded(code).into());
        }
        if let Some(message) = &self.error_message {
            set("errorMessage", bounded(message).into());
        }
        if !self.verdicts.is_empty() {
            set("resources", self.resources());
            let verdicts = self.verdicts.iter().take(VERDICTS_MAX);
            let verdicts: Json = verdicts.map(verdict).collect();
            set("additionalEventData", json!({ "authorization": verdicts }));
        }
        record.to_string()
    }

    /// IAM and STS count as called in the first region, wherever they are.
    fn region<'a>(&self, place: &'a Place) -> &'a str {
        match self.service {
            Some("iam" | "sts") => crate::gate::GLOBAL_REGION,
            _ => &place.region,
        }
    }

    fn identity(&self) -> Json {
        let Some(caller) = &self.caller else {
            return match &self.access_key_id {
                Some(id) => json!({"type": "Unknown", "accessKeyId": bounded(id)}),
                None => json!({"type": "Unknown"}),
            };
        };
        let mut identity = json!({
            "principalId": caller.user_id,
            "arn": caller.arn,
            "accountId": caller.account,
            "accessKeyId": self.access_key_id,
        });
        match &caller.identity {
            Identity::User { name } => {
                put(&mut identity, "type", "IAMUser".into());
                put(&mut identity, "userName", name.as_str().into());
            }
            Identity::Session { .. } => {
                put(&mut identity, "type", "AssumedRole".into());
                put(&mut identity, "sessionContext", session_context(caller));
            }
        }
        identity
    }

    fn resources(&self) -> Json {
        let mut arns: Vec<&str> = Vec::new();
        for verdict in self.verdicts.iter().take(VERDICTS_MAX) {
            let arn = verdict.resource.as_str();
            if arn.starts_with("arn:") && !arns.contains(&arn) {
                arns.push(arn);
            }
        }
        let resource = |arn: &str| {
            let account = Arn::parse(arn).map(|arn| arn.account().to_owned());
            json!({"ARN": bounded(arn), "accountId": account})
        };
        arns.into_iter().map(resource).collect()
    }
}

impl Gap {
    /// The record's text: an event of the service itself, as CloudTrail calls what nobody called.
    pub fn record(&self, place: &Place) -> String {
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
            "awsRegion": place.region,
            "readOnly": true,
            "eventID": event_id(&[GAP, &moment, &calls.to_string(), reason]),
            "recipientAccountId": place.account_id,
            "userIdentity": {"accountId": place.account_id, "invokedBy": source("cloudtrail")},
            "requestParameters": null,
            "responseElements": null,
            "additionalEventData": {"calls": calls, "reason": reason},
        })
        .to_string()
    }
}

fn session_context(caller: &Caller) -> Json {
    let Identity::Session { role_arn, session } = &caller.identity else {
        return Json::Null;
    };
    let mut context = json!({
        "sessionIssuer": {
            "type": "Role",
            "principalId": session.role_id,
            "arn": role_arn,
            "accountId": caller.account,
            "userName": session.role,
        },
        "attributes": {
            "creationDate": in_seconds(session.issued),
            "mfaAuthenticated": "false",
        },
    });
    if let Some(origin) = &session.instance {
        let delivery = format!("{}.0", origin.delivery);
        put(&mut context, "ec2RoleDelivery", delivery.into());
    }
    if let Some(identity) = &session.source_identity {
        put(&mut context, "sourceIdentity", identity.as_str().into());
    }
    context
}

fn verdict(verdict: &Verdict) -> Json {
    let mut shown = json!({
        "action": verdict.action,
        "resource": bounded(&verdict.resource),
        "decision": if verdict.allowed { "allowed" } else { "denied" },
        "reason": bounded(&verdict.reason),
    });
    if let Some(Decider { policy, sid, index }) = &verdict.statement {
        let statement = match sid {
            Some(sid) => json!({"policy": bounded(policy), "sid": sid, "index": index}),
            None => json!({"policy": bounded(policy), "index": index}),
        };
        put(&mut shown, "statement", statement);
    }
    shown
}

fn put(object: &mut Json, name: &str, value: Json) {
    if let Json::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}

/// `null` where there is nothing, as CloudTrail has it.
fn shown(record: &Record) -> Json {
    if record.is_empty() {
        Json::Null
    } else {
        object(record)
    }
}

fn object(record: &Record) -> Json {
    let members = record
        .members()
        .filter_map(|(name, value)| Some((spelled(name), plain(value)?)));
    Json::Object(members.collect::<Map<_, _>>())
}

fn plain(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Boolean(truth) => (*truth).into(),
        Value::Integer(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::Timestamp(moment) => in_seconds(*moment).into(),
        Value::List(values) => values.iter().filter_map(plain).collect(),
        Value::Structure(record) => object(record),
        Value::Float(_) | Value::Secret(_) | Value::Blob(_) | Value::Map(_) => return None,
    })
}

/// `secretId` of `SecretId`, `arn` of `ARN`.
fn spelled(name: &str) -> String {
    if name.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return name.to_ascii_lowercase();
    }
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

fn source(service: &str) -> String {
    format!("{service}.amazonaws.com")
}

fn in_seconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// One id for one call: a function of what is already unique.
fn event_id(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    ids::uuid(&mut Entropy::new(hash.finalize().into()))
}

fn bounded(text: &str) -> &str {
    match text.char_indices().nth(TEXT_CHARACTERS_MAX) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}

/// The event that stands for calls without a record.
pub(super) const GAP: &str = "RecordsLost";

const EVENT_VERSION: &str = "1.11";
// As long as the longest name, a secret's id.
const TEXT_CHARACTERS_MAX: usize = 2_048;
// A call that launches an instance needs about ten.
const VERDICTS_MAX: usize = 32;
