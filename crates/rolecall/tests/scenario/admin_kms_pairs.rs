//! Asymmetric keys through the AWS CLI, and what OpenSSL, which knows nothing of this server, says
//! of their signatures, their public keys and what is encrypted to them.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::clients::{Admin, Output, run};
use crate::harness::{World, scenario};

/// Algorithms, each with a spec that has it, its hash, and what OpenSSL wants to be told.
const SIGNING: [(&str, &str, &str, &str); 8] = [
    ("RSASSA_PSS_SHA_256", "RSA_2048", "sha256", PSS),
    ("RSASSA_PSS_SHA_384", "RSA_2048", "sha384", PSS),
    ("RSASSA_PSS_SHA_512", "RSA_3072", "sha512", PSS),
    ("RSASSA_PKCS1_V1_5_SHA_256", "RSA_2048", "sha256", ""),
    ("ECDSA_SHA_256", "ECC_NIST_P256", "sha256", ""),
    ("ECDSA_SHA_384", "ECC_NIST_P384", "sha384", ""),
    ("ECDSA_SHA_512", "ECC_NIST_P521", "sha512", ""),
    ("ECDSA_SHA_256", "ECC_SECG_P256K1", "sha256", ""),
];
const PSS: &str = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest";

#[test]
fn openssl_verifies_what_kms_signs() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let message = put(world, "message", b"a message of the scenario");
        let other = put(world, "other", b"another message");
        for (algorithm, spec, hash, options) in SIGNING {
            let key = key(&mut admin, spec, "SIGN_VERIFY");
            let public = public_key(world, &mut admin, &key);
            let digest = world.scratch().join("digest").display().to_string();
            let hashed = format!("dgst -{hash} -binary -out {digest} {message}");
            openssl(world, &hashed).ok();
            for (given, kind) in [(&message, "RAW"), (&digest, "DIGEST")] {
                let call = format!(
                    "--key-id {key} --signing-algorithm {algorithm} --message-type {kind} \
                     --message fileb://{given}"
                );
                let signed = admin.run(&format!("kms sign {call}")).json();
                let signature = put_base64(world, "signature", &signed["Signature"]);
                let with =
                    format!("-keyform DER -verify {public} {options} -signature {signature}");
                let verified = openssl(world, &format!("dgst -{hash} {with} {message}"));
                assert_eq!(verified.ok(), "Verified OK", "{algorithm} {kind}");
                let wrong = openssl(world, &format!("dgst -{hash} {with} {other}"));
                assert_ne!(wrong.code, Some(0), "{algorithm} {kind}");
                let verify = format!("kms verify {call} --signature fileb://{signature}");
                assert_eq!(admin.run(&verify).json()["SignatureValid"], true);
            }
            let signature = world.scratch().join("signature");
            let call = format!(
                "kms verify --key-id {key} --signing-algorithm {algorithm} --message \
                 fileb://{other} --signature fileb://{}",
                signature.display()
            );
            admin
                .run(&call)
                .fails_with(&["(KMSInvalidSignatureException)"]);
        }
        edwards(world, &mut admin, &message);
    });
}

fn edwards(world: &World, admin: &mut Admin, message: &str) {
    let key = key(admin, "ECC_NIST_EDWARDS25519", "SIGN_VERIFY");
    let public = public_key(world, admin, &key);
    let call = format!(
        "kms sign --key-id {key} --signing-algorithm ED25519_SHA_512 --message fileb://{message}"
    );
    let signature = put_base64(world, "signature", &admin.run(&call).json()["Signature"]);
    let verify = format!(
        "pkeyutl -verify -pubin -keyform DER -inkey {public} -rawin -in {message} -sigfile \
         {signature}"
    );
    openssl(world, &verify).ok();
}

#[test]
fn kms_decrypts_what_openssl_encrypts_to_its_public_key() {
    scenario(|world| {
        world.canary("a text for the owner of the key");
        let mut admin = Admin::new(world);
        let text = b"a text for the owner of the key";
        let plain = put(world, "plain", text);
        let key = key(&mut admin, "RSA_2048", "ENCRYPT_DECRYPT");
        let public = public_key(world, &mut admin, &key);
        let sealed = world.scratch().join("sealed").display().to_string();
        for (algorithm, hash) in [
            ("RSAES_OAEP_SHA_1", "sha1"),
            ("RSAES_OAEP_SHA_256", "sha256"),
        ] {
            let encrypt = format!(
                "pkeyutl -encrypt -pubin -keyform DER -inkey {public} -in {plain} -out {sealed} \
                 -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:{hash} -pkeyopt \
                 rsa_mgf1_md:{hash}"
            );
            openssl(world, &encrypt).ok();
            let by = format!("--key-id {key} --encryption-algorithm {algorithm}");
            let decrypt = format!("kms decrypt {by} --ciphertext-blob fileb://{sealed}");
            let opened = admin.run(&decrypt).json();
            assert_eq!(opened["Plaintext"], STANDARD.encode(text));
            let own = admin.run(&format!("kms encrypt {by} --plaintext fileb://{plain}"));
            let own = put_base64(world, "own", &own.json()["CiphertextBlob"]);
            let decrypt = format!("kms decrypt {by} --ciphertext-blob fileb://{own}");
            assert_eq!(
                admin.run(&decrypt).json()["Plaintext"],
                STANDARD.encode(text)
            );
        }
        // The key is the same after a crash.
        world.kill();
        world.start();
        let mut admin = Admin::new(world);
        let before = std::fs::read(&public).unwrap();
        public_key(world, &mut admin, &key);
        assert_eq!(std::fs::read(&public).unwrap(), before);
        let decrypt = format!(
            "kms decrypt --key-id {key} --encryption-algorithm RSAES_OAEP_SHA_256 \
             --ciphertext-blob fileb://{sealed}"
        );
        assert_eq!(
            admin.run(&decrypt).json()["Plaintext"],
            STANDARD.encode(text)
        );
    });
}

#[test]
fn openssl_agrees_with_kms_and_reads_its_data_key_pairs() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let key = key(&mut admin, "ECC_NIST_P384", "KEY_AGREEMENT");
        let public = public_key(world, &mut admin, &key);
        let path = |name: &str| world.scratch().join(name).display().to_string();
        let (own, own_public, shared) = (path("own.pem"), path("own.der"), path("shared"));
        for line in [
            format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out {own}"),
            format!("pkey -in {own} -pubout -outform DER -out {own_public}"),
            format!("pkeyutl -derive -inkey {own} -peerform DER -peerkey {public} -out {shared}"),
        ] {
            openssl(world, &line).ok();
        }
        let derive = format!(
            "kms derive-shared-secret --key-id {key} --key-agreement-algorithm ECDH --public-key \
             fileb://{own_public}"
        );
        let shared = STANDARD.encode(std::fs::read(shared).unwrap());
        assert_eq!(admin.run(&derive).json()["SharedSecret"], shared);
        world.canary(&shared);

        let under = admin.run("kms create-key").json();
        let under = under["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
        for spec in [
            "RSA_2048",
            "ECC_NIST_P521",
            "ECC_SECG_P256K1",
            "ECC_NIST_EDWARDS25519",
        ] {
            let call =
                format!("kms generate-data-key-pair --key-id {under} --key-pair-spec {spec}");
            let made = admin.run(&call).json();
            let private = put_base64(world, "private.der", &made["PrivateKeyPlaintext"]);
            let read = format!("pkey -inform DER -in {private} -pubout -outform DER");
            let read = format!("{read} -out {}", world.scratch().join("read.der").display());
            openssl(world, &read).ok();
            let read = std::fs::read(world.scratch().join("read.der")).unwrap();
            assert_eq!(
                STANDARD.encode(read),
                made["PublicKey"].as_str().unwrap(),
                "{spec}"
            );
            let blob = put_base64(world, "blob", &made["PrivateKeyCiphertextBlob"]);
            let opened = admin.run(&format!("kms decrypt --ciphertext-blob fileb://{blob}"));
            assert_eq!(opened.json()["Plaintext"], made["PrivateKeyPlaintext"]);
            let text = made["PrivateKeyPlaintext"].as_str().unwrap();
            let end = text.len().checked_sub(32).and_then(|at| text.get(at..));
            world.canary(end.unwrap());
        }
    });
}

fn key(admin: &mut Admin, spec: &str, usage: &str) -> String {
    let made = admin.run(&format!(
        "kms create-key --key-spec {spec} --key-usage {usage}"
    ));
    made.json()["KeyMetadata"]["KeyId"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The path of a key's public key, in DER.
fn public_key(world: &World, admin: &mut Admin, key: &str) -> String {
    let public = admin
        .run(&format!("kms get-public-key --key-id {key}"))
        .json();
    put_base64(world, "public.der", &public["PublicKey"])
}

/// The path of a file of the scratch folder.
fn put(world: &World, name: &str, bytes: &[u8]) -> String {
    let path: PathBuf = world.scratch().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

fn put_base64(world: &World, name: &str, text: &serde_json::Value) -> String {
    let bytes = STANDARD.decode(text.as_str().unwrap()).unwrap();
    put(world, name, &bytes)
}

fn openssl(world: &World, line: &str) -> Output {
    let mut command = world.anonymous("openssl");
    run(command.args(line.split_whitespace()))
}
