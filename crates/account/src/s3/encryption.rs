//! How objects are encrypted: with S3's own keys, with KMS in the caller's name, or with a key that
//! the caller brings.
//!
//! Every object has a data key of its own. What differs is how that is kept ([`Sealing`]): a key of
//! the caller's is nowhere, the data key is sealed with it, and opens with no other.
//!
//! Source: S3 User Guide, "Using server-side encryption with KMS keys", "Reducing the cost of
//! SSE-KMS with S3 Bucket Keys" and "Using server-side encryption with customer-provided keys".

use std::sync::Arc;

use protocol::{Fault, Secret};

use super::call::{Call, internal_error};
use super::faults::{access_denied, invalid_argument, invalid_request};
use super::input::CustomerKey;
use super::needs::{bucket_arn, object_arn};
use crate::entity::{EncryptionAlgorithm, Sealing};
use crate::gate::Need;
use crate::kms::{self, Use};
use crate::sealed::{self, Purpose};
use crate::state::HeldKey;
use crate::transaction::Transaction;

/// How an object that is put now is to be encrypted.
pub(super) enum Plan {
    S3,
    Kms {
        held: Arc<HeldKey>,
        bucket_key: bool,
    },
    ManagedKms {
        bucket_key: bool,
    },
    Customer(CustomerKey),
}

/// What the call asks for, or else the bucket says.
pub(super) fn plan(transaction: &Transaction, call: &Call) -> Result<Plan, Fault> {
    let held = call.bucket(transaction)?;
    let asked = &call.input.encryption;
    if let Some(customer) = &call.input.customer {
        if asked.algorithm.is_some() {
            let why = "Server Side Encryption with Customer provided key is incompatible with the \
                       encryption method specified";
            return Err(invalid_argument(why));
        }
        return Ok(Plan::Customer(customer.clone()));
    }
    let own = &held.bucket.encryption;
    let own_key = match &own.algorithm {
        EncryptionAlgorithm::Kms(key) => key.clone(),
        EncryptionAlgorithm::S3 => None,
    };
    let bucket_key = asked.bucket_key.unwrap_or(own.bucket_key);
    let key = match (asked.algorithm.as_deref(), &own.algorithm) {
        (Some("AES256"), _) | (None, EncryptionAlgorithm::S3) => {
            if asked.kms_key.is_some() {
                let why = "Server Side Encryption with KMS managed key requires HTTP header \
                           x-amz-server-side-encryption : aws:kms";
                return Err(invalid_argument(why));
            }
            return Ok(Plan::S3);
        }
        (Some("aws:kms"), _) => asked.kms_key.clone().or(own_key),
        (None, EncryptionAlgorithm::Kms(_)) => own_key,
        (Some(_), _) => {
            return Err(invalid_argument(
                "The encryption method specified is not supported",
            ));
        }
    };
    match key.filter(|key| !is_managed(key)) {
        None => {
            check_own(transaction, call)?;
            Ok(Plan::ManagedKms { bucket_key })
        }
        Some(key) => Ok(Plan::Kms {
            held: kms::named(transaction, &key).map_err(of_kms)?,
            bucket_key,
        }),
    }
}

/// What the caller needs at KMS for it.
pub(super) fn to_put(transaction: &Transaction, call: &Call) -> Result<Option<Need>, Fault> {
    let Plan::Kms { held, bucket_key } = plan(transaction, call)? else {
        return Ok(None);
    };
    let arn = context(&call.input.bucket, &call.input.key, bucket_key);
    Ok(Some(need(transaction, Use::GenerateDataKey, &held, &arn)))
}

/// Keeps a data key.
pub(super) fn seal(
    transaction: &mut Transaction,
    call: &Call,
    data_key: &Secret,
) -> Result<Sealing, Fault> {
    Ok(match plan(transaction, call)? {
        Plan::S3 => Sealing::S3(data_key.clone()),
        Plan::ManagedKms { bucket_key } => Sealing::ManagedKms {
            key: data_key.clone(),
            bucket_key,
        },
        Plan::Kms { held, bucket_key } => {
            kms::check(&held).map_err(of_kms)?;
            let arn = context(&call.input.bucket, &call.input.key, bucket_key);
            Sealing::Kms {
                blob: kms::seal(transaction, &held, data_key, &[(CONTEXT, &arn)])?,
                arn: held.key.arn.clone(),
                bucket_key,
            }
        }
        Plan::Customer(CustomerKey(key)) => {
            let random = transaction.entropy.bytes();
            let text = data_key.expose().to_vec();
            let sealed = sealed::seal(&key, CUSTOMER, text, &random);
            Sealing::Customer(sealed.ok_or_else(internal_error)?)
        }
    })
}

/// What the caller needs at KMS to read what is kept so.
pub(super) fn to_read(
    transaction: &Transaction,
    sealing: &Sealing,
    (bucket, key): (&str, &str),
) -> Result<Option<Need>, Fault> {
    let Sealing::Kms {
        blob, bucket_key, ..
    } = sealing
    else {
        return Ok(None);
    };
    let held = kms::sealed_by(transaction, blob).map_err(of_kms)?;
    let arn = context(bucket, key, *bucket_key);
    Ok(Some(need(transaction, Use::Decrypt, &held, &arn)))
}

/// Opens a data key.
pub(super) fn open(
    transaction: &Transaction,
    call: &Call,
    (sealing, customer): (&Sealing, Option<&CustomerKey>),
    (bucket, key): (&str, &str),
) -> Result<Secret, Fault> {
    check_customer(sealing, customer)?;
    match sealing {
        Sealing::S3(key) => Ok(key.clone()),
        Sealing::ManagedKms { key, .. } => {
            check_own(transaction, call)?;
            Ok(key.clone())
        }
        Sealing::Kms {
            blob, bucket_key, ..
        } => {
            let arn = context(bucket, key, *bucket_key);
            kms::open(transaction, blob, &[(CONTEXT, &arn)]).map_err(of_kms)
        }
        Sealing::Customer(sealed) => {
            let CustomerKey(key) = customer.ok_or_else(internal_error)?;
            let opened = sealed::open(key, CUSTOMER, sealed).ok_or_else(access_denied)?;
            Ok(Secret::new(opened))
        }
    }
}

/// An object under a key of its caller's is read with one, and another without.
pub(super) fn check_customer(
    sealing: &Sealing,
    customer: Option<&CustomerKey>,
) -> Result<(), Fault> {
    match (sealing, customer) {
        (Sealing::Customer(sealed), Some(CustomerKey(key))) => {
            let opened = sealed::open(key, CUSTOMER, sealed).map(Secret::new);
            opened.map(drop).ok_or_else(access_denied)
        }
        (Sealing::Customer(_), None) => Err(invalid_request(
            "The object was stored using a form of Server Side Encryption. The correct parameters \
             must be provided to retrieve the object.",
        )),
        (_, Some(_)) => Err(invalid_request(
            "The encryption parameters are not applicable to this object.",
        )),
        (_, None) => Ok(()),
    }
}

/// The key that is each account's own is of no use to another.
fn check_own(transaction: &Transaction, call: &Call) -> Result<(), Fault> {
    if call.caller().account == transaction.state().account_id() {
        return Ok(());
    }
    Err(access_denied())
}

fn need(transaction: &Transaction, of: Use, held: &HeldKey, arn: &str) -> Need {
    kms::asked(transaction.state(), "s3", of, held, &[(CONTEXT, arn)])
}

fn context(bucket: &str, key: &str, bucket_key: bool) -> String {
    if bucket_key {
        bucket_arn(bucket)
    } else {
        object_arn(bucket, key)
    }
}

/// Whether a bucket may be set to a key.
pub(super) fn check_key(transaction: &Transaction, key: &str) -> Result<(), Fault> {
    if is_managed(key) || key.starts_with("arn:") {
        return Ok(());
    }
    kms::named(transaction, key).map(drop).map_err(of_kms)
}

/// KMS's refusals as S3 tells them.
fn of_kms(fault: Fault) -> Fault {
    let code = fault.code.trim_end_matches("Exception");
    let code = match code {
        "Disabled" | "NotFound" => format!("KMS.{code}Exception"),
        "KMSInvalidState" => "KMS.KMSInvalidStateException".to_owned(),
        _ => return fault,
    };
    Fault::new(code, fault.message)
}

fn is_managed(key: &str) -> bool {
    key == "alias/aws/s3" || key.ends_with(":alias/aws/s3")
}

const CONTEXT: &str = "aws:s3:arn";
const CUSTOMER: Purpose = Purpose {
    form: 1,
    aad: b"rolecall s3 customer key",
};
