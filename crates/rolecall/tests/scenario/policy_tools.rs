//! `rolecall policy who-can` and `rolecall policy generate`, on an account that real clients use.

use std::process::Command;

use serde_json::Value;

use crate::clients::{Admin, Output, aws, python, run};
use crate::harness::{World, scenario};
use crate::role_to_secret::ROLE;

const GET: &str = "secretsmanager:GetSecretValue";

#[test]
fn who_can_tells_everybody_and_the_conditions() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let arn = secret_arn(&mut admin);
        let role = format!("arn:aws:iam::123456789012:role/{ROLE}");
        let conditional = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
            "Action":"secretsmanager:*","Resource":"*","Condition":{"StringEquals":
            {"aws:SourceVpc":"vpc-1","aws:PrincipalTag/team":"blue"}}}]}"#;
        admin
            .run("iam create-user --user-name ann --tags Key=team,Value=blue")
            .ok();
        admin.run("iam create-user --user-name bob").ok();
        for user in ["ann", "bob"] {
            let put = format!("iam put-user-policy --user-name {user} --policy-name inside");
            admin
                .run_with(&put, &["--policy-document", conditional])
                .ok();
        }

        let tree = run(&mut who_can(world, GET, &arn));
        assert_eq!(tree.code, Some(0), "{tree:?}");
        let tree = tree.stdout;
        let first = tree.lines().next().unwrap();
        assert!(first.starts_with("3 of 4 users and roles can"), "{tree}");
        for line in [
            format!("├─ {role}"),
            "├─ arn:aws:iam::123456789012:user/administrator".to_owned(),
            "├─ arn:aws:iam::123456789012:user/ann".to_owned(),
            "│  └─ if aws:SourceVpc is vpc-1 (StringEquals, statement 0 of inline policy \
             inside, line 1)"
                .to_owned(),
        ] {
            assert!(tree.lines().any(|found| found == line), "{line}\n{tree}");
        }
        assert!(!tree.contains("user/bob"), "{tree}");

        let given = run(who_can(world, GET, &arn).args(["--context", "aws:SourceVpc=vpc-2"]));
        assert!(given.stdout.starts_with("2 of 4"), "{given:?}");
        let json = run(who_can(world, GET, &arn).args(["--all", "--format", "json"])).json();
        let principals = json["principals"].as_array().unwrap();
        let access = |name: &str| {
            let mut all = principals.iter();
            let found = all.find(|it| it["principal"].as_str().unwrap().ends_with(name));
            found.unwrap()["access"]["is"].as_str().unwrap().to_owned()
        };
        let found = [ROLE, "/ann", "/bob"].map(access);
        assert_eq!(found, ["always", "when", "never"]);

        let assume = run(&mut who_can(world, "sts:AssumeRole", &role)).stdout;
        assert!(assume.starts_with("0 of 4"), "{assume}");
        assert!(assume.contains("├─ ec2.amazonaws.com"), "{assume}");
    });
}

#[test]
fn nobody_and_nothing_known_are_told_apart() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let details = admin.run("iam get-account-authorization-details").json();
        let arn = secret_arn(&mut admin);
        let path = world.scratch().join("account.json");
        let check = |details: &Value, code: i32, words: &str| {
            std::fs::write(&path, details.to_string()).unwrap();
            let output = run(who_can(world, GET, &arn).arg("--from").arg(&path));
            assert_eq!(output.code, Some(code), "{output:?}");
            let told = format!("{}{}", output.stdout, output.stderr);
            assert!(told.contains(words), "{words}\n{told}");
        };
        let mut nobody = details.clone();
        nobody["UserDetailList"] = Value::Array(Vec::new());
        nobody["RoleDetailList"][0]["AttachedManagedPolicies"] = Value::Array(Vec::new());
        check(&nobody, 1, "0 of 1 users and roles can");
        let mut unknown = details.clone();
        unknown["Policies"] = Value::Array(Vec::new());
        check(&unknown, 3, "not known: arn:aws:iam::123456789012:role/");
        check(&serde_json::json!({}), 1, "0 of 0");
    });
}

/// What the role did through the account is what the policy allows, and nothing else.
#[test]
fn the_least_policy_is_what_was_recorded() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let arn = secret_arn(&mut admin);
        let role = format!("arn:aws:iam::123456789012:role/{ROLE}");
        let on_instance = |call: &[&str]| run(world.on_instance(aws()).args(call));
        let read = [
            "secretsmanager",
            "get-secret-value",
            "--secret-id",
            "my-secret",
        ];
        on_instance(&read).ok();
        on_instance(&read).ok();
        on_instance(&["secretsmanager", "list-secrets"]).fails_with(&["AccessDenied"]);

        let generated = run(&mut generate(world, &role));
        let policy = generated.json();
        let statement = &policy["Statement"][0];
        assert_eq!(statement["Resource"], arn.as_str(), "{policy}");
        assert_eq!(policy["Statement"].as_array().unwrap().len(), 1);
        assert!(statement["Action"].to_string().contains("GetSecretValue"));
        assert!(generated.stderr.contains("all allowed"), "{generated:?}");
        let again = run(&mut generate(world, &role));
        assert_eq!(again.stdout, generated.stdout);

        let wider = run(generate(world, &role).arg("--with-denied")).stdout;
        assert!(wider.contains("secretsmanager:ListSecrets"), "{wider}");

        // Attached in place of the other, it still is enough, and no more.
        let original = "arn:aws:iam::123456789012:policy/ec2-secrets-manager-policy";
        admin
            .run_with(
                "iam create-policy --policy-name least --policy-document",
                &[&generated.stdout],
            )
            .ok();
        let attach = format!("iam attach-role-policy --role-name {ROLE} --policy-arn");
        admin
            .run(&format!("{attach} arn:aws:iam::123456789012:policy/least"))
            .ok();
        let detach = format!("iam detach-role-policy --role-name {ROLE} --policy-arn {original}");
        admin.run(&detach).ok();
        on_instance(&read).ok();
        on_instance(&["secretsmanager", "list-secrets"]).fails_with(&["AccessDenied"]);
    });
}

/// What AWS's own client looked up is read as a file, packed or not.
#[test]
fn an_export_is_as_good_as_the_account() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let arn = secret_arn(&mut admin);
        let administrator = "arn:aws:iam::123456789012:user/administrator";
        let export = admin.run("cloudtrail lookup-events").ok().to_owned();
        let path = world.scratch().join("events.json");
        std::fs::write(&path, &export).unwrap();
        let pack = "import gzip, sys; p = sys.argv[1]; \
                    gzip.open(p + '.gz', 'wb').write(open(p, 'rb').read())";
        run(Command::new(python()).args(["-c", pack]).arg(&path)).ok();

        let plain = from(world, administrator, "events.json");
        let packed = from(world, administrator, "events.json.gz");
        let policy = plain.json();
        assert!(policy.to_string().contains(&arn), "{policy}");
        assert_eq!(packed.ok(), plain.ok());

        let role = format!("arn:aws:iam::123456789012:role/{ROLE}-not");
        let nothing = from(world, &role, "events.json");
        assert_eq!((nothing.code, nothing.stdout.as_str()), (Some(1), ""));
        std::fs::write(&path, "{\"Records\":\n[{]}").unwrap();
        let broken = from(world, administrator, "events.json");
        assert_eq!(broken.code, Some(2), "{broken:?}");
        assert!(broken.stderr.contains("events.json:2"), "{broken:?}");
        let missing = from(world, administrator, "not-there.json");
        missing.fails_with(&["not-there.json", "hint: "]);
        run(&mut generate(world, "somebody")).fails_with(&["`somebody`"]);
        let since = run(generate(world, administrator).args(["--since", "soon"]));
        since.fails_with(&["`--since soon`"]);
    });
}

fn secret_arn(admin: &mut Admin) -> String {
    let secret = admin
        .run("secretsmanager describe-secret --secret-id my-secret")
        .json();
    secret["ARN"].as_str().unwrap().to_owned()
}

fn who_can(world: &World, action: &str, resource: &str) -> Command {
    let mut command = world.as_admin(env!("CARGO_BIN_EXE_rolecall"));
    command.args(["policy", "who-can", action, resource]);
    command
}

fn generate(world: &World, principal: &str) -> Command {
    let mut command = world.as_admin(env!("CARGO_BIN_EXE_rolecall"));
    command.args(["policy", "generate", "--principal", principal]);
    command
}

fn from(world: &World, principal: &str, file: &str) -> Output {
    let path = world.scratch().join(file);
    run(generate(world, principal).arg("--from").arg(path))
}
