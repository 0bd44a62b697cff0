//! Data key pairs: the private key opens with the key alone, and belongs to the public key.

use super::*;

const DRY: (&str, u16) = ("DryRunOperationException", 400);
const USAGE: (&str, u16) = ("InvalidKeyUsageException", 400);
const WITH: &str = "GenerateDataKeyPair";
const WITHOUT: &str = "GenerateDataKeyPairWithoutPlaintext";

fn asking(id: &str, spec: &str) -> Record {
    let input = texts(&[("KeyId", id), ("KeyPairSpec", spec)]);
    input.with("EncryptionContext", context(&[("a", "b")]))
}

fn bytes(answer: &Record, member: &str) -> Vec<u8> {
    match answer.get(member) {
        Some(Value::Blob(bytes)) => bytes.clone(),
        other => panic!("{other:?} is no blob"),
    }
}

#[test]
fn a_pair_is_made_with_and_without_its_private_key_in_clear() {
    let mut world = World::new();
    let id = key(&mut world);
    for spec in [
        "RSA_2048",
        "ECC_NIST_P256",
        "ECC_NIST_P384",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "ECC_NIST_EDWARDS25519",
    ] {
        let answer = call(&mut world, WITH, &asking(&id, spec)).unwrap();
        assert_eq!(answer.text("KeyPairSpec"), Some(spec));
        assert_eq!(answer.text("KeyId"), Some(&*arn(&id)));
        let private = answer.secret("PrivateKeyPlaintext").unwrap();
        let sealed = bytes(&answer, "PrivateKeyCiphertextBlob");
        let opened = call(&mut world, "Decrypt", &decrypting(&sealed, &[("a", "b")])).unwrap();
        assert_eq!(plain(&opened), private.expose());
        let other = decrypting(&sealed, &[]);
        let refused = call(&mut world, "Decrypt", &other);
        fails(refused, ("InvalidCiphertextException", 400), "");

        let without = call(&mut world, WITHOUT, &asking(&id, spec)).unwrap();
        let mut members = without.members();
        assert!(!members.any(|(name, _)| name == "PrivateKeyPlaintext"));
        assert!(!bytes(&without, "PublicKey").is_empty());
    }
}

#[test]
fn the_public_key_is_the_private_keys() {
    use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

    let mut world = World::new();
    let id = key(&mut world);
    let answer = call(&mut world, WITH, &asking(&id, "ECC_NIST_P256")).unwrap();
    let private = answer.secret("PrivateKeyPlaintext").unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, private.expose()).unwrap();
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    assert_eq!(bytes(&answer, "PublicKey"), public.as_ref());
}

#[test]
fn what_cannot_make_a_pair_is_refused() {
    let mut world = World::new();
    let id = key(&mut world);
    let signs = made(
        &mut world,
        &texts(&[("KeySpec", "ECC_NIST_P256"), ("KeyUsage", "SIGN_VERIFY")]),
    );
    for operation in [WITH, WITHOUT] {
        for spec in ["SM2", "ML_KEM_512"] {
            let refused = call(&mut world, operation, &asking(&id, spec));
            fails(refused, UNSUPPORTED, spec);
        }
        let refused = call(&mut world, operation, &asking(&signs, "RSA_2048"));
        fails(refused, USAGE, &format!("not valid for {operation}"));
        let dry = asking(&id, "RSA_2048").with("DryRun", true);
        fails(
            call(&mut world, operation, &dry),
            DRY,
            "would have succeeded",
        );
        call(&mut world, "DisableKey", &of(&id)).unwrap();
        let refused = call(&mut world, operation, &asking(&id, "RSA_2048"));
        fails(refused, DISABLED, "is disabled");
        call(&mut world, "EnableKey", &of(&id)).unwrap();
    }
    let recipient = texts(&[("KeyEncryptionAlgorithm", "RSAES_OAEP_SHA_256")]);
    let input = asking(&id, "RSA_2048").with("Recipient", recipient);
    fails(call(&mut world, WITH, &input), UNSUPPORTED, "Recipient");
}

#[test]
fn a_policy_tells_specs_apart() {
    let mut world = World::new();
    let id = key(&mut world);
    let user = world.user(
        "u",
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:*","Resource":"*",
        "Condition":{"StringEquals":{"kms:DataKeyPairSpec":"ECC_NIST_P256"}}}}"#,
    );
    let allowed = asking(&id, "ECC_NIST_P256");
    world.call(&user, "kms", WITH, &allowed).unwrap();
    let denied = asking(&id, "ECC_NIST_P384");
    fails(world.call(&user, "kms", WITH, &denied), DENIED, WITH);
}
