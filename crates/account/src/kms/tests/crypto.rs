//! What is encrypted is decrypted by its key, with its context, unaltered; and nothing else is.

use proptest::prelude::*;

use super::*;

const CIPHERTEXT: (&str, u16) = ("InvalidCiphertextException", 400);
const INCORRECT: (&str, u16) = ("IncorrectKeyException", 400);
const DRY: (&str, u16) = ("DryRunOperationException", 400);
const USAGE: (&str, u16) = ("InvalidKeyUsageException", 400);

#[test]
fn a_text_comes_back_with_or_without_the_key_named() {
    let mut world = World::new();
    let id = key(&mut world);
    let blob = encrypted(&mut world, &id, &[("a", "b"), ("c", "d")]);
    assert!(!blob.windows(5).any(|window| window == b"plain"));
    let input = decrypting(&blob, &[("c", "d"), ("a", "b")]);
    for input in [
        input.clone(),
        input.clone().with("KeyId", id.as_str()),
        input.with("KeyId", arn(&id)),
    ] {
        let answer = call(&mut world, "Decrypt", &input).unwrap();
        assert_eq!(plain(&answer), b"plain");
        assert_eq!(answer.text("KeyId"), Some(&*arn(&id)));
    }
    assert_ne!(blob, encrypted(&mut world, &id, &[("a", "b"), ("c", "d")]));
}

#[test]
fn another_context_does_not_open_it() {
    let mut world = World::new();
    let id = key(&mut world);
    let blob = encrypted(&mut world, &id, &[("a", "b")]);
    for other in [
        &[][..],
        &[("a", "B")],
        &[("A", "b")],
        &[("a", "b"), ("", "")],
        &[("ab", "")],
        &[("", "ab")],
    ] {
        fails(
            call(&mut world, "Decrypt", &decrypting(&blob, other)),
            CIPHERTEXT,
            "",
        );
    }
    let without = encrypted(&mut world, &id, &[]);
    fails(
        call(&mut world, "Decrypt", &decrypting(&without, &[("a", "b")])),
        CIPHERTEXT,
        "",
    );
}

#[test]
fn another_key_does_not_open_it() {
    let mut world = World::new();
    let (id, other) = (key(&mut world), key(&mut world));
    let blob = encrypted(&mut world, &id, &[]);
    let input = decrypting(&blob, &[]).with("KeyId", other.as_str());
    fails(
        call(&mut world, "Decrypt", &input),
        INCORRECT,
        "does not identify",
    );
    let input = decrypting(&blob, &[]).with("KeyId", NOBODYS);
    fails(
        call(&mut world, "Decrypt", &input),
        MISSING,
        "does not exist",
    );
    // A blob that says it is another key's.
    let of_other = encrypted(&mut world, &other, &[]);
    let forged = [&of_other[..21], &blob[21..]].concat();
    fails(
        call(&mut world, "Decrypt", &decrypting(&forged, &[])),
        CIPHERTEXT,
        "",
    );
    fails(
        call(&mut world, "Decrypt", &Record::new()),
        VALIDATION,
        "CiphertextBlob",
    );
}

#[test]
fn the_contexts_bounds_are_kept() {
    let mut world = World::new();
    let id = key(&mut world);
    let long = "x".repeat(8_192);
    let input = of(&id).with("Plaintext", text("p"));
    let with = |entries: &[(&str, &str)]| input.clone().with("EncryptionContext", context(entries));
    call(&mut world, "Encrypt", &with(&[("", &long)])).unwrap();
    for entries in [&[("n", long.as_str())][..], &[("N", "a"), ("n", "b")]] {
        fails(
            call(&mut world, "Encrypt", &with(entries)),
            VALIDATION,
            "encryption context",
        );
        let asked = of(&id).with("NumberOfBytes", 1);
        let asked = asked.with("EncryptionContext", context(entries));
        let answer = call(&mut world, "GenerateDataKey", &asked);
        fails(answer, VALIDATION, "encryption context");
    }
}

#[test]
fn a_plaintext_has_a_length_from_1_to_4096() {
    let mut world = World::new();
    let id = key(&mut world);
    let of_length = |length: usize| of(&id).with("Plaintext", Secret::new(vec![7; length]));
    let answer = call(&mut world, "Encrypt", &of_length(4_096)).unwrap();
    let sealed = blob(&answer);
    assert!(sealed.len() <= 6_144);
    let answer = call(&mut world, "Decrypt", &decrypting(&sealed, &[])).unwrap();
    assert_eq!(plain(&answer).len(), 4_096);
    for length in [0, 4_097] {
        fails(
            call(&mut world, "Encrypt", &of_length(length)),
            VALIDATION,
            "plaintext",
        );
    }
}

#[test]
fn a_dry_run_says_whether_it_would_and_does_nothing() {
    let mut world = World::new();
    let id = key(&mut world);
    let blob = encrypted(&mut world, &id, &[]);
    let altered = [&blob[..blob.len() - 1], &[!blob[blob.len() - 1]]].concat();
    let dry = |input: Record| input.with("DryRun", true);
    let inputs = [
        ("Encrypt", dry(of(&id).with("Plaintext", text("p")))),
        ("Decrypt", dry(decrypting(&blob, &[]))),
        ("GenerateDataKey", dry(of(&id).with("KeySpec", "AES_128"))),
        (
            "GenerateDataKeyWithoutPlaintext",
            dry(of(&id).with("KeySpec", "AES_128")),
        ),
        (
            "ReEncrypt",
            dry(texts(&[("DestinationKeyId", &id)])
                .with("CiphertextBlob", Value::Blob(blob.clone()))),
        ),
    ];
    let nobody = world.user_without_policies("nobody");
    for (operation, input) in &inputs {
        fails(
            call(&mut world, operation, input),
            DRY,
            "would have succeeded",
        );
        fails(
            world.call(&nobody, "kms", operation, input),
            DENIED,
            operation,
        );
    }
    fails(
        call(&mut world, "Decrypt", &dry(decrypting(&altered, &[]))),
        CIPHERTEXT,
        "",
    );
    call(&mut world, "DisableKey", &of(&id)).unwrap();
    for (operation, input) in &inputs {
        fails(call(&mut world, operation, input), DISABLED, "is disabled.");
    }
}

#[test]
fn re_encrypting_changes_the_key_and_the_context() {
    let mut world = World::new();
    let (id, other) = (key(&mut world), key(&mut world));
    let old = encrypted(&mut world, &id, &[("a", "b")]);
    let input = texts(&[("DestinationKeyId", &other)])
        .with("CiphertextBlob", Value::Blob(old.clone()))
        .with("DestinationEncryptionContext", context(&[("c", "d")]));
    fails(call(&mut world, "ReEncrypt", &input), CIPHERTEXT, "");
    let input = input.with("SourceEncryptionContext", context(&[("a", "b")]));
    let wrong = input.clone().with("SourceKeyId", other.as_str());
    fails(call(&mut world, "ReEncrypt", &wrong), INCORRECT, "");
    let answer = call(&mut world, "ReEncrypt", &input).unwrap();
    assert_eq!(answer.text("SourceKeyId"), Some(&*arn(&id)));
    assert_eq!(answer.text("KeyId"), Some(&*arn(&other)));
    let new = blob(&answer);
    fails(
        call(&mut world, "Decrypt", &decrypting(&new, &[("a", "b")])),
        CIPHERTEXT,
        "",
    );
    let answer = call(&mut world, "Decrypt", &decrypting(&new, &[("c", "d")])).unwrap();
    assert_eq!(plain(&answer), b"plain");
    // The target is asked for its state as well.
    call(&mut world, "DisableKey", &of(&other)).unwrap();
    fails(call(&mut world, "ReEncrypt", &input), DISABLED, &other);
}

#[test]
fn data_keys_have_the_length_asked_for_and_decrypt() {
    let mut world = World::new();
    let id = key(&mut world);
    for (input, length) in [
        (of(&id).with("KeySpec", "AES_128"), 16),
        (of(&id).with("KeySpec", "AES_256"), 32),
        (of(&id).with("NumberOfBytes", 1_024), 1_024),
    ] {
        let answer = call(&mut world, "GenerateDataKey", &input).unwrap();
        assert_eq!(plain(&answer).len(), length);
        let opened = call(&mut world, "Decrypt", &decrypting(&blob(&answer), &[])).unwrap();
        assert_eq!(plain(&opened), plain(&answer));
        let without = call(&mut world, "GenerateDataKeyWithoutPlaintext", &input).unwrap();
        assert!(without.members().all(|(name, _)| name != "Plaintext"));
        let opened = call(&mut world, "Decrypt", &decrypting(&blob(&without), &[])).unwrap();
        assert_eq!(plain(&opened).len(), length);
        assert_ne!(plain(&opened), plain(&answer));
    }
    let both = of(&id).with("KeySpec", "AES_128").with("NumberOfBytes", 16);
    for input in [of(&id), both] {
        fails(
            call(&mut world, "GenerateDataKey", &input),
            VALIDATION,
            "number of bytes",
        );
    }
    let random = Record::new().with("NumberOfBytes", 33);
    let one = call(&mut world, "GenerateRandom", &random).unwrap();
    let two = call(&mut world, "GenerateRandom", &random).unwrap();
    assert_eq!(plain(&one).len(), 33);
    assert_ne!(plain(&one), plain(&two));
    fails(
        call(&mut world, "GenerateRandom", &Record::new()),
        VALIDATION,
        "NumberOfBytes",
    );
}

#[test]
fn other_algorithms_and_what_is_not_here_are_refused() {
    let mut world = World::new();
    let id = key(&mut world);
    let blob = encrypted(&mut world, &id, &[]);
    let encrypt = of(&id).with("Plaintext", text("p"));
    let rsa = encrypt
        .clone()
        .with("EncryptionAlgorithm", "RSAES_OAEP_SHA_1");
    fails(call(&mut world, "Encrypt", &rsa), USAGE, "RSAES_OAEP_SHA_1");
    let rsa = decrypting(&blob, &[]).with("EncryptionAlgorithm", "SM2PKE");
    let rsa = rsa.with("KeyId", id.as_str());
    fails(call(&mut world, "Decrypt", &rsa), USAGE, "SM2PKE");
    let tokens = encrypt.with("GrantTokens", vec!["token"]);
    fails(call(&mut world, "Encrypt", &tokens), TOKEN, "grant token");
    let recipient = texts(&[("KeyEncryptionAlgorithm", "RSAES_OAEP_SHA_256")]);
    let recipient = decrypting(&blob, &[]).with("Recipient", recipient);
    fails(
        call(&mut world, "Decrypt", &recipient),
        UNSUPPORTED,
        "Recipient",
    );
}

#[test]
fn the_record_of_a_call_has_neither_text_nor_context() {
    let mut world = World::new();
    let id = key(&mut world);
    let entries = [("name-of-context", "value-of-context")];
    let sealed = encrypted(&mut world, &id, &entries);
    let service = Service::find("kms").unwrap();
    let place = crate::home::Home::new("123456789012", "us-east-1");
    let asked = of(&id).with("Plaintext", text("a plain text"));
    for (operation, input) in [
        (
            "Encrypt",
            asked.with("EncryptionContext", context(&entries)),
        ),
        ("Decrypt", decrypting(&sealed, &entries)),
        ("GenerateDataKey", of(&id).with("KeySpec", "AES_256")),
    ] {
        let operation = service.operation(operation).unwrap();
        let admin = world.admin.clone();
        let request = world.signed(&admin, service, operation, &input);
        let record = world.outcome(&request).trail.record(&place);
        assert!(record.contains(&arn(&id)), "{record}");
        assert!(record.contains(r#""readOnly":true"#), "{record}");
        for hidden in ["plain", "of-context", "iphertext"] {
            assert!(!record.contains(hidden), "{record}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_altered_anywhere_does_not_open(at in any::<usize>(), bit in 0..8_u8) {
        let mut world = World::new();
        let id = key(&mut world);
        let mut altered = encrypted(&mut world, &id, &[("a", "b")]);
        let at = at % altered.len();
        altered[at] ^= 1 << bit;
        let fault = call(&mut world, "Decrypt", &decrypting(&altered, &[("a", "b")])).unwrap_err();
        // Where the key's id was altered there is no such key.
        let expect = if (1..17).contains(&at) { DENIED.0 } else { CIPHERTEXT.0 };
        prop_assert_eq!(fault.code.as_ref(), expect);
    }

    #[test]
    fn no_bytes_but_those_of_a_key_open(bytes in proptest::collection::vec(any::<u8>(), 1..200)) {
        let mut world = World::new();
        let id = key(&mut world);
        let input = decrypting(&bytes, &[]).with("KeyId", id.as_str());
        prop_assert!(call(&mut world, "Decrypt", &input).is_err());
    }
}
