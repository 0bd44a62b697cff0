//! Calls with signatures that must not count.

use serde_json::Value;

use crate::clients::{aws, python, run, script};
use crate::harness::scenario;
use crate::role_to_secret::ROLE;
use crate::wire::http;

#[test]
fn a_wrong_key_or_token_is_refused_by_name() {
    scenario(|world| {
        let ttl = "X-aws-ec2-metadata-token-ttl-seconds: 60";
        let token = http(world.imds(), "PUT /latest/api/token", &[ttl], b"").body;
        let header = format!("X-aws-ec2-metadata-token: {token}");
        let path = format!("GET /latest/meta-data/iam/security-credentials/{ROLE}");
        let held = http(world.imds(), &path, &[&header], b"").json();
        let of = |member: &str| held[member].as_str().unwrap().to_owned();
        let (id, secret, token) = (of("AccessKeyId"), of("SecretAccessKey"), of("Token"));
        let other = "A".repeat(40);

        let call = |id: &str, secret: &str, token: Option<&str>| -> Value {
            let mut command = world.anonymous(python());
            command
                .arg(script("call.py"))
                .env("AWS_ACCESS_KEY_ID", id)
                .env("AWS_SECRET_ACCESS_KEY", secret);
            if let Some(token) = token {
                command.env("AWS_SESSION_TOKEN", token);
            }
            run(&mut command).json()
        };
        let check = |given: &Value, json: &str, query: &str| {
            assert_eq!(given["secretsmanager"], json, "{given}");
            assert_eq!(given["sts"], query, "{given}");
        };
        check(&call(&id, &secret, Some(&token)), "ok", "ok");
        let wrong = call(&id, &other, Some(&token));
        check(&wrong, "InvalidSignatureException", "SignatureDoesNotMatch");
        let unknown = ("UnrecognizedClientException", "InvalidClientTokenId");
        check(&call(&id, &secret, None), unknown.0, unknown.1);
        let mut forged = token.clone();
        let last = if forged.pop() == Some('A') { 'B' } else { 'A' };
        forged.insert(forged.len() / 2, last);
        check(&call(&id, &secret, Some(&forged)), unknown.0, unknown.1);
        check(
            &call("AKIAIOSFODNN7EXAMPLE", &other, None),
            unknown.0,
            unknown.1,
        );
    });
}

#[test]
fn a_region_that_there_is_not_is_another_scope() {
    scenario(|world| {
        let mut command = world.as_admin(aws());
        command.args(["secretsmanager", "list-secrets", "--region", "eu-nowhere-1"]);
        run(&mut command).fails_with(&["(InvalidSignatureException)"]);
    });
}

#[test]
fn what_is_no_signature_is_told_so() {
    scenario(|world| {
        let body = b"Action=GetCallerIdentity&Version=2011-06-15";
        let form = "Content-Type: application/x-www-form-urlencoded";
        let send = |headers: &[&str]| {
            let mut all = vec![form];
            all.extend(headers);
            http(world.endpoint(), "POST /", &all, body)
        };
        let check = |headers: &[&str], status: u16, code: &str| {
            let answer = send(headers);
            assert_eq!(answer.status, status, "{headers:?} {answer:?}");
            assert!(
                answer.body.contains(&format!("<Code>{code}</Code>")),
                "{headers:?} {answer:?}"
            );
        };
        check(&[], 403, "MissingAuthenticationToken");
        for authorization in [
            "Authorization: AWS4-HMAC-SHA256",
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIA",
            "Authorization: AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/sts/aws4_request, \
             SignedHeaders=host",
            "Authorization: AWS4-HMAC-SHA256 Signature=,,,,=",
        ] {
            check(&[authorization], 400, "IncompleteSignature");
        }
        // A JSON service says it in JSON.
        let target = "X-Amz-Target: secretsmanager.GetSecretValue";
        let json = "Content-Type: application/x-amz-json-1.1";
        let answer = http(world.endpoint(), "POST /", &[target, json], b"{}");
        let code = answer.json()["__type"].clone();
        assert_eq!(
            (answer.status, code.as_str()),
            (400, Some("MissingAuthenticationTokenException"))
        );
    });
}
