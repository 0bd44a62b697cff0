//! A record's text: one JSON object on one line.
//!
//! Made off the path of the call. Names of members are CloudTrail's; the decisions stand below
//! `additionalEventData`, which CloudTrail leaves to each service.

use std::net::IpAddr;

use jiff::Timestamp;
use protocol::{Record, Value};
use serde::{Serialize, Serializer};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Trail, is_read_only};
use crate::entropy::Entropy;
use crate::gate::{Caller, Decider, GLOBAL_REGION, Identity, Verdict};
use crate::home::Home;
use crate::ids;
use crate::session::Session;

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
    ///
    /// `place` is whose record it is where no call got so far as to say.
    pub fn record(&self, place: &Home) -> String {
        let place = self.home.as_ref().unwrap_or(place);
        if let Some(subject) = &self.subject {
            return self.event_of_service(subject, place);
        }
        let verdicts = self.verdicts.get(..VERDICTS_MAX).unwrap_or(&self.verdicts);
        let authorization: Vec<Authorized<'_>> = verdicts.iter().map(Authorized::of).collect();
        written(&Call {
            event_version: EVENT_VERSION,
            user_identity: self.identity(),
            event_time: in_seconds(self.moment),
            event_source: source(self.service.unwrap_or("unknown")),
            event_name: self.operation.unwrap_or("Unknown"),
            aws_region: self.region(place),
            source_ip_address: self.source.map(|source| source.to_canonical()),
            user_agent: self.user_agent.as_deref(),
            error_code: self.error.as_deref().map(bounded),
            error_message: self.error_message.as_deref().map(bounded),
            request_parameters: Shown::of(&self.parameters),
            response_elements: Shown::of(&self.elements),
            additional_event_data: (!verdicts.is_empty()).then_some(More { authorization }),
            request_id: &self.request_id,
            event_id: ids::uuid_of(self.event),
            read_only: self.operation.is_some_and(is_read_only),
            resources: resources(verdicts),
            event_type: "AwsApiCall",
            management_event: true,
            recipient_account_id: place.account(),
            event_category: "Management",
        })
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

    fn identity(&self) -> UserIdentity<'_> {
        let access_key_id = self.access_key_id.as_deref().map(bounded);
        let Some(caller) = &self.caller else {
            return UserIdentity {
                kind: "Unknown",
                access_key_id,
                ..UserIdentity::default()
            };
        };
        let known = UserIdentity {
            principal_id: Some(&caller.user_id),
            arn: Some(&caller.arn),
            account_id: Some(&caller.account),
            access_key_id,
            ..UserIdentity::default()
        };
        match &caller.identity {
            Identity::User { name } => UserIdentity {
                kind: "IAMUser",
                user_name: Some(name),
                ..known
            },
            Identity::Session { role_arn, session } => UserIdentity {
                kind: "AssumedRole",
                session_context: Some(SessionContext::of(caller, role_arn, session)),
                ..known
            },
        }
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

/// The members of a call's record, in the order of CloudTrail's examples.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Call<'a> {
    event_version: &'static str,
    user_identity: UserIdentity<'a>,
    event_time: String,
    event_source: String,
    event_name: &'a str,
    aws_region: &'a str,
    #[serde(rename = "sourceIPAddress", skip_serializing_if = "Option::is_none")]
    source_ip_address: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'a str>,
    // `null` where there is nothing, as CloudTrail has it.
    request_parameters: Option<Shown<'a>>,
    response_elements: Option<Shown<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_event_data: Option<More<'a>>,
    #[serde(rename = "requestID")]
    request_id: &'a str,
    #[serde(rename = "eventID")]
    event_id: String,
    read_only: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resources: Vec<Resource<'a>>,
    event_type: &'static str,
    management_event: bool,
    recipient_account_id: &'a str,
    event_category: &'static str,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct UserIdentity<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_context: Option<SessionContext<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionContext<'a> {
    session_issuer: SessionIssuer<'a>,
    attributes: Attributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    ec2_role_delivery: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_identity: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionIssuer<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    principal_id: &'a str,
    arn: &'a str,
    account_id: &'a str,
    user_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    creation_date: String,
    // A text in CloudTrail, too.
    mfa_authenticated: &'static str,
}

impl<'a> SessionContext<'a> {
    fn of(caller: &'a Caller, role_arn: &'a str, session: &'a Session) -> Self {
        let origin = session.instance.as_ref();
        Self {
            session_issuer: SessionIssuer {
                kind: "Role",
                principal_id: &session.role_id,
                arn: role_arn,
                account_id: &caller.account,
                user_name: &session.role,
            },
            attributes: Attributes {
                creation_date: in_seconds(session.issued),
                mfa_authenticated: "false",
            },
            ec2_role_delivery: origin.map(|origin| format!("{}.0", origin.delivery)),
            source_identity: session.source_identity.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct More<'a> {
    authorization: Vec<Authorized<'a>>,
}

#[derive(Serialize)]
struct Authorized<'a> {
    action: &'static str,
    resource: &'a str,
    decision: &'static str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<Statement<'a>>,
}

#[derive(Serialize)]
struct Statement<'a> {
    policy: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    index: usize,
}

impl<'a> Authorized<'a> {
    fn of(verdict: &'a Verdict) -> Self {
        let statement = verdict.statement.as_ref();
        Self {
            action: verdict.action,
            resource: bounded(&verdict.resource),
            decision: if verdict.allowed { "allowed" } else { "denied" },
            reason: bounded(&verdict.reason),
            statement: statement.map(|Decider { policy, sid, index }| Statement {
                policy: bounded(policy),
                sid: sid.as_deref(),
                index: *index,
            }),
        }
    }
}

#[derive(Serialize)]
struct Resource<'a> {
    #[serde(rename = "ARN")]
    arn: &'a str,
    #[serde(rename = "accountId", skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
}

fn resources(verdicts: &[Verdict]) -> Vec<Resource<'_>> {
    let mut resources: Vec<Resource<'_>> = Vec::new();
    for verdict in verdicts {
        let arn = bounded(&verdict.resource);
        if arn.starts_with("arn:") && !resources.iter().any(|known| known.arn == arn) {
            let account_id = arn.split(':').nth(4).filter(|account| !account.is_empty());
            resources.push(Resource { arn, account_id });
        }
    }
    resources
}

/// What is kept of a call's members, in CloudTrail's spelling.
struct Shown<'a>(&'a Record);

struct ShownValue<'a>(&'a Value);

impl<'a> Shown<'a> {
    fn of(record: &'a Record) -> Option<Self> {
        (!record.is_empty()).then_some(Self(record))
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let members = self.0.members();
        to.collect_map(members.map(|(name, value)| (spelled(name), ShownValue(value))))
    }
}

impl Serialize for ShownValue<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Boolean(truth) => to.serialize_bool(*truth),
            Value::Integer(number) => to.serialize_i64(*number),
            Value::String(text) => to.serialize_str(text),
            Value::Timestamp(moment) => to.serialize_str(&in_seconds(*moment)),
            Value::List(values) => to.collect_seq(values.iter().map(ShownValue)),
            Value::Structure(record) => Shown(record).serialize(to),
            // None of them is ever kept.
            Value::Float(_) | Value::Secret(_) | Value::Blob(_) | Value::Map(_) => {
                to.serialize_none()
            }
        }
    }
}

fn written(record: &Call<'_>) -> String {
    let written = serde_json::to_string(record);
    debug_assert!(written.is_ok(), "all keys are strings");
    written.unwrap_or_default()
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
// BatchGetSecretValue of twenty secrets under keys of their own.
const VERDICTS_MAX: usize = 42;
