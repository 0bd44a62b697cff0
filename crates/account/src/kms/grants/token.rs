//! Ids of grants, and the tokens that name them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::{Fault, Record};

use crate::ids;
use crate::transaction::Transaction;

/// Refuses grant tokens that are none. What they name counts by itself, and what is retired does
/// not count again with its token.
pub(in crate::kms) fn check_tokens(input: &Record) -> Result<(), Fault> {
    let mut tokens = input.texts("GrantTokens");
    if tokens.all(|token| read_token(token).is_some()) {
        Ok(())
    } else {
        Err(invalid_token())
    }
}

pub(super) fn invalid_token() -> Fault {
    Fault::new("InvalidGrantTokenException", "The grant token is invalid.")
}

/// Another token every time; it names the grant and holds nothing secret.
pub(super) fn token(transaction: &mut Transaction, key: &str, id: &str) -> Option<String> {
    let mut bytes = vec![TOKEN_FORM];
    bytes.extend(ids::uuid_bytes(key)?);
    bytes.extend(from_hex(id)?);
    bytes.extend(transaction.entropy.bytes::<TOKEN_SALT_BYTES>());
    Some(STANDARD.encode(bytes))
}

/// Key id and grant id.
pub(super) fn read_token(token: &str) -> Option<(String, String)> {
    let bytes = STANDARD.decode(token).ok()?;
    let (form, rest) = bytes.split_first()?;
    let (key, rest) = rest.split_first_chunk::<16>()?;
    let (id, salt) = rest.split_first_chunk::<ID_BYTES>()?;
    let is_whole = *form == TOKEN_FORM && salt.len() == TOKEN_SALT_BYTES;
    is_whole.then(|| (ids::uuid_text(key), ids::hex(id)))
}

pub(super) fn is_grant_id(id: &str) -> bool {
    from_hex(id).is_some()
}

fn from_hex(id: &str) -> Option<Vec<u8>> {
    let digit = |letter: &u8| char::from(*letter).to_digit(16);
    let pairs = id.as_bytes().chunks_exact(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
        _ => None,
    });
    let bytes: Vec<u8> = pairs.collect::<Option<_>>()?;
    (id.len() == 2 * ID_BYTES).then_some(bytes)
}

/// Of a grant's id, which is shown in hexadecimal digits.
pub(super) const ID_BYTES: usize = 32;
/// First byte of a token; another form gets another number.
const TOKEN_FORM: u8 = 1;
const TOKEN_SALT_BYTES: usize = 12;
