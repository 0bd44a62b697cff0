//! What differs from AWS's KMS.

use super::{crypto, data_key_pairs, data_keys, grants, keys, signing};
use crate::fidelity::note::{Note, Service, differs, exact, named, within};

pub(crate) static FIDELITY: Service = Service {
    name: "kms",
    title: "KMS",
    remarks: &[
        "There is no imported material (`EXTERNAL`), no custom key store, no key of several \
         regions and no key that AWS manages, but for Secrets Manager's own key, which KMS does \
         not show.",
        "Ciphertexts are in a form of our own: AWS cannot open them, and this server cannot open \
         AWS's.",
        "Two names of an encryption context that differ in case alone are refused.",
        "A grant counts at once. Grant tokens are checked and not needed.",
    ],
    notes: NOTES,
};

static NOTES: &[Note] = &[
    exact("CancelKeyDeletion"),
    exact("CreateAlias").in_own_words(),
    differs(
        "CreateGrant",
        "Grants are for users, roles, sessions and accounts, not for services of AWS.",
    )
    .refuses(&[
        named(grants::REFUSED),
        within("Constraints", grants::REFUSED_OF_CONSTRAINTS),
    ])
    .in_own_words(),
    differs(
        "CreateKey",
        "`Origin` other than `AWS_KMS`, `MultiRegion`, and the specs `SM2`, `ML_DSA_*` and \
         `ML_KEM_*` are refused.",
    )
    .refuses(&[named(keys::REFUSED)])
    .in_own_words(),
    exact("Decrypt").refuses(&[named(crypto::REFUSED)]),
    exact("DeleteAlias"),
    exact("DeriveSharedSecret").refuses(&[named(signing::REFUSED)]),
    exact("DescribeKey"),
    exact("DisableKey"),
    exact("DisableKeyRotation").in_own_words(),
    exact("EnableKey"),
    differs(
        "EnableKeyRotation",
        "Nothing runs by itself: new material is made by the first call that encrypts once it is \
         due.",
    )
    .in_own_words(),
    exact("Encrypt"),
    exact("GenerateDataKey").refuses(&[named(data_keys::REFUSED)]),
    differs("GenerateDataKeyPair", "`SM2` and `ML_KEM_*` are refused.")
        .refuses(&[named(data_key_pairs::REFUSED)]),
    differs(
        "GenerateDataKeyPairWithoutPlaintext",
        "`SM2` and `ML_KEM_*` are refused.",
    ),
    exact("GenerateDataKeyWithoutPlaintext"),
    exact("GenerateMac"),
    exact("GenerateRandom").refuses(&[named(data_keys::REFUSED_OF_RANDOM)]),
    exact("GetKeyPolicy"),
    exact("GetKeyRotationStatus"),
    exact("GetPublicKey"),
    exact("ListAliases"),
    exact("ListGrants").refuses(&[named(grants::REFUSED_OF_LISTS)]),
    exact("ListKeyPolicies"),
    exact("ListKeyRotations").in_own_words(),
    differs("ListKeys", "`ResourceOwners` other than `SELF` is refused."),
    exact("ListResourceTags"),
    exact("ListRetirableGrants").refuses(&[named(grants::REFUSED_OF_RETIRABLE)]),
    exact("PutKeyPolicy"),
    differs("ReEncrypt", "Both keys have to be of the caller's account.")
        .refuses(&[named(crypto::REFUSED_OF_RE_ENCRYPT)]),
    differs(
        "RetireGrant",
        "There is no root user, so an account retires its grants by its policies.",
    ),
    exact("RevokeGrant"),
    differs(
        "RotateKeyOnDemand",
        "The new material is there with the answer; AWS takes a while.",
    )
    .in_own_words(),
    differs(
        "ScheduleKeyDeletion",
        "After the waiting period the key is not found; a later CreateKey removes its material \
         from the store.",
    ),
    differs("Sign", "`ED25519_PH_SHA_512` is refused."),
    exact("TagResource").in_own_words(),
    exact("UntagResource"),
    exact("UpdateAlias").in_own_words(),
    exact("UpdateKeyDescription"),
    differs("Verify", "`ED25519_PH_SHA_512` is refused."),
    exact("VerifyMac"),
];
