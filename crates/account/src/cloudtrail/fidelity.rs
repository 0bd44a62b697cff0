//! What differs from AWS's CloudTrail.

use super::REFUSED;
use crate::fidelity::note::{Service, differs, named};

pub(crate) static FIDELITY: Service = Service {
    name: "cloudtrail",
    title: "CloudTrail",
    remarks: &["There are no trails to configure: every call is recorded, in files of the server."],
    notes: &[differs(
        "LookupEvents",
        "It sees a call once it is answered, where AWS needs minutes, and the last 16 segments of \
         the record, where AWS keeps 90 days.",
    )
    .refuses(&[named(REFUSED)])
    .in_own_words()],
};
