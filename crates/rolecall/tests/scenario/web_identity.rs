//! A workload that has a token of an identity provider and nothing else, as CI jobs and pods have:
//! an unmodified client finds its role by it. And what a denial says to who may know.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::account_serve::Served;
use crate::clients::{Output, aws, client, run};

/// A provider for the issuer and a role that trusts one of its subjects; the role's ARN.
pub(crate) fn role_of_the_issuer(admin: &dyn Fn(&[&str]) -> Output) -> String {
    let create = ["iam", "create-open-id-connect-provider", "--url", ISSUER];
    let query = ["--query", "OpenIDConnectProviderArn", "--output", "text"];
    let made = admin(&[&create[..], &["--client-id-list", "app"], &query].concat());
    let provider = made.ok().to_owned();
    let condition = json!({"StringEquals": {
        "issuer.example:aud": "app", "issuer.example:sub": "repo:mine/app",
    }});
    let trust = statement(&json!({
        "Effect": "Allow", "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition,
    }));
    let create = [
        "iam",
        "create-role",
        "--role-name",
        "app",
        "--query",
        "Role.Arn",
    ];
    let output = ["--output", "text", "--assume-role-policy-document", &trust];
    admin(&[&create[..], &output].concat()).ok().to_owned()
}

/// What a denial says to who may know.
fn decoded(admin: &dyn Fn(&[&str]) -> Output, told: &str) -> Value {
    let message = told
        .split_once(MARK)
        .unwrap()
        .1
        .split_whitespace()
        .next()
        .unwrap();
    let decode = [
        "sts",
        "decode-authorization-message",
        "--encoded-message",
        message,
    ];
    let decoded = admin(
        &[
            &decode[..],
            &["--query", "DecodedMessage", "--output", "text"],
        ]
        .concat(),
    );
    decoded.json()
}

#[test]
fn a_client_with_a_token_file_has_the_role_that_trusts_it() {
    let folder = crate::account_serve::made();
    let issuer = Issuer::new(folder.path());
    let flag = format!("{ISSUER}=keys.json");
    let served = Served::start(folder, &["--web-identity-issuer", &flag]);
    let admin = |arguments: &[&str]| run(served.as_admin(aws()).args(arguments));
    let role = role_of_the_issuer(&admin);
    let by_token = |subject: &str, audience: &str, arguments: &[&str]| {
        let token = issuer.token(subject, audience);
        std::fs::write(served.path("token"), token).unwrap();
        let mut command = client(aws(), &served.path(""));
        command
            .env("AWS_ENDPOINT_URL", &served.endpoint)
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ROLE_ARN", &role)
            .env("AWS_ROLE_SESSION_NAME", "job")
            .env("AWS_WEB_IDENTITY_TOKEN_FILE", served.path("token"));
        run(command.args(arguments))
    };
    let identity = [
        "sts",
        "get-caller-identity",
        "--query",
        "Arn",
        "--output",
        "text",
    ];
    let caller = by_token("repo:mine/app", "app", &identity);
    assert_eq!(
        caller.ok(),
        "arn:aws:sts::123456789012:assumed-role/app/job"
    );

    let denied = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    by_token("repo:yours/app", "app", &identity).fails_with(&["AccessDenied", denied]);
    let other = by_token("repo:mine/app", "other", &identity);
    other.fails_with(&["InvalidIdentityToken", "Incorrect token audience"]);

    // It may do nothing yet. Why not, who may know reads out of the denial.
    let launch = [
        "ec2",
        "run-instances",
        "--image-id",
        "ami-0a1b2c3d4e5f60001",
    ];
    let refused = by_token("repo:mine/app", "app", &launch);
    let told = refused.fails_with(&["UnauthorizedOperation", MARK]);
    let decoded = decoded(&admin, told);
    assert_eq!(decoded["allowed"], false);
    assert_eq!(decoded["context"]["action"], "ec2:RunInstances");
    assert_eq!(decoded["context"]["principal"]["name"], "job");

    // Without the keys nothing is believed.
    let served = Served::start(served.stop(), &[]);
    let mut assume = client(aws(), &served.path(""));
    assume.env("AWS_ENDPOINT_URL", &served.endpoint);
    assume.env("AWS_DEFAULT_REGION", "us-east-1");
    assume.env("AWS_EC2_METADATA_DISABLED", "true");
    assume.args(["sts", "assume-role-with-web-identity", "--role-arn", &role]);
    let token = issuer.token("repo:mine/app", "app");
    assume.args(["--role-session-name", "job", "--web-identity-token", &token]);
    run(&mut assume).fails_with(&["InvalidIdentityToken", "Couldn't retrieve verification key"]);
    served.stop();
}

#[test]
fn issuers_that_cannot_be_are_refused() {
    let folder = crate::account_serve::made();
    let _issuer = Issuer::new(folder.path());
    std::fs::write(folder.path().join("none.json"), r#"{"keys":[]}"#).unwrap();
    for (flag, words) in [
        ("https://issuer.example", "there is no `=` in it"),
        ("https://issuer.example=missing.json", "cannot be read"),
        ("http://issuer.example=keys.json", "begins with `https://`"),
        ("https://issuer.example=none.json", "none of the keys"),
        ("https://issuer.example=credentials", "no JSON Web Key Set"),
    ] {
        let mut command = client(env!("CARGO_BIN_EXE_rolecall"), folder.path());
        command.args([
            "account",
            "serve",
            "--data",
            "data",
            "--listen",
            "127.0.0.1:0",
        ]);
        let output = run(command.args(["--web-identity-issuer", flag]));
        assert_eq!(output.code, Some(2), "{output:?}");
        output.fails_with(&[words, "hint: "]);
    }
}

fn statement(statement: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

/// An identity provider whose key `openssl` has.
pub(crate) struct Issuer {
    folder: std::path::PathBuf,
}

impl Issuer {
    /// Writes `keys.json` as the provider would answer it.
    pub(crate) fn new(folder: &Path) -> Self {
        let issuer = Self {
            folder: folder.to_owned(),
        };
        run(issuer
            .openssl()
            .args(["genrsa", "-out", "issuer.pem", "2048"]))
        .ok();
        let arguments = ["rsa", "-in", "issuer.pem", "-noout", "-modulus"];
        let modulus = run(issuer.openssl().args(arguments));
        let hex = modulus.ok().strip_prefix("Modulus=").unwrap();
        let bytes = hex.as_bytes().chunks(2).map(|pair| {
            let pair = std::str::from_utf8(pair).unwrap();
            u8::from_str_radix(pair, 16).unwrap()
        });
        let modulus = issuer.encoded(&bytes.collect::<Vec<u8>>());
        let key = json!({"kty": "RSA", "kid": "1", "use": "sig", "n": modulus, "e": "AQAB"});
        let keys = json!({"keys": [key]}).to_string();
        std::fs::write(folder.join("keys.json"), keys).unwrap();
        issuer
    }

    pub(crate) fn token(&self, subject: &str, audience: &str) -> String {
        let now = std::time::SystemTime::now();
        let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let header = json!({"alg": "RS256", "kid": "1", "typ": "JWT"}).to_string();
        let claims = json!({
            "iss": ISSUER, "sub": subject, "aud": audience, "iat": now, "exp": now + 600,
        });
        let claims = claims.to_string();
        let parts = [header, claims].map(|part| self.encoded(part.as_bytes()));
        let text = parts.join(".");
        std::fs::write(self.folder.join("text"), &text).unwrap();
        let sign = [
            "dgst",
            "-sha256",
            "-sign",
            "issuer.pem",
            "-out",
            "signature",
            "text",
        ];
        run(self.openssl().args(sign)).ok();
        let signature = std::fs::read(self.folder.join("signature")).unwrap();
        format!("{text}.{}", self.encoded(&signature))
    }

    /// Base64 for URLs, without padding.
    fn encoded(&self, bytes: &[u8]) -> String {
        std::fs::write(self.folder.join("bytes"), bytes).unwrap();
        let encoded = run(self.openssl().args(["base64", "-A", "-in", "bytes"]));
        let encoded = encoded.ok().trim_end_matches('=');
        encoded.replace('+', "-").replace('/', "_")
    }

    fn openssl(&self) -> Command {
        client("openssl", &self.folder)
    }
}

pub(crate) const ISSUER: &str = "https://issuer.example";
const MARK: &str = "Encoded authorization failure message: ";
