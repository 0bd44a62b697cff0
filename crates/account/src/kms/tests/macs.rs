//! Authentication codes: those of RFC 4231, and what is none of a message.

use super::*;
use crate::entity::{KmsKey, KmsKeySpec, KmsKeyState, KmsMaterial};
use crate::kms::material;

const USAGE: (&str, u16) = ("InvalidKeyUsageException", 400);
const INVALID: (&str, u16) = ("KMSInvalidMacException", 400);
const DRY: (&str, u16) = ("DryRunOperationException", 400);
const SPECS: [(&str, &str, usize); 4] = [
    ("HMAC_224", "HMAC_SHA_224", 28),
    ("HMAC_256", "HMAC_SHA_256", 32),
    ("HMAC_384", "HMAC_SHA_384", 48),
    ("HMAC_512", "HMAC_SHA_512", 64),
];

fn hmac_key(world: &mut World, spec: &str) -> String {
    made(
        world,
        &texts(&[("KeySpec", spec), ("KeyUsage", "GENERATE_VERIFY_MAC")]),
    )
}

fn of_message(id: &str, algorithm: &str, message: &str) -> Record {
    texts(&[("KeyId", id), ("MacAlgorithm", algorithm)]).with("Message", text(message))
}

fn code(answer: &Record) -> Vec<u8> {
    match answer.get("Mac") {
        Some(Value::Blob(bytes)) => bytes.clone(),
        other => panic!("{other:?} is no code"),
    }
}

/// RFC 4231, section 4.2.
#[test]
fn the_codes_are_those_of_the_standard() {
    for (spec, expect) in [
        (
            KmsKeySpec::Hmac224,
            "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22",
        ),
        (
            KmsKeySpec::Hmac256,
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            KmsKeySpec::Hmac384,
            "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c\
             faea9ea9076ede7f4af152e8b2fa9cb6",
        ),
        (
            KmsKeySpec::Hmac512,
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
             daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        ),
    ] {
        let key = KmsKey {
            chosen_usage: None,
            id: NOBODYS.to_owned(),
            arn: arn(NOBODYS),
            spec,
            description: String::new(),
            state: KmsKeyState::Enabled,
            created: seconds(0),
            policy: String::new(),
            tags: Vec::new(),
            rotation: None,
            materials: vec![KmsMaterial {
                on_demand: false,
                version: 1,
                created: seconds(0),
                secret: Secret::new([0x0b; 20]),
            }],
        };
        let code = material::mac(&key, &text("Hi There")).unwrap();
        assert_eq!(crate::ids::hex(&code), expect);
        assert!(material::is_mac(&key, &text("Hi There"), &code));
        assert!(!material::is_mac(&key, &text("Hi there"), &code));
    }
}

#[test]
fn a_code_is_of_its_message_and_key_alone() {
    let mut world = World::new();
    for (spec, algorithm, length) in SPECS {
        let (id, other) = (hmac_key(&mut world, spec), hmac_key(&mut world, spec));
        let described = call(&mut world, "DescribeKey", &of(&id)).unwrap();
        let metadata = described.record("KeyMetadata").unwrap();
        assert_eq!(metadata.text("KeySpec"), Some(spec));
        assert_eq!(metadata.text("KeyUsage"), Some("GENERATE_VERIFY_MAC"));
        let algorithms: Vec<&str> = metadata.texts("MacAlgorithms").collect();
        assert_eq!(algorithms, [algorithm]);
        assert!(metadata.get("EncryptionAlgorithms").is_none());

        let input = of_message(&id, algorithm, "message");
        let made = code(&call(&mut world, "GenerateMac", &input).unwrap());
        assert_eq!(made.len(), length);
        let with = |input: Record, code: &[u8]| input.with("Mac", Value::Blob(code.to_vec()));
        let answer = call(&mut world, "VerifyMac", &with(input.clone(), &made)).unwrap();
        assert_eq!(answer.boolean("MacValid"), Some(true));
        let mut altered = made.clone();
        altered[length - 1] ^= 1;
        for wrong in [
            with(input.clone(), &altered),
            with(input.clone(), &made[..length - 1]),
            with(of_message(&id, algorithm, "messages"), &made),
            with(of_message(&other, algorithm, "message"), &made),
        ] {
            fails(call(&mut world, "VerifyMac", &wrong), INVALID, "");
            let dry = wrong.with("DryRun", true);
            fails(call(&mut world, "VerifyMac", &dry), INVALID, "");
        }
        let dry = input.with("DryRun", true);
        fails(call(&mut world, "GenerateMac", &dry), DRY, "");
        fails(call(&mut world, "VerifyMac", &with(dry, &made)), DRY, "");
    }
}

#[test]
fn a_key_does_what_it_is_for_and_nothing_else() {
    let mut world = World::new();
    let (macs, encrypts) = (hmac_key(&mut world, "HMAC_256"), key(&mut world));
    let wrong = of_message(&macs, "HMAC_SHA_512", "m");
    fails(
        call(&mut world, "GenerateMac", &wrong),
        USAGE,
        "incompatible with key spec HMAC_256",
    );
    let wrong = of_message(&encrypts, "HMAC_SHA_256", "m");
    fails(
        call(&mut world, "GenerateMac", &wrong),
        USAGE,
        "not valid for GenerateMac",
    );
    let sealed = encrypted(&mut world, &encrypts, &[]);
    let target = texts(&[("DestinationKeyId", &macs)]);
    let mut forged = sealed.clone();
    forged[1..17].copy_from_slice(&crate::ids::uuid_bytes(&macs).unwrap());
    for (operation, input) in [
        ("Encrypt", of(&macs).with("Plaintext", text("p"))),
        ("GenerateDataKey", of(&macs).with("KeySpec", "AES_256")),
        (
            "ReEncrypt",
            target.with("CiphertextBlob", Value::Blob(sealed)),
        ),
        ("Decrypt", decrypting(&forged, &[])),
    ] {
        fails(
            call(&mut world, operation, &input),
            USAGE,
            "GENERATE_VERIFY_MAC",
        );
    }
    for operation in [
        "EnableKeyRotation",
        "DisableKeyRotation",
        "RotateKeyOnDemand",
    ] {
        fails(
            call(&mut world, operation, &of(&macs)),
            UNSUPPORTED,
            "HMAC_256",
        );
    }
    let secret = texts(&[("Name", "s"), ("KmsKeyId", &macs)]);
    let answer = world.admin("secretsmanager", "CreateSecret", &secret);
    let parameter = ("InvalidParameterException", 400);
    fails(answer, parameter, "invalid KMS key");
    let alias = |key: &str| texts(&[("AliasName", "alias/a"), ("TargetKeyId", key)]);
    call(&mut world, "CreateAlias", &alias(&macs)).unwrap();
    fails(
        call(&mut world, "UpdateAlias", &alias(&encrypts)),
        VALIDATION,
        "key usage",
    );
    call(&mut world, "DisableKey", &of(&macs)).unwrap();
    let input = of_message("alias/a", "HMAC_SHA_256", "m");
    fails(
        call(&mut world, "GenerateMac", &input),
        DISABLED,
        "is disabled.",
    );
}

#[test]
fn a_spec_has_one_usage() {
    let mut world = World::new();
    for (spec, usage) in [
        ("HMAC_256", "ENCRYPT_DECRYPT"),
        ("HMAC_256", "SIGN_VERIFY"),
        ("SYMMETRIC_DEFAULT", "GENERATE_VERIFY_MAC"),
    ] {
        let input = texts(&[("KeySpec", spec), ("KeyUsage", usage)]);
        fails(call(&mut world, "CreateKey", &input), VALIDATION, usage);
    }
    let without = texts(&[("KeySpec", "HMAC_256")]);
    fails(
        call(&mut world, "CreateKey", &without),
        VALIDATION,
        "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
    );
    let both = texts(&[
        ("KeySpec", "SYMMETRIC_DEFAULT"),
        ("CustomerMasterKeySpec", "SYMMETRIC_DEFAULT"),
    ]);
    fails(
        call(&mut world, "CreateKey", &both),
        VALIDATION,
        "CustomerMasterKeySpec",
    );
}
