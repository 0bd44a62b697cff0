//! Lifecycle rules, as boto3 sees them while days go by: what is over is not there from its
//! midnight on, and the next sweep takes its bytes from the disk.

use crate::canary::files;
use crate::clients::{python, run, script};
use crate::kept::{Kept, WAIT_MAX};
use crate::store_clock::{serve_shifted, shifted_by};
use crate::wait::until;

#[test]
fn what_rules_end_goes_as_days_go_by() {
    let mut kept = Kept::init_with("--root-key-file root.key");
    let shift = serve_shifted(&mut kept);
    let boto3 = |kept: &Kept, part: &str| {
        let mut command = kept.as_admin(python());
        command.envs(shifted_by(&shift)).arg(script("lifecycle.py"));
        run(command.args([part, &shift])).ok();
    };
    boto3(&kept, "days");
    let objects = kept.path(&kept.data).join("objects");
    assert_eq!(files(&objects).len(), 6);
    // Nobody has asked for it since; a server that starts looks by itself.
    kept.stop();
    serve_shifted(&mut kept);
    until("files that are over are gone", WAIT_MAX, || {
        (files(&objects).len() == 3).then_some(())
    });
    // It was no call: the one on record is boto3's own.
    let trail = kept.account("trail --format json");
    let deletes = trail.ok().matches(r#""eventName":"DeleteObject""#);
    assert_eq!(deletes.count(), 1);
    boto3(&kept, "after");
    assert!(kept.log().contains("records of what was over are gone"));
    kept.stop();
    kept.change_flags("");
    kept.finish("root.key");
}
