//! Resources of either language as what they are: launches, groups, profiles, policies. Knows the
//! names of resource types and arguments, and judges nothing but policies by themselves.
//!
//! Sources: the Terraform provider's and CloudFormation's references of the types named here.

use super::policy::{Of, flaws, not_known, parsed};
use super::value::{Node, Said, Value};
use super::{CodeFacts, Group, Launch, LaunchKind, PolicyFlaw, Profile, Resource, Setting, Spot};

/// Takes a resource in among the facts.
pub(super) fn take(resource: &Resource, facts: &mut CodeFacts) {
    let body = &resource.body;
    let sort = resource.sort.as_str();
    match sort {
        "aws_instance" | "aws_spot_instance_request" => {
            if let Some(argument) = body.get("instance_id") {
                let spot = resource.spot.at(argument.line);
                facts
                    .unknown_names
                    .push((format!("{sort}.instance_id"), spot));
            }
            facts
                .launches
                .push(terraform_launch(resource, LaunchKind::Instance));
        }
        "aws_launch_template" => facts
            .launches
            .push(terraform_launch(resource, LaunchKind::Template)),
        "aws_launch_configuration" => {
            facts
                .launches
                .push(terraform_launch(resource, LaunchKind::Configuration));
        }
        "AWS::EC2::Instance" => {
            facts
                .launches
                .push(stack_launch(resource, body, LaunchKind::Instance));
        }
        "AWS::EC2::LaunchTemplate" => {
            let data = body.get("LaunchTemplateData").unwrap_or(body);
            facts
                .launches
                .push(stack_launch(resource, data, LaunchKind::Template));
        }
        "AWS::AutoScaling::LaunchConfiguration" => {
            facts
                .launches
                .push(stack_launch(resource, body, LaunchKind::Configuration));
        }
        "aws_autoscaling_group" => facts.groups.push(Group {
            spot: resource.spot.clone(),
            launches: terraform_launches(body),
        }),
        "AWS::AutoScaling::AutoScalingGroup" => facts.groups.push(Group {
            spot: resource.spot.clone(),
            launches: stack_launches(body),
        }),
        "aws_iam_instance_profile" => profile(resource, &["role", "roles"], facts),
        "AWS::IAM::InstanceProfile" => profile(resource, &["Roles"], facts),
        "aws_iam_access_key" | "AWS::IAM::AccessKey" => {
            facts.access_keys.push(resource.spot.clone());
        }
        "aws_ec2_instance_metadata_options" => {
            facts
                .unknown_names
                .push((sort.to_owned(), resource.spot.clone()));
        }
        "aws_ec2_instance_metadata_defaults" => {
            facts.default_tokens_required |=
                matches!(body.said("http_tokens"), Said::Text("required", _));
        }
        _ => policies(resource, facts),
    }
}

fn terraform_launch(resource: &Resource, kind: LaunchKind) -> Launch {
    let body = &resource.body;
    let profile = match (kind, body.get("iam_instance_profile")) {
        (LaunchKind::Template, Some(block)) => first_said(block, &["name", "arn"]),
        (_, Some(argument)) => Setting::from(argument.says()),
        (_, None) => Setting::Unset,
    };
    let metadata = body.get("metadata_options");
    launch(
        resource,
        kind,
        profile,
        body.get("launch_template")
            .map_or(Setting::Unset, |it| first_said(it, &["id", "name"])),
        [
            metadata.and_then(|it| it.get("http_tokens")),
            metadata.and_then(|it| it.get("http_put_response_hop_limit")),
            metadata.and_then(|it| it.get("http_endpoint")),
        ],
    )
}

fn stack_launch(resource: &Resource, body: &Node, kind: LaunchKind) -> Launch {
    let profile = match body.get("IamInstanceProfile") {
        Some(Node {
            value: Value::Object(_),
            ..
        }) => {
            let profile = body.get("IamInstanceProfile").unwrap_or(body);
            first_said(profile, &["Arn", "Name"])
        }
        Some(argument) => Setting::from(argument.says()),
        None => Setting::Unset,
    };
    let template = body.get("LaunchTemplate");
    let metadata = body.get("MetadataOptions");
    launch(
        resource,
        kind,
        profile,
        template.map_or(Setting::Unset, |it| first_said(it, &TEMPLATE_NAMES)),
        [
            metadata.and_then(|it| it.get("HttpTokens")),
            metadata.and_then(|it| it.get("HttpPutResponseHopLimit")),
            metadata.and_then(|it| it.get("HttpEndpoint")),
        ],
    )
}

fn launch(
    resource: &Resource,
    kind: LaunchKind,
    profile: Setting,
    template: Setting,
    [tokens, hop_limit, endpoint]: [Option<&Node>; 3],
) -> Launch {
    Launch {
        spot: resource.spot.clone(),
        kind,
        profile,
        template,
        tokens: tokens.map_or(Setting::Unset, |it| Setting::from(it.says())),
        hop_limit: hop_limit.and_then(|it| Some((it.number()?, it.line))),
        hop_limit_open: hop_limit
            .filter(|it| it.number().is_none() && !matches!(it.value, Value::Null))
            .map(|it| it.line),
        is_disabled: endpoint.is_some_and(|it| matches!(it.says(), Said::Text("disabled", _))),
    }
}

/// The first of several arguments that says something.
fn first_said(block: &Node, names: &[&str]) -> Setting {
    let mut said = names.iter().map(|name| block.said(name));
    let found = said.find(|it| *it != Said::Unset);
    found.map_or(Setting::Empty(block.line), Setting::from)
}

fn terraform_launches(body: &Node) -> Vec<Setting> {
    let mut found = Vec::new();
    if let Some(configuration) = body.get("launch_configuration") {
        found.push(Setting::from(configuration.says()));
    }
    if let Some(template) = body.get("launch_template") {
        found.push(first_said(template, &["id", "name"]));
    }
    let mixed = body.at(&["mixed_instances_policy", "launch_template"]);
    let named = |it: &Node| {
        let specification = it.get("launch_template_specification")?;
        Some(first_said(
            specification,
            &["launch_template_id", "launch_template_name"],
        ))
    };
    if let Some(mixed) = mixed {
        found.extend(named(mixed));
        let overrides = mixed.get("override").map(Node::items).unwrap_or_default();
        found.extend(overrides.iter().filter_map(named));
    }
    found
}

fn stack_launches(body: &Node) -> Vec<Setting> {
    let mut found = Vec::new();
    if let Some(configuration) = body.get("LaunchConfigurationName") {
        found.push(Setting::from(configuration.says()));
    }
    if let Some(template) = body.get("LaunchTemplate") {
        found.push(first_said(template, &TEMPLATE_NAMES));
    }
    let named = |it: &Node| {
        Some(first_said(
            it.get("LaunchTemplateSpecification")?,
            &TEMPLATE_NAMES,
        ))
    };
    if let Some(mixed) = body.at(&["MixedInstancesPolicy", "LaunchTemplate"]) {
        found.extend(named(mixed));
        let overrides = mixed.get("Overrides").map(Node::items).unwrap_or_default();
        found.extend(overrides.iter().filter_map(named));
    }
    found
}

fn profile(resource: &Resource, names: &[&str], facts: &mut CodeFacts) {
    let mut said = names.iter().map(|name| resource.body.get(name));
    let role = match said.find_map(|it| it) {
        Some(Node {
            value: Value::List(items),
            line,
        }) if items.is_empty() => Setting::Empty(*line),
        Some(node) => Setting::from(node.says()),
        None => Setting::Unset,
    };
    facts.profiles.push(Profile {
        spot: resource.spot.clone(),
        role,
    });
}

/// Takes in what is wrong with the policies that a resource holds or gives.
fn policies(resource: &Resource, facts: &mut CodeFacts) {
    for (node, of) in documents(resource) {
        let document = parsed(node);
        if of == Of::Identity {
            let open = match &document {
                Some(document) => not_known(document),
                None => Some("has a policy that only a run would tell"),
            };
            let open = open.map(|what| (resource.spot.at(node.line), what.to_owned()));
            facts.open.extend(open);
        }
        let flaws = document.map(|it| flaws(&it, of)).unwrap_or_default();
        facts
            .policies
            .extend(flaws.into_iter().map(|what| PolicyFlaw {
                spot: resource.spot.at(node.line),
                what,
            }));
    }
    let attached = ATTACHMENTS.iter().find(|(sort, _)| *sort == resource.sort);
    let attached = attached.and_then(|(_, argument)| resource.body.get(argument));
    for node in attached.map(Node::items).unwrap_or_default() {
        if let Said::Text(arn, line) = node.says()
            && let Some(name) = BROAD
                .iter()
                .find(|name| arn == **name || arn.ends_with(&format!(":policy/{name}")))
        {
            // Items of a list are not placed one by one.
            let line = if line > 1 { line } else { resource.spot.line };
            facts
                .broad
                .push(((*name).to_owned(), resource.spot.at(line)));
        } else if matches!(node.value, Value::Unknown) {
            let line = if node.line > 1 {
                node.line
            } else {
                resource.spot.line
            };
            let what = "gives a policy of which only a run would tell which one";
            facts.open.push((resource.spot.at(line), what.to_owned()));
        }
    }
}

/// The documents of policies that a resource holds.
fn documents(resource: &Resource) -> Vec<(&Node, Of)> {
    let body = &resource.body;
    let one = |name: &str, of: Of| body.get(name).map(|it| (it, of));
    let inline = |list: &str, name: &str| {
        let blocks = body.get(list).map(Node::items).unwrap_or_default();
        let documents = blocks.iter().filter_map(|it| it.get(name));
        documents.map(|it| (it, Of::Identity)).collect::<Vec<_>>()
    };
    match resource.sort.as_str() {
        "aws_iam_policy"
        | "aws_iam_role_policy"
        | "aws_iam_user_policy"
        | "aws_iam_group_policy" => one("policy", Of::Identity).into_iter().collect(),
        "aws_secretsmanager_secret_policy" | "aws_secretsmanager_secret" => {
            one("policy", Of::Secret).into_iter().collect()
        }
        "aws_kms_key" | "aws_kms_key_policy" => one("policy", Of::Resource).into_iter().collect(),
        "aws_iam_role" => {
            let trust = one("assume_role_policy", Of::Trust);
            trust
                .into_iter()
                .chain(inline("inline_policy", "policy"))
                .collect()
        }
        "AWS::IAM::Policy"
        | "AWS::IAM::ManagedPolicy"
        | "AWS::IAM::RolePolicy"
        | "AWS::IAM::UserPolicy" => one("PolicyDocument", Of::Identity).into_iter().collect(),
        "AWS::SecretsManager::ResourcePolicy" => {
            one("ResourcePolicy", Of::Secret).into_iter().collect()
        }
        "AWS::Serverless::Function" => {
            let policies = body.get("Policies").map(Node::items).unwrap_or_default();
            let documents = policies.iter().filter(|it| it.get("Statement").is_some());
            documents.map(|it| (it, Of::Identity)).collect()
        }
        "AWS::IAM::Role" => {
            let trust = one("AssumeRolePolicyDocument", Of::Trust);
            trust
                .into_iter()
                .chain(inline("Policies", "PolicyDocument"))
                .collect()
        }
        _ => Vec::new(),
    }
}

impl Spot {
    fn at(&self, line: usize) -> Spot {
        Spot {
            line,
            ..self.clone()
        }
    }
}

const TEMPLATE_NAMES: [&str; 2] = ["LaunchTemplateId", "LaunchTemplateName"];
// Of AWS's own policies, those that allow GetSecretValue on everything without a condition.
const BROAD: [&str; 3] = [
    "AdministratorAccess",
    "PowerUserAccess",
    "SecretsManagerReadWrite",
];
const ATTACHMENTS: [(&str, &str); 5] = [
    ("AWS::Serverless::Function", "Policies"),
    ("aws_iam_role_policy_attachment", "policy_arn"),
    ("aws_iam_policy_attachment", "policy_arn"),
    ("aws_iam_role", "managed_policy_arns"),
    ("AWS::IAM::Role", "ManagedPolicyArns"),
];
