//! The host side: Secret Agent frames, the agent's configuration and its HTTP interface.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use agent::aws_http::{self, Call, Rules, Token};
use agent::{config, sdk};
use protocol::Secret;
use protocol::secret_agent::{
    HEADER_BYTES, REPLY_BYTES_MAX, REQUEST_BYTES_MAX, decode_value, read_header, read_reply,
    read_request, request_frame, text_frame,
};

use crate::message;

/// A frame. See [`crate::TARGETS`].
pub fn secret_agent(bytes: &[u8]) {
    let (header, body) = bytes.split_at_checked(HEADER_BYTES).unwrap_or_default();
    if let Ok(header) = header.try_into() {
        for bytes_max in [REQUEST_BYTES_MAX, REPLY_BYTES_MAX] {
            if let Ok(length) = read_header(header, bytes_max) {
                assert!(length <= bytes_max, "{length} of {bytes_max}");
            }
        }
    }
    if let Ok(request) = read_request(body) {
        let written = request_frame(request.resource.as_deref(), &request.key);
        let written = written.expect("what was read is short enough");
        let (_, body) = written.split_at(HEADER_BYTES);
        assert_eq!(read_request(body), Ok(request));
    }
    if let Ok(value) = read_reply(body) {
        let _ = decode_value(&value);
        let text = str::from_utf8(value.expose()).expect("a JSON string is UTF-8");
        if let Ok(written) = text_frame(text) {
            let (_, body) = written.split_at(HEADER_BYTES);
            let read = read_reply(body).expect("what was written is a reply");
            assert_eq!(read.expose(), value.expose());
        }
    }
}

/// The text of a configuration file. See [`crate::TARGETS`].
pub fn agent_config(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    match config::parse(text, "agent.yaml") {
        Ok(config) => {
            let _ = config::warnings(&config);
        }
        Err(errors) => {
            assert!((1..=config::ERRORS_MAX).contains(&errors.len()));
            // YAML ends a line by either.
            let lines = text.split(['\n', '\r']).count();
            for error in errors {
                let placed = (1..=lines).contains(&error.line) && error.column >= 1;
                assert!(placed, "{error:?}");
                assert!(!error.message.contains('\n'), "{error:?}");
            }
        }
    }
}

/// A request. See [`crate::TARGETS`].
pub fn agent_http(bytes: &[u8]) {
    let Some(request) = message::request(bytes) else {
        return;
    };
    let token = Token {
        name: "t".to_owned(),
        secret: Secret::new(TOKEN.as_bytes()),
    };
    let roles = BTreeMap::new();
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    for listening in [Some(loopback), None] {
        let against = Rules {
            tokens: std::slice::from_ref(&token),
            listening,
            roles: &roles,
        };
        let uri = request.uri();
        let read = aws_http::read(
            request.method(),
            uri.path(),
            uri.query(),
            request.headers(),
            &against,
        );
        match read.map(|read| (read.call, read.token)) {
            Ok((Call::Get { .. }, shown)) => {
                let sent = TOKEN_HEADERS.iter();
                let mut sent = sent.flat_map(|name| request.headers().get_all(*name));
                let is_shown = sent.any(|value| value == TOKEN);
                assert_eq!(shown.is_some(), is_shown, "the token that was sent is told");
                assert!(
                    is_shown || listening.is_none(),
                    "a secret without the token"
                );
            }
            Ok((Call::Sdk(action), _)) => {
                let _ = sdk::asks(action, request.body());
            }
            Ok((Call::Ping, _)) => {}
            Err(fault) => assert!(fault.status.is_client_error(), "{fault:?}"),
        }
    }
}

const TOKEN_HEADERS: [&str; 2] = ["x-aws-parameters-secrets-token", "x-vault-token"];
const TOKEN: &str = "a-token";
