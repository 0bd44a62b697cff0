//! Bytes on sockets: what no well-behaved client sends.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A connection that waits for nothing longer than [`READ_TIME_MAX`].
pub(crate) struct Wire(TcpStream);

impl Wire {
    /// Connects to `host:port`, or to the host of an `http://` URL.
    pub(crate) fn connect(to: &str) -> Self {
        let stream = TcpStream::connect(authority(to)).unwrap();
        stream.set_read_timeout(Some(READ_TIME_MAX)).unwrap();
        stream.set_write_timeout(Some(READ_TIME_MAX)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    /// Sends bytes; a peer that has had enough of them is no failure.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        match self.0.write_all(bytes.as_ref()) {
            Err(error) if !is_end(error.kind()) => panic!("{error}"),
            _ => self,
        }
    }

    /// Says that nothing more comes.
    pub(crate) fn close_sending(&mut self) -> &mut Self {
        self.0.shutdown(Shutdown::Write).ok();
        self
    }

    /// All bytes until the peer closes.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self.0.read_to_end(&mut bytes) {
            Err(error) if !is_end(error.kind()) => panic!("not closed: {error}"),
            _ => bytes,
        }
    }

    /// One reply of the Secret Agent protocol.
    pub(crate) fn frame(&mut self) -> Value {
        let mut header = [0; 8];
        self.0.read_exact(&mut header).unwrap();
        assert_eq!(header[..4], MAGIC, "magic of a reply");
        let length = u32::from_be_bytes(header[4..].try_into().unwrap());
        let mut body = vec![0; length.try_into().unwrap()];
        self.0.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let headers = lines.filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        });
        Self {
            status: status.and_then(|it| it.parse().ok()).unwrap_or_else(|| {
                panic!("no HTTP answer: `{text}`");
            }),
            headers: headers.collect(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(held, _)| held == name)
            .map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// One request on a connection of its own: method and target, headers as lines, a body.
pub(crate) fn http(to: &str, line: &str, headers: &[&str], body: &[u8]) -> Answer {
    let host = format!("Host: {}", authority(to));
    let has_host = headers.iter().any(|header| header.starts_with("Host:"));
    let mut request = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
    let own = (!has_host).then_some(host.as_str());
    for header in own.iter().chain(headers) {
        request.push_str(header);
        request.push_str("\r\n");
    }
    let length = format!("Content-Length: {}\r\n", body.len());
    if !body.is_empty() || line.starts_with('P') {
        request.push_str(&length);
    }
    request.push_str("\r\n");
    let mut wire = Wire::connect(to);
    wire.send(request).send(body);
    Answer::read(&wire.rest())
}

/// Sends these bytes and no more, and reads the answer, if there is one.
pub(crate) fn raw(to: &str, bytes: impl AsRef<[u8]>) -> Option<Answer> {
    let rest = Wire::connect(to).send(bytes).rest();
    (!rest.is_empty()).then(|| Answer::read(&rest))
}

/// A message of the Secret Agent protocol.
pub(crate) fn frame(body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&MAGIC, length.as_slice(), body].concat()
}

fn authority(url: &str) -> &str {
    url.strip_prefix("http://").unwrap_or(url)
}

fn is_end(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
}

pub(crate) const MAGIC: [u8; 4] = [0x51, 0xde, 0xc1, 0xcc];
// Above every time limit of the server that a scenario waits for.
const READ_TIME_MAX: Duration = Duration::from_secs(12);
