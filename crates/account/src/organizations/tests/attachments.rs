//! Tests: what is attached to what.

use super::{FULL, Organization, RCP, SCP, deny};

#[test]
fn a_policy_is_attached_once_to_something_that_is_there() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let unit = own.unit(&root, "u");
    let scp = own.policy(SCP, "p", &deny("s3:*"));
    let both = |policy, target| [("PolicyId", policy), ("TargetId", target)];
    let code = "PolicyNotFoundException";
    own.fails("AttachPolicy", &both("p-none0000", &*unit), code);
    own.fails("DetachPolicy", &both("p-none0000", &*unit), code);
    let code = "TargetNotFoundException";
    own.fails("AttachPolicy", &both(&*scp, "000000000000"), code);
    own.fails("AttachPolicy", &both(&*scp, "r-none"), code);
    let code = "PolicyNotAttachedException";
    own.fails("DetachPolicy", &both(&*scp, &*unit), code);

    own.attach(&scp, &unit);
    let code = "DuplicatePolicyAttachmentException";
    own.fails("AttachPolicy", &both(&*scp, &*unit), code);
    own.fails("AttachPolicy", &both(FULL, &*unit), code);
    let targets = own.call("ListTargetsForPolicy", &[("PolicyId", &scp)]);
    let targets = targets.unwrap();
    let target = targets.records("Targets").next().unwrap();
    assert_eq!(target.text("TargetId"), Some(unit.as_str()));
    assert_eq!(target.text("Type"), Some("ORGANIZATIONAL_UNIT"));
    let named = [("PolicyId", scp.as_str())];
    own.fails("DeletePolicy", &named, "PolicyInUseException");
    own.call("DetachPolicy", &both(&*scp, &*unit)).unwrap();
    own.call("DeletePolicy", &named).unwrap();
    let nowhere = [("TargetId", "r-none"), ("Filter", SCP)];
    let code = "TargetNotFoundException";
    own.fails("ListPoliciesForTarget", &nowhere, code);
}

#[test]
fn aws_own_policy_is_attached_to_whatever_is_new() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let (unit, account) = (own.unit(&root, "u"), own.account("a"));
    for target in [&root, &unit, &account] {
        for (of, default) in [(SCP, FULL), (RCP, "p-RCPFullAWSAccess")] {
            let input = [("TargetId", target.as_str()), ("Filter", of)];
            let found = own.ids("ListPoliciesForTarget", &input, "Policies");
            assert_eq!(found, [default], "{target}");
        }
    }
    let targets = own.call("ListTargetsForPolicy", &[("PolicyId", FULL)]);
    // The root, the unit and two accounts.
    assert_eq!(targets.unwrap().list("Targets").len(), 4);
}

#[test]
fn one_service_control_policy_stays_and_five_is_the_most() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let unit = own.unit(&root, "u");
    let both = |policy, target| [("PolicyId", policy), ("TargetId", target)];
    let code = "ConstraintViolationException";
    own.fails("DetachPolicy", &both(FULL, &*unit), code);
    let mut last = String::new();
    for n in 1..=5 {
        last = own.policy(SCP, &format!("p{n}"), &deny("s3:*"));
        if n < 5 {
            own.attach(&last, &unit);
        }
    }
    own.fails("AttachPolicy", &both(&*last, &*unit), code);
    own.call("DetachPolicy", &both(FULL, &*unit)).unwrap();
    own.attach(&last, &unit);
    own.fails("AttachPolicy", &both(FULL, &*unit), code);
    let input = both("p-RCPFullAWSAccess", &unit);
    own.fails("DetachPolicy", &input, "InvalidInputException");
}
