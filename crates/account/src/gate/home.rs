//! In which account a call takes place.
//!
//! A call takes place in its caller's account, unless it names by ARN something of another account
//! and is one of those that reach across. What stands in another account is then decided by both:
//! the caller's policies and the resource's own.
//!
//! Source: Secrets Manager User Guide, "Access to secrets from a different account"; KMS Developer
//! Guide, "Allowing users in other accounts to use a KMS key", and "Cross-account use" of each
//! operation in its API Reference.

use std::sync::Arc;

use protocol::shape::{Operation, Service};
use protocol::{Arn, Record, Value};

use super::Caller;
use crate::home::Home;
use crate::state::{Partition, State};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) service: &'static Service,
    pub(crate) operation: &'static Operation,
    pub(crate) input: &'a Record,
}

impl Asked<'_> {
    /// The view from where the call takes place.
    pub(crate) fn state(
        &self,
        partition: &Arc<Partition>,
        caller: &Caller,
        region: &str,
    ) -> Option<State> {
        let elsewhere = self
            .account_named()
            .filter(|account| *account != caller.account)
            .and_then(|account| partition.state(&Home::new(account, region)));
        elsewhere.or_else(|| partition.state(&Home::new(&caller.account, region)))
    }

    /// The account in the ARN by which a call names what it is about, if it reaches across.
    fn account_named(&self) -> Option<&str> {
        let member = match self.service.name {
            "secretsmanager" => "SecretId",
            "kms" if CROSS_ACCOUNT_KMS.contains(&self.operation.name) => "KeyId",
            "sts" if self.operation.name == "AssumeRole" => "RoleArn",
            _ => return None,
        };
        let mut members = self.input.members();
        let (_, value) = members.find(|(name, _)| *name == member)?;
        match value {
            Value::String(arn) => account_of(arn),
            _ => None,
        }
    }
}

fn account_of(arn: &str) -> Option<&str> {
    Arn::parse(arn)?;
    arn.split(':').nth(4)
}

/// Operations on keys that may be called on another account's.
const CROSS_ACCOUNT_KMS: &[&str] = &[
    "CreateGrant",
    "Decrypt",
    "DeriveSharedSecret",
    "DescribeKey",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "GetKeyRotationStatus",
    "GetPublicKey",
    "ListGrants",
    "RetireGrant",
    "RevokeGrant",
    "Sign",
    "Verify",
    "VerifyMac",
];
