//! Reads through a stand-in of an agent on a Unix socket, which answers one request as it is told.

use std::path::PathBuf;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;

use super::*;

const BODY: &str = r#"{"ARN":"a","Name":"db","VersionId":"v","SecretString":"the \"secret\"",
    "VersionStages":["AWSCURRENT"],"CreatedDate":"1569534789.046"}"#;

/// What a read came to, and what the agent was sent.
struct Told {
    read: Result<SecretVersion, Unread>,
    sent: String,
}

async fn read(ask: &Ask, refresh: bool, token: Option<&str>, answer: String) -> Told {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("agent.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut sent = Vec::new();
        while !sent.ends_with(b"\r\n\r\n") {
            let byte = stream.read_u8().await.unwrap();
            sent.push(byte);
        }
        let _gone = stream.write_all(answer.as_bytes()).await;
        String::from_utf8(sent).unwrap()
    };
    let token = token.map(|token| Secret::from_text(token.to_owned()));
    let agent = Agent::new(Address::Unix(path.clone()), token);
    let (read, sent) = tokio::join!(agent.read(ask, refresh), server);
    Told { read, sent }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

fn with_status(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn answered(status: &str, body: &str) -> Told {
    let ask = Ask::new("db", None, None).unwrap();
    block_on(read(&ask, false, None, with_status(status, body)))
}

fn failure(told: Told) -> Failure {
    match told.read {
        Err(Unread::Failure(failure)) => failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nobody_there_is_an_error() {
    let agent = Agent::new(
        Address::Unix(PathBuf::from("/nonexistent/agent.sock")),
        None,
    );
    let ask = Ask::new("db", None, None).unwrap();
    assert!(!block_on(agent.is_there()));
    let Err(Unread::Failure(failure)) = block_on(agent.read(&ask, false)) else {
        panic!("it was read");
    };
    assert_eq!(failure.exit, crate::failure::Exit::Unfinished);
    let words = "the agent at `unix:/nonexistent/agent.sock`: it does not answer";
    assert!(failure.message.starts_with(words), "{failure:?}");
}

#[test]
fn what_is_no_answer_is_an_error() {
    for answer in [
        "",
        "HTTP/1.1 200",
        "\0\0\0\0",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
    ] {
        let ask = Ask::new("db", None, None).unwrap();
        let told = block_on(read(&ask, false, None, answer.to_owned()));
        assert!(
            failure(told).message.contains("it does not answer"),
            "{answer}"
        );
    }
    for body in ["", "{}", "healthy"] {
        let told = failure(answered("200 OK", body));
        assert!(told.message.contains("holds no secret"), "{told:?}");
    }
    let told = failure(answered("200 OK", &"x".repeat(ANSWER_BYTES_MAX + 1)));
    assert!(told.message.contains("length limit"), "{told:?}");
}

#[test]
fn a_refusal_of_the_agent_is_no_decision_of_the_account() {
    let told = failure(answered("403 Forbidden", "Bad Token"));
    assert!(
        told.message.contains("does not accept the token"),
        "{told:?}"
    );
    let told = failure(answered("404 Not Found", "Not found\u{1b}[31m"));
    assert!(
        told.message.contains("404 `Not found\u{fffd}[31m`"),
        "{told:?}"
    );
    let told = answered(
        "400 Bad Request",
        r#"{"__type":"AccessDeniedException","message":"no"}"#,
    );
    assert!(matches!(told.read, Err(Unread::Fault(Fault::Denied(_)))));
    let told = answered(
        "502 Bad Gateway",
        r#"{"__type":"ConnectionError","message":"no"}"#,
    );
    assert!(matches!(
        told.read,
        Err(Unread::Fault(Fault::Unavailable(_)))
    ));
}

#[test]
fn a_secret_is_asked_for_and_read() {
    let told = answered("200 OK", BODY);
    let version = told.read.unwrap();
    assert_eq!(
        version.value,
        agent::Value::Text(Secret::new(*b"the \"secret\""))
    );
    assert!(
        told.sent
            .starts_with("GET /secretsmanager/get?secretId=db HTTP/1.1\r\n")
    );
    assert!(told.sent.contains("host: localhost\r\n"));
    assert!(!told.sent.contains("token"), "{}", told.sent);

    let ask = Ask::new("team/a+b", None, Some("AWSPREVIOUS".to_owned())).unwrap();
    let told = block_on(read(&ask, true, Some("t0ken"), with_status("200 OK", BODY)));
    let path = "secretId=team%2Fa%2Bb&versionStage=AWSPREVIOUS&refreshNow=true HTTP/1.1\r\n";
    assert!(told.sent.contains(path), "{}", told.sent);
    assert!(
        told.sent
            .contains("x-aws-parameters-secrets-token: t0ken\r\n")
    );
    assert!(told.read.is_ok());
}
