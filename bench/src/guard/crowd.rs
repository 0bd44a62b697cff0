//! Fifty processes of fifty users at once: each has a role of its own and must never see the name
//! of another's.

use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::ensure;
use protocol::Record;

use super::caller::Told;
use crate::report;
use crate::subject::Subject;

/// The role of each.
pub(super) async fn make_roles(subject: &Subject) -> anyhow::Result<()> {
    let trust = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow",
            "Principal": {{"AWS": "{ACCOUNT}:role/ec2-secrets-manager-role"}},
            "Action": "sts:AssumeRole"}}}}"#
    );
    for uid in users() {
        let input = Record::new()
            .with("RoleName", format!("of-{uid}"))
            .with("AssumeRolePolicyDocument", trust.clone());
        let made = subject.signed("iam", "CreateRole", &input, "of-")?;
        crate::load::once(&made).await?;
    }
    Ok(())
}

pub(super) fn rules() -> String {
    let rule = |(at, uid): (usize, u32)| {
        // Half of them by user alone, half by executable too.
        let exe = if at % 2 == 0 { "" } else { ", exe: /**" };
        format!("  - {{who: {{uid: {uid}{exe}}}, assume-role: '{ACCOUNT}:role/of-{uid}'}}\n")
    };
    users().enumerate().map(rule).collect()
}

/// Prints what came of it.
pub(super) fn run() -> anyhow::Result<()> {
    let start = |uid: u32| -> anyhow::Result<Child> {
        let (time, pace) = (TIME.as_millis().to_string(), PACE.to_string());
        let mut caller = super::caller_as(uid);
        caller.args([PATH, &format!("of-{uid}"), &time, &pace, "0"]);
        Ok(caller.stdout(Stdio::piped()).spawn()?)
    };
    let children: Vec<_> = users().map(start).collect::<Result<_, _>>()?;
    let mut told = Vec::new();
    for child in children {
        told.push(Told::read(&child.wait_with_output()?.stdout)?);
    }
    let sum = |figure: fn(&Told) -> f64| told.iter().map(figure).sum::<f64>();
    let (count, wrong) = (sum(|told| told.count), sum(|told| told.wrong));
    let typical = Told::median(&told);
    report::head(&["a crowd of 50 users", ""]);
    report::fact(
        "requests a second",
        &format!("{:.0}", count / TIME.as_secs_f64()),
    );
    report::fact("p50 µs", &format!("{:.0}", typical.p50_us));
    report::fact("p99 µs", &format!("{:.0}", typical.p99_us));
    report::fact(
        "answers that were another's, or none",
        &format!("{wrong:.0}"),
    );
    ensure!(wrong < 1.0, "somebody was taken for another");
    Ok(())
}

fn users() -> impl Iterator<Item = u32> {
    FIRST..FIRST + USERS
}

const FIRST: u32 = 62_000;
const USERS: u32 = 50;
// Requests a second of each.
const PACE: u32 = 20;
const TIME: Duration = Duration::from_secs(10);
const PATH: &str = "/latest/meta-data/iam/security-credentials/";
const ACCOUNT: &str = "arn:aws:iam::123456789012";
