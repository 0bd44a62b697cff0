//! What differs from AWS's Secrets Manager.

use super::{policies, rotate, secrets, values};
use crate::fidelity::note::{Service, differs, exact, named};

pub(crate) static FIDELITY: Service = Service {
    name: "secretsmanager",
    title: "Secrets Manager",
    remarks: &[
        "When a secret was read last is not kept: there is no `LastAccessedDate`.",
        "A copy in another region is never behind: it has what the call changed when the call is \
         answered.",
        "There are no managed secrets of other services, and no managed rotation.",
    ],
    notes: &[
        differs(
            "BatchGetSecretValue",
            "The record has one entry for the call, with a decision for each secret.",
        ),
        exact("CancelRotateSecret"),
        differs(
            "CreateSecret",
            "`ReplicationStatus` is `InSync` or `Failed` at once, never `InProgress`.",
        )
        .refuses(&[named(secrets::REFUSED)])
        .in_own_words(),
        exact("DeleteResourcePolicy").refuses(&[named(policies::REFUSED)]),
        differs(
            "DeleteSecret",
            "With `ForceDeleteWithoutRecovery` the secret is gone with the answer; AWS takes a \
             while.",
        ),
        differs(
            "DescribeSecret",
            "`AutomaticallyAfterDays` is shown as it was set, and not computed from an expression; \
             after a failure `NextRotationDate` is that of the next window, and not in the past.",
        ),
        exact("GetRandomPassword").in_own_words(),
        exact("GetResourcePolicy").refuses(&[named(policies::REFUSED)]),
        exact("GetSecretValue"),
        exact("ListSecretVersionIds"),
        differs(
            "ListSecrets",
            "`last-accessed-date` sorts like `created-date`, and the filter `owning-service` finds \
             nothing.",
        )
        .in_own_words(),
        differs(
            "PutResourcePolicy",
            "What `BlockPublicPolicy` holds for public is found by rules of our own: everyone \
             without a narrowing condition, and `NotPrincipal`.",
        )
        .refuses(&[named(policies::REFUSED)])
        .in_own_words(),
        exact("PutSecretValue")
            .refuses(&[named(values::REFUSED)])
            .in_own_words(),
        differs(
            "RemoveRegionsFromReplication",
            "The copies are gone with the answer.",
        )
        .in_own_words(),
        differs(
            "ReplicateSecretToRegions",
            "`ReplicationStatus` is `InSync` or `Failed` at once, never `InProgress`.",
        )
        .in_own_words(),
        exact("RestoreSecret"),
        differs(
            "RotateSecret",
            "A command of the operator's stands for the function; times of attempts and the \
             moment within a window are ours ([rotation.md](rotation.md)).",
        )
        .refuses(&[named(rotate::REFUSED)])
        .in_own_words(),
        exact("StopReplicationToReplica").in_own_words(),
        exact("TagResource").in_own_words(),
        exact("UntagResource"),
        differs(
            "UpdateSecret",
            "With another KMS key, versions with AWS's labels are encrypted anew; without the \
             rights for that the call is denied, where AWS leaves them under the old key.",
        )
        .refuses(&[named(secrets::REFUSED_OF_UPDATES)]),
        exact("UpdateSecretVersionStage").in_own_words(),
        differs(
            "ValidateResourcePolicy",
            "It makes the check for public access, by the rules of PutResourcePolicy, and no \
             other.",
        )
        .in_own_words(),
    ],
};
