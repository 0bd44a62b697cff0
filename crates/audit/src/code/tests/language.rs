//! What the languages of code can say: functions, loops, blocks that are there several times, JSON,
//! plans, choices of stacks. The names of what is looked for are those of the tests above.

use super::*;

/// An instance with a profile, and tokens required, whose arguments are these.
fn with_profile(value: &str) -> String {
    instance(&format!("iam_instance_profile = {value}"))
}

#[test]
fn functions_of_literals_are_literal() {
    for (value, is_empty) in [
        ("join(\"\", [])", true),
        ("lower(\"\")", true),
        ("lookup({ a = \"\" }, \"a\", \"x\")", true),
        ("lookup({ a = \"\" }, \"b\", \"x\")", false),
        ("element([\"\", \"x\"], 2)", true),
        ("format(\"%s-%s\", \"a\", \"b\")", false),
        ("merge({ p = \"x\" }, { p = \"\" }).p", true),
        ("{ a = \"x\", b = \"\" }[\"b\"]", true),
        ("[\"x\", null][1]", true),
        ("[for it in [\"\"] : it][0]", true),
        ("{ for k, v in { a = \"\" } : k => v }.a", true),
        ("length([]) == 0 ? null : \"x\"", true),
        ("one([])", true),
        ("contains([\"a\"], \"a\") ? \"\" : \"x\"", true),
        ("replace(\"abc\", \"abc\", \"\")", true),
        ("jsondecode(\"{\\\"p\\\": \\\"\\\"}\").p", true),
    ] {
        let expected: &[(&str, usize)] = if is_empty { &[("002", 2)] } else { &[] };
        check(&with_profile(value), expected);
    }
    for value in [
        "uuid()",
        "lookup(var.x, \"a\")",
        "[for it in var.x : it][0]",
        "split()",
    ] {
        not_known(&[("main.tf", &with_profile(value))], &["main.tf:2"]);
    }
}

#[test]
fn a_block_is_there_as_often_as_it_is_said() {
    let each =
        instance("for_each = { a = \"web\", b = \"\" }\n  iam_instance_profile = each.value");
    check(&each, &[("002", 3)]);
    check(&instance("for_each = toset([])"), &[]);
    check(
        &instance("for_each = toset([\"a\", \"b\"])"),
        &[("001", 1), ("001", 1)],
    );
    check(&instance("count = 2"), &[("001", 1)]);
    check(&instance("for_each = var.all"), &[("001", 1)]);
    let module = "module \"web\" {\n  source = \"./web\"\n  count = 0\n}\n";
    let web = instance("");
    assert_eq!(lines(&[("main.tf", module), ("web/main.tf", &web)]), []);
}

#[test]
fn a_dynamic_block_is_there_if_its_list_is() {
    let of = |list: &str| {
        format!(
            "resource \"aws_instance\" \"a\" {{\n  iam_instance_profile = \"p\"\n  \
             dynamic \"metadata_options\" {{\n    for_each = {list}\n    content {{\n      \
             http_tokens = metadata_options.value\n    }}\n  }}\n}}\n"
        )
    };
    check(&of("[\"required\"]"), &[]);
    check(&of("[\"optional\"]"), &[("005", 6)]);
    check(&of("[]"), &[("006", 1)]);
    not_known(&[("main.tf", &of("var.list"))], &["main.tf:3"]);
}

#[test]
fn what_a_module_hands_out_is_followed() {
    let main = "module \"iam\" {\n  source = \"./iam\"\n  profile = \"\"\n}\n".to_owned()
        + &with_profile("module.iam.profile");
    let iam = "variable \"profile\" {}\noutput \"profile\" {\n  value = var.profile\n}\n";
    let found = lines(&[("main.tf", &main), ("iam/out.tf", iam)]);
    assert_eq!(found, [("RC-CODE-002".to_owned(), 6)]);
    let other = iam.replace("\"profile\" {\n", "\"other\" {\n");
    not_known(
        &[("main.tf", &main), ("iam/out.tf", &other)],
        &["main.tf:6"],
    );
}

#[test]
fn documents_are_made_of_documents() {
    let text = "data \"aws_iam_policy_document\" \"all\" {\n  statement {\n    sid = \"a\"\n    \
        actions = [\"*\"]\n    resources = [\"*\"]\n  }\n}\n\
        data \"aws_iam_policy_document\" \"less\" {\n  statement {\n    sid = \"a\"\n    \
        actions = [\"s3:GetObject\"]\n    resources = [\"*\"]\n  }\n}\n\
        data \"aws_iam_policy_document\" \"made\" {\n  \
        source_policy_documents = [data.aws_iam_policy_document.all.json]\n}\n\
        data \"aws_iam_policy_document\" \"overridden\" {\n  \
        source_policy_documents = [data.aws_iam_policy_document.all.json]\n  \
        override_policy_documents = [data.aws_iam_policy_document.less.json]\n}\n\
        resource \"aws_iam_policy\" \"p\" {\n  \
        policy = data.aws_iam_policy_document.NAME.json\n}\n";
    check(&text.replace("NAME", "made"), &[("011", 23)]);
    check(&text.replace("NAME", "overridden"), &[]);
}

#[test]
fn a_template_is_filled_with_what_it_is_given() {
    let policy = "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"${action}\", \
                  \"Resource\": \"*\"}}";
    let main = "resource \"aws_iam_policy\" \"p\" {\n  \
                policy = templatefile(\"${path.module}/p.tpl\", { action = \"ACTION\" })\n}\n";
    let of = |action: &str| {
        let main = main.replace("ACTION", action);
        lines(&[("main.tf", &main), ("p.tpl", policy)])
    };
    assert_eq!(of("*"), [("RC-CODE-011".to_owned(), 2)]);
    assert_eq!(of("s3:GetObject"), []);
}

#[test]
fn terraform_in_json_is_read_with_its_lines() {
    let json = "{\n \"variable\": {\"p\": {\"default\": \"\"}},\n \"resource\": {\n  \
        \"aws_instance\": {\n   \"web\": {\n    \"//\": \"a comment\",\n    \
        \"iam_instance_profile\": \"${var.p}\",\n    \"user_data\": \"say \\\"$${x}\\\"\\n\",\n    \
        \"metadata_options\": [{\"http_tokens\": \"optional\"}]\n   }\n  }\n }\n}\n";
    let expected = |codes: [&str; 2]| {
        let place = |code: &str, line| (format!("RC-CODE-{code}"), line);
        [place(codes[0], 7), place(codes[1], 9)]
    };
    assert_eq!(lines(&[("main.tf.json", json)]), expected(["002", "005"]));
    let given = lines(&[
        ("main.tf.json", json),
        ("terraform.tfvars.json", "{\"p\": \"x\"}"),
    ]);
    assert_eq!(given, [("RC-CODE-005".to_owned(), 9)]);
    let (_, missing) = folder(&[("main.tf.json", "{\"resource\": [")]);
    assert_eq!(missing.len(), 1);
}

#[test]
fn a_plan_is_read_as_what_it_leaves_behind() {
    let change = |address: &str, sort: &str, name: &str, after: &str, unknown: &str| {
        format!(
            "{{\"address\": \"{address}\", \"mode\": \"managed\", \"type\": \"{sort}\", \
             \"name\": \"{name}\",\n\"change\": {{\"actions\": [\"create\"], \
             \"after\": {after}, \"after_unknown\": {unknown}}}}}"
        )
    };
    let required = "\"metadata_options\": [{\"http_tokens\": \"required\"}]";
    let bare = change(
        "aws_instance.bare",
        "aws_instance",
        "bare",
        "{\"ami\": \"a\", \"iam_instance_profile\": null}",
        "{\"id\": true, \"iam_instance_profile\": true, \"metadata_options\": true}",
    );
    let web = change(
        "aws_instance.web",
        "aws_instance",
        "web",
        &format!("{{{required}}}"),
        "{\"iam_instance_profile\": true}",
    );
    let late = change(
        "aws_instance.late",
        "aws_instance",
        "late",
        &format!("{{{required}}}"),
        "{\"iam_instance_profile\": true}",
    );
    let gone = change("aws_instance.gone", "aws_instance", "gone", "null", "{}");
    let said = |name: &str, rest: &str| {
        format!("{{\"type\": \"aws_instance\", \"name\": \"{name}\", \"expressions\": {{{rest}}}}}")
    };
    let profile =
        |from: &str| format!("\"iam_instance_profile\": {{\"references\": [\"{from}\"]}}");
    let plan = format!(
        "{{\"format_version\": \"1.2\",\n\"resource_changes\": [\n{bare},\n{web},\
         \n{late},\n{gone}\n],\
         \n\"configuration\": {{\"root_module\": {{\"resources\": [{}, {}, {}]}}}}}}\n",
        said("bare", "\"ami\": {\"constant_value\": \"a\"}"),
        said("web", &profile("aws_iam_instance_profile.web.name")),
        said("late", &profile("random_id.x.hex")),
    );
    let (facts, missing) = folder(&[("plan.json", &plan)]);
    let found = findings(&facts, Timestamp::UNIX_EPOCH);
    let codes: Vec<&str> = found.iter().map(|it| it.rule.code).collect();
    assert_eq!(codes, ["RC-CODE-001", "RC-CODE-006"], "{found:#?}");
    assert!(found.iter().all(|it| it.subject.id == "aws_instance.bare"));
    let missing: Vec<&str> = missing.iter().map(|it| it.why.as_str()).collect();
    assert_eq!(missing.len(), 1);
    assert!(missing[0].starts_with("aws_instance.late"), "{missing:?}");
}

#[test]
fn a_choice_in_a_stack_counts_where_both_are_alike() {
    let of = |properties: &str| {
        format!(
            "Conditions:\n  Prod: !Equals [!Ref Stage, prod]\n  Never: !Equals [a, b]\n\
             Mappings:\n  Map:\n    key:\n      profile: web\nResources:\n  Web:\n    \
             Type: AWS::EC2::Instance\n    Properties:\n      {properties}\n"
        )
    };
    let stack = |properties: &str| {
        let text = of(properties);
        lines(&[("stack.yaml", text.as_str())])
    };
    let both = [("RC-CODE-001".to_owned(), 9), ("RC-CODE-006".to_owned(), 9)];
    assert_eq!(stack("Fn::If: [Prod, {ImageId: a}, {ImageId: b}]"), both);
    assert_eq!(
        stack("IamInstanceProfile: !If [Never, web, !Ref AWS::NoValue]"),
        both
    );
    let tokens = [both[1].clone()];
    assert_eq!(stack("IamInstanceProfile: !If [Prod, web, web]"), tokens);
    assert_eq!(
        stack("IamInstanceProfile: !FindInMap [Map, key, profile]"),
        tokens
    );
    assert_eq!(stack("IamInstanceProfile: !Select [0, [web]]"), tokens);
    for open in [
        "IamInstanceProfile: !If [Prod, web, !Ref AWS::NoValue]",
        "Fn::If: [Prod, {IamInstanceProfile: web}, {ImageId: b}]",
    ] {
        let (facts, missing) = folder(&[("stack.yaml", &of(open))]);
        assert_eq!(missing.len(), 1, "{open}");
        assert!(
            facts
                .launches
                .iter()
                .all(|it| matches!(it.profile, Setting::NotLiteral(_)))
        );
    }
}

#[test]
fn functions_of_sam_have_policies() {
    let text = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    \
        Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n        \
        - AdministratorAccess\n        - Statement:\n            Effect: Allow\n            \
        Action: '*'\n            Resource: '*'\n        - S3ReadPolicy: {BucketName: x}\n";
    let found = lines(&[("template.yaml", text)]);
    let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["RC-CODE-011", "RC-CODE-014"]);
}
