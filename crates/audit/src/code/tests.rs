//! Folders of code, and what is said of them: what other auditors miss or get wrong, the source
//! documents' own samples, and what cannot be read. The keys are made up and put together here.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::*;
use crate::Finding;

mod language;
mod peers;

const ID: &str = concat!("AKIA", "Y34FZKBOKMUTVV7A");
const SECRET: &str = concat!("q8Zr3Lk0", "VnT5yXwB1mHj", "/7PdEoAc9+sRu2GfKi6N");

fn filled(text: &str) -> String {
    text.replace("$ID", ID).replace("$SECRET", SECRET)
}

fn folder(files: &[(&str, &str)]) -> (CodeFacts, Vec<Missing>) {
    let files: Vec<File> = files
        .iter()
        .map(|(path, text)| File {
            path: (*path).to_owned(),
            bytes: filled(text).into_bytes(),
        })
        .collect();
    read("infra", &files, b"key")
}

fn told(files: &[(&str, &str)]) -> Vec<Finding> {
    let (facts, missing) = folder(files);
    assert_eq!(missing, []);
    findings(&facts, Timestamp::UNIX_EPOCH)
}

/// Code and line of each finding about files, in their order.
fn lines(files: &[(&str, &str)]) -> Vec<(String, usize)> {
    let found = told(files);
    let place = |it: &Finding| {
        (
            it.rule.code.to_owned(),
            it.subject.place.as_ref().unwrap().line,
        )
    };
    let mut lines: Vec<(String, usize)> = found.iter().map(place).collect();
    lines.sort();
    lines
}

fn check(text: &str, expected: &[(&str, usize)]) {
    let expected: Vec<(String, usize)> = expected
        .iter()
        .map(|(code, line)| (format!("RC-CODE-{code}"), *line))
        .collect();
    assert_eq!(lines(&[("main.tf", text)]), expected, "{text}");
}

/// Where something is left to a run: told as missing, and nothing else is.
fn not_known(files: &[(&str, &str)], places: &[&str]) {
    let (facts, missing) = folder(files);
    let missing: Vec<&str> = missing.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(missing, places, "{files:?}");
    assert!(
        findings(&facts, Timestamp::UNIX_EPOCH).is_empty(),
        "{files:?}"
    );
}

const REQUIRED: &str = "metadata_options {\n    http_tokens = \"required\"\n  }\n";

fn instance(lines: &str) -> String {
    format!("resource \"aws_instance\" \"web\" {{\n{lines}\n  {REQUIRED}}}\n")
}

#[test]
fn a_profile_that_is_none_is_told_however_it_is_none() {
    check(&instance(""), &[("001", 1)]);
    check(&instance("iam_instance_profile = \"\""), &[("002", 2)]);
    check(&instance("iam_instance_profile = null"), &[("002", 2)]);
    let variable = "variable \"profile\" {\n default = null\n}\n";
    let used = instance("iam_instance_profile = var.profile");
    check(&format!("{used}{variable}"), &[("002", 2)]);
    let chosen = instance("iam_instance_profile = var.on ? \"web\" : \"\"");
    check(
        &format!("{chosen}variable \"on\" {{\n default = false\n}}\n"),
        &[("002", 2)],
    );
    check(
        &format!("{chosen}variable \"on\" {{\n default = true\n}}\n"),
        &[],
    );
    let open = format!("{chosen}variable \"on\" {{}}\n");
    not_known(&[("main.tf", &open)], &["main.tf:2"]);
    check(&instance("count = 0"), &[]);
}

#[test]
fn a_profile_needs_a_role() {
    check(
        "resource \"aws_iam_instance_profile\" \"app\" {\n  name = \"app\"\n}\n",
        &[("003", 1)],
    );
    check(
        "resource \"aws_iam_instance_profile\" \"app\" {\n  role = \"\"\n}\n",
        &[("003", 2)],
    );
    check(
        "resource \"aws_iam_instance_profile\" \"app\" {\n  role = aws_iam_role.app.name\n}\n",
        &[],
    );
}

const TEMPLATE: &str = "resource \"aws_launch_template\" \"app\" {\n  iam_instance_profile {\n    \
    name = aws_iam_instance_profile.app.name\n  }\n  metadata_options {\n    \
    http_tokens = \"required\"\n  }\n}\n";
const FROM_TEMPLATE: &str = "resource \"aws_instance\" \"web\" {\n  launch_template {\n    \
    id = aws_launch_template.app.id\n  }\n}\n";
const GROUP: &str = "resource \"aws_autoscaling_group\" \"web\" {\n  launch_template {\n    \
    id = aws_launch_template.app.id\n  }\n}\n";

#[test]
fn a_launch_template_may_give_the_profile() {
    check(&format!("{FROM_TEMPLATE}{GROUP}{TEMPLATE}"), &[]);
    let without = TEMPLATE.replace("name = aws_iam_instance_profile.app.name", "name = \"\"");
    check(
        &format!("{FROM_TEMPLATE}{without}"),
        &[("001", 1), ("002", 8)],
    );
    let bare = format!("resource \"aws_launch_template\" \"app\" {{\n  {REQUIRED}}}\n");
    check(&format!("{GROUP}{bare}"), &[("004", 3)]);
    not_known(&[("main.tf", GROUP)], &["main.tf:3"]);
}

#[test]
fn a_mixed_group_is_looked_at_in_full() {
    let text = "resource \"aws_autoscaling_group\" \"web\" {\n  mixed_instances_policy {\n    \
        launch_template {\n      launch_template_specification {\n        \
        launch_template_id = aws_launch_template.app.id\n      }\n      override {\n        \
        launch_template_specification {\n          \
        launch_template_id = aws_launch_template.bare.id\n        }\n      }\n    }\n  }\n}\n";
    let bare = format!("resource \"aws_launch_template\" \"bare\" {{\n  {REQUIRED}}}\n");
    check(&format!("{text}{TEMPLATE}{bare}"), &[("004", 9)]);
}

#[test]
fn tokens_are_required_optional_or_unsaid() {
    let of = |block: &str| {
        format!("resource \"aws_instance\" \"a\" {{\n  iam_instance_profile = \"p\"\n{block}}}\n")
    };
    check(&of(""), &[("006", 1)]);
    check(
        &of("  metadata_options {\n    http_tokens = \"optional\"\n  }\n"),
        &[("005", 4)],
    );
    check(
        &of("  metadata_options {\n    http_endpoint = \"disabled\"\n  }\n"),
        &[],
    );
    let open = of("  metadata_options {\n    http_tokens = var.tokens\n  }\n");
    not_known(&[("main.tf", &open)], &["main.tf:4"]);
    let default = "resource \"aws_ec2_instance_metadata_defaults\" \"d\" {\n  \
                   http_tokens = \"required\"\n}\n";
    check(&format!("{}{default}", of("")), &[]);
}

#[test]
fn a_hop_limit_counts_where_tokens_are_required() {
    let of = |tokens: &str, hops: &str| {
        instance("iam_instance_profile = \"p\"").replace(
            "http_tokens = \"required\"",
            &format!("http_tokens = \"{tokens}\"\n    http_put_response_hop_limit = {hops}"),
        )
    };
    check(&of("required", "1"), &[]);
    check(&of("required", "5"), &[("007", 5)]);
    not_known(&[("main.tf", &of("required", "var.hops"))], &["main.tf:5"]);
    check(&of("required", "null"), &[]);
    check(&of("optional", "var.hops"), &[("005", 4)]);
    check(&of("optional", "5"), &[("005", 4)]);
}

#[test]
fn keys_are_told_with_the_block_they_stand_in() {
    let script =
        filled("#!/bin/sh\nexport AWS_ACCESS_KEY_ID=$ID\nexport AWS_SECRET_ACCESS_KEY=$SECRET\n");
    let packed = STANDARD.encode(script);
    let text = format!(
        "provider \"aws\" {{\n  access_key = \"$ID\"\n  secret_key = \"$SECRET\"\n}}\n\
         resource \"aws_instance\" \"web\" {{\n  iam_instance_profile = \"p\"\n  {REQUIRED}  \
         user_data_base64 = \"{packed}\"\n}}\n\
         resource \"null_resource\" \"x\" {{\n  provisioner \"file\" {{\n    content = <<E\n\
         aws_access_key_id = $ID\naws_secret_access_key = $SECRET\nE\n    \
         destination = \"~/.aws/credentials\"\n  }}\n}}\n"
    );
    check(&text, &[("008", 10), ("008", 15), ("009", 2)]);
    let found = told(&[("main.tf", &text)]);
    let titles: Vec<&str> = found.iter().map(|it| &*it.title).collect();
    assert_eq!(
        titles,
        [
            "key AKIA…VV7A in provider aws",
            "key AKIA…VV7A in aws_instance.web",
            "key AKIA…VV7A in null_resource.x",
        ]
    );
    let everything = format!("{found:?}");
    assert!(!everything.contains("q8Zr3Lk0VnT5"), "{everything}");
}

#[test]
fn a_commit_in_user_data_is_no_key() {
    let text = "user_data = <<-X\n  git checkout 3f786850e387550fdab836ed7e6dc881de23001b\n  X\n  \
                iam_instance_profile = \"p\"";
    check(&instance(text), &[]);
}

#[test]
fn policies_are_read_however_they_are_written() {
    let json = r#"{"Statement":[{"Effect":"Allow","Resource":"*",
        "Action":"secretsmanager:GetSecretValue"}]}"#;
    for policy in [
        format!("<<X\n{json}\nX\n"),
        "jsonencode({Statement = [{Effect = \"Allow\", Resource = \"*\",\n Action = \
            [\"secretsmanager:*\"]}]})"
            .to_owned(),
        "data.aws_iam_policy_document.all.json\n}\ndata \"aws_iam_policy_document\" \"all\" {\n \
             statement {\n    \
         actions = [\"secretsmanager:GetSecretValue\"]\n    resources = [local.all]\n  \
             }\n}\nlocals {\n  all = \"*\""
            .to_owned(),
        "file(\"policy.json\")".to_owned(),
        "local.policy\n}\nlocals {\n policy = var.policy\n}\nvariable \"policy\" {\n  default = \
            <<X\n"
            .to_owned()
            + json
            + "\nX",
    ] {
        let text = format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = {policy}\n}}\n");
        let found = lines(&[("main.tf", &text), ("policy.json", json)]);
        assert_eq!(found, [("RC-CODE-011".to_owned(), 2)], "{text}");
    }
}

#[test]
fn a_policy_that_is_not_literal_is_said_where_that_decides() {
    let policy =
        |said: &str| format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = {said}\n}}\n");
    let statement = |effect: &str, action: &str, resource: &str| {
        policy(&format!(
            "jsonencode({{ Statement = [{{ Effect = {effect}, Action = {action}, \
             Resource = {resource} \
             }}] }})"
        ))
    };
    let reads = "\"secretsmanager:GetSecretValue\"";
    for text in [
        policy("var.policy"),
        policy("data.template_file.policy.rendered"),
        policy("templatefile(\"gone.json\", {})"),
        policy("jsonencode({ Statement = var.statements })"),
        statement("\"Allow\"", reads, "var.secrets"),
        statement("\"Allow\"", "\"secretsmanager:*\"", "[var.secret]"),
        statement("\"Allow\"", "var.actions", "\"*\""),
        statement("var.effect", reads, "\"*\""),
        "resource \"aws_iam_role_policy_attachment\" \"a\" {\n  policy_arn = var.arn\n}\n"
            .to_owned(),
    ] {
        not_known(&[("main.tf", &text)], &["main.tf:2"]);
    }
    for text in [
        statement("\"Allow\"", "\"s3:GetObject\"", "var.bucket"),
        statement("\"Deny\"", reads, "var.secrets"),
        statement("\"Allow\"", reads, "aws_secretsmanager_secret.app.arn"),
        statement("\"Allow\"", reads, "data.aws_secretsmanager_secret.app.arn"),
        statement(
            "\"Allow\"",
            reads,
            "\"arn:aws:secretsmanager:${var.region}:1:secret:app-*\"",
        ),
        statement("\"Allow\"", "var.actions", "aws_s3_bucket.b.arn"),
    ] {
        check(&text, &[]);
    }
    let stack = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      \
                 PolicyDocument:\n        Statement:\n          - {Effect: Allow, Action: \
                 'secretsmanager:*', Resource: !Ref Secrets}\nParameters:\n  Secrets: \
                 {Type: String}\n";
    not_known(&[("stack.yaml", stack)], &["stack.yaml:5"]);
}

#[test]
fn a_broad_policy_is_known_in_any_partition_and_when_it_is_looked_up() {
    let attached = |arn: &str| {
        format!("resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  policy_arn = {arn}\n}}\n")
    };
    check(
        &attached("\"arn:${data.aws_partition.x.partition}:iam::aws:policy/AdministratorAccess\""),
        &[("014", 2)],
    );
    for by in [
        "name = \"PowerUserAccess\"",
        "arn = \"arn:aws:iam::aws:policy/PowerUserAccess\"",
    ] {
        let found = format!("data \"aws_iam_policy\" \"x\" {{\n  {by}\n}}\n");
        let text = attached("data.aws_iam_policy.x.arn") + &found;
        check(&text, &[("014", 2)]);
    }
}

#[test]
fn what_the_source_documents_get_wrong_is_named() {
    let text = "resource \"aws_instance\" \"existing\" {\n  instance_id = \
        \"i-0123456789abcdef0\"\n  \
        iam_instance_profile = aws_iam_instance_profile.p.name\n}\n\
        resource \"aws_ec2_instance_metadata_options\" \"m\" {\n  http_tokens = \"required\"\n}\n\
        resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Statement = [{\n      \
        Effect = \"Allow\"\n      Principal = { Service = \"ec2.amazonaws.com\" }\n      \
        Action = \"secretsmanager:GetSecretValue\"\n      Resource = \"*\"\n    }]\n  })\n}\n\
        resource \"aws_iam_role_policy_attachment\" \"a\" {\n  role = \"r\"\n  \
        policy_arn = \"arn:aws:iam::aws:policy/SecretsManagerReadWrite\"\n}\n\
        resource \"aws_iam_access_key\" \"k\" {\n  user = \"app\"\n}\n";
    check(
        text,
        &[
            ("006", 1),
            ("010", 9),
            ("011", 9),
            ("012", 22),
            ("013", 2),
            ("013", 5),
            ("014", 20),
        ],
    );
}

#[test]
fn what_the_source_documents_do_with_secrets_and_the_metadata_service_is_named() {
    let text = "resource \"aws_secretsmanager_secret_policy\" \"s\" {\n  \
        policy = jsonencode({\n    Statement = [{\n      Effect = \"Allow\"\n      \
        Principal = { Service = \
        \"ec2.amazonaws.com\" }\n      Action = \"secretsmanager:GetSecretValue\"\n      \
        Resource = \"*\"\n    }]\n  })\n}\n\
        resource \"null_resource\" \"x\" {\n  provisioner \"remote-exec\" {\n    inline = [\n      \
        \"curl http://169.254.269.254/latest/meta-data/iam/info\",\n      \
        \"curl http://169.254.169.254/latest/metadata/iam/info\",\n      \
        \"curl http://169.254.169.254/latest/meta-data/iam/security-credentials/r > i.json\",\n\
        ]\n  }\n}\n";
    check(text, &[("016", 2), ("017", 14), ("017", 15), ("018", 16)]);
    let role = text.replace(
        "Service = \"ec2.amazonaws.com\"",
        "AWS = aws_iam_role.app.arn",
    );
    check(&role, &[("017", 14), ("017", 15), ("018", 16)]);
    // A page about it asks nothing.
    assert_eq!(lines(&[("README.md", text)]), []);
}

#[test]
fn a_module_is_entered_with_what_it_is_given() {
    let module = "variable \"profile\" {\n  default = null\n}\nresource \"aws_instance\" \
        \"web\" {\n  \
                  iam_instance_profile = var.profile\n  metadata_options {\n    http_tokens = \
                      \"required\"\n  }\n}\n";
    let call =
        |given: &str| format!("module \"web\" {{\n  source = \"./modules/web\"\n{given}}}\n");
    let of = |given: &str| lines(&[("main.tf", &call(given)), ("modules/web/main.tf", module)]);

    assert_eq!(of(""), [("RC-CODE-002".to_owned(), 5)]);
    assert_eq!(of("  profile = \"web\"\n"), []);
    let found = told(&[("main.tf", &call("")), ("modules/web/main.tf", module)]);
    assert_eq!(found[0].subject.id, "module.web.aws_instance.web");
    assert_eq!(
        found[0].subject.place.as_ref().unwrap().file,
        "modules/web/main.tf"
    );
}

#[test]
fn values_given_in_files_count() {
    let text = format!(
        "{}variable \"p\" {{}}\n",
        instance("iam_instance_profile = var.p")
    );
    let found = lines(&[("a/main.tf", &text), ("a/terraform.tfvars", "p = \"\"\n")]);
    assert_eq!(found, [("RC-CODE-002".to_owned(), 2)]);
}

#[test]
fn what_cannot_be_read_is_missing_and_the_rest_goes_on() {
    let (facts, missing) = folder(&[
        ("broken.tf", "resource \"aws_instance\" {{{\n"),
        ("main.tf", &instance("")),
        (
            "far.tf",
            "module \"vpc\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n",
        ),
        ("x.tf.json", "{\"resource\": ["),
        ("stack.yaml", "AWSTemplateFormatVersion: 1\nResources: [\n"),
        ("other.yaml", "{{ helm }}: [\n"),
        (
            "circle/main.tf",
            "module \"c\" {\n source = \"../circle\"\n}\nresource \"aws_instance\" \"i\" {}\n",
        ),
    ]);
    let what: Vec<&str> = missing.iter().map(|it| it.what.as_str()).collect();

    assert_eq!(
        what,
        [
            "broken.tf",
            "circle/main.tf",
            "far.tf:1",
            "stack.yaml",
            "x.tf.json"
        ]
    );
    assert_eq!(missing[0].why, "not HCL: line 1, column 26");
    assert_eq!(facts.launches.len(), 1);
}

#[test]
fn code_that_asks_for_endless_work_ends() {
    let mut text = String::from("locals {\n");
    for number in 0..60 {
        let next = number + 1;
        let _ = writeln!(text, "a{number} = \"${{local.a{next}}}${{local.a{next}}}\"");
    }
    text += "a60 = \"x\"\nloop = local.loop\n}\n";
    text += &instance("iam_instance_profile = local.a0\nuser_data = local.loop");
    let (facts, _) = folder(&[("main.tf", &text)]);
    assert_eq!(facts.launches.len(), 1);
    let deep = format!("a = {}1{}", "(".repeat(5_000), ")".repeat(5_000));
    let (_, missing) = folder(&[("main.tf", &deep)]);
    assert_eq!(missing.len(), 1);
    let deep = format!("Resources: {}AWS::{}", "[".repeat(5_000), "]".repeat(5_000));
    let (_, missing) = folder(&[("deep.yaml", &deep)]);
    assert_eq!(missing.len(), 1);
}

const STACK: &str = "\
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Tokens:
    Type: String
    Default: optional
Resources:
  Bare:
    Type: AWS::EC2::Instance
    Properties:
      UserData:
        Fn::Base64: !Sub |
          export AWS_ACCESS_KEY_ID=$ID
          export AWS_SECRET_ACCESS_KEY=$SECRET
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties:
      Roles: []
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        MetadataOptions:
          HttpTokens: !Ref Tokens
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchTemplate:
        LaunchTemplateId: !Ref Template
        Version: !GetAtt Template.LatestVersionNumber
  Good:
    Type: AWS::EC2::Instance
    Properties:
      IamInstanceProfile: !Ref Profile
      MetadataOptions: {HttpTokens: required, HttpPutResponseHopLimit: 3}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyDocument:
            Statement:
              - Effect: Allow
                Action: secretsmanager:GetSecretValue
                Resource: '*'
";

#[test]
fn stacks_are_read_as_terraform_is() {
    let found = lines(&[("stack.yaml", STACK)]);
    let expected = [
        ("RC-CODE-001", 7),
        ("RC-CODE-003", 17),
        ("RC-CODE-004", 28),
        ("RC-CODE-005", 23),
        ("RC-CODE-006", 7),
        ("RC-CODE-007", 34),
        ("RC-CODE-008", 12),
        ("RC-CODE-011", 42),
    ];
    let expected: Vec<(String, usize)> =
        expected.map(|(code, line)| (code.to_owned(), line)).into();
    assert_eq!(found, expected);
}

#[test]
fn a_stack_in_json_is_read_too() {
    let text = "{\"Resources\": {\n\"I\": {\"Type\": \"AWS::EC2::Instance\",\n\"Properties\": \
                {\"IamInstanceProfile\": {\"Ref\": \"AWS::NoValue\"},\n\
                \"LaunchTemplate\": {\"LaunchTemplateName\": \"elsewhere\", \"Version\": \
                    \"1\"}}}}}\n";
    not_known(&[("stack.json", text)], &["stack.json:4"]);
    let without = text
        .replace("LaunchTemplateName", "X")
        .replace("\"LaunchTemplate\"", "\"Y\"");
    let found = lines(&[("stack.json", &without)]);
    assert_eq!(
        found,
        [("RC-CODE-001".to_owned(), 2), ("RC-CODE-006".to_owned(), 2)]
    );
}
