//! The canonical request and the string to sign.
//!
//! Knows nothing of keys and decides nothing: the same writer serves signing, verifying and the
//! text that a refused client is shown. Source: IAM User Guide, "Create a signed AWS API request".

use http::HeaderMap;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{ALGORITHM, SCOPE_TERMINATOR, Scope, text};

/// What goes into a canonical request.
pub(super) struct Canonical<'a> {
    pub(super) method: &'a str,
    /// As sent.
    pub(super) path: &'a str,
    /// As sent, without the question mark.
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    /// What stands for `Host` where there is no such header, as in HTTP/2.
    pub(super) authority: Option<&'a str>,
    /// Names in lower case, ascending, joined by `;`.
    pub(super) signed_headers: &'a str,
    pub(super) payload: &'a [u8],
    pub(super) rule: PathRule,
}

/// How a service's path becomes canonical.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PathRule {
    /// Dot segments and empty segments are removed.
    pub(super) normalize: bool,
    /// The path as sent, encoded once already, is encoded again.
    pub(super) encode: bool,
}

/// For whose eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// What is hashed.
    Exact,
    /// What a message may show: the same without the session token.
    Shown,
}

impl PathRule {
    /// S3 takes the path as sent, every other service normalizes it and encodes it again.
    pub(super) fn of(service: &str) -> Self {
        let other = service != "s3";
        Self {
            normalize: other,
            encode: other,
        }
    }
}

impl<'a> Canonical<'a> {
    /// The parts of a request that the canonical form is made of.
    pub(super) fn new<B>(
        request: &'a http::Request<B>,
        signed_headers: &'a str,
        payload: &'a [u8],
        service: &str,
    ) -> Self {
        let uri = request.uri();
        Self {
            method: request.method().as_str(),
            path: uri.path(),
            query: uri.query().unwrap_or_default(),
            headers: request.headers(),
            authority: uri.authority().map(http::uri::Authority::as_str),
            signed_headers,
            payload,
            rule: PathRule::of(service),
        }
    }

    /// The canonical request.
    pub(super) fn to_bytes(&self, view: View) -> Vec<u8> {
        let mut out = Vec::with_capacity(CAPACITY_BYTES + self.query.len());
        out.extend_from_slice(self.method.as_bytes());
        out.push(b'\n');
        self.write_path(&mut out);
        out.push(b'\n');
        self.write_query(&mut out, view);
        out.push(b'\n');
        for name in text::split(self.signed_headers, b';') {
            self.write_header(&mut out, name, view);
        }
        out.push(b'\n');
        out.extend_from_slice(self.signed_headers.as_bytes());
        out.push(b'\n');
        out.extend_from_slice(self.payload);
        out
    }

    fn write_path(&self, out: &mut Vec<u8>) {
        if !self.path.starts_with('/') {
            out.push(b'/');
        }
        let flat = !self.path.contains("/.") && !self.path.contains("//");
        if flat || !self.rule.normalize {
            self.write_segment(out, self.path);
            return;
        }
        let mut segments: Vec<&str> = Vec::new();
        let mut directory = false;
        for segment in self.path.split('/') {
            directory = matches!(segment, "" | "." | "..");
            match segment {
                "" | "." => {}
                ".." => drop(segments.pop()),
                name => segments.push(name),
            }
        }
        for segment in &segments {
            out.push(b'/');
            self.write_segment(out, segment);
        }
        if directory || segments.is_empty() {
            out.push(b'/');
        }
    }

    fn write_segment(&self, out: &mut Vec<u8>, text: &str) {
        if !self.rule.encode {
            out.extend_from_slice(text.as_bytes());
            return;
        }
        for byte in text.bytes() {
            if byte == b'/' {
                out.push(byte);
            } else {
                text::encode_byte(out, byte);
            }
        }
    }

    fn write_query(&self, out: &mut Vec<u8>, view: View) {
        let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = text::pairs(self.query)
            .map(|(name, value)| (encoded(name), encoded(value)))
            .filter(|(name, _)| name != SIGNATURE_PARAMETER)
            .collect();
        pairs.sort_unstable();
        for (place, (name, value)) in pairs.iter().enumerate() {
            if place > 0 {
                out.push(b'&');
            }
            out.extend_from_slice(name);
            out.push(b'=');
            if view == View::Shown && name == TOKEN_PARAMETER {
                out.extend_from_slice(REDACTED);
            } else {
                out.extend_from_slice(value);
            }
        }
    }

    fn write_header(&self, out: &mut Vec<u8>, name: &str, view: View) {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        if view == View::Shown && name == TOKEN_HEADER {
            out.extend_from_slice(REDACTED);
        } else {
            let mut any = false;
            let named = self.headers.iter().filter(|(key, _)| key.as_str() == name);
            for (_, value) in named {
                if any {
                    out.push(b',');
                }
                any = true;
                write_value(out, value.as_bytes());
            }
            if !any && name == "host" {
                out.extend_from_slice(self.authority.unwrap_or_default().as_bytes());
            }
        }
        out.push(b'\n');
    }
}

/// Algorithm, moment, scope and the hash of the canonical request.
pub(super) fn string_to_sign(moment: Timestamp, scope: &Scope, canonical: &[u8]) -> Vec<u8> {
    let hash = text::hex(&Sha256::digest(canonical).into());
    let mut out = Vec::with_capacity(STRING_CAPACITY_BYTES);
    for part in [
        ALGORITHM.as_bytes(),
        b"\n",
        &text::basic_time(moment),
        b"\n",
        scope.date.as_bytes(),
        b"/",
        scope.region.as_bytes(),
        b"/",
        scope.service.as_bytes(),
        b"/",
        SCOPE_TERMINATOR.as_bytes(),
        b"\n",
        &hash,
    ] {
        out.extend_from_slice(part);
    }
    out
}

fn encoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text::decoded(text) {
        text::encode_byte(&mut out, byte);
    }
    out
}

// Spaces alone: AWS's signer keeps every other white space, and so must the verifier.
fn write_value(out: &mut Vec<u8>, value: &[u8]) {
    // Mostly there is nothing to take away.
    let is_plain = !value.starts_with(b" ")
        && !value.ends_with(b" ")
        && !value.windows(2).any(|pair| pair == b"  ");
    if is_plain {
        out.extend_from_slice(value);
        return;
    }
    let mut words = value
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    if let Some(first) = words.next() {
        out.extend_from_slice(first);
    }
    for word in words {
        out.push(b' ');
        out.extend_from_slice(word);
    }
}

/// Room for the canonical form of a usual call without a session token. As much as allocators hand
/// out at once; one that is longer grows once or twice.
const CAPACITY_BYTES: usize = 1_000;
/// The string to sign of the longest scope there is stays below this.
const STRING_CAPACITY_BYTES: usize = 320;
const SIGNATURE_PARAMETER: &[u8] = b"X-Amz-Signature";
const TOKEN_PARAMETER: &[u8] = b"X-Amz-Security-Token";
const TOKEN_HEADER: &str = "x-amz-security-token";
const REDACTED: &[u8] = b"(redacted)";

#[cfg(test)]
mod tests {
    use super::*;

    fn check(service: &str, uri: &str, expect: &str) {
        let request = http::Request::builder().uri(uri).body(()).unwrap();
        let bytes = Canonical::new(&request, "host", b"-", service).to_bytes(View::Exact);
        let text = String::from_utf8(bytes).unwrap();
        let line: Vec<&str> = text.lines().skip(1).take(2).collect();
        assert_eq!(line.join("?"), expect, "{service} {uri}");
    }

    #[test]
    fn paths_are_normalized_and_encoded_twice() {
        check("sts", "http://h", "/?");
        check("sts", "/a/../b", "/b?");
        check("sts", "/../../b", "/b?");
        check("sts", "/a/b/..", "/a/?");
        check("sts", "/a/b/.", "/a/b/?");
        check("sts", "//a///b//", "/a/b/?");
        check("sts", "/a.b/.c/..d", "/a.b/.c/..d?");
        check("sts", "/a%20b/c:d", "/a%2520b/c%3Ad?");
        check("sts", "/%2e%2e/a", "/%252e%252e/a?");
    }

    #[test]
    fn paths_of_s3_are_as_sent() {
        check("s3", "/a/../b//c", "/a/../b//c?");
        check("s3", "/a%20b/c:d", "/a%20b/c:d?");
    }

    #[test]
    fn queries_are_sorted_by_name_then_value() {
        check("sts", "/?b=2&a=2&a=1&a", "/?a=&a=1&a=2&b=2");
        check("sts", "/?a-b=1&a=2", "/?a=2&a-b=1");
        check("sts", "/?a=b=c&&=x", "/?=x&a=b%3Dc");
        check("sts", "/?a=%7e%2f+%2B%20", "/?a=~%2F%20%2B%20");
        check(
            "sts",
            "/?X-Amz-Signature=1&x-amz-signature=2",
            "/?x-amz-signature=2",
        );
        check("sts", "/?X-Amz-Signatur%65=1", "/?");
    }

    #[test]
    fn header_values_keep_their_order_and_lose_spaces() {
        let request = http::Request::builder()
            .uri("http://example.com:8080/")
            .header("my-header", "  b   a\t c ")
            .header("my-header", "a")
            .body(())
            .unwrap();
        let bytes = Canonical::new(&request, "host;my-header", b"-", "sts").to_bytes(View::Exact);

        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "GET\n/\n\nhost:example.com:8080\nmy-header:b a\t c,a\n\nhost;my-header\n-"
        );
    }

    #[test]
    fn the_shown_form_has_no_token() {
        let request = http::Request::builder()
            .uri("/?X-Amz-Security-Token=canary&a=1")
            .header("host", "h")
            .header("x-amz-security-token", "canary")
            .body(())
            .unwrap();
        let canonical = Canonical::new(&request, "host;x-amz-security-token", b"-", "sts");

        assert_eq!(
            String::from_utf8(canonical.to_bytes(View::Shown)).unwrap(),
            "GET\n/\nX-Amz-Security-Token=(redacted)&a=1\nhost:h\n\
             x-amz-security-token:(redacted)\n\n\
             host;x-amz-security-token\n-"
        );
        let exact = String::from_utf8(canonical.to_bytes(View::Exact)).unwrap();
        assert_eq!(exact.matches("canary").count(), 2);
    }
}
