//! Roles for who comes with a token, and the tokens that are not believed.

use std::sync::Arc;

use protocol::shape::Service;
use protocol::sigv4::Credentials;
use protocol::{Record, wire};
use serde_json::{Value as Json, json};

use super::*;
use crate::testing::{World, fails, policy, statements, texts};
use crate::web_identity::Issuers;
use crate::web_identity::tests::{Signer, key_set};

const ISSUER: &str = "https://issuer.example/team";
const HOST: &str = "issuer.example/team";
const PROVIDER: &str = "arn:aws:iam::123456789012:oidc-provider/issuer.example/team";
const ROLE: &str = "arn:aws:iam::123456789012:role/r";
const INVALID: (&str, u16) = ("InvalidIdentityToken", 400);
const DENIED: (&str, u16) = ("AccessDenied", 403);

/// A world with a provider, its keys and a role that trusts it.
struct Scene {
    world: World,
    signer: Signer,
    issuers: Arc<Issuers>,
}

impl Scene {
    fn new() -> Self {
        Self::trusting(&trusting("", "sts:AssumeRoleWithWebIdentity"))
    }

    fn trusting(trust: &str) -> Self {
        let mut world = World::new();
        let signer = Signer::p256();
        let mut issuers = Issuers::default();
        issuers.add(ISSUER, &key_set(&[signer.jwk("1")])).unwrap();
        let input = texts(&[("Url", ISSUER)]).with("ClientIDList", vec!["app", "other-app"]);
        let made = world.admin("iam", "CreateOpenIDConnectProvider", &input);
        let made = made.unwrap();
        assert_eq!(made.text("OpenIDConnectProviderArn"), Some(PROVIDER));
        world.role("r", trust, &policy("Allow", "iam:ListRoles", "*"));
        Self {
            world,
            signer,
            issuers: Arc::new(issuers),
        }
    }

    fn claims(&self) -> Json {
        let now = self.world.now.as_second();
        json!({"iss": ISSUER, "aud": "app", "sub": "someone", "iat": now, "exp": now + 60})
    }

    fn token(&self, change: impl FnOnce(&mut Json)) -> String {
        let mut claims = self.claims();
        change(&mut claims);
        self.signer.token(&header(), &claims)
    }

    fn assume(&mut self, token: &str) -> Result<Record, Fault> {
        self.call(&asked(token))
    }

    /// An unsigned call, as SDKs make it.
    fn call(&mut self, input: &Record) -> Result<Record, Fault> {
        let service = Service::find("sts").unwrap();
        let operation = service.operation("AssumeRoleWithWebIdentity").unwrap();
        let mut request = wire::encode_input(service, operation, input, "127.0.0.1:4566");
        request.extensions_mut().insert(Arc::clone(&self.issuers));
        let response = self.world.send(&request);
        wire::decode_output(service, operation, &response)
    }
}

fn header() -> Json {
    json!({"alg": "ES256", "kid": "1", "typ": "JWT"})
}

fn asked(token: &str) -> Record {
    texts(&[
        ("RoleArn", ROLE),
        ("RoleSessionName", "session"),
        ("WebIdentityToken", token),
    ])
}

/// A trust policy for the provider, with a condition.
fn trusting(condition: &str, actions: &str) -> String {
    statements(&format!(
        r#"{{"Effect":"Allow","Principal":{{"Federated":"{PROVIDER}"}},"Action":["{actions}"]
            {condition}}}"#
    ))
}

fn credentials(answer: &Record) -> Credentials {
    let given = answer.record("Credentials").unwrap();
    let token = given.text("SessionToken").unwrap().to_owned();
    Credentials {
        access_key_id: given.text("AccessKeyId").unwrap().to_owned(),
        secret_access_key: given.secret("SecretAccessKey").unwrap().clone(),
        session_token: Some(protocol::Secret::from_text(token)),
    }
}

#[test]
fn a_token_gives_a_session_of_the_role() {
    let mut scene = Scene::new();
    let token = scene.token(|_| {});

    let answer = scene.assume(&token).unwrap();

    assert_eq!(answer.text("SubjectFromWebIdentityToken"), Some("someone"));
    assert_eq!(answer.text("Provider"), Some(PROVIDER));
    assert_eq!(answer.text("Audience"), Some("app"));
    let caller = credentials(&answer);
    let who = scene
        .world
        .call(&caller, "sts", "GetCallerIdentity", &Record::new());
    let arn = "arn:aws:sts::123456789012:assumed-role/r/session";
    assert_eq!(who.unwrap().text("Arn"), Some(arn));
    let listed = scene
        .world
        .call(&caller, "iam", "ListRoles", &Record::new());
    assert!(listed.is_ok());
    let denied = scene
        .world
        .call(&caller, "iam", "ListUsers", &Record::new());
    fails(denied, DENIED, "iam:ListUsers");
}

#[test]
fn rsa_signs_as_well() {
    let mut scene = Scene::new();
    let rsa = Signer::rsa();
    let mut issuers = Issuers::default();
    let keys = [scene.signer.jwk("1"), rsa.jwk("2")];
    issuers.add(ISSUER, &key_set(&keys)).unwrap();
    scene.issuers = Arc::new(issuers);
    for algorithm in ["RS256", "RS384", "RS512"] {
        let header = json!({"alg": algorithm, "kid": "2"});
        let token = rsa.token(&header, &scene.claims());
        assert!(scene.assume(&token).is_ok(), "{algorithm}");
    }
}

#[test]
fn what_is_not_signed_by_the_issuer_is_not_believed() {
    let mut scene = Scene::new();
    let stranger = Signer::p256();
    let not_valid = "The signature of the token is not valid.";
    let token = stranger.token(&header(), &scene.claims());
    fails(scene.assume(&token), INVALID, not_valid);

    // Other claims below the same signature.
    let (own, other) = (
        scene.token(|_| {}),
        scene.token(|it| it["sub"] = json!("root")),
    );
    let (_, signature) = own.rsplit_once('.').unwrap();
    let (claims, _) = other.rsplit_once('.').unwrap();
    let swapped = scene.assume(&format!("{claims}.{signature}"));
    fails(swapped, INVALID, not_valid);

    for algorithm in ["none", "HS256", "PS256", "es256"] {
        let header = json!({"alg": algorithm, "kid": "1"});
        let token = scene.signer.token(&header, &scene.claims());
        let words = "The algorithm of the token's signature is not supported.";
        fails(scene.assume(&token), INVALID, words);
    }
    let no_key = "Couldn't retrieve verification key from your identity provider";
    for header in [
        json!({"alg": "ES256", "kid": "2"}),
        json!({"alg": "RS256", "kid": "1"}),
        json!({"alg": "ES384", "kid": "1"}),
    ] {
        let token = scene.signer.token(&header, &scene.claims());
        fails(scene.assume(&token), INVALID, no_key);
    }
}

#[test]
fn without_keys_no_token_can_be_checked() {
    let mut scene = Scene::new();
    let token = scene.token(|_| {});
    scene.issuers = Arc::default();
    let words = "Couldn't retrieve verification key from your identity provider,  please reference \
                 AssumeRoleWithWebIdentity documentation for requirements";
    fails(scene.assume(&token), INVALID, words);
}

#[test]
fn a_provider_must_be_known_to_iam() {
    let mut scene = Scene::new();
    let token = scene.token(|_| {});
    let input = texts(&[("OpenIDConnectProviderArn", PROVIDER)]);
    let admin = |scene: &mut Scene, operation: &str, input: &Record| {
        scene.world.admin("iam", operation, input).unwrap();
    };
    admin(&mut scene, "DeleteOpenIDConnectProvider", &input);
    let words = "No OpenIDConnect provider found in your account for https://issuer.example/team";
    fails(scene.assume(&token), INVALID, words);
    for issuer in [
        "http://issuer.example/team",
        "issuer.example/team",
        "https://other.example",
    ] {
        let token = scene.token(|claims| claims["iss"] = json!(issuer));
        fails(
            scene.assume(&token),
            INVALID,
            "No OpenIDConnect provider found",
        );
    }
}

#[test]
fn what_is_no_token_is_told_so() {
    let mut scene = Scene::new();
    let good = scene.token(|_| {});
    let (rest, _) = good.rsplit_once('.').unwrap();
    let crit = scene.signer.token(
        &json!({"alg": "ES256", "kid": "1", "crit": ["exp"]}),
        &scene.claims(),
    );
    for text in ["abcd", "a.b.c", "....", rest, &crit, &format!("{good}.x")] {
        let words = "The ID Token provided is not a valid JWT.";
        fails(scene.assume(text), INVALID, words);
    }
}

#[test]
fn a_token_counts_only_within_its_time() {
    let mut scene = Scene::new();
    let now = scene.world.now.as_second();
    let expired = ("ExpiredTokenException", 400);
    for end in [now, now - 1, now - 3_600] {
        let token = scene.token(|claims| claims["exp"] = json!(end));
        fails(
            scene.assume(&token),
            expired,
            "Token expired: current date/time",
        );
    }
    for claim in ["iat", "nbf"] {
        let token = scene.token(|claims| claims[claim] = json!(now + 300));
        assert!(scene.assume(&token).is_ok(), "{claim}");
        let token = scene.token(|claims| claims[claim] = json!(now + 301));
        fails(scene.assume(&token), INVALID, "The token is not valid yet.");
    }
    for (claim, value) in [
        ("exp", json!("soon")),
        ("iat", json!(1.5)),
        ("nbf", json!(null)),
    ] {
        let token = scene.token(|claims| claims[claim] = value);
        let words = format!("The claim {claim} is no whole number of seconds.");
        fails(scene.assume(&token), INVALID, &words);
    }
}

#[test]
fn every_required_claim_is_required() {
    let mut scene = Scene::new();
    for claim in ["iss", "aud", "sub", "exp", "iat"] {
        let token = scene.token(|claims| drop(claims.as_object_mut().unwrap().remove(claim)));
        let words = format!("Missing a required claim: {claim}");
        fails(scene.assume(&token), INVALID, &words);
    }
}

#[test]
fn a_token_is_for_a_client_of_the_provider() {
    let mut scene = Scene::new();
    for (aud, azp, audience) in [
        (json!(["x", "other-app"]), Json::Null, Some("other-app")),
        (json!("x"), json!("app"), Some("app")),
        (json!("app"), json!("x"), None),
        (json!("x"), Json::Null, None),
        (json!(["x", "y"]), Json::Null, None),
    ] {
        let token = scene.token(|claims| {
            claims["aud"] = aud.clone();
            claims["azp"] = azp.clone();
        });
        let answer = scene.assume(&token);
        match audience {
            Some(audience) => assert_eq!(answer.unwrap().text("Audience"), Some(audience)),
            None => fails(answer, INVALID, "Incorrect token audience"),
        }
    }
}

#[test]
fn the_trust_policy_has_the_last_word() {
    let condition = format!(
        r#","Condition":{{"StringEquals":{{"{HOST}:aud":"app"}},
            "StringLike":{{"{HOST}:sub":"repo:mine/*"}},
            "ForAnyValue:StringEquals":{{"{HOST}:amr":"mfa"}}}}"#
    );
    let mut scene = Scene::trusting(&trusting(&condition, "sts:AssumeRoleWithWebIdentity"));
    for (subject, audience, methods, may) in [
        ("repo:mine/x", "app", json!(["pwd", "mfa"]), true),
        ("repo:yours/x", "app", json!(["mfa"]), false),
        ("repo:mine/x", "other-app", json!(["mfa"]), false),
        ("repo:mine/x", "app", json!(["pwd"]), false),
        ("repo:mine/x", "app", json!([]), false),
    ] {
        let token = scene.token(|claims| {
            claims["sub"] = json!(subject);
            claims["aud"] = json!(audience);
            claims["amr"] = methods;
        });
        let answer = scene.assume(&token);
        if may {
            answer.unwrap();
            continue;
        }
        let words = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
        fails(answer, DENIED, words);
    }
}

#[test]
fn a_role_that_trusts_somebody_else_is_not_assumed() {
    let other = PROVIDER.replace("team", "other");
    let other = statements(&format!(
        r#"{{"Effect":"Allow","Principal":{{"Federated":"{other}"}},
            "Action":"sts:AssumeRoleWithWebIdentity"}}"#
    ));
    let account = r#"{"Effect":"Allow","Principal":{"AWS":"123456789012"},
        "Action":"sts:AssumeRoleWithWebIdentity"}"#;
    for trust in [other, statements(account), trusting("", "sts:AssumeRole")] {
        let mut scene = Scene::trusting(&trust);
        let token = scene.token(|_| {});
        fails(scene.assume(&token), DENIED, NOT_AUTHORIZED);
    }
    let mut scene = Scene::new();
    let mut missing = asked(&scene.token(|_| {}));
    missing.set("RoleArn", "arn:aws:iam::123456789012:role/missing");
    fails(scene.call(&missing), DENIED, NOT_AUTHORIZED);
}

const TAGS: &str = "https://aws.amazon.com/tags";

#[test]
fn tags_of_the_token_become_tags_of_the_session() {
    let passed = json!({"principal_tags": {"team": ["red"]}, "transitive_tag_keys": ["team"]});
    let mut scene = Scene::new();
    let token = scene.token(|claims| claims[TAGS] = passed.clone());
    fails(scene.assume(&token), DENIED, NOT_AUTHORIZED);

    let actions = r#"sts:AssumeRoleWithWebIdentity","sts:TagSession"#;
    let condition = r#","Condition":{"StringEquals":{"aws:RequestTag/team":"red"}}"#;
    let mut scene = Scene::trusting(&trusting(condition, actions));
    let document = statements(
        r#"{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*",
            "Condition":{"StringEquals":{"aws:PrincipalTag/team":"red"}}}"#,
    );
    scene
        .world
        .role("tagged", &trusting("", actions), &document);
    let token = scene.token(|claims| claims[TAGS] = passed);
    let mut input = asked(&token);
    input.set("RoleArn", "arn:aws:iam::123456789012:role/tagged");
    let caller = credentials(&scene.call(&input).unwrap());
    let listed = scene
        .world
        .call(&caller, "iam", "ListUsers", &Record::new());
    assert!(listed.is_ok());
    let other = json!({"principal_tags": {"team": ["blue"]}});
    let token = scene.token(|claims| claims[TAGS] = other);
    fails(scene.assume(&token), DENIED, NOT_AUTHORIZED);
}

#[test]
fn tags_of_another_form_are_rejected() {
    let actions = r#"sts:AssumeRoleWithWebIdentity","sts:TagSession"#;
    let mut scene = Scene::trusting(&trusting("", actions));
    let long = "x".repeat(257);
    for passed in [
        json!("team=red"),
        json!({"principal_tags": {"team": ["red", "blue"]}}),
        json!({"principal_tags": {"team": []}}),
        json!({"principal_tags": {"team": 1}}),
        json!({"principal_tags": {"": ["red"]}}),
        json!({"principal_tags": {"team": [long]}}),
        json!({"principal_tags": {"team": ["red"], "Team": ["red"]}}),
        json!({"principal_tags": {"team": ["red"]}, "transitive_tag_keys": ["other"]}),
    ] {
        let token = scene.token(|claims| claims[TAGS] = passed);
        let rejected = ("IDPRejectedClaim", 403);
        fails(
            scene.assume(&token),
            rejected,
            "is not of the form that AWS has",
        );
    }
}

#[test]
fn a_session_knows_its_provider() {
    let document = statements(&format!(
        r#"{{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*",
            "Condition":{{"StringEquals":{{"aws:FederatedProvider":"{PROVIDER}"}}}}}}"#
    ));
    let mut scene = Scene::new();
    let trust = trusting("", "sts:AssumeRoleWithWebIdentity");
    scene.world.role("federated", &trust, &document);
    let mut input = asked(&scene.token(|_| {}));
    input.set("RoleArn", "arn:aws:iam::123456789012:role/federated");
    let caller = credentials(&scene.call(&input).unwrap());
    let listed = scene
        .world
        .call(&caller, "iam", "ListUsers", &Record::new());
    assert!(listed.is_ok());
}

#[test]
fn what_a_session_is_asked_for_is_bounded_like_any_other() {
    let mut scene = Scene::new();
    let input = asked(&scene.token(|_| {}));
    let too_long = input.clone().with("DurationSeconds", 3_601);
    let words = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    fails(scene.call(&too_long), ("ValidationError", 400), words);
    let provider = input.clone().with("ProviderId", "www.amazon.com");
    let words = "This server does not support ProviderId.";
    fails(scene.call(&provider), ("ValidationError", 400), words);
    let narrowed = input.with("Policy", policy("Deny", "*", "*"));
    let caller = credentials(&scene.call(&narrowed).unwrap());
    let listed = scene
        .world
        .call(&caller, "iam", "ListRoles", &Record::new());
    fails(listed, DENIED, "explicit deny in a session policy");
}

#[test]
fn a_token_stands_for_no_signature_elsewhere() {
    let mut scene = Scene::new();
    let input = asked(&scene.token(|_| {}));
    let signed = scene
        .world
        .admin("sts", "AssumeRoleWithWebIdentity", &input);
    fails(signed, DENIED, NOT_AUTHORIZED);

    let service = Service::find("sts").unwrap();
    let operation = service.operation("GetCallerIdentity").unwrap();
    let mut request = wire::encode_input(service, operation, &Record::new(), "127.0.0.1:4566");
    request.extensions_mut().insert(Arc::clone(&scene.issuers));
    let response = scene.world.send(&request);
    let answer = wire::decode_output(service, operation, &response);
    fails(
        answer,
        ("MissingAuthenticationToken", 403),
        "is missing Authentication Token",
    );
}

#[test]
fn the_record_tells_who_came_and_no_token() {
    let mut scene = Scene::new();
    let token = scene.token(|_| {});
    let service = Service::find("sts").unwrap();
    let operation = service.operation("AssumeRoleWithWebIdentity").unwrap();
    let mut request = wire::encode_input(service, operation, &asked(&token), "127.0.0.1:4566");
    request.extensions_mut().insert(Arc::clone(&scene.issuers));
    let place = crate::home::Home::new("123456789012", "us-east-1");
    let record = scene.world.outcome(&request).trail.record(&place);
    assert!(!record.contains(&token), "{record}");
    let record: Json = serde_json::from_str(&record).unwrap();
    let who = &record["userIdentity"];
    assert_eq!(who["type"], "WebIdentityUser");
    assert_eq!(who["userName"], "someone");
    assert_eq!(who["identityProvider"], PROVIDER);
    assert_eq!(who["principalId"], format!("{PROVIDER}:app:someone"));
    assert_eq!(record["eventName"], "AssumeRoleWithWebIdentity");
    assert!(record["errorCode"].is_null(), "{record}");
}
