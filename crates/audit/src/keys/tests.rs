//! Each form that keys have in files, what is no key, and what is told of one. The keys are made
//! up; each is put together here, so that no tool takes this file for a leak.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::Container::{Base64, Gzip};
use super::{Confidence, Container, FoundKey, Kind, OPENED_BYTES_MAX, find, scan};

const ID: &str = concat!("AKIA", "Y34FZKBOKMUTVV7A");
const TEMPORARY: &str = concat!("ASIA", "Y34FZKBOKMUTVV7A");
const SECRET: &str = concat!("q8Zr3Lk0", "VnT5yXwB1mHj", "/7PdEoAc9+sRu2GfKi6N");

fn token() -> String {
    STANDARD.encode([0x21; 300])
}

fn filled(text: &str) -> String {
    text.replace("ID", ID)
        .replace("SECRET_VALUE", SECRET)
        .replace("TOKEN_VALUE", &token())
}

fn one(text: &str) -> FoundKey {
    let found = scan(text.as_bytes());
    assert_eq!(found.len(), 1, "{text:?}: {found:#?}");
    found.into_iter().next().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, bytes).unwrap();
    packed.finish().unwrap()
}

const PAIR: &str = "export AWS_ACCESS_KEY_ID=ID\nexport AWS_SECRET_ACCESS_KEY=SECRET_VALUE\n";

#[test]
fn pairs_are_found_in_every_form() {
    for form in [
        PAIR,
        "[default]\naws_access_key_id = ID\naws_secret_access_key = SECRET_VALUE\n",
        "[default]\naws_secret_access_key=SECRET_VALUE\naws_access_key_id=ID",
        "Environment=\"AWS_ACCESS_KEY_ID=ID\" \"AWS_SECRET_ACCESS_KEY=SECRET_VALUE\"",
        "HOME=/root\0AWS_ACCESS_KEY_ID=ID\0AWS_SECRET_ACCESS_KEY=SECRET_VALUE\0LANG=C\0",
        "aws:\n  access-key-id: ID\n  secret-access-key: SECRET_VALUE\n",
        "{\"accessKeyId\": \"ID\", \"secretAccessKey\": \"SECRET_VALUE\"}",
        "{\"name\":\"AWS_ACCESS_KEY_ID\",\"value\":\"ID\"},\
         {\"name\":\"AWS_SECRET_ACCESS_KEY\",\"value\":\"SECRET_VALUE\"}",
        "- name: AWS_ACCESS_KEY_ID\n  value: ID\n\
         - name: AWS_SECRET_ACCESS_KEY\n  value: SECRET_VALUE",
        "const s3 = new S3({accessKeyId:'ID',secretAccessKey:'SECRET_VALUE'})",
        "define('AWS_KEY', 'ID');\ndefine('AWS_SECRET', 'SECRET_VALUE');",
        "'key' => 'ID',\n'secret' => 'SECRET_VALUE',",
        "aws.accessKeyId=ID\naws.secretKey=SECRET_VALUE\n",
        "AWSStaticCredentialsProvider(new BasicAWSCredentials(\"ID\", \"SECRET_VALUE\"))",
        "aws configure set aws_access_key_id ID\n\
         aws configure set aws_secret_access_key SECRET_VALUE",
        "AWS_ACCESS_KEY_ID=ID AWS_SECRET_ACCESS_KEY=SECRET_VALUE aws s3 ls",
        "<property><name>fs.s3a.access.key</name><value>ID</value></property>\n\
         <property><name>fs.s3a.secret.key</name><value>SECRET_VALUE</value></property>",
        "backup = \"s3://ID:SECRET_VALUE@bucket/path\"",
        "ENV AWS_ACCESS_KEY_ID ID\nENV AWS_SECRET_ACCESS_KEY SECRET_VALUE",
        "access_key = \"ID\" # the key\nsecret_key = \"SECRET_VALUE\"",
    ] {
        let text = filled(form);
        let key = one(&text);
        assert_eq!(key.key_id.as_deref(), Some(ID), "{form}");
        assert!(key.has_secret, "{form}");
        assert_eq!(key.confidence, Confidence::High, "{form}");
    }
}

#[test]
fn escapes_of_json_and_urls_are_no_hiding_place() {
    let slashed = filled(r#"{"key":"ID","secret":"SECRET_VALUE"}"#).replace('/', "\\/");
    assert!(one(&slashed).has_secret);
    let url = filled("s3://ID:SECRET_VALUE@b")
        .replace("/7", "%2F7")
        .replace('+', "%2B");
    assert!(one(&url).has_secret);
    let line = filled("\"UserData\": \"#!/bin/sh\\nID\\nSECRET_VALUE\\n\"").replace('/', "\\/");
    assert!(one(&line).has_secret);
    one(&filled("https://b/?X-Amz-Credential%3DID%2F20260101"));
}

#[test]
fn a_secret_alone_is_told_by_its_name() {
    for form in [
        "aws_secret_access_key = SECRET_VALUE",
        "AWS_SECRET_ACCESS_KEY=SECRET_VALUE",
        "  secret-access-key: 'SECRET_VALUE'",
        "\"SecretAccessKey\" : \"SECRET_VALUE\"",
        "--aws-secret-key SECRET_VALUE",
        "${AWS_SECRET_ACCESS_KEY:-SECRET_VALUE}",
        "secretAccessKey: process.env.KEY || \"SECRET_VALUE\"",
    ] {
        let key = one(&filled(form));
        assert_eq!((key.key_id, key.kind), (None, Kind::NotKnown), "{form}");
        assert_eq!(key.masked, "…Ki6N", "{form}");
        assert!(key.has_secret && key.name.is_some(), "{form}");
    }
    let packed = format!("AWS_SECRET_ACCESS_KEY: {}", STANDARD.encode(SECRET));
    assert_eq!(one(&packed).masked, "…Ki6N");
}

#[test]
fn an_id_alone_is_less_than_a_pair() {
    let key = one(&filled("the key is ID, ask for the rest"));

    assert_eq!(
        (key.has_secret, key.confidence),
        (false, Confidence::Medium)
    );
    assert_eq!(key.masked, "AKIA…VV7A");
    assert_eq!(key.account.as_deref(), Some("609629065308"));
}

#[test]
fn what_no_id_has_is_told_with_doubt() {
    let key = one("aws_key = AKIAQ4WZ9KTRM0VXBH6D");
    assert_eq!(key.confidence, Confidence::Low);
}

#[test]
fn credentials_of_a_role_have_a_token_and_an_end() {
    let document = filled(
        "{\"Code\" : \"Success\",\n \"AccessKeyId\" : \"ASIA_ID\",\n \
         \"SecretAccessKey\" : \"SECRET_VALUE\",\n \"Token\" : \"TOKEN_VALUE\",\n \
         \"Expiration\" : \"2026-11-21T22:00:00Z\"}",
    )
    .replace(&format!("ASIA_{ID}"), TEMPORARY);
    let key = one(&document);

    assert_eq!(key.kind, Kind::Temporary);
    assert!(key.has_secret && key.has_token);
    assert_eq!(key.expires.as_deref(), Some("2026-11-21T22:00:00Z"));
    assert_eq!((key.line, key.column), (2, 19));
}

#[test]
fn base64_and_gzip_are_opened_however_they_nest() {
    let plain = filled(PAIR);
    let once = STANDARD.encode(&plain);
    let twice = STANDARD.encode(&once);
    let packed = gzip(plain.as_bytes());
    let hidden = STANDARD.encode(&packed);
    let cases: [(Vec<u8>, &[Container]); 7] = [
        (format!("user_data = \"{once}\"").into_bytes(), &[Base64]),
        (URL_SAFE_NO_PAD.encode(&plain).into_bytes(), &[Base64]),
        (format!("x: {twice}\n").into_bytes(), &[Base64, Base64]),
        (packed.clone(), &[Gzip]),
        (format!("write: {hidden}").into_bytes(), &[Base64, Gzip]),
        (
            STANDARD.encode(&hidden).into_bytes(),
            &[Base64, Base64, Gzip],
        ),
        (gzip(hidden.as_bytes()), &[Gzip, Base64, Gzip]),
    ];
    for (bytes, within) in cases {
        let found = scan(&bytes);
        let [key] = found.as_slice() else {
            panic!("{within:?}: {found:?}");
        };
        assert_eq!(key.within, within);
        assert!(key.has_secret, "{within:?}");
        assert_eq!(key.inner_line, Some(1));
    }
}

#[test]
fn base64_is_found_in_the_midst_of_lines() {
    let plain = filled(&format!(
        "#cloud-config\nwrite_files:\n- content: |\n{PAIR}"
    ));
    let text = STANDARD.encode(&plain);
    let mut lines: Vec<&str> = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(76));
        lines.push(line);
        rest = after;
    }
    let key = one(&format!(
        "head: 1\ndata: |\n  {}\nfoot: 2\n",
        lines.join("\n  ")
    ));

    assert!(key.has_secret);
    assert_eq!((key.line, key.column, key.inner_line), (3, 3, Some(4)));
}

#[test]
fn pairs_of_a_cluster_secret_are_packed_one_by_one() {
    let text = format!(
        "data:\n  AWS_ACCESS_KEY_ID: {}\n  AWS_SECRET_ACCESS_KEY: {}\n",
        STANDARD.encode(ID),
        STANDARD.encode(SECRET)
    );
    let key = one(&text);

    assert_eq!(key.key_id.as_deref(), Some(ID));
    assert!(key.has_secret);
}

#[test]
fn what_only_looks_like_a_key_is_none() {
    let documentation = concat!("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY");
    for decoy in [
        format!("aws_access_key_id=AKIAIOSFODNN7EXAMPLE\naws_secret_access_key={documentation}"),
        "git checkout 3f786850e387550fdab836ed7e6dc881de23001b".to_owned(),
        "aws_secret_access_key = 3f786850e387550fdab836ed7e6dc881de23001b".to_owned(),
        "aws_secret_access_key = ${aws_secret_access_key}".to_owned(),
        "AWS_SECRET_ACCESS_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(),
        "AWS_SECRET_ACCESS_KEY=YourSecretAccessKeyGoesHere0123456789abcd".to_owned(),
        format!(
            "aws secretsmanager get-secret-value --secret-id {}",
            "a".repeat(40)
        ),
        format!("integrity=\"sha512-{}\"", STANDARD.encode([7; 64])),
        format!("checksum {SECRET}"),
        format!("prefix{ID}"),
        format!("{ID}suffix"),
        format!("\"principalId\": \"{}\"", ID.replace("AKIA", "AIDA")),
        format!("client_secret = {SECRET}"),
        format!("_ZN10aws_secret6client{SECRET}E.llvm.{SECRET}.rlib aws_secret_{SECRET}"),
        String::new(),
    ] {
        assert_eq!(scan(decoy.as_bytes()), [], "{decoy}");
    }
}

/// What detect-secrets, Kingfisher, gitleaks' rule, secretlint, CredSweeper and Checkov were seen
/// to say otherwise, of samples of each sort that they publish.
#[test]
fn what_other_finders_disagree_about_is_decided() {
    let found = |text: &str| scan(filled(text).as_bytes());
    // Kingfisher passes over what ends with NUL; gitleaks has no rule for a secret; Kingfisher
    // wants an id beside it.
    assert!(
        one(&filled(
            "A=1\0AWS_ACCESS_KEY_ID=ID\0AWS_SECRET_ACCESS_KEY=SECRET_VALUE\0"
        ))
        .has_secret
    );
    assert!(one(&filled("secret_access_key = \"SECRET_VALUE\"")).has_secret);
    // Kingfisher passes over an id without a secret, gitleaks over one with a digit that it may
    // not have.
    assert_eq!(found("key = ID").len(), 1);
    assert_eq!(
        found("key = ID")[0].confidence,
        one(&filled("ID")).confidence
    );
    let odd = found(&"key = ID".replace("ID", &ID.replace("VV7", "V98")));
    assert!(odd.iter().all(|it| it.confidence == Confidence::Low) && odd.len() == 1);
    // detect-secrets has no bounds of words, and takes AWS's own example.
    assert!(
        found("xID").is_empty() && found("IDX").is_empty(),
        "no word of its own"
    );
    assert!(found("AKIAIOSFODNN7EXAMPLE").is_empty());
    // Checkov takes ids of roles and users, and any forty characters; Prowler took a word.
    for text in [
        format!("role = {}", ID.replace("AKIA", "AROA")),
        format!("checksum: {SECRET}"),
        "aws secretsmanager get-secret-value --secret-id app".to_owned(),
    ] {
        assert!(scan(text.as_bytes()).is_empty(), "{text}");
    }
}

#[test]
fn a_hash_beside_an_id_is_not_its_secret() {
    let key = one(&filled("ID 3f786850e387550fdab836ed7e6dc881de23001b"));
    assert!(!key.has_secret);
}

#[test]
fn each_profile_keeps_its_own_secret() {
    let other_id = concat!("AKIA", "Q4WZ7KTRM2VXBH6D");
    let other = SECRET.replace("q8Z", "Zq8");
    let text = format!(
        "[a]\naws_access_key_id={ID}\naws_secret_access_key={SECRET}\n\
         [b]\naws_access_key_id={other_id}\naws_secret_access_key={other}\n"
    );
    let found = find(text.as_bytes(), b"key", OPENED_BYTES_MAX).keys;
    let [one, two] = found.as_slice() else {
        panic!("{found:?}");
    };

    assert_eq!((one.line, two.line), (2, 5));
    assert!(one.has_secret && two.has_secret);
    assert_ne!(one.fingerprint, two.fingerprint);
}

#[test]
fn a_value_is_known_again_under_the_same_key_only() {
    let fingerprint = |text: &str, key: &[u8]| {
        let found = find(filled(text).as_bytes(), key, OPENED_BYTES_MAX).keys;
        found.first().and_then(|key| key.fingerprint.clone())
    };
    let alone = fingerprint("aws_secret_access_key=SECRET_VALUE", b"one");

    assert!(alone.is_some());
    assert_eq!(fingerprint(PAIR, b"one"), alone);
    assert_ne!(fingerprint(PAIR, b"two"), alone);
    assert_eq!(one(&filled(PAIR)).fingerprint, None);
}

#[test]
fn nothing_told_holds_the_secret() {
    let told = format!(
        "{:?}",
        find(filled(PAIR).as_bytes(), b"key", OPENED_BYTES_MAX)
    );
    for part in SECRET.as_bytes().windows(6) {
        let part = str::from_utf8(part).unwrap();
        assert!(!told.contains(part), "{told}");
    }
}

#[test]
fn a_bomb_is_opened_as_far_as_the_bound() {
    let bomb = gzip(&vec![b'a'; 100 << 20]);
    let found = find(&bomb, b"key", OPENED_BYTES_MAX);

    assert_eq!(found.keys, []);
    assert_eq!(found.cut.len(), 1);
}

#[test]
fn a_list_without_end_is_listed_up_to_the_bound() {
    let many = format!("{ID}\n").repeat(5_000);
    let found = find(many.as_bytes(), b"key", OPENED_BYTES_MAX);

    assert!((1_000..5_000).contains(&found.keys.len()));
    assert_eq!(found.cut.len(), 1);
}

/// The letters of the first line happen to look like a pattern that shows other groups.
#[test]
fn a_pattern_by_chance_hides_no_key() {
    let inner = " A\n\n\n00 a\naA A\n\n  \n \n 0acS\n\nAWS_ACCESS_KEY_ID=AKIAQ2AAAA2222B2ACED\n\
                 AWS_SECRET_ACCESS_KEY=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\n";
    let packed = |text: &str| format!("data: {}\n", STANDARD.encode(text));
    let found = scan(packed(&packed(inner)).as_bytes());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].has_secret);
}
