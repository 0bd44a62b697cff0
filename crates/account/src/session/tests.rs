//! Minting and opening of session tokens.

use super::*;
use crate::testing;

fn session() -> Session {
    Session {
        access_key_id: String::new(),
        account: "123456789012".into(),
        role: "r".into(),
        role_id: "AROA".into(),
        name: "s".into(),
        issued: Timestamp::UNIX_EPOCH,
        expires: testing::seconds(3_600),
        policy: None,
        policy_arns: Vec::new(),
        tags: Vec::new(),
        transitive_tag_keys: Vec::new(),
        source_identity: None,
        provider: None,
        instance: None,
    }
}

fn minted() -> Credentials {
    mint(&testing::keyring(1), session(), &[5; 32]).unwrap()
}

fn open_at(credentials: &Credentials, seconds: i64) -> Result<Session, OpenError> {
    let opened = open(
        &testing::keyring(1),
        &credentials.access_key_id,
        &credentials.session_token,
        testing::seconds(seconds),
    );
    opened.map(|token| match token {
        Token::Role(session) => session,
        Token::User(session) => panic!("{session:?} is no role's"),
    })
}

#[test]
fn what_was_sealed_is_what_opens() {
    let credentials = minted();

    let opened = open_at(&credentials, 0).unwrap();

    assert_eq!(
        opened,
        Session {
            access_key_id: credentials.access_key_id.clone(),
            ..session()
        }
    );
    assert!(credentials.access_key_id.starts_with("ASIA"));
    assert_eq!(
        secret_access_key(&testing::keyring(1), &credentials.access_key_id),
        Some(credentials.secret_access_key)
    );
}

#[test]
fn a_session_has_ended_at_its_end() {
    assert!(open_at(&minted(), 3_599).is_ok());
    assert_eq!(open_at(&minted(), 3_600), Err(OpenError::Expired));
}

#[test]
fn a_token_of_another_account_is_invalid() {
    let other = mint(&testing::keyring(2), session(), &[5; 32]).unwrap();

    assert_eq!(open_at(&other, 0), Err(OpenError::Invalid));
}

#[test]
fn a_token_belongs_to_its_access_key_id() {
    let (one, mut two) = (
        minted(),
        mint(&testing::keyring(1), session(), &[6; 32]).unwrap(),
    );
    two.session_token = one.session_token;

    assert_eq!(open_at(&two, 0), Err(OpenError::Invalid));
}

#[test]
fn no_byte_of_a_token_can_be_changed() {
    let credentials = minted();
    let token = STANDARD.decode(credentials.session_token.expose()).unwrap();
    for at in 0..token.len() {
        let mut altered = token.clone();
        altered[at] ^= 1;
        let altered = Credentials {
            session_token: Secret::from_text(STANDARD.encode(altered)),
            ..credentials.clone()
        };
        assert_eq!(open_at(&altered, 0), Err(OpenError::Invalid), "byte {at}");
    }
}

#[test]
fn what_is_no_token_is_invalid() {
    for text in ["", "AQ==", "not base64", "AAAA"] {
        let mut credentials = minted();
        credentials.session_token = Secret::from_text(text.into());
        assert_eq!(open_at(&credentials, 0), Err(OpenError::Invalid), "{text}");
    }
    let mut credentials = minted();
    credentials.session_token = Secret::new(vec![b'A'; TOKEN_BYTES_MAX + 4]);
    assert_eq!(open_at(&credentials, 0), Err(OpenError::Invalid));
}

#[test]
fn a_session_that_begins_later_is_none() {
    let session = Session {
        issued: testing::seconds(1_000),
        ..session()
    };
    let credentials = mint(&testing::keyring(1), session, &[5; 32]).unwrap();
    assert!(open_at(&credentials, 100).is_ok());
    assert_eq!(open_at(&credentials, 99), Err(OpenError::Invalid));
}
