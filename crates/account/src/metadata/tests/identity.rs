//! Signatures of the identity document: what verifiers of its forms see.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use x509_cert::Certificate;
use x509_cert::der::asn1::OctetString;
use x509_cert::der::{Decode, DecodePem, Encode};

use super::*;
use crate::entity::Entity;
use crate::state::StateError;
use crate::testing::identity_key;

const FOLDER: &str = "/latest/dynamic/instance-identity/";

fn signed_world() -> World {
    let mut world = World::new();
    world.put(Entity::IdentityKey(identity_key()));
    world
}

fn read(world: &World, name: &str) -> String {
    let (status, text) = get(world, &format!("{FOLDER}{name}"));
    assert_eq!(status, 200, "{name}");
    text
}

/// What base64 in lines of 64 stands for.
fn decoded(text: &str) -> Vec<u8> {
    assert!(!text.ends_with('\n') && !text.contains("\n\n"), "{text}");
    let mut lines: Vec<&str> = text.split('\n').collect();
    let last = lines.pop().unwrap();
    assert!((1..=64).contains(&last.len()), "{text}");
    assert!(lines.iter().all(|line| line.len() == 64), "{text}");
    STANDARD.decode(text.replace('\n', "")).unwrap()
}

/// Whether the certificate's key has signed the message.
fn is_good(world: &World, message: &[u8], signature: &[u8]) -> bool {
    let certificate = world.partition.identity_certificate().unwrap();
    let certificate = Certificate::from_pem(certificate).unwrap();
    let key = certificate.tbs_certificate.subject_public_key_info;
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.to_der().unwrap());
    key.verify(message, signature).is_ok()
}

#[test]
fn the_signature_is_over_the_bytes_of_the_document() {
    let world = signed_world();
    assert_eq!(
        get(&world, FOLDER).1,
        "document\nrsa2048\nsignature",
        "pkcs7 is left out"
    );
    let document = read(&world, "document");
    let signature = decoded(&read(&world, "signature"));
    assert_eq!(signature.len(), 256);
    assert!(is_good(&world, document.as_bytes(), &signature));
    let altered = document.replace("t3.micro", "t3.large");
    assert!(!is_good(&world, altered.as_bytes(), &signature));
}

#[test]
fn the_signed_data_carry_the_document_and_no_certificate() {
    let world = signed_world();
    let document = read(&world, "document");
    let der = decoded(&read(&world, "rsa2048"));
    let info = ContentInfo::from_der(&der).unwrap();
    // What was read is written the same: lengths are definite, sets are in order.
    assert_eq!(info.to_der().unwrap(), der);
    let data: SignedData = info.content.decode_as().unwrap();

    let content = data.encap_content_info.econtent.unwrap();
    let content: OctetString = content.decode_as().unwrap();
    assert_eq!(content.as_bytes(), document.as_bytes());
    assert_eq!(data.certificates, None);
    let [signer] = data.signer_infos.0.as_slice() else {
        panic!("not one signer");
    };
    let attributes = signer.signed_attrs.as_ref().unwrap();
    assert_eq!(attributes.len(), 3);
    let message = attributes.to_der().unwrap();
    assert!(is_good(&world, &message, signer.signature.as_bytes()));
}

#[test]
fn two_servers_sign_the_same_and_a_launch_signs_anew() {
    let (mut world, other) = (signed_world(), signed_world());
    for name in ["signature", "rsa2048"] {
        assert_eq!(read(&world, name), read(&other, name));
        assert_eq!(read(&world, name), read(&world, name));
    }
    let before = read(&world, "rsa2048");
    let id = world.instance_id();
    let ids = Record::new().with("InstanceIds", vec![&*id]);
    world.now = seconds(5);
    world.admin("ec2", "StopInstances", &ids).unwrap();
    world.now = seconds(9);
    world.admin("ec2", "StartInstances", &ids).unwrap();

    let document = read(&world, "document");
    assert!(document.contains("2026-01-01T00:00:09Z"), "{document}");
    assert_ne!(read(&world, "rsa2048"), before);
    let signature = decoded(&read(&world, "signature"));
    assert!(is_good(&world, document.as_bytes(), &signature));
}

#[test]
fn without_a_key_a_signature_is_not_there_and_wants_one() {
    let world = World::new();
    assert_eq!(world.partition.identity_certificate(), None);
    assert_eq!(get(&world, FOLDER).1, "document\nrsa2048\nsignature");
    for (name, wants) in [
        ("signature", true),
        ("rsa2048", true),
        ("pkcs7", false),
        ("signature/more", false),
        ("document", false),
        ("", false),
    ] {
        let path = format!("{FOLDER}{name}");
        let token = token(&world);
        let answer = ask(&world, "GET", &path, &[(TOKEN, &token)]);
        assert_eq!(answer.wants_identity_key, wants, "{name}");
        assert!(!wants || answer.response.status() == 404, "{name}");
        // Nothing is made for whoever may not read.
        for refused in [&[][..], &[(TOKEN, "bad")]] {
            let answer = ask(&world, "GET", &path, refused);
            assert_eq!(answer.response.status(), 401, "{name}");
            assert!(!answer.wants_identity_key, "{name}");
        }
    }
    let world = signed_world();
    let path = format!("{FOLDER}signature");
    let answer = ask(&world, "GET", &path, &[(TOKEN, &token(&world))]);
    assert!(!answer.wants_identity_key);
}

#[test]
fn a_key_with_another_keys_certificate_is_refused() {
    let other = rcgen::generate_simple_self_signed(Vec::new()).unwrap();
    let good = identity_key();
    let wrong = [
        (good.pkcs8.clone(), other.cert.pem()),
        (good.pkcs8.clone(), "no certificate".to_owned()),
        (Secret::new([0; 16]), good.certificate.clone()),
    ];
    for (pkcs8, certificate) in wrong {
        let mut partition = (*World::new().partition).clone();
        let key = crate::entity::IdentityKey { pkcs8, certificate };
        let change = crate::entity::Change::put(partition.home(), Entity::IdentityKey(key));
        let refused = partition.apply(change).unwrap_err();
        assert!(matches!(refused, StateError::Entity(_)), "{refused}");
    }
}

#[test]
fn the_key_is_not_shown() {
    let world = signed_world();
    let shown = format!("{:?} {:?}", world.partition, identity_key());
    let key = STANDARD.encode(identity_key().pkcs8.expose());
    assert!(!shown.contains(key.get(..64).unwrap()));
}
