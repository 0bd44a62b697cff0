//! What users can have in IAM and none has here: passwords, MFA devices, certificates, SSH keys.
//!
//! Clients ask for them before they delete a user. The answers are those for a user without: there
//! is no operation by which one could get any.

use protocol::{Fault, Record, Value};

use super::faults::no_such_entity;
use super::users::{self, named, on_user};
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GetLoginProfile",
        needs: |t, c, i| on_user("iam:GetLoginProfile", t, c, i),
        run: no_login_profile,
    },
    Row {
        operation: "DeleteLoginProfile",
        needs: |t, c, i| on_user("iam:DeleteLoginProfile", t, c, i),
        run: no_login_profile,
    },
    Row {
        operation: "ListMFADevices",
        needs: |t, c, i| on_user("iam:ListMFADevices", t, c, i),
        run: |t, c, i| none(t, c, i, "MFADevices"),
    },
    Row {
        operation: "ListSSHPublicKeys",
        needs: |t, c, i| on_user("iam:ListSSHPublicKeys", t, c, i),
        run: |t, c, i| none(t, c, i, "SSHPublicKeys"),
    },
    Row {
        operation: "ListSigningCertificates",
        needs: |t, c, i| on_user("iam:ListSigningCertificates", t, c, i),
        run: |t, c, i| none(t, c, i, "Certificates"),
    },
    Row {
        operation: "ListServiceSpecificCredentials",
        needs: |t, c, i| on_user("iam:ListServiceSpecificCredentials", t, c, i),
        run: |t, c, i| none(t, c, i, "ServiceSpecificCredentials"),
    },
    Row {
        operation: "ListVirtualMFADevices",
        needs: |_, _, _| Ok(vec![Need::new("iam:ListVirtualMFADevices", "*")]),
        run: |_, _, _| Ok(empty("VirtualMFADevices")),
    },
];

fn no_login_profile(
    transaction: &mut Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let user = users::load(transaction, named(caller, input)?)?;
    let name = user.name;
    Err(no_such_entity(format!(
        "Login Profile for User {name} cannot be found."
    )))
}

fn none(
    transaction: &Transaction,
    caller: &Caller,
    input: &Record,
    list: &'static str,
) -> Result<Record, Fault> {
    users::load(transaction, named(caller, input)?)?;
    Ok(empty(list))
}

fn empty(list: &'static str) -> Record {
    Record::new()
        .with(list, Value::List(Vec::new()))
        .with("IsTruncated", false)
}
