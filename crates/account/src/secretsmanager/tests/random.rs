//! Passwords: what is in them and what is not.

use proptest::prelude::*;

use super::*;

fn password(world: &mut World, input: &Record) -> Result<String, Fault> {
    let answer = call(world, "GetRandomPassword", input)?;
    let password = answer.secret("RandomPassword").unwrap();
    Ok(password.expose_text().unwrap().to_owned())
}

const EXCLUDES: [&str; 4] = [
    "ExcludeUppercase",
    "ExcludeLowercase",
    "ExcludeNumbers",
    "ExcludePunctuation",
];

fn kinds(password: &str) -> [bool; 4] {
    let has = |is: fn(&char) -> bool| password.chars().any(|letter| is(&letter));
    [
        has(char::is_ascii_uppercase),
        has(char::is_ascii_lowercase),
        has(char::is_ascii_digit),
        has(char::is_ascii_punctuation),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_password_has_each_kind_that_is_not_excluded(
        length in 4..200_i64,
        excluded in any::<[bool; 4]>(),
        without in "[ -~]{0,20}",
        seed in any::<u8>(),
    ) {
        let mut world = World::of([seed; 32], "us-east-1");
        let mut input = Record::new()
            .with("PasswordLength", length)
            .with("ExcludeCharacters", without.as_str());
        for (member, excluded) in EXCLUDES.into_iter().zip(excluded) {
            input.set(member, excluded);
        }
        let answer = password(&mut world, &input);
        if excluded == [true; 4] {
            fails(answer, PARAMETER, "every character is excluded");
            return Ok(());
        }
        let made = answer.unwrap();
        prop_assert_eq!(i64::try_from(made.len()).unwrap(), length);
        prop_assert!(made.chars().all(|letter| !without.contains(letter)), "{}", made);
        prop_assert_eq!(kinds(&made), excluded.map(|excluded| !excluded), "{}", made);
    }
}

#[test]
fn a_password_has_32_characters_unless_it_is_said() {
    let mut world = World::new();
    let one = password(&mut world, &Record::new()).unwrap();
    let two = password(&mut world, &Record::new()).unwrap();

    assert_eq!((one.len(), two.len()), (32, 32));
    assert_ne!(one, two);
    let long = password(&mut world, &Record::new().with("PasswordLength", 4_096)).unwrap();
    assert_eq!(long.len(), 4_096);
    // All 94 characters come, and no blank.
    let seen: std::collections::BTreeSet<char> = long.chars().collect();
    assert_eq!(seen.len(), 94);
}

#[test]
fn blanks_come_when_they_are_asked_for() {
    let mut world = World::new();
    let input = Record::new().with("IncludeSpace", true);
    let all = input.with("PasswordLength", 4_096);
    assert!(password(&mut world, &all).unwrap().contains(' '));
    let only = EXCLUDES
        .into_iter()
        .fold(all, |all, member| all.with(member, true));
    let blanks = password(&mut world, &only.with("PasswordLength", 3)).unwrap();
    assert_eq!(blanks, "   ");
}

#[test]
fn a_length_out_of_bounds() {
    let mut world = World::new();
    for length in [0, 4_097, -1] {
        let answer = password(&mut world, &Record::new().with("PasswordLength", length));
        fails(answer, VALIDATION, "passwordLength");
    }
    let short = Record::new().with("PasswordLength", 3);
    fails(password(&mut world, &short), PARAMETER, "too short");
    let any = short.with("RequireEachIncludedType", false);
    assert_eq!(password(&mut world, &any).unwrap().len(), 3);
}

#[test]
fn a_password_stands_in_no_record() {
    let mut world = World::new();
    let service = protocol::shape::Service::find("secretsmanager").unwrap();
    let operation = service.operation("GetRandomPassword").unwrap();
    let admin = world.admin.clone();
    let request = world.signed(&admin, service, operation, &Record::new());
    let outcome = world.outcome(&request);
    let answer = protocol::wire::decode_output(service, operation, &outcome.response).unwrap();
    let made = answer
        .secret("RandomPassword")
        .unwrap()
        .expose_text()
        .unwrap();

    assert!(!format!("{:?}", outcome.trail).contains(made));
    assert!(outcome.changes.is_empty());
}
