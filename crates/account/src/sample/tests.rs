//! New accounts are whole, and what is none is refused.

use std::sync::Arc;

use super::*;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

#[test]
fn the_sample_is_a_whole_account() {
    let account = sample("123456789012", "us-east-1", NOW, [1; 32]).unwrap();

    let partition = Arc::new(account.into_partition().unwrap());

    let state = partition.founding_state().unwrap();

    assert_eq!(state.instances().len(), 1);
    assert!(state.role(ROLE).is_some() && state.secret(SECRET).is_some());
}

#[test]
fn seeds_make_accounts_of_their_own() {
    let one = empty("123456789012", "us-east-1", NOW, [1; 32]).unwrap();
    let two = empty("123456789012", "us-east-1", NOW, [2; 32]).unwrap();

    assert_ne!(one.admin.id, two.admin.id);
    assert_ne!(one.admin.secret, two.admin.secret);
}

#[test]
fn zone_ids_are_those_of_aws() {
    for (region, prefix) in [
        ("us-east-1", "use1"),
        ("eu-central-1", "euc1"),
        ("ap-southeast-2", "apse2"),
        ("us-gov-west-1", "usgw1"),
    ] {
        assert_eq!(network::zone_id_prefix(region).as_deref(), Some(prefix));
    }
}

#[test]
fn what_is_no_account_or_region_is_refused() {
    for id in ["", "12345678901", "1234567890123", "12345678901x"] {
        let error = empty(id, "us-east-1", NOW, [1; 32]).unwrap_err();
        assert_eq!(error, NewAccountError::AccountId(id.into()));
    }
    for region in [
        "",
        "us",
        "us-east",
        "us-up-1",
        "us-east-x",
        "US-east-1",
        "a-b-c-d-e",
    ] {
        let error = empty("123456789012", region, NOW, [1; 32]).unwrap_err();
        assert_eq!(error, NewAccountError::Region(region.into()));
    }
}
