//! A world for the unit tests: an account in memory, and calls signed as clients sign them.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use jiff::Timestamp;
use protocol::shape::{Kind, Operation, Service, Shape};
use protocol::sigv4::{self, Credentials, Scope};
use protocol::{Fault, Record, Secret, Value, wire};

use crate::entity::{AccessKey, Change, Entity, IdentityKey, Keyring, Located, Step, User};
use crate::entropy::Entropy;
use crate::state::{ADMIN, Partition, State};
use crate::supplied::{RsaBits, Supplied, Wanted};
use crate::{Outcome, ids, sample};

/// A moment in the tests' own calendar, which starts when the world does.
pub(crate) fn seconds(after_start: i64) -> Timestamp {
    Timestamp::from_second(START + after_start).unwrap()
}

/// Keys that only `of` tells apart.
pub(crate) fn keyring(of: u8) -> Keyring {
    Keyring {
        session_seal: Secret::new([of; 32]),
        session_keys: Secret::new([of ^ 0x80; 32]),
        metadata_seal: Secret::new([of ^ 0x40; 32]),
    }
}

/// An account and what time it is there.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) partition: Arc<Partition>,
    /// The view from where the world was made.
    pub(crate) state: State,
    pub(crate) admin: Credentials,
    pub(crate) now: Timestamp,
    calls: u64,
}

impl World {
    /// The sample world.
    pub(crate) fn new() -> Self {
        Self::of([1; 32], REGION)
    }

    /// The sample world of another seed or region.
    pub(crate) fn of(seed: [u8; 32], region: &str) -> Self {
        let made = sample::sample(ACCOUNT, region, seconds(0), seed).unwrap();
        let admin = credentials(&made.admin);
        let partition = Arc::new(made.into_partition().unwrap());
        Self {
            state: partition.founding_state().unwrap(),
            partition,
            admin,
            now: seconds(0),
            calls: 0,
        }
    }

    /// One more account; its administrator.
    pub(crate) fn account(&mut self, id: &str) -> Credentials {
        let made = sample::another(&self.partition, id, None, self.now, self.seed()).unwrap();
        self.calls += 1;
        made.changes
            .into_iter()
            .for_each(|change| self.apply(change));
        credentials(&made.admin)
    }

    /// A user that nothing is allowed to, with an access key.
    pub(crate) fn user_without_policies(&mut self, name: &str) -> Credentials {
        let user = User {
            name: name.to_owned(),
            path: "/".to_owned(),
            id: format!("AIDA{:X<17}", name.to_uppercase()),
            created: self.now,
            inline: std::collections::BTreeMap::new(),
            attached: Vec::new(),
            boundary: None,
            groups: std::collections::BTreeSet::new(),
            tags: Vec::new(),
        };
        let key = AccessKey {
            id: ids::access_key_id("AKIA", &Entropy::new(self.seed()).bytes()),
            user: name.to_owned(),
            secret: Secret::new(*b"a secret access key of the tests"),
            status: crate::entity::AccessKeyStatus::Active,
            created: self.now,
        };
        // The next user has another key.
        self.calls += 1;
        self.put(Entity::User(user));
        self.put(Entity::AccessKey(key.clone()));
        credentials(&key)
    }

    /// A user with one inline policy, with an access key.
    pub(crate) fn user(&mut self, name: &str, policy: &str) -> Credentials {
        let credentials = self.user_without_policies(name);
        let input = texts(&[
            ("UserName", name),
            ("PolicyName", "inline"),
            ("PolicyDocument", policy),
        ]);
        self.admin("iam", "PutUserPolicy", &input).unwrap();
        credentials
    }

    /// A role by a trust policy and an inline policy; its ARN.
    pub(crate) fn role(&mut self, name: &str, trust: &str, policy: &str) -> String {
        let input = texts(&[("RoleName", name), ("AssumeRolePolicyDocument", trust)]);
        let made = self.admin("iam", "CreateRole", &input).unwrap();
        let input = texts(&[
            ("RoleName", name),
            ("PolicyName", "inline"),
            ("PolicyDocument", policy),
        ]);
        self.admin("iam", "PutRolePolicy", &input).unwrap();
        let role = made.record("Role").unwrap();
        role.text("Arn").unwrap().to_owned()
    }

    /// Credentials of a session of a role.
    pub(crate) fn assume(&mut self, caller: &Credentials, input: &Record) -> Credentials {
        let answer = self.call(caller, "sts", "AssumeRole", input).unwrap();
        let given = answer.record("Credentials").unwrap();
        Credentials {
            access_key_id: given.text("AccessKeyId").unwrap().to_owned(),
            secret_access_key: given.secret("SecretAccessKey").unwrap().clone(),
            session_token: Some(session_token(given)),
        }
    }

    /// ARN of the administrator.
    pub(crate) fn admin_arn(&self) -> String {
        let held = self.state.user(ADMIN).unwrap();
        let path = &held.user.path;
        self.state.iam_arn("user", path, ADMIN).to_string()
    }

    /// ARN of the sample's secret.
    pub(crate) fn secret_arn(&self) -> String {
        self.state
            .secret(sample::SECRET)
            .unwrap()
            .secret
            .arn
            .clone()
    }

    /// Id of the sample's instance.
    pub(crate) fn instance_id(&self) -> String {
        self.state.instance_ids().next().unwrap().to_owned()
    }

    /// Puts an entity as if a call had.
    pub(crate) fn put(&mut self, entity: Entity) {
        self.apply(Change::put(self.state.home().clone(), entity));
    }

    /// Applies a change wherever it is made.
    pub(crate) fn apply(&mut self, change: Change) {
        Arc::make_mut(&mut self.partition).apply(change).unwrap();
        self.state = self.partition.founding_state().unwrap();
    }

    /// Calls an operation, signed, and commits what it changed.
    pub(crate) fn call(
        &mut self,
        caller: &Credentials,
        service: &str,
        operation: &str,
        input: &Record,
    ) -> Result<Record, Fault> {
        let service = Service::find(service).unwrap();
        let operation = service.operation(operation).unwrap();
        let request = self.signed(caller, service, operation, input);
        let response = self.send(&request);
        wire::decode_output(service, operation, &response)
    }

    /// The same as the administrator.
    pub(crate) fn admin(
        &mut self,
        service: &str,
        operation: &str,
        input: &Record,
    ) -> Result<Record, Fault> {
        let admin = self.admin.clone();
        self.call(&admin, service, operation, input)
    }

    /// A signed request, to be altered or sent.
    pub(crate) fn signed(
        &self,
        caller: &Credentials,
        service: &'static Service,
        operation: &'static Operation,
        input: &Record,
    ) -> http::Request<Bytes> {
        let mut request = wire::encode_input(service, operation, input, "127.0.0.1:4566");
        self.sign(&mut request, caller, self.state.region(), service.name);
        request
    }

    /// Signs a request for a region.
    fn sign(
        &self,
        request: &mut http::Request<Bytes>,
        caller: &Credentials,
        region: &str,
        service: &str,
    ) {
        let scope = Scope::at(self.now, region, service);
        sigv4::sign(request, caller, &scope, self.now).unwrap();
    }

    /// Calls an operation in a region of its own.
    pub(crate) fn call_in(
        &mut self,
        region: &str,
        caller: &Credentials,
        (service, operation): (&str, &str),
        input: &Record,
    ) -> Result<Record, Fault> {
        let service = Service::find(service).unwrap();
        let operation = service.operation(operation).unwrap();
        let mut request = wire::encode_input(service, operation, input, "127.0.0.1:4566");
        self.sign(&mut request, caller, region, service.name);
        let response = self.send(&request);
        wire::decode_output(service, operation, &response)
    }

    /// Handles a request and commits what it changed.
    pub(crate) fn send(&mut self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        self.outcome(request).response
    }

    /// The same with all that the call led to.
    pub(crate) fn outcome(&mut self, request: &http::Request<Bytes>) -> Outcome {
        let mut outcome = crate::handle(&self.partition, request, None, self.now, self.seed());
        if let Some(wanted) = outcome.wanted {
            assert!(outcome.changes.is_empty(), "{:?}", outcome.changes);
            let mut again = request.clone();
            again.extensions_mut().insert(made(wanted));
            outcome = crate::handle(&self.partition, &again, None, self.now, self.seed());
            assert_eq!(outcome.wanted, None);
        }
        if let Some(asked) = &outcome.asked {
            outcome.response = asked.answer(&[]);
        }
        assert!(
            !outcome.response.status().is_server_error(),
            "{:?}",
            outcome.trail
        );
        self.calls += 1;
        let used = outcome
            .used
            .clone()
            .filter(|used| self.partition.is_news(used));
        let used = used.map(Located::put);
        for change in outcome.changes.iter().cloned().chain(used) {
            // What is stored is what is read back.
            if let Step::Put(entity) = &change.step {
                let bytes = entity.encode().unwrap();
                let read = Located::decode(&change.record_key(), &bytes).unwrap();
                assert_eq!(read.entity, **entity);
            }
            self.apply(change);
        }
        outcome
    }

    /// Another one for every call.
    fn seed(&self) -> [u8; 32] {
        let mut seed = [7; 32];
        seed[..8].copy_from_slice(&self.calls.to_be_bytes());
        seed
    }
}

/// What identity documents are signed with; one key serves all tests.
pub(crate) fn identity_key() -> IdentityKey {
    static KEY: OnceLock<IdentityKey> = OnceLock::new();
    let make = || {
        let algorithm = &rcgen::PKCS_RSA_SHA256;
        let pair = rcgen::KeyPair::generate_rsa_for(algorithm, rcgen::RsaKeySize::_2048).unwrap();
        let parameters = rcgen::CertificateParams::new(Vec::new()).unwrap();
        IdentityKey {
            pkcs8: Secret::new(pair.serialize_der()),
            certificate: parameters.self_signed(&pair).unwrap().pem(),
        }
    };
    KEY.get_or_init(make).clone()
}

/// What a call wants, as the world makes it; of each length one key serves all tests.
pub(crate) fn made(wanted: Wanted) -> Supplied {
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
    use aws_lc_rs::rsa::{KeyPair, KeySize};

    static KEYS: [OnceLock<Secret>; 3] = [const { OnceLock::new() }; 3];
    let Wanted::RsaKey(bits) = wanted;
    let (at, size) = match bits {
        RsaBits::Rsa2048 => (0, KeySize::Rsa2048),
        RsaBits::Rsa3072 => (1, KeySize::Rsa3072),
        RsaBits::Rsa4096 => (2, KeySize::Rsa4096),
    };
    let key = KEYS[at].get_or_init(|| {
        #[expect(clippy::disallowed_methods, reason = "the tests are the world here")]
        let pair = KeyPair::generate(size).unwrap();
        let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        Secret::new(der.as_ref())
    });
    Supplied::rsa_key(bits, key.clone())
}

/// An input of string members.
pub(crate) fn texts(members: &[(&'static str, &str)]) -> Record {
    let set = |record: Record, (name, text): &(&'static str, &str)| record.with(name, *text);
    members.iter().fold(Record::new(), set)
}

/// A policy of one statement without a principal.
pub(crate) fn policy(effect: &str, action: &str, resource: &str) -> String {
    statements(&format!(
        r#"{{"Effect":"{effect}","Action":"{action}","Resource":"{resource}"}}"#
    ))
}

/// A trust policy that lets one AWS principal assume.
pub(crate) fn trust(principal: &str) -> String {
    statements(&format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},
            "Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]}}"#
    ))
}

/// A policy of the given statements.
pub(crate) fn statements(statements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
}

/// Asserts that a call failed with a code, a status and words of its message.
#[track_caller]
pub(crate) fn fails<T: std::fmt::Debug>(
    answer: Result<T, Fault>,
    (code, status): (&str, u16),
    words: &str,
) {
    let fault = answer.expect_err(words);
    assert_eq!((&*fault.code, fault.status), (code, status), "{fault}");
    assert!(fault.message.contains(words), "{fault}");
}

fn session_token(given: &Record) -> Secret {
    match given.get("SessionToken") {
        Some(Value::Secret(secret)) => secret.clone(),
        Some(Value::String(text)) => Secret::from_text(text.clone()),
        other => panic!("{other:?} is no session token"),
    }
}

/// The least that an operation takes, so that its needs are reached.
pub(crate) fn least_input(operation: &'static Operation) -> Record {
    let mut record = Record::new();
    let Some(Shape {
        kind: Kind::Structure(members),
        ..
    }) = operation.input
    else {
        return record;
    };
    for member in *members {
        if member.required {
            record.set(member.name, least(member.name, member.shape));
        }
    }
    record
}

/// A member of an operation's input with the least that it can hold.
pub(crate) fn least_member(operation: &'static Operation, member: &str) -> Value {
    let Kind::Structure(members) = &operation.input.unwrap().kind else {
        panic!("{} takes no structure", operation.name);
    };
    let found = members.iter().find(|it| it.name == member).unwrap();
    least(found.name, found.shape)
}

fn least(name: &str, shape: &'static Shape) -> Value {
    match &shape.kind {
        Kind::Boolean => Value::Boolean(false),
        Kind::Integer { min, .. } => Value::Integer(min.unwrap_or(1).max(1)),
        Kind::Float => Value::Float(1.0),
        Kind::String(text) if !text.values.is_empty() => Value::from(text.values[0]),
        Kind::String(_) => Value::from(match name {
            "InstanceId" => "i-00000000000000000",
            "PolicyArn" | "PermissionsBoundary" | "PolicySourceArn" => {
                "arn:aws:iam::123456789012:policy/none"
            }
            "RoleArn"
            | "ProviderArn"
            | "ContextAssertion"
            | "CrossAccountPrimaryARN"
            | "ExternalSecretRotationRoleArn" => "arn:aws:iam::123456789012:role/none",
            "Region" | "RemoveReplicaRegions" => "eu-west-1",
            "ThumbprintList" => "0123456789abcdef0123456789abcdef01234567",
            "OpenIDConnectProviderArn" => "arn:aws:iam::123456789012:oidc-provider/none",
            "VersionId" => "v1",
            "AccountId" | "ChildId" | "TargetId" => "123456789012",
            "CreateAccountRequestId" => "car-00000000",
            "Email" => "none@example.com",
            "HandshakeId" => "h-00000000",
            "OrganizationalUnitId" => "ou-0000-00000000",
            "PolicyId" => "p-00000000",
            "RootId" | "ParentId" | "SourceParentId" | "DestinationParentId" | "ResourceId" => {
                "r-0000"
            }
            "AccessKeyId" => "AKIAAAAAAAAAAAAAAAAA",
            "SerialNumber" => "000000000",
            "TokenCode" => "000000",
            "GranteeServicePrincipal" | "RetiringServicePrincipal" => "none.amazonaws.com",
            "ClientRequestToken" | "RotationToken" => "00000000-0000-4000-8000-000000000000",
            _ => "none",
        }),
        Kind::Blob { .. } => Value::Blob(b"none".to_vec()),
        Kind::Timestamp => Value::Timestamp(seconds(0)),
        Kind::List { member, .. } => Value::List(vec![match name {
            "InstanceIds" => Value::from("i-00000000000000000"),
            _ => least(name, member),
        }]),
        Kind::Map { .. } => Value::Map(Vec::new()),
        // A form cannot carry an empty structure.
        Kind::Structure(members) => {
            let mut wanted: Vec<_> = members.iter().filter(|member| member.required).collect();
            if wanted.is_empty() {
                wanted.extend(members.first());
            }
            let with = |record: Record, member: &&protocol::shape::Member| {
                record.with(member.name, least(member.name, member.shape))
            };
            Value::Structure(wanted.iter().fold(Record::new(), with))
        }
    }
}

fn credentials(key: &AccessKey) -> Credentials {
    Credentials {
        access_key_id: key.id.clone(),
        secret_access_key: key.secret.clone(),
        session_token: None,
    }
}

pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const REGION: &str = "us-east-1";
// 2026-01-01T00:00:00Z
const START: i64 = 1_767_225_600;
