//! What a denial said, and whose an access key is.
//!
//! Source: STS API Reference, "DecodeAuthorizationMessage", "GetAccessKeyInfo".

use protocol::{Fault, Record};

use crate::gate::{Caller, Identity, Need, decoded};
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "DecodeAuthorizationMessage",
        needs: |_, _, _| Ok(vec![Need::new("sts:DecodeAuthorizationMessage", "*")]),
        run: decode,
    },
    Row {
        operation: "GetAccessKeyInfo",
        needs: |_, _, _| Ok(vec![Need::new("sts:GetAccessKeyInfo", "*")]),
        run: access_key_info,
    },
];

fn decode(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let message = required(input, "EncodedMessage")?;
    let keyring = &transaction.state().settings().keyring;
    let document = decoded(keyring, message).ok_or_else(|| {
        Fault::new(
            "InvalidAuthorizationMessageException",
            "Message is not a valid encoded authorization message",
        )
    })?;
    Ok(Record::new().with("DecodedMessage", document))
}

/// Active or not. Keys of sessions are in no table, so of those only the caller's own is known;
/// neither is anything known of another account's key.
fn access_key_info(
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let id = required(input, "AccessKeyId")?;
    let state = transaction.state();
    let own = match &caller.identity {
        Identity::Session { session, .. } => Some(session.access_key_id.as_str()),
        _ => None,
    };
    if state.access_key(id).is_none() && own != Some(id) {
        return Err(Fault::new(
            "ValidationError",
            format!("The access key {id} is not known here."),
        ));
    }
    Ok(Record::new().with("Account", state.account_id()))
}

#[cfg(test)]
mod tests;
