//! A world for the unit tests: an account in memory, and calls signed as clients sign them.

use bytes::Bytes;
use jiff::Timestamp;
use protocol::shape::{Kind, Operation, Service, Shape};
use protocol::sigv4::{self, Credentials, Scope};
use protocol::{Fault, Record, Secret, Value, wire};

use crate::entity::{AccessKey, Change, Entity, Keyring, User};
use crate::state::State;
use crate::{ids, sample};

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
    pub(crate) state: State,
    pub(crate) admin: Credentials,
    pub(crate) now: Timestamp,
    calls: u8,
}

impl World {
    /// The sample world.
    pub(crate) fn new() -> Self {
        let made = sample::sample(ACCOUNT, REGION, seconds(0), [1; 32]).unwrap();
        let admin = credentials(&made.admin);
        let entities = made.changes.into_iter().map(|change| match change {
            Change::Put(entity) => *entity,
            Change::Delete(key) => panic!("a new account deletes {key}"),
        });
        Self {
            state: State::load(entities).unwrap(),
            admin,
            now: seconds(0),
            calls: 0,
        }
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
            tags: Vec::new(),
        };
        let key = AccessKey {
            id: ids::access_key_id("AKIA", &[self.calls ^ 0x55; 16]),
            user: name.to_owned(),
            secret: Secret::new(*b"a secret access key of the tests"),
            status: crate::entity::AccessKeyStatus::Active,
            created: self.now,
        };
        self.put(Entity::User(user));
        self.put(Entity::AccessKey(key.clone()));
        credentials(&key)
    }

    /// Puts an entity as if a call had.
    pub(crate) fn put(&mut self, entity: Entity) {
        self.state.apply(Change::Put(Box::new(entity))).unwrap();
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
        let scope = Scope::at(self.now, REGION, service.name);
        sigv4::sign(&mut request, caller, &scope, self.now).unwrap();
        request
    }

    /// Handles a request and commits what it changed.
    pub(crate) fn send(&mut self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        self.calls = self.calls.wrapping_add(1);
        let outcome = crate::handle(&self.state, request, None, self.now, [self.calls; 32]);
        for change in outcome.changes {
            // What is stored is what is read back.
            if let Change::Put(entity) = &change {
                let key = entity.key().to_string();
                let bytes = entity.encode().unwrap();
                assert_eq!(Entity::decode(&key, &bytes).unwrap(), **entity);
            }
            self.state.apply(change).unwrap();
        }
        outcome.response
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

fn least(name: &str, shape: &'static Shape) -> Value {
    match &shape.kind {
        Kind::Boolean => Value::Boolean(false),
        Kind::Integer { min, .. } => Value::Integer(min.unwrap_or(1).max(1)),
        Kind::Float => Value::Float(1.0),
        Kind::String(text) if !text.values.is_empty() => Value::from(text.values[0]),
        Kind::String(_) => Value::from(match name {
            "InstanceId" => "i-00000000000000000",
            "PolicyArn" => "arn:aws:iam::123456789012:policy/none",
            "RoleArn" => "arn:aws:iam::123456789012:role/none",
            "VersionId" => "v1",
            "AccessKeyId" => "AKIAAAAAAAAAAAAAAAAA",
            "ClientRequestToken" => "00000000-0000-4000-8000-000000000000",
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
            members
                .first()
                .map_or(Value::Structure(Record::new()), |first| {
                    Value::Structure(Record::new().with(first.name, least(first.name, first.shape)))
                })
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
