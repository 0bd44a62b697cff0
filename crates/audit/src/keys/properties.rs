//! What holds for any bytes: no panic, places that lie in them, and a pair that is found wherever
//! it is put.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::scan;

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
}
