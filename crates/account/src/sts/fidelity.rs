//! What differs from AWS's STS.

use super::{REFUSED, user_sessions, web_identity};
use crate::fidelity::note::{Service, differs, exact, named};

pub(crate) static FIDELITY: Service = Service {
    name: "sts",
    title: "STS",
    remarks: &[
        "Answers have no `PackedPolicySize`; what does not fit into a request's header is \
         `PackedPolicyTooLarge`.",
        "Nothing of a session is stored. One whose role or user is deleted ends with it.",
    ],
    notes: &[
        exact("AssumeRole")
            .refuses(&[named(REFUSED)])
            .in_own_words(),
        differs(
            "AssumeRoleWithWebIdentity",
            "The provider's keys come from a file that is read once at start, because nothing is \
             fetched; RS256, RS384, RS512, ES256 and ES384 alone; a call that is signed as well is \
             denied.",
        )
        .refuses(&[named(web_identity::REFUSED)])
        .in_own_words(),
        differs(
            "DecodeAuthorizationMessage",
            "It reads the messages of this server alone, because they are sealed.",
        ),
        differs(
            "GetAccessKeyInfo",
            "It knows keys of the caller's account alone, and of sessions the caller's own, \
             because sessions are not stored.",
        )
        .in_own_words(),
        exact("GetCallerIdentity"),
        exact("GetFederationToken")
            .refuses(&[named(user_sessions::REFUSED_OF_FEDERATED)])
            .in_own_words(),
        differs(
            "GetSessionToken",
            "The session is without MFA, which there is not.",
        )
        .refuses(&[named(user_sessions::REFUSED)]),
    ],
};
