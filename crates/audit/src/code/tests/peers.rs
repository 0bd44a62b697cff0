//! What other auditors of code were seen to get wrong, each by its own name: Checkov 3.3.30 on
//! planted defects, rules of Powerpipe and Trivy, and cfn-lint.

use super::*;

#[test]
fn checkov_2_aws_41_a_profile_from_the_template_is_one() {
    check(&format!("{FROM_TEMPLATE}{TEMPLATE}"), &[]);
}

#[test]
fn checkov_2_aws_41_an_empty_text_and_a_null_are_no_profile() {
    check(&instance("iam_instance_profile = \"\""), &[("002", 2)]);
    let null = "variable \"p\" {\n  type    = string\n  default = null\n}\n";
    let used = instance("iam_instance_profile = var.p");
    check(&format!("{used}{null}"), &[("002", 2)]);
}

#[test]
fn checkov_2_aws_41_a_profile_without_a_role_is_told() {
    let empty = "resource \"aws_iam_instance_profile\" \"p\" {\n  name = \"p\"\n}\n";
    let used = instance("iam_instance_profile = aws_iam_instance_profile.p.name");
    check(&format!("{empty}{used}"), &[("003", 1)]);
}

#[test]
fn checkov_2_aws_41_a_groups_template_without_a_profile_is_told() {
    let bare = format!("resource \"aws_launch_template\" \"app\" {{\n  {REQUIRED}}}\n");
    check(&format!("{GROUP}{bare}"), &[("004", 3)]);
}

#[test]
fn checkov_79_tokens_of_the_template_count() {
    check(&format!("{FROM_TEMPLATE}{TEMPLATE}"), &[]);
    let optional = TEMPLATE.replace("\"required\"", "\"optional\"");
    check(&format!("{FROM_TEMPLATE}{optional}"), &[("005", 11)]);
}

#[test]
fn checkov_46_a_commit_is_no_key_and_packed_user_data_and_files_hold_some() {
    let commit = "user_data = \"git checkout 3f786850e387550fdab836ed7e6dc881de23001b\"\n  \
                  iam_instance_profile = \"p\"";
    check(&instance(commit), &[]);
    let lines = filled("aws_access_key_id = $ID\naws_secret_access_key = $SECRET\n");
    let packed = format!(
        "user_data_base64 = \"{}\"\n  iam_instance_profile = \"p\"",
        STANDARD.encode(&lines)
    );
    check(&instance(&packed), &[("008", 2)]);
    let file = format!(
        "resource \"null_resource\" \"x\" {{\n  provisioner \"file\" {{\n    content = <<E\n\
         {lines}E\n    destination = \"~/.aws/credentials\"\n  }}\n}}\n"
    );
    check(&file, &[("008", 4)]);
}

#[test]
fn checkov_341_a_hop_limit_of_an_instance_counts() {
    let five = instance("iam_instance_profile = \"p\"").replace(
        "\"required\"\n",
        "\"required\"\n    http_put_response_hop_limit = 5\n",
    );
    check(&five, &[("007", 5)]);
}

#[test]
fn checkov_274_a_policy_that_reads_all_secrets_is_seen_where_it_is_attached() {
    let text = "resource \"aws_iam_role_policy_attachment\" \"a\" {\n  role = \"r\"\n  \
                policy_arn = \"arn:aws:iam::aws:policy/SecretsManagerReadWrite\"\n}\n";
    check(text, &[("014", 3)]);
}

#[test]
fn checkov_a_marker_of_one_letter_drops_no_file() {
    let text = instance("user_data = <<X\n#!/bin/sh\nX\n");
    check(&text, &[("001", 1)]);
}

#[test]
fn checkov_a_file_that_does_not_parse_is_no_pass() {
    let (_, missing) = folder(&[("main.tf", "resource \"aws_instance\" {{{\n")]);
    assert_eq!(missing.len(), 1);
}

#[test]
fn powerpipe_words_in_user_data_are_no_secret() {
    let text = "user_data = <<X\n#!/bin/sh\napt-key add repo.asc\nssh-keygen -A\n\
                P=$(aws secretsmanager get-secret-value --secret-id password)\nX\n  \
                iam_instance_profile = \"p\"";
    check(&instance(text), &[]);
}

#[test]
fn trivy_has_no_rule_about_profiles_and_hops_and_here_they_are() {
    let codes: Vec<&str> = RULES.iter().map(|it| it.code).collect();
    for code in ["RC-CODE-001", "RC-CODE-004", "RC-CODE-007"] {
        assert!(codes.contains(&code), "{code}");
    }
}

#[test]
fn prowler_a_template_without_metadata_options_is_not_disabled() {
    check(
        "resource \"aws_launch_template\" \"t\" {\n  name = \"t\"\n}\n",
        &[("006", 1)],
    );
}

#[test]
fn parliament_a_principal_in_an_identity_policy_is_told() {
    let text = "resource \"aws_iam_policy\" \"p\" {\n  \
                policy = jsonencode({ Statement = [{ Effect = \"Allow\", \
                Principal = { Service = \"ec2.amazonaws.com\" }, Action = \"s3:*\", \
                Resource = \"arn:aws:s3:::b\" }] })\n}\n";
    check(text, &[("010", 2)]);
}
