//! An organization through the AWS CLI: an account in a unit, and what a policy above it denies.

use serde_json::json;

use crate::clients::{Admin, python};
use crate::harness::{World, scenario_with};

#[test]
fn a_policy_above_an_account_denies_its_administrator() {
    scenario_with(&["--empty"], |world| {
        world.canary("obviously-fake-member");
        let mut admin = Admin::new(world);
        let organization = Organization::make(&mut admin);
        let account = organization.account(&mut admin, "work");
        let mut member = enter(world, &mut admin, &account);
        let told = member.run("sts get-caller-identity").json();
        assert_eq!(told["Account"], account.as_str());
        let create = "secretsmanager create-secret --secret-string obviously-fake-member --name";
        let delete = "secretsmanager delete-secret --force-delete-without-recovery --secret-id";
        for name in ["first", "second"] {
            member.run(&format!("{create} {name}")).ok();
        }
        member.run(&format!("{delete} first")).ok();

        let denied = [
            "(AccessDeniedException)",
            "with an explicit deny in a service control policy",
        ];
        let policy = organization.deny(&mut admin, "secretsmanager:DeleteSecret");
        member.run(&format!("{delete} second")).fails_with(&denied);
        // What limits an account is there after a crash.
        drop(member);
        drop(admin);
        world.kill();
        world.start();
        let mut admin = Admin::new(world);
        let mut member = enter(world, &mut admin, &account);
        member.run(&format!("{delete} second")).fails_with(&denied);
        admin.run(&format!("{create} own")).ok();
        admin.run(&format!("{delete} own")).ok();

        let unit = &organization.unit;
        let detach = format!("organizations detach-policy --policy-id {policy} --target-id {unit}");
        admin.run(&detach).ok();
        member.run(&format!("{delete} second")).ok();
        let denied = "(AccessDeniedException)";
        member.run(&detach).fails_with(&[denied]);
    });
}

/// An organization of one unit.
pub(crate) struct Organization {
    root: String,
    unit: String,
}

impl Organization {
    pub(crate) fn make(admin: &mut Admin) -> Self {
        admin.run("organizations create-organization").ok();
        let roots = admin.run("organizations list-roots").json();
        let root = roots["Roots"][0]["Id"].as_str().unwrap().to_owned();
        let of = "--policy-type SERVICE_CONTROL_POLICY";
        admin
            .run(&format!(
                "organizations enable-policy-type --root-id {root} {of}"
            ))
            .ok();
        let command = "organizations create-organizational-unit --name workloads --parent-id";
        let made = admin.run(&format!("{command} {root}")).json();
        let unit = made["OrganizationalUnit"]["Id"].as_str().unwrap();
        Self {
            unit: unit.to_owned(),
            root,
        }
    }

    /// A new account in the unit; its number.
    pub(crate) fn account(&self, admin: &mut Admin, name: &str) -> String {
        let command = format!(
            "organizations create-account --account-name {name} --email {name}@example.org"
        );
        let begun = admin.run(&command).json();
        let request = begun["CreateAccountStatus"]["Id"].as_str().unwrap();
        let ask = "organizations describe-create-account-status --create-account-request-id";
        let told = admin.run(&format!("{ask} {request}")).json();
        let told = &told["CreateAccountStatus"];
        assert_eq!(told["State"], "SUCCEEDED");
        let account = told["AccountId"].as_str().unwrap().to_owned();
        let Self { root, unit } = self;
        admin
            .run(&format!(
                "organizations move-account --account-id {account} --source-parent-id {root} \
                 --destination-parent-id {unit}"
            ))
            .ok();
        account
    }

    /// A policy on the unit that denies an action; its id.
    pub(crate) fn deny(&self, admin: &mut Admin, action: &str) -> String {
        let content = json!({"Version": "2012-10-17", "Statement":
            {"Effect": "Deny", "Action": action, "Resource": "*"}});
        let command = "organizations create-policy --type SERVICE_CONTROL_POLICY --name deny";
        let content = content.to_string();
        let more = ["--description", "denies one action", "--content", &content];
        let made = admin.run_with(command, &more).json();
        let policy = made["Policy"]["PolicySummary"]["Id"].as_str().unwrap();
        let unit = &self.unit;
        let attach = format!("organizations attach-policy --policy-id {policy} --target-id {unit}");
        admin.run(&attach).ok();
        policy.to_owned()
    }
}

/// The CLI under the role by which the management account gets into an account.
pub(crate) fn enter(world: &World, admin: &mut Admin, account: &str) -> Admin {
    let role = format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole");
    let assume = "sts assume-role --role-session-name scenario --role-arn";
    let session = admin.run(&format!("{assume} {role}")).json();
    let given = |member: &str| session["Credentials"][member].as_str().unwrap().to_owned();
    let mut command = world.as_admin(python());
    command
        .env("AWS_ACCESS_KEY_ID", given("AccessKeyId"))
        .env("AWS_SECRET_ACCESS_KEY", given("SecretAccessKey"))
        .env("AWS_SESSION_TOKEN", given("SessionToken"));
    Admin::with(command)
}
