//! What each operation needs, each need by itself: with all of them it is done, without one it is
//! denied.

use super::*;
use crate::testing::statements;

/// Actions, each with what it is done to.
type Needs = Vec<(&'static str, String)>;

/// A world with two keys and an alias of the first, and a call with what it needs.
struct Case {
    world: World,
    input: Record,
    needs: Needs,
}

const ROOT: &str = "arn:aws:iam::123456789012:root";
const KEYS: [&str; 21] = [
    "CancelKeyDeletion",
    "CreateGrant",
    "DescribeKey",
    "DisableKey",
    "DisableKeyRotation",
    "EnableKey",
    "EnableKeyRotation",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GetKeyPolicy",
    "GetKeyRotationStatus",
    "ListGrants",
    "ListKeyPolicies",
    "ListKeyRotations",
    "ListResourceTags",
    "PutKeyPolicy",
    "RetireGrant",
    "RevokeGrant",
    "RotateKeyOnDemand",
    "ScheduleKeyDeletion",
    "UpdateKeyDescription",
];

fn action(operation: &str) -> &'static str {
    let actions = policy::actions::Service::find("kms").unwrap().actions;
    let found = actions.iter().find(|action| action.name == operation);
    found
        .unwrap_or_else(|| panic!("kms:{operation} is no action"))
        .name
}

fn case(operation: &'static str) -> Case {
    let mut world = World::new();
    let (one, two) = (key(&mut world), key(&mut world));
    let alias = texts(&[("AliasName", "alias/a"), ("TargetKeyId", &one)]);
    call(&mut world, "CreateAlias", &alias).unwrap();
    let sealed = Value::Blob(encrypted(&mut world, &one, &[]));
    let alias = format!("arn:aws:kms:{REGION}:{ACCOUNT}:alias/a");
    let on = |resource: String| vec![(action(operation), resource)];
    let plain = Record::new();
    let (input, needs) = match operation {
        "CreateKey" => (
            plain.with("Tags", vec![tag("a", "b")]),
            vec![
                (action("CreateKey"), "*".to_owned()),
                (action("TagResource"), arn("*")),
            ],
        ),
        "ListRetirableGrants" => (texts(&[("RetiringPrincipal", ROOT)]), on("*".to_owned())),
        "ListKeys" | "ListAliases" => (plain, on("*".to_owned())),
        "GenerateRandom" => (plain.with("NumberOfBytes", 1), on("*".to_owned())),
        "CreateAlias" => {
            let of_new = format!("arn:aws:kms:{REGION}:{ACCOUNT}:alias/b");
            let input = texts(&[("AliasName", "alias/b"), ("TargetKeyId", &one)]);
            (input, [on(of_new), on(arn(&one))].concat())
        }
        "UpdateAlias" => {
            let input = texts(&[("AliasName", "alias/a"), ("TargetKeyId", &two)]);
            (input, [on(alias), on(arn(&one)), on(arn(&two))].concat())
        }
        "DeleteAlias" => {
            let input = texts(&[("AliasName", "alias/a")]);
            (input, [on(alias), on(arn(&one))].concat())
        }
        "Decrypt" => (plain.with("CiphertextBlob", sealed), on(arn(&one))),
        "ReEncrypt" => (
            texts(&[("DestinationKeyId", &two)]).with("CiphertextBlob", sealed),
            vec![
                (action("ReEncryptFrom"), arn(&one)),
                (action("ReEncryptTo"), arn(&two)),
            ],
        ),
        "Encrypt" => (of(&one).with("Plaintext", text("p")), on(arn(&one))),
        "GetPublicKey" | "Sign" | "Verify" | "DeriveSharedSecret" => {
            let (input, of_pair) = on_pairs(&mut world, operation);
            (input, on(of_pair))
        }
        "GenerateDataKey" | "GenerateDataKeyWithoutPlaintext" => {
            (of("alias/a").with("NumberOfBytes", 1), on(arn(&one)))
        }
        "GenerateMac" | "VerifyMac" => {
            let (input, of_macs) = on_macs(&mut world, operation);
            (input, on(of_macs))
        }
        "TagResource" => (of(&one).with("Tags", vec![tag("a", "b")]), on(arn(&one))),
        "UntagResource" => (of(&one).with("TagKeys", vec!["a"]), on(arn(&one))),
        _ => {
            assert!(KEYS.contains(&operation), "{operation} is in no case");
            let input = on_key(&mut world, operation, &one);
            (input, on(arn(&one)))
        }
    };
    Case {
        world,
        input,
        needs,
    }
}

/// A call about any key.
fn on_key(world: &mut World, operation: &str, id: &str) -> Record {
    let grant = super::grants::asking(id, &["Encrypt"]);
    match operation {
        "PutKeyPolicy" => of(id).with("Policy", "{}"),
        "UpdateKeyDescription" => of(id).with("Description", ""),
        "CreateGrant" => grant,
        "GenerateDataKeyPair" | "GenerateDataKeyPairWithoutPlaintext" => {
            of("alias/a").with("KeyPairSpec", "ECC_NIST_P256")
        }
        "RetireGrant" | "RevokeGrant" => {
            let made = super::grants::granted(world, &grant);
            of(id).with("GrantId", made)
        }
        _ => of(id),
    }
}

/// A call about a key for codes, and the key's ARN.
fn on_macs(world: &mut World, operation: &str) -> (Record, String) {
    let spec = [("KeySpec", "HMAC_256"), ("KeyUsage", "GENERATE_VERIFY_MAC")];
    let id = made(world, &texts(&spec));
    let input = texts(&[("KeyId", &id), ("MacAlgorithm", "HMAC_SHA_256")]);
    let input = input.with("Message", text("m"));
    let code = (operation == "VerifyMac").then(|| Value::Blob(vec![0; 32]));
    (input.with_some("Mac", code), arn(&id))
}

/// A call about an asymmetric key, and the key's ARN.
fn on_pairs(world: &mut World, operation: &str) -> (Record, String) {
    let usage = match operation {
        "DeriveSharedSecret" => "KEY_AGREEMENT",
        _ => "SIGN_VERIFY",
    };
    let spec = [("KeySpec", "ECC_NIST_P256"), ("KeyUsage", usage)];
    let id = made(world, &texts(&spec));
    let signing = || {
        let input = texts(&[("KeyId", &id), ("SigningAlgorithm", "ECDSA_SHA_256")]);
        input.with("Message", text("m"))
    };
    let input = match operation {
        "GetPublicKey" => of(&id),
        "Sign" => signing(),
        "Verify" => signing().with("Signature", Value::Blob(vec![0; 64])),
        _ => texts(&[("KeyId", &id), ("KeyAgreementAlgorithm", "ECDH")])
            .with("PublicKey", Value::Blob(vec![0; 64])),
    };
    (input, arn(&id))
}

fn granting(needs: &[(&str, String)]) -> String {
    let each = needs.iter().map(|(action, resource)| {
        format!(r#"{{"Effect":"Allow","Action":"kms:{action}","Resource":"{resource}"}}"#)
    });
    statements(&each.collect::<Vec<_>>().join(","))
}

#[test]
fn every_operation_needs_what_it_says_and_no_more() {
    for operation in Service::find("kms").unwrap().operations {
        let Case {
            mut world,
            input,
            needs,
        } = case(operation.name);
        let user = world.user("all", &granting(&needs));
        let answer = world.call(&user, "kms", operation.name, &input);
        let code = answer.err().map(|fault| fault.code.into_owned());
        // What there is to do may be wrong here, but it is not denied.
        let done = matches!(
            (operation.name, code.as_deref()),
            (_, None)
                | ("CancelKeyDeletion", Some("KMSInvalidStateException"))
                | ("VerifyMac", Some("KMSInvalidMacException"))
                | ("Verify", Some("KMSInvalidSignatureException"))
                | ("DeriveSharedSecret", Some("ValidationException"))
                | ("PutKeyPolicy", Some("MalformedPolicyDocumentException"))
        );
        assert!(done, "{} answered {code:?}", operation.name);
    }
}

#[test]
fn every_operation_is_denied_without_any_one_of_its_needs() {
    for operation in Service::find("kms").unwrap().operations {
        for without in 0..case(operation.name).needs.len() {
            let Case {
                mut world,
                input,
                mut needs,
            } = case(operation.name);
            let (action, resource) = needs.remove(without);
            // Everything else that there is does not help.
            needs.push(("Nothing*", "*".to_owned()));
            let elsewhere = arn(NOBODYS);
            if resource != "*" {
                needs.push((action, elsewhere));
            }
            let user = world.user("some", &granting(&needs));
            let answer = world.call(&user, "kms", operation.name, &input);
            fails(answer, DENIED, &format!("kms:{action}"));
        }
    }
}

#[test]
fn a_key_that_is_not_there_is_told_only_to_who_may_ask() {
    let mut world = World::new();
    let id = key(&mut world);
    let user = world.user("u", &granting(&[("Encrypt", arn(&id))]));
    for name in [NOBODYS, "none", "alias/none"] {
        let input = of(name).with("Plaintext", text("p"));
        fails(
            world.call(&user, "kms", "Encrypt", &input),
            DENIED,
            "kms:Encrypt",
        );
        fails(call(&mut world, "Encrypt", &input), MISSING, "");
    }
    let garbage = Record::new().with("CiphertextBlob", Value::Blob(vec![1; 64]));
    fails(
        world.call(&user, "kms", "Decrypt", &garbage),
        DENIED,
        "kms:Decrypt",
    );
}

#[test]
fn every_shape_that_takes_a_key_is_in_the_cases() {
    for operation in Service::find("kms").unwrap().operations {
        let Some(Kind::Structure(members)) = operation.input.map(|shape| &shape.kind) else {
            continue;
        };
        let takes = members.iter().any(|member| member.name.ends_with("KeyId"));
        let needs = case(operation.name).needs;
        let on_key = needs.iter().any(|(_, resource)| resource.contains(":key/"));
        let free = ["ListAliases", "CreateKey"].contains(&operation.name);
        assert!(!takes || on_key || free, "{}", operation.name);
    }
}
