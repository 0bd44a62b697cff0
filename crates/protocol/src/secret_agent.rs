//! Frames and bodies of the Aerospike Secret Agent protocol, both directions.
//!
//! Knows no socket, no resource and no secret store. A message is eight bytes of header (magic,
//! length of the body, both big-endian) and one JSON object. There is no request id and no
//! version.
//!
//! Source: the public clients `aerospike/secret-agent-client-c`, `aerospike/backup-go`,
//! `aerospike/tools-common-go` and `aerospike/aerospike-admin`; where they differ, what is written
//! here is what all of them take: never `Error` beside `SecretValue`, never an empty `Error`,
//! standard padded base64 on one line, at most [`REPLY_BYTES_MAX`].

mod fields;
mod reply;
mod request;

use bytes::Bytes;

pub use reply::{ERROR_BYTES_MAX, text_frame, value_frame};
pub use reply::{NotBase64, ReplyError, ReplyTooLong, decode_value, error_frame, read_reply};
pub use request::{Request, RequestError, RequestTooLong, read_request, request_frame};

use crate::json::{self, Sink};

/// Reads a message's header: how many bytes of body follow it.
///
/// `bytes_max` is [`REQUEST_BYTES_MAX`] for a server and [`REPLY_BYTES_MAX`] for a client.
///
/// # Errors
///
/// After [`HeaderError::BadMagic`] nothing on the connection can be understood: it is to be closed
/// without an answer, as a TLS client on a plain port waits its whole time limit otherwise. After
/// [`HeaderError::TooLong`] an error frame may still be sent before closing.
pub fn read_header(header: [u8; HEADER_BYTES], bytes_max: usize) -> Result<usize, HeaderError> {
    let [m0, m1, m2, m3, l0, l1, l2, l3] = header;
    if [m0, m1, m2, m3] != MAGIC {
        return Err(HeaderError::BadMagic);
    }
    let bytes = u32::from_be_bytes([l0, l1, l2, l3]);
    match usize::try_from(bytes) {
        Ok(bytes) if bytes <= bytes_max => Ok(bytes),
        _ => Err(HeaderError::TooLong { bytes, bytes_max }),
    }
}

/// Why the bytes at the start of a message are no header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Another protocol, or another byte order.
    #[error("bad magic")]
    BadMagic,
    /// A body that is not taken.
    #[error("the message has {bytes} bytes, the limit is {bytes_max}")]
    TooLong {
        /// As announced.
        bytes: u32,
        /// As allowed.
        bytes_max: usize,
    },
}

/// A header and the body that `write` writes; for one past `bytes_max`, how long it would be. The
/// memory is wiped when the last copy of the [`Bytes`] is dropped, as there may be a secret in it.
fn frame(bytes_max: usize, mut write: impl FnMut(&mut dyn Sink)) -> Result<Bytes, usize> {
    let bytes = json::counted(&mut write);
    let length = u32::try_from(bytes).map_err(|_| bytes)?;
    if bytes > bytes_max {
        return Err(bytes);
    }
    let frame = json::filled(HEADER_BYTES + bytes, |to| {
        to.raw(&MAGIC);
        to.raw(&length.to_be_bytes());
        write(to);
    });
    Ok(Bytes::from_owner(frame))
}

/// The first four bytes of every message.
pub const MAGIC: [u8; 4] = [0x51, 0xde, 0xc1, 0xcc];
/// Magic and length.
pub const HEADER_BYTES: usize = 8;
/// The body of a request: a resource and a key are far shorter, whatever a client pads them with.
pub const REQUEST_BYTES_MAX: usize = 64 * 1024;
/// The body of a reply: what the C client takes.
pub const REPLY_BYTES_MAX: usize = 102_400;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: [u8; 8], expect: Result<usize, HeaderError>) {
        assert_eq!(
            read_header(header, REQUEST_BYTES_MAX),
            expect,
            "{header:x?}"
        );
    }

    #[test]
    fn a_header_is_magic_and_length() {
        check([0x51, 0xde, 0xc1, 0xcc, 0, 0, 0, 0], Ok(0));
        check([0x51, 0xde, 0xc1, 0xcc, 0, 0, 1, 2], Ok(258));
        check([0x51, 0xde, 0xc1, 0xcc, 0, 1, 0, 0], Ok(REQUEST_BYTES_MAX));
    }

    #[test]
    fn what_is_no_header_is_refused() {
        check(
            [0xcc, 0xc1, 0xde, 0x51, 0, 0, 0, 1],
            Err(HeaderError::BadMagic),
        );
        check(
            [0x16, 0x03, 0x01, 0x01, 0, 0, 0, 1],
            Err(HeaderError::BadMagic),
        );
        check(*b"GET / HT", Err(HeaderError::BadMagic));
        check([0; 8], Err(HeaderError::BadMagic));
        for length in [65_537, u32::MAX] {
            let [a, b, c, d] = length.to_be_bytes();
            let error = HeaderError::TooLong {
                bytes: length,
                bytes_max: REQUEST_BYTES_MAX,
            };
            check([0x51, 0xde, 0xc1, 0xcc, a, b, c, d], Err(error));
        }
    }
}
