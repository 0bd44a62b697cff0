//! Launch templates, their versions, and launches by them.

use protocol::Secret;

use super::*;
use crate::testing::{policy, statements};

const NAME: &str = "web";

fn data() -> Record {
    texts(&[("ImageId", IMAGE), ("InstanceType", "t3.micro")])
        .with("IamInstanceProfile", texts(&[("Name", PROFILE)]))
        .with(
            "MetadataOptions",
            texts(&[("HttpTokens", "required")]).with("HttpPutResponseHopLimit", 1),
        )
        .with("UserData", Secret::from_text("IyEvYmluL3No".to_owned()))
}

fn making(name: &str, data: Record) -> Record {
    texts(&[("LaunchTemplateName", name)]).with("LaunchTemplateData", data)
}

fn make(world: &mut World, data: Record) -> String {
    let answer = call(world, "CreateLaunchTemplate", &making(NAME, data)).unwrap();
    let shown = answer.record("LaunchTemplate").unwrap();
    assert_eq!(shown.integer("LatestVersionNumber"), Some(1));
    shown.text("LaunchTemplateId").unwrap().to_owned()
}

fn by(template: &Record) -> Record {
    Record::new()
        .with("MinCount", 1)
        .with("MaxCount", 1)
        .with("LaunchTemplate", template.clone())
}

fn numbers(world: &mut World, input: &Record) -> Result<Vec<(i64, bool)>, Fault> {
    let answer = call(world, "DescribeLaunchTemplateVersions", input)?;
    let shown = answer.records("LaunchTemplateVersions");
    Ok(shown
        .map(|it| {
            let number = it.integer("VersionNumber").unwrap();
            (number, it.boolean("DefaultVersion").unwrap())
        })
        .collect())
}

#[test]
fn a_template_is_shown_as_it_was_given() {
    let mut world = World::new();
    let id = make(&mut world, data());
    let input = texts(&[("LaunchTemplateId", &id)]).with("Versions", vec!["1"]);
    let answer = call(&mut world, "DescribeLaunchTemplateVersions", &input).unwrap();
    let shown = answer.records("LaunchTemplateVersions").next().unwrap();
    assert_eq!(*shown.record("LaunchTemplateData").unwrap(), data());
    let by_name = Record::new().with("LaunchTemplateNames", vec![NAME]);
    let answer = call(&mut world, "DescribeLaunchTemplates", &by_name).unwrap();
    let shown = answer.records("LaunchTemplates").next().unwrap();
    assert_eq!(shown.text("LaunchTemplateId"), Some(&*id));
    assert_eq!(shown.integer("DefaultVersionNumber"), Some(1));

    call(
        &mut world,
        "DeleteLaunchTemplate",
        &texts(&[("LaunchTemplateName", NAME)]),
    )
    .unwrap();
    let missing = ("InvalidLaunchTemplateId.NotFound", 400);
    let answer = call(&mut world, "DescribeLaunchTemplateVersions", &input);
    fails(answer, missing, &id);
    let missing = ("InvalidLaunchTemplateName.NotFoundException", 400);
    fails(
        call(&mut world, "DescribeLaunchTemplates", &by_name),
        missing,
        NAME,
    );
}

#[test]
fn user_data_of_a_template_are_never_shown_in_a_record() {
    let mut world = World::new();
    let input = making(NAME, data());
    let ec2 = protocol::shape::Service::find("ec2").unwrap();
    let operation = ec2.operation("CreateLaunchTemplate").unwrap();
    let request = world.signed(&world.admin.clone(), ec2, operation, &input);
    let outcome = world.outcome(&request);
    assert!(!format!("{:?} {:?}", outcome.trail, outcome.changes).contains("IyEvYmluL3No"));
}

#[test]
fn versions_follow_each_other_and_one_is_the_default() {
    let mut world = World::new();
    let id = make(&mut world, data());
    let named = texts(&[("LaunchTemplateId", &id)]);
    let next = named
        .clone()
        .with("SourceVersion", "1")
        .with("LaunchTemplateData", texts(&[("InstanceType", "t3.large")]));
    call(&mut world, "CreateLaunchTemplateVersion", &next).unwrap();
    let second = (2, false);
    let all = [(1, true), second];
    let asked = |versions: &[&str]| named.clone().with("Versions", versions.to_vec());
    assert_eq!(numbers(&mut world, &named).unwrap(), all);
    assert_eq!(numbers(&mut world, &asked(&["$Latest"])).unwrap(), [second]);
    assert_eq!(numbers(&mut world, &asked(&["$Latest", "1"])).unwrap(), all);
    let from = named.clone().with("MinVersion", "2");
    assert_eq!(numbers(&mut world, &from).unwrap(), [second]);
    let everywhere = Record::new().with("Versions", vec!["$Default"]);
    assert_eq!(numbers(&mut world, &everywhere).unwrap(), [(1, true)]);

    let default = named.clone().with("DefaultVersion", "2");
    call(&mut world, "ModifyLaunchTemplate", &default).unwrap();
    assert_eq!(
        numbers(&mut world, &named).unwrap(),
        [(1, false), (2, true)]
    );
    let shown = run(&mut world, &by(&named)).remove(0);
    let shown = one(&mut world, &shown);
    assert_eq!(shown.text("InstanceType"), Some("t3.large"));
    assert_eq!(shown.text("ImageId"), Some(IMAGE), "of the source version");

    let none = named.with("DefaultVersion", "3");
    let missing = ("InvalidLaunchTemplateId.VersionNotFound", 400);
    fails(
        call(&mut world, "ModifyLaunchTemplate", &none),
        missing,
        "3",
    );
    let nowhere = Record::new().with("Versions", vec!["1"]);
    fails(
        numbers(&mut world, &nowhere),
        ("MissingParameter", 400),
        "ID or name",
    );
}

#[test]
fn a_launch_overrides_its_template_and_says_which_it_was() {
    let mut world = World::new();
    let tags = |pairs: &[(&str, &str)]| {
        let tags = pairs
            .iter()
            .map(|(k, v)| texts(&[("Key", k), ("Value", v)]));
        vec![texts(&[("ResourceType", "instance")]).with("Tags", tags.collect::<Vec<_>>())]
    };
    let data = data().with(
        "TagSpecifications",
        tags(&[("team", "blue"), ("Name", "a")]),
    );
    let id = make(&mut world, data);
    let input = by(&texts(&[
        ("LaunchTemplateName", NAME),
        ("Version", "$Latest"),
    ]))
    .with("InstanceType", "t3.small")
    .with("TagSpecifications", tags(&[("Name", "b")]));
    let launched = run(&mut world, &input).remove(0);
    let shown = one(&mut world, &launched);
    assert_eq!(shown.text("InstanceType"), Some("t3.small"));
    assert!(shown.record("IamInstanceProfile").is_some());
    let options = shown.record("MetadataOptions").unwrap();
    assert_eq!(options.text("HttpTokens"), Some("required"));
    assert_eq!(options.integer("HttpPutResponseHopLimit"), Some(1));
    let mut held: Vec<_> = shown
        .records("Tags")
        .map(|tag| (tag.text("Key").unwrap(), tag.text("Value").unwrap()))
        .collect();
    held.sort_unstable();
    let expect = [
        ("Name", "b"),
        ("aws:ec2launchtemplate:id", &*id),
        ("aws:ec2launchtemplate:version", "1"),
        ("team", "blue"),
    ];
    assert_eq!(held, expect);
    let instance = &world.state.instance(&launched).unwrap().instance;
    assert_eq!(instance.user_data.as_ref().unwrap().expose(), b"#!/bin/sh");
}

#[test]
fn launches_by_what_is_not_there_are_refused() {
    let mut world = World::new();
    let id = make(&mut world, texts(&[("InstanceType", "t3.micro")]));
    let named = |pairs: &[(&'static str, &str)]| by(&texts(pairs));
    for (input, code) in [
        (
            named(&[("LaunchTemplateId", "lt-0")]),
            "InvalidLaunchTemplateId.NotFound",
        ),
        (
            named(&[("LaunchTemplateId", "web")]),
            "InvalidLaunchTemplateId.Malformed",
        ),
        (
            named(&[("LaunchTemplateName", "none")]),
            "InvalidLaunchTemplateName.NotFoundException",
        ),
        (named(&[("Version", "1")]), "MissingParameter"),
        (
            named(&[("LaunchTemplateId", &id), ("LaunchTemplateName", NAME)]),
            "InvalidParameterCombination",
        ),
        (
            named(&[("LaunchTemplateId", &id), ("Version", "2")]),
            "InvalidLaunchTemplateId.VersionNotFound",
        ),
        (
            named(&[("LaunchTemplateId", &id), ("Version", "latest")]),
            "InvalidLaunchTemplateId.VersionNotFound",
        ),
        // Neither the template nor the call says an image.
        (named(&[("LaunchTemplateId", &id)]), "MissingParameter"),
    ] {
        fails(call(&mut world, "RunInstances", &input), (code, 400), "");
    }
}

#[test]
fn templates_that_cannot_be_are_refused() {
    let mut world = World::new();
    make(&mut world, data());
    let large = Secret::from_text("A".repeat(33 * 1_024));
    for (name, data, code) in [
        (
            NAME,
            data(),
            "InvalidLaunchTemplateName.AlreadyExistsException",
        ),
        ("ab", data(), "InvalidLaunchTemplateName.MalformedException"),
        (
            "a b c",
            data(),
            "InvalidLaunchTemplateName.MalformedException",
        ),
        (
            &"x".repeat(129),
            data(),
            "InvalidLaunchTemplateName.MalformedException",
        ),
        (
            "kernel",
            data().with("KernelId", "aki-1"),
            "UnsupportedOperation",
        ),
        (
            "networks",
            data().with(
                "NetworkInterfaces",
                vec![Record::new().with("DeviceIndex", 0)],
            ),
            "UnsupportedOperation",
        ),
        (
            "large",
            data().with("UserData", large),
            "InvalidParameterValue",
        ),
    ] {
        let answer = call(&mut world, "CreateLaunchTemplate", &making(name, data));
        fails(answer, (code, 400), "");
    }
}

#[test]
fn a_template_made_again_with_its_token_is_the_same() {
    let mut world = World::new();
    let input = making(NAME, data()).with("ClientToken", "token");
    let first = call(&mut world, "CreateLaunchTemplate", &input).unwrap();
    assert_eq!(
        call(&mut world, "CreateLaunchTemplate", &input).unwrap(),
        first
    );
    let other = making(NAME, texts(&[("ImageId", IMAGE)])).with("ClientToken", "token");
    let answer = call(&mut world, "CreateLaunchTemplate", &other);
    fails(answer, ("IdempotentParameterMismatch", 400), "token");
}

#[test]
fn a_launch_by_a_template_needs_the_role_passed_and_the_template() {
    let mut world = World::new();
    let id = make(&mut world, data());
    let input = by(&texts(&[("LaunchTemplateId", &id)]));
    let denied = ("UnauthorizedOperation", 403);
    let user = world.user("only-launch", &policy("Allow", "ec2:*", "*"));
    fails(
        world.call(&user, "ec2", "RunInstances", &input),
        denied,
        "iam:PassRole",
    );

    let pass = r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}"#;
    let only = |condition: &str| {
        statements(&format!(
            r#"{pass},{{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*",
                "Condition":{condition}}}"#
        ))
    };
    let arn = format!("arn:aws:ec2:us-east-1:123456789012:launch-template/{id}");
    let own = only(&format!(
        r#"{{"ArnEquals":{{"ec2:LaunchTemplate":"{arn}"}},
             "Bool":{{"ec2:IsLaunchTemplateResource":"true"}}}}"#
    ));
    let user = world.user("by-template", &own);
    world.call(&user, "ec2", "RunInstances", &input).unwrap();
    let larger = input.clone().with("InstanceType", "t3.large");
    fails(
        world.call(&user, "ec2", "RunInstances", &larger),
        denied,
        "instance/*",
    );
    let plain = launch(1, 1);
    fails(
        world.call(&user, "ec2", "RunInstances", &plain),
        denied,
        "ec2:RunInstances",
    );
    let other =
        only(r#"{"ArnEquals":{"ec2:LaunchTemplate":"arn:aws:ec2:*:*:launch-template/lt-1"}}"#);
    let user = world.user("by-another", &other);
    fails(
        world.call(&user, "ec2", "RunInstances", &input),
        denied,
        "ec2:RunInstances",
    );
}
