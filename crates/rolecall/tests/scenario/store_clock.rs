//! The host's time of day jumps, by hours and in either direction: the server goes on, what ends
//! does so by the time of day that there is, and nothing that is kept gets out of order.
//!
//! A library of Debian's shifts what the server is told of the time of day, and nothing else.

use jiff::SignedDuration;
use protocol::sigv4::Credentials;
use protocol::{Record, Secret};

use crate::clients::tool;
use crate::crash_client::Client;
use crate::kept::{Kept, created};

/// A server and how far its clock is ahead.
struct Jumping {
    kept: Kept,
    hours: i64,
}

impl Jumping {
    fn start() -> Self {
        let mut kept = Kept::init_with("--root-key-file root.key");
        serve_shifted(&mut kept);
        Self { kept, hours: 0 }
    }

    fn jump(&mut self, hours: i64) {
        std::fs::write(self.kept.path("shift"), format!("{hours:+}h")).unwrap();
        self.hours = hours;
    }

    /// Somebody whose clock is the server's, as SDKs come to be by its `Date`.
    fn client(&self) -> Client {
        let mut client = self.kept.client();
        client.ahead = SignedDuration::from_hours(self.hours);
        client
    }

    fn create(&self, name: &str) -> (u16, String) {
        let create = created(name, "");
        self.kept.ask_by(&self.client(), "CreateSecret", &create)
    }
}

/// Starts a server whose clock is ahead by what stands in a file, and names that.
pub(crate) fn serve_shifted(kept: &mut Kept) -> String {
    let shift = kept.path("shift");
    if !shift.exists() {
        std::fs::write(&shift, "+0h").unwrap();
    }
    let shift = shift.display().to_string();
    let variables = shifted_by(&shift);
    let variables = variables
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    kept.serve("", &variables);
    shift
}

/// What a program runs by whose time of day is shifted by what stands in a file.
pub(crate) fn shifted_by(file: &str) -> [(&'static str, String); 5] {
    let library = "libfaketime/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    [
        ("LD_PRELOAD", tool(library).display().to_string()),
        ("FAKETIME_TIMESTAMP_FILE", file.to_owned()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ("DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]
}

#[test]
fn a_clock_that_jumps_ends_sessions_and_keeps_all_else_in_order() {
    let mut host = Jumping::start();
    assert_eq!(host.create("first").0, 200);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let session = |host: &Jumping| {
        let ask = Record::new().with("DurationSeconds", 3_600_i64);
        let client = host.client();
        let body = runtime.block_on(client.call("sts", "GetSessionToken", &ask));
        let body = body.unwrap();
        ["AccessKeyId", "SecretAccessKey", "SessionToken"].map(|member| {
            let (_, rest) = body.split_once(&format!("<{member}>")).unwrap();
            rest.split_once('<').unwrap().0.to_owned()
        })
    };
    let with = |host: &Jumping, [id, secret, token]: &[String; 3]| {
        let mut client = host.client();
        client.credentials = Credentials {
            access_key_id: id.clone(),
            secret_access_key: Secret::from_text(secret.clone()),
            session_token: Some(Secret::from_text(token.clone())),
        };
        let get = Record::new().with("SecretId", "first");
        host.kept.ask_by(&client, "GetSecretValue", &get)
    };
    let old = session(&host);
    assert_eq!(with(&host, &old).0, 200);

    // Forward: it has ended. Who signs by the time before is told the new one.
    host.jump(6);
    let (status, body) = with(&host, &old);
    assert_eq!(status, 400, "{body}");
    assert!(body.contains("ExpiredToken"), "{body}");
    let (status, body) = host.kept.create("late");
    assert_ne!(status, 200, "{body}");
    assert!(body.contains("Signature expired"), "{body}");
    assert_eq!(host.create("second").0, 200);
    let new = session(&host);
    assert_eq!(with(&host, &new).0, 200);

    // Far back: what was made in the time that is to come is there, and is written to.
    host.jump(-30);
    assert_eq!(host.create("third").0, 200);
    let (status, body) = with(&host, &new);
    assert_eq!(status, 400, "{body}");
    assert!(
        body.contains("security token included in the request is invalid"),
        "{body}"
    );
    let put = Record::new()
        .with("SecretId", "second")
        .with("SecretString", crate::kept::secret("of before".to_owned()))
        .with("ClientRequestToken", "9".repeat(32));
    assert_eq!(
        host.kept.ask_by(&host.client(), "PutSecretValue", &put).0,
        200
    );

    // And right again.
    host.jump(0);
    assert_eq!(host.kept.value("second").unwrap(), "of before");
    for name in ["first", "third"] {
        assert!(host.kept.value(name).is_some(), "{name}");
    }
    assert_eq!(host.kept.create("fourth").0, 200);
    host.kept.stop();
    host.kept.serve("", &[]);
    assert!(host.kept.value("third").is_some());
    host.kept.change_flags("");
    host.kept.finish("root.key");
}
