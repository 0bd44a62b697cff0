//! Who is in an account and with which policies, as `iam:GetAccountAuthorizationDetails` tells it:
//! from the account, or from a file that holds what the AWS CLI printed.

use std::path::Path;

use policy::AuthorizationDetails;
use protocol::{Record, Value};
use serde_json::{Map, json};

use super::{ApiClient, ApiError};
use crate::failure::Failure;

mod read;

/// Reads a file.
pub(crate) fn from_file(path: &Path) -> Result<AuthorizationDetails, Failure> {
    let name = path.display();
    let hint = "write it with `aws iam get-account-authorization-details > account.json`";
    let wrong = |what: String| Failure::wrong(format!("cannot read `{name}`: {what}")).hint(hint);
    let bytes = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(wrong(format!("it is longer than {FILE_BYTES_MAX} bytes")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    read::read(&text).map_err(wrong)
}

/// Asks the account, page by page.
pub(crate) async fn fetch(iam: &ApiClient) -> Result<AuthorizationDetails, ApiError> {
    let mut whole = Map::new();
    let mut marker: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let input = Record::new().with_some("Marker", marker.take());
        let page = iam.call(OPERATION, &input).await?;
        marker = page.text("Marker").map(str::to_owned);
        for (name, value) in page.members() {
            let Value::List(values) = value else {
                continue;
            };
            let list = whole.entry(name).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.extend(values.iter().map(plain));
            }
        }
        if marker.is_none() {
            let text = serde_json::Value::Object(whole).to_string();
            return read::read(&text).map_err(|what| {
                ApiError::Failure(Failure::unfinished(format!(
                    "the answer of {OPERATION} is not understood: {what}"
                )))
            });
        }
    }
    Err(ApiError::Failure(Failure::unfinished(format!(
        "{OPERATION} does not come to an end"
    ))))
}

/// As the AWS CLI prints it, but for what these details never hold: secrets and bytes.
fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::Boolean(truth) => json!(truth),
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::String(text) => json!(text),
        Value::Timestamp(moment) => json!(moment.to_string()),
        Value::List(values) => values.iter().map(plain).collect(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| (key.clone(), plain(value)))
            .collect(),
        Value::Structure(record) => record
            .members()
            .map(|(name, value)| (name.to_owned(), plain(value)))
            .collect(),
        Value::Secret(_) | Value::Blob(_) => serde_json::Value::Null,
    }
}

const OPERATION: &str = "GetAccountAuthorizationDetails";
// 100 entities a page unless asked otherwise: an account of 200,000.
const PAGES_MAX: usize = 2_000;
// Some 20 KB a role with its policies: tens of thousands of roles.
const FILE_BYTES_MAX: u64 = 1 << 30;
