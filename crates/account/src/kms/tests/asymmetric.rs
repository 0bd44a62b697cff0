//! Asymmetric keys: what they are for, what they sign and encrypt, and what they refuse.

use proptest::prelude::*;

use super::*;

const USAGE: (&str, u16) = ("InvalidKeyUsageException", 400);
const SIGNATURE: (&str, u16) = ("KMSInvalidSignatureException", 400);
const CIPHERTEXT: (&str, u16) = ("InvalidCiphertextException", 400);

/// Specs that sign, each with an algorithm and the length of its digests.
const SIGNING: [(&str, &str, Option<usize>); 11] = [
    ("RSA_2048", "RSASSA_PSS_SHA_256", Some(32)),
    ("RSA_2048", "RSASSA_PSS_SHA_384", Some(48)),
    ("RSA_2048", "RSASSA_PSS_SHA_512", Some(64)),
    ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256", Some(32)),
    ("RSA_3072", "RSASSA_PKCS1_V1_5_SHA_384", Some(48)),
    ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_512", Some(64)),
    ("ECC_NIST_P256", "ECDSA_SHA_256", Some(32)),
    ("ECC_NIST_P384", "ECDSA_SHA_384", Some(48)),
    ("ECC_NIST_P521", "ECDSA_SHA_512", Some(64)),
    ("ECC_SECG_P256K1", "ECDSA_SHA_256", Some(32)),
    ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512", None),
];

fn of_usage(world: &mut World, spec: &str, usage: &str) -> String {
    made(world, &texts(&[("KeySpec", spec), ("KeyUsage", usage)]))
}

fn signing(id: &str, algorithm: &str, message: &[u8]) -> Record {
    let input = texts(&[("KeyId", id), ("SigningAlgorithm", algorithm)]);
    input.with("Message", Secret::new(message))
}

fn bytes(answer: &Record, member: &str) -> Vec<u8> {
    match answer.get(member) {
        Some(Value::Blob(bytes)) => bytes.clone(),
        other => panic!("{other:?} is no blob"),
    }
}

fn verifying(input: &Record, signature: &[u8]) -> Record {
    let input = input.clone();
    input.with("Signature", Value::Blob(signature.to_vec()))
}

#[test]
fn what_is_signed_is_verified_and_nothing_else_is() {
    let mut world = World::new();
    for (spec, algorithm, _) in SIGNING {
        let id = of_usage(&mut world, spec, "SIGN_VERIFY");
        let input = signing(&id, algorithm, b"message");
        let answer = call(&mut world, "Sign", &input).unwrap();
        assert_eq!(answer.text("KeyId"), Some(&*arn(&id)));
        assert_eq!(answer.text("SigningAlgorithm"), Some(algorithm));
        let signature = bytes(&answer, "Signature");
        let verified = call(&mut world, "Verify", &verifying(&input, &signature)).unwrap();
        assert_eq!(
            verified.boolean("SignatureValid"),
            Some(true),
            "{algorithm}"
        );

        let mut altered = signature.clone();
        *altered.last_mut().unwrap() ^= 1;
        let other = of_usage(&mut world, spec, "SIGN_VERIFY");
        let mut wrong = vec![
            verifying(&input, &altered),
            verifying(&input, &signature[1..]),
            verifying(&signing(&id, algorithm, b"Message"), &signature),
        ];
        // RSA keys of one length are one key in the tests.
        if !spec.starts_with("RSA") {
            wrong.push(verifying(
                &signing(&other, algorithm, b"message"),
                &signature,
            ));
        }
        for input in wrong {
            fails(call(&mut world, "Verify", &input), SIGNATURE, "");
        }
    }
}

#[test]
fn a_digest_is_signed_as_its_message_is() {
    let mut world = World::new();
    for (spec, algorithm, length) in SIGNING {
        let id = of_usage(&mut world, spec, "SIGN_VERIFY");
        let message = [7; 100];
        let Some(length) = length else {
            let input = signing(&id, algorithm, &message).with("MessageType", "DIGEST");
            fails(call(&mut world, "Sign", &input), VALIDATION, "DIGEST");
            continue;
        };
        let by = match length {
            32 => &aws_lc_rs::digest::SHA256,
            48 => &aws_lc_rs::digest::SHA384,
            _ => &aws_lc_rs::digest::SHA512,
        };
        let digest = aws_lc_rs::digest::digest(by, &message);
        let digest = signing(&id, algorithm, digest.as_ref()).with("MessageType", "DIGEST");
        let raw = signing(&id, algorithm, &message).with("MessageType", "RAW");
        for (one, other) in [(&digest, &raw), (&raw, &digest)] {
            let answer = call(&mut world, "Sign", one).unwrap();
            let input = verifying(other, &bytes(&answer, "Signature"));
            call(&mut world, "Verify", &input).unwrap();
        }
        for wrong in [length - 1, length + 1] {
            let input = signing(&id, algorithm, &message[..wrong]).with("MessageType", "DIGEST");
            let words = format!("Digest is invalid length for algorithm {algorithm}.");
            fails(call(&mut world, "Sign", &input), VALIDATION, &words);
            let input = verifying(&input, &[1; 64]);
            fails(call(&mut world, "Verify", &input), VALIDATION, &words);
        }
        let mu = raw.with("MessageType", "EXTERNAL_MU");
        fails(call(&mut world, "Sign", &mu), VALIDATION, "EXTERNAL_MU");
    }
}

#[test]
fn a_key_is_for_one_usage_and_has_its_algorithms() {
    let mut world = World::new();
    for (spec, usage, member, first) in [
        (
            "RSA_2048",
            "SIGN_VERIFY",
            "SigningAlgorithms",
            "RSASSA_PKCS1_V1_5_SHA_256",
        ),
        (
            "RSA_4096",
            "ENCRYPT_DECRYPT",
            "EncryptionAlgorithms",
            "RSAES_OAEP_SHA_1",
        ),
        (
            "ECC_NIST_P521",
            "SIGN_VERIFY",
            "SigningAlgorithms",
            "ECDSA_SHA_512",
        ),
        (
            "ECC_NIST_P384",
            "KEY_AGREEMENT",
            "KeyAgreementAlgorithms",
            "ECDH",
        ),
    ] {
        let id = of_usage(&mut world, spec, usage);
        let described = call(&mut world, "DescribeKey", &of(&id)).unwrap();
        let public = call(&mut world, "GetPublicKey", &of(&id)).unwrap();
        assert_eq!(public.text("KeyId"), Some(&*arn(&id)));
        for shown in [described.record("KeyMetadata").unwrap(), &public] {
            assert_eq!(shown.text("KeySpec"), Some(spec));
            assert_eq!(shown.text("CustomerMasterKeySpec"), Some(spec));
            assert_eq!(shown.text("KeyUsage"), Some(usage));
            assert_eq!(shown.texts(member).next(), Some(first));
        }
        assert!(
            described
                .record("KeyMetadata")
                .unwrap()
                .get("CurrentKeyMaterialId")
                .is_none()
        );
    }
    for (spec, usage) in [
        ("RSA_2048", "GENERATE_VERIFY_MAC"),
        ("RSA_2048", "KEY_AGREEMENT"),
        ("ECC_NIST_P256", "ENCRYPT_DECRYPT"),
        ("ECC_SECG_P256K1", "KEY_AGREEMENT"),
        ("ECC_NIST_EDWARDS25519", "KEY_AGREEMENT"),
        ("SYMMETRIC_DEFAULT", "SIGN_VERIFY"),
        ("RSA_2048", "ENCAPSULATE_DECAPSULATE"),
    ] {
        let input = texts(&[("KeySpec", spec), ("KeyUsage", usage)]);
        let words = format!("KeyUsage {usage} is not compatible with KeySpec {spec}");
        fails(call(&mut world, "CreateKey", &input), VALIDATION, &words);
    }
    let without = texts(&[("KeySpec", "RSA_2048")]);
    let words = "You must specify a KeyUsage value";
    fails(call(&mut world, "CreateKey", &without), VALIDATION, words);
}

#[test]
fn a_key_is_refused_what_it_is_not_for() {
    let mut world = World::new();
    let symmetric = key(&mut world);
    let signs = of_usage(&mut world, "RSA_2048", "SIGN_VERIFY");
    let encrypts = of_usage(&mut world, "RSA_2048", "ENCRYPT_DECRYPT");
    let agrees = of_usage(&mut world, "ECC_NIST_P256", "KEY_AGREEMENT");
    let curve = of_usage(&mut world, "ECC_NIST_P256", "SIGN_VERIFY");
    for (id, usage) in [
        (&symmetric, "ENCRYPT_DECRYPT"),
        (&encrypts, "ENCRYPT_DECRYPT"),
        (&agrees, "KEY_AGREEMENT"),
    ] {
        let input = signing(id, "ECDSA_SHA_256", b"m");
        let words = format!(
            "{} key usage is {usage} which is not valid for Sign.",
            arn(id)
        );
        fails(call(&mut world, "Sign", &input), USAGE, &words);
    }
    for (id, algorithm, spec) in [
        (&curve, "ECDSA_SHA_384", "ECC_NIST_P256"),
        (&curve, "RSASSA_PSS_SHA_256", "ECC_NIST_P256"),
        (&signs, "ECDSA_SHA_256", "RSA_2048"),
        (&curve, "ED25519_PH_SHA_512", "ECC_NIST_P256"),
    ] {
        let words = format!("Algorithm {algorithm} is incompatible with key spec {spec}.");
        let input = signing(id, algorithm, b"m");
        fails(call(&mut world, "Sign", &input), USAGE, &words);
        fails(
            call(&mut world, "Verify", &verifying(&input, b"s")),
            USAGE,
            &words,
        );
    }
    let input = of(&signs).with("Plaintext", text("p"));
    fails(
        call(&mut world, "Encrypt", &input),
        USAGE,
        "not valid for Encrypt",
    );
    let input = of(&encrypts).with("Plaintext", text("p"));
    fails(
        call(&mut world, "Encrypt", &input),
        USAGE,
        "SYMMETRIC_DEFAULT is incompatible",
    );
    let input = of(&encrypts).with("KeySpec", "AES_256");
    fails(
        call(&mut world, "GenerateDataKey", &input),
        USAGE,
        "incompatible",
    );
    fails(
        call(&mut world, "GetPublicKey", &of(&symmetric)),
        UNSUPPORTED,
        "SYMMETRIC_DEFAULT",
    );
    fails(
        call(&mut world, "EnableKeyRotation", &of(&signs)),
        UNSUPPORTED,
        "RSA_2048",
    );
    let secret = texts(&[("Name", "under-rsa"), ("KmsKeyId", &encrypts)]);
    let secret = secret.with("SecretString", text("value"));
    let refused = world.admin("secretsmanager", "CreateSecret", &secret);
    fails(
        refused,
        ("InvalidParameterException", 400),
        "invalid KMS key",
    );
}

#[test]
fn a_disabled_key_neither_signs_nor_shows_itself() {
    let mut world = World::new();
    let id = of_usage(&mut world, "ECC_NIST_P256", "SIGN_VERIFY");
    call(&mut world, "DisableKey", &of(&id)).unwrap();
    let sign = signing(&id, "ECDSA_SHA_256", b"m");
    fails(call(&mut world, "Sign", &sign), DISABLED, "is disabled");
    fails(
        call(&mut world, "Verify", &verifying(&sign, b"s")),
        DISABLED,
        "is disabled",
    );
    fails(
        call(&mut world, "GetPublicKey", &of(&id)),
        DISABLED,
        "is disabled",
    );
    call(&mut world, "ScheduleKeyDeletion", &of(&id)).unwrap();
    fails(call(&mut world, "Sign", &sign), STATE, "pending deletion");
}

#[test]
fn a_text_is_encrypted_to_a_public_key() {
    let mut world = World::new();
    for (spec, algorithm, max) in [
        ("RSA_2048", "RSAES_OAEP_SHA_1", 214),
        ("RSA_2048", "RSAES_OAEP_SHA_256", 190),
        ("RSA_3072", "RSAES_OAEP_SHA_1", 342),
        ("RSA_3072", "RSAES_OAEP_SHA_256", 318),
    ] {
        let id = of_usage(&mut world, spec, "ENCRYPT_DECRYPT");
        let by = of(&id).with("EncryptionAlgorithm", algorithm);
        let longest = Secret::new(vec![b'x'; max]);
        let encrypt = by.clone().with("Plaintext", longest.clone());
        let sealed = call(&mut world, "Encrypt", &encrypt).unwrap();
        assert_eq!(sealed.text("EncryptionAlgorithm"), Some(algorithm));
        let decrypt = by
            .clone()
            .with("CiphertextBlob", Value::Blob(blob(&sealed)));
        let opened = call(&mut world, "Decrypt", &decrypt).unwrap();
        assert_eq!(plain(&opened), longest.expose());
        assert!(opened.get("KeyMaterialId").is_none());

        let longer = by
            .clone()
            .with("Plaintext", Secret::new(vec![b'x'; max + 1]));
        let words = format!(
            "Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {max} bytes."
        );
        fails(call(&mut world, "Encrypt", &longer), VALIDATION, &words);
        let mut altered = blob(&sealed);
        altered[7] ^= 1;
        let decrypt = by.clone().with("CiphertextBlob", Value::Blob(altered));
        fails(call(&mut world, "Decrypt", &decrypt), CIPHERTEXT, "");
        let context = encrypt.with("EncryptionContext", context(&[("a", "b")]));
        fails(
            call(&mut world, "Encrypt", &context),
            VALIDATION,
            "encryption context",
        );
        let other = match algorithm {
            "RSAES_OAEP_SHA_1" => "RSAES_OAEP_SHA_256",
            _ => "RSAES_OAEP_SHA_1",
        };
        let decrypt = of(&id).with("EncryptionAlgorithm", other);
        let decrypt = decrypt.with("CiphertextBlob", Value::Blob(blob(&sealed)));
        fails(call(&mut world, "Decrypt", &decrypt), CIPHERTEXT, "");
        let nameless = texts(&[("EncryptionAlgorithm", algorithm)]);
        let nameless = nameless.with("CiphertextBlob", Value::Blob(blob(&sealed)));
        fails(
            call(&mut world, "Decrypt", &nameless),
            VALIDATION,
            "KeyId is required",
        );
    }
}

#[test]
fn a_text_moves_between_kinds_of_keys() {
    let mut world = World::new();
    let symmetric = key(&mut world);
    let rsa = of_usage(&mut world, "RSA_2048", "ENCRYPT_DECRYPT");
    let sealed = encrypted(&mut world, &symmetric, &[]);
    let input = texts(&[
        ("DestinationKeyId", &rsa),
        ("DestinationEncryptionAlgorithm", "RSAES_OAEP_SHA_256"),
    ]);
    let to = call(
        &mut world,
        "ReEncrypt",
        &input.with("CiphertextBlob", Value::Blob(sealed)),
    )
    .unwrap();
    assert_eq!(
        to.text("DestinationEncryptionAlgorithm"),
        Some("RSAES_OAEP_SHA_256")
    );
    assert!(to.get("DestinationKeyMaterialId").is_none());
    let input = texts(&[
        ("SourceKeyId", &rsa),
        ("SourceEncryptionAlgorithm", "RSAES_OAEP_SHA_256"),
        ("DestinationKeyId", &symmetric),
    ]);
    let back = input.with("CiphertextBlob", Value::Blob(blob(&to)));
    let back = call(&mut world, "ReEncrypt", &back).unwrap();
    let opened = call(&mut world, "Decrypt", &decrypting(&blob(&back), &[])).unwrap();
    assert_eq!(plain(&opened), b"plain");
}

#[test]
fn two_sides_agree() {
    let mut world = World::new();
    let mut shared = |spec: &str, other: &str| {
        let one = of_usage(&mut world, spec, "KEY_AGREEMENT");
        let two = of_usage(&mut world, other, "KEY_AGREEMENT");
        let mut derive = |own: &str, peer: &str| {
            let peer = call(&mut world, "GetPublicKey", &of(peer)).unwrap();
            let input = texts(&[("KeyId", own), ("KeyAgreementAlgorithm", "ECDH")]);
            let input = input.with("PublicKey", Value::Blob(bytes(&peer, "PublicKey")));
            call(&mut world, "DeriveSharedSecret", &input)
        };
        [derive(&one, &two), derive(&two, &one)]
    };
    for (spec, length) in [
        ("ECC_NIST_P256", 32),
        ("ECC_NIST_P384", 48),
        ("ECC_NIST_P521", 66),
    ] {
        let [one, two] = shared(spec, spec).map(Result::unwrap);
        assert_eq!(one.text("KeyOrigin"), Some("AWS_KMS"));
        let of = |answer: &Record| answer.secret("SharedSecret").unwrap().expose().to_vec();
        assert_eq!(of(&one), of(&two));
        assert_eq!(of(&one).len(), length);
    }
    for refused in shared("ECC_NIST_P256", "ECC_NIST_P384") {
        fails(refused, VALIDATION, "no public key of the key spec");
    }
}

#[test]
fn policies_tell_algorithms_and_kinds_of_messages_apart() {
    let mut world = World::new();
    let id = of_usage(&mut world, "RSA_2048", "SIGN_VERIFY");
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:*",
        "Resource":"*","Condition":{"StringEquals":{"kms:SigningAlgorithm":"RSASSA_PSS_SHA_256",
        "kms:MessageType":"RAW","kms:KeySpec":"RSA_2048","kms:KeyUsage":"SIGN_VERIFY"}}}}"#;
    let user = world.user("u", policy);
    let allowed = signing(&id, "RSASSA_PSS_SHA_256", b"m");
    world.call(&user, "kms", "Sign", &allowed).unwrap();
    for denied in [
        signing(&id, "RSASSA_PSS_SHA_384", b"m"),
        signing(&id, "RSASSA_PSS_SHA_256", &[0; 32]).with("MessageType", "DIGEST"),
    ] {
        fails(
            world.call(&user, "kms", "Sign", &denied),
            DENIED,
            "kms:Sign",
        );
    }
}

#[test]
fn a_dry_run_does_nothing() {
    let mut world = World::new();
    let id = of_usage(&mut world, "ECC_NIST_P256", "SIGN_VERIFY");
    let input = signing(&id, "ECDSA_SHA_256", b"m");
    let signature = bytes(&call(&mut world, "Sign", &input).unwrap(), "Signature");
    let dry = ("DryRunOperationException", 400);
    let sign = input.clone().with("DryRun", true);
    fails(call(&mut world, "Sign", &sign), dry, "would have succeeded");
    let verify = verifying(&sign, &signature);
    fails(
        call(&mut world, "Verify", &verify),
        dry,
        "would have succeeded",
    );
    let wrong = verifying(&sign, b"s");
    fails(call(&mut world, "Verify", &wrong), SIGNATURE, "");
}

#[test]
fn an_rsa_key_is_wanted_only_by_calls_that_come_to_something() {
    let mut world = World::new();
    let service = Service::find("kms").unwrap();
    let operation = service.operation("CreateKey").unwrap();
    let user = world.user_without_policies("nobody");
    let admin = world.admin.clone();
    let input = texts(&[("KeySpec", "RSA_3072"), ("KeyUsage", "SIGN_VERIFY")]);
    let malformed = input.clone().with("Policy", "{}");
    let handle = |world: &World, caller: &Credentials, input: &Record| {
        let request = world.signed(caller, service, operation, input);
        crate::handle(&world.partition, &request, None, world.now, [3; 32])
    };
    assert_eq!(handle(&world, &user, &input).wanted, None);
    assert_eq!(handle(&world, &admin, &malformed).wanted, None);
    let wants = handle(&world, &admin, &input);
    let wanted = crate::Wanted::RsaKey(crate::RsaBits::Rsa3072);
    assert_eq!(wants.wanted, Some(wanted));
    assert!(wants.changes.is_empty());
    assert_eq!(wants.trail.error, None);

    // A key of another length is none for this call.
    let mut request = world.signed(&admin, service, operation, &input);
    let other = crate::Wanted::RsaKey(crate::RsaBits::Rsa2048);
    request.extensions_mut().insert(crate::testing::made(other));
    let again = crate::handle(&world.partition, &request, None, world.now, [3; 32]);
    assert_eq!(again.wanted, Some(wanted));
    assert!(again.changes.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the seed, a scalar of the curve is drawn, and the same one for the same seed.
    #[test]
    fn every_seed_makes_a_key(seed in any::<[u8; 32]>()) {
        use crate::entity::KmsKeySpec::{EccP256, EccP256K1, EccP384, EccP521, Ed25519};
        use crate::entropy::Entropy;
        use crate::kms::pair;

        for spec in [EccP256, EccP384, EccP521, EccP256K1, Ed25519] {
            let one = pair::drawn(spec, &mut Entropy::new(seed)).unwrap();
            let two = pair::drawn(spec, &mut Entropy::new(seed)).unwrap();
            prop_assert_eq!(&one, &two);
            prop_assert_eq!(Some(one.len()), spec.material_bytes());
            prop_assert!(pair::public(spec, &one).is_some());
        }
    }
}
