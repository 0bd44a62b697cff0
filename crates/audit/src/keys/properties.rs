//! What holds for any bytes: no panic, places that lie in them, and a pair that is found wherever
//! it is put.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::{Container, scan};

/// The ways in which a pair is written, and what each has to be opened of.
const WAYS: usize = 9;

fn written(way: usize, id: &str, secret: &str) -> (Vec<u8>, Option<Container>) {
    let lines = format!("aws_access_key_id={id}\naws_secret_access_key={secret}\n");
    let wide = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let halves = |text: &str| {
        let (one, two) = text.split_at(13);
        format!("{one}\\\n{two}")
    };
    let url = secret.replace('/', "%2F").replace('+', "%2B");
    let plain = match way {
        0 => lines,
        1 => format!("AWS_ACCESS_KEY_ID={id}\0AWS_SECRET_ACCESS_KEY={secret}\0"),
        2 => format!("https://x/?k={id}&aws_secret_access_key={url}&y=z\n"),
        3 => format!(
            "{{\"accessKeyId\":\"{id}\",\"secretAccessKey\":\"{}\"}}\n",
            secret.replace('/', "\\/")
        ),
        4 => format!("KEY={} SECRET_ACCESS_KEY={}\n", halves(id), halves(secret)),
        5 => format!("x = client('{id}', '{secret}')\n"),
        6 => format!("\"{{\\\"id\\\":\\\"{id}\\\",\\\"aws_secret\\\":\\\"{secret}\\\"}}\"\n"),
        7 => format!("data: {}\n", STANDARD.encode(lines)),
        _ => format!("powershell -e {}\n", STANDARD.encode(wide(&lines))),
    };
    let within = match way {
        7 => Some(Container::Base64),
        8 => Some(Container::Utf16),
        _ => None,
    };
    (plain.into_bytes(), within)
}

/// Thirty-two characters, as in ids of the new generation.
fn id() -> impl Strategy<Value = String> {
    "(AKIA|ASIA)[Q-Z2-7][A-Z2-7]{15}"
        .prop_filter("no placeholder", |id| super::id::judge(id).is_some())
}

fn secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9+/]{40}".prop_filter("forty random characters", |text| {
        let run = super::value::runs(text.as_bytes(), 0, text.len()).next();
        run.is_some_and(|run| super::value::secret(text.as_bytes(), &run, false).is_some())
    })
}

proptest! {
    #[test]
    fn any_bytes_are_searched(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        for key in scan(&bytes) {
            prop_assert!(key.offset < bytes.len());
        }
    }

    #[test]
    fn any_mix_of_what_means_something_is_searched(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("AKIA".to_owned()), Just("QUtJQ".to_owned()), Just("H4sI".to_owned()),
                Just("\"Token\"".to_owned()), Just("aws_secret_access_key".to_owned()),
                Just("xpiration\":\"2026".to_owned()), Just("\n".to_owned()), Just("=".to_owned()),
                Just("\\/".to_owned()), Just("%2F".to_owned()), "[A-Za-z0-9+/]{1,60}", "\\PC{1,4}",
            ],
            0..60,
        ),
    ) {
        let text = parts.concat();
        let lines = text.lines().count().max(1);
        for key in scan(text.as_bytes()) {
            prop_assert!(key.offset < text.len());
            prop_assert!((1..=lines + 1).contains(&key.line));
        }
    }

    #[test]
    fn a_pair_is_found_wherever_it_stands(
        id in id(),
        secret in secret(),
        head in "[ -~\n]{0,80}",
        tail in "[ -~\n]{0,80}",
        packs in 0..3_usize,
    ) {
        let mut text = format!(
            "{head}\nAWS_ACCESS_KEY_ID={id}\nAWS_SECRET_ACCESS_KEY={secret}\n{tail}"
        );
        for _ in 0..packs {
            text = format!("data: {}\n", STANDARD.encode(text));
        }
        let found = scan(text.as_bytes());
        let key = found.iter().find(|key| key.key_id.as_deref() == Some(&id));
        prop_assert!(key.is_some_and(|key| key.has_secret), "{text}: {found:?}");
        prop_assert_eq!(key.map(|key| key.within.len()), Some(packs));
    }

    #[test]
    fn a_pair_is_found_in_noise_however_it_is_written(
        id in id(),
        secret in secret(),
        way in 0..WAYS,
        head in proptest::collection::vec(any::<u8>(), 0..600),
        tail in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let (pair, within) = written(way, &id, &secret);
        // A pair has lines of its own, as noise may be the rest of a word.
        let bytes = [&head[..], b"\n \n", &pair, b"\n \n", &tail[..]].concat();
        let found = scan(&bytes);
        let key = found.iter().find(|key| key.key_id.as_deref() == Some(&id));
        prop_assert!(key.is_some_and(|key| key.has_secret), "{way}: {found:?}");
        prop_assert_eq!(key.and_then(|key| key.within.last().copied()), within);
    }

    #[test]
    fn a_text_of_two_bytes_a_character_is_read(id in id(), secret in secret(), way in 0..7_usize) {
        let (pair, _) = written(way, &id, &secret);
        let text = String::from_utf8_lossy(&pair).into_owned();
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let found = scan(&[&[0xfe, 0xff], &wide[..]].concat());
        prop_assert!(found.iter().any(|key| key.has_secret), "{text}: {found:?}");
    }

    #[test]
    fn a_secret_alone_is_found_by_its_name(secret in secret(), head in "[ -~\n]{0,80}") {
        let text = format!("{head}\nsecretAccessKey: {secret}\n");
        let found = scan(text.as_bytes());
        prop_assert!(found.iter().any(|key| key.has_secret), "{text}: {found:?}");
    }

    #[test]
    fn checksums_and_examples_are_no_keys(hash in "[0-9a-f]{40}", digest in "[0-9a-f]{64}") {
        let text = format!(
            "git checkout {hash}\naws_secret_access_key = {hash}\nsha256:{digest}\n\
             aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n\
             aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
        );
        prop_assert_eq!(scan(text.as_bytes()), Vec::new());
    }
}
