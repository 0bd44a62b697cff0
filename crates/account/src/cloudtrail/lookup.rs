//! A question for records, its page as an answer, and the token of the next page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use protocol::{Record, Value};
use sha2::{Digest, Sha256};

use crate::trail::{Attribute, Event, Filter};

/// Records asked for, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lookup {
    pub(super) filter: Filter,
    pub(super) attribute: Option<Attribute>,
    pub(super) max: usize,
    /// Only records with a smaller number: those after the page before.
    pub(super) before: Option<u64>,
}

impl Lookup {
    pub(super) fn output(&self, found: &[(u64, Event)]) -> Record {
        let page = found.get(..self.max).unwrap_or(found);
        let last = page.last().filter(|_| found.len() > page.len());
        let token = last.map(|(number, _)| self.token(*number));
        let events: Value = page.iter().map(|(_, event)| shown(event)).collect();
        Record::new()
            .with("Events", events)
            .with_some("NextToken", token)
    }

    /// A page's token: where the page ended, and for which question it counts.
    fn token(&self, number: u64) -> String {
        URL_SAFE_NO_PAD.encode([number.to_be_bytes(), self.digest()].concat())
    }

    pub(super) fn read_token(&self, token: &str) -> Option<u64> {
        if token.len() > TOKEN_BYTES_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (number, digest) = bytes.split_first_chunk::<8>()?;
        (digest == self.digest()).then(|| u64::from_be_bytes(*number))
    }

    fn digest(&self) -> [u8; 8] {
        let asked = format!("{:?} {:?}", self.filter, self.attribute);
        let digest = Sha256::digest(asked.as_bytes());
        let mut first = [0; 8];
        first
            .iter_mut()
            .zip(digest)
            .for_each(|(to, from)| *to = from);
        first
    }
}

fn shown(event: &Event) -> Record {
    let resources: Value = event.resources.iter().map(|arn| resource(arn)).collect();
    Record::new()
        .with("EventId", event.id.as_str())
        .with("EventName", event.name.as_str())
        .with("ReadOnly", event.read_only.to_string())
        .with_some("AccessKeyId", event.access_key_id.as_deref())
        .with("EventTime", event.time)
        .with("EventSource", event.source.as_str())
        .with_some("Username", event.username.as_deref())
        .with("Resources", resources)
        .with("CloudTrailEvent", event.record.as_str())
}

fn resource(arn: &str) -> Record {
    Record::new()
        .with_some("ResourceType", Event::resource_type(arn))
        .with("ResourceName", arn)
}

// A token of ours has 22.
const TOKEN_BYTES_MAX: usize = 64;
