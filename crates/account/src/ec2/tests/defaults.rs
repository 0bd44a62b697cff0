//! The account's metadata defaults, what stands around instances, and what can be asked of one.

use protocol::{Fault, Record, Value};

use crate::entity::{MetadataOptions, Toggle, Tokens};
use crate::testing::{World, fails, policy, statements, texts};

const MODIFY: &str = "ModifyInstanceMetadataDefaults";
const UNSUPPORTED: (&str, u16) = ("UnsupportedOperation", 400);

fn call(world: &mut World, operation: &str, input: &Record) -> Result<Record, Fault> {
    world.admin("ec2", operation, input)
}

fn level(world: &mut World) -> Record {
    let answer = call(world, "GetInstanceMetadataDefaults", &Record::new()).unwrap();
    answer.record("AccountLevel").cloned().unwrap_or_default()
}

/// An image that asks for nothing, with options.
fn launching(options: Option<Record>) -> Record {
    texts(&[("ImageId", "ami-12c6146b"), ("InstanceType", "t3.micro")])
        .with("MinCount", 1)
        .with("MaxCount", 1)
        .with_some("MetadataOptions", options)
}

fn launched(world: &mut World, options: Option<Record>) -> MetadataOptions {
    let answer = call(world, "RunInstances", &launching(options)).unwrap();
    let instance = answer.records("Instances").next().unwrap().clone();
    let id = instance.text("InstanceId").unwrap();
    world
        .state
        .instance(id)
        .unwrap()
        .instance
        .metadata_options
        .clone()
}

#[test]
fn nothing_is_preferred_until_it_is_said_and_no_longer_when_it_is_taken_back() {
    let mut world = World::new();
    assert_eq!(level(&mut world).members().count(), 0);
    let all = texts(&[
        ("HttpTokens", "required"),
        ("HttpEndpoint", "enabled"),
        ("InstanceMetadataTags", "enabled"),
        ("HttpTokensEnforced", "enabled"),
    ]);
    let answer = call(
        &mut world,
        MODIFY,
        &all.clone().with("HttpPutResponseHopLimit", 2),
    );
    assert_eq!(answer.unwrap().boolean("Return"), Some(true));
    let held = level(&mut world);
    for (member, _) in all.members() {
        assert_eq!(held.text(member), all.text(member), "{member}");
    }
    assert_eq!(held.integer("HttpPutResponseHopLimit"), Some(2));
    assert_eq!(held.text("ManagedBy"), Some("account"));

    // What is left out stays.
    let one = texts(&[("HttpEndpoint", "disabled")]);
    call(&mut world, MODIFY, &one).unwrap();
    assert_eq!(level(&mut world).text("HttpTokens"), Some("required"));

    let none = all.members().fold(Record::new(), |none, (member, _)| {
        none.with(member, "no-preference")
    });
    let none = none.with("HttpPutResponseHopLimit", -1);
    call(&mut world, MODIFY, &none).unwrap();
    assert_eq!(level(&mut world).members().count(), 0);
}

#[test]
fn a_launch_comes_before_the_account_and_the_account_before_the_image() {
    let mut world = World::new();
    let plain = launched(&mut world, None);
    assert_eq!((plain.http_tokens, plain.hop_limit), (Tokens::Optional, 1));
    let preferred = texts(&[
        ("HttpTokens", "required"),
        ("InstanceMetadataTags", "enabled"),
    ]);
    let preferred = preferred.with("HttpPutResponseHopLimit", 7);
    call(&mut world, MODIFY, &preferred).unwrap();
    let by_account = launched(&mut world, None);
    let expect = MetadataOptions {
        http_tokens: Tokens::Required,
        hop_limit: 7,
        instance_tags: Toggle::Enabled,
        ..MetadataOptions::default()
    };
    assert_eq!(by_account, expect);
    let own = texts(&[("HttpTokens", "optional")]).with("HttpPutResponseHopLimit", 3);
    let by_launch = launched(&mut world, Some(own));
    let expect = MetadataOptions {
        http_tokens: Tokens::Optional,
        hop_limit: 3,
        ..expect
    };
    assert_eq!(by_launch, expect);

    // An image for IMDSv2 asks for tokens and two hops, unless the account prefers otherwise.
    let images = call(&mut world, "DescribeImages", &Record::new()).unwrap();
    let strict = images
        .records("Images")
        .find(|it| it.text("ImdsSupport") == Some("v2.0"));
    let mut input = launching(None);
    input.set("ImageId", strict.unwrap().text("ImageId").unwrap());
    input.set("InstanceType", "t3.micro");
    let optional = texts(&[("HttpTokens", "optional")]).with("HttpPutResponseHopLimit", -1);
    call(&mut world, MODIFY, &optional).unwrap();
    let answer = call(&mut world, "RunInstances", &input).unwrap();
    let options = answer.records("Instances").next().unwrap().clone();
    let options = options.record("MetadataOptions").unwrap().clone();
    assert_eq!(options.text("HttpTokens"), Some("optional"));
    assert_eq!(options.integer("HttpPutResponseHopLimit"), Some(2));
}

#[test]
fn where_tokens_are_enforced_nothing_starts_without() {
    let mut world = World::new();
    let id = world.instance_id();
    let enforced = texts(&[("HttpTokensEnforced", "enabled")]);
    call(&mut world, MODIFY, &enforced).unwrap();
    let words = "because httpTokensEnforced is enabled for this account";
    fails(
        call(&mut world, "RunInstances", &launching(None)),
        UNSUPPORTED,
        words,
    );
    let own = texts(&[("HttpTokens", "optional")]);
    let answer = call(&mut world, "RunInstances", &launching(Some(own.clone())));
    fails(answer, UNSUPPORTED, words);
    let weaker = own.with("InstanceId", id.as_str());
    let answer = call(&mut world, "ModifyInstanceMetadataOptions", &weaker);
    fails(
        answer,
        UNSUPPORTED,
        "You can't enable IMDSv1 on an instance",
    );
    let other = texts(&[("InstanceId", &id), ("HttpEndpoint", "disabled")]);
    assert!(call(&mut world, "ModifyInstanceMetadataOptions", &other).is_ok());
    let required = texts(&[("HttpTokens", "required")]);
    assert_eq!(
        launched(&mut world, Some(required.clone())).http_tokens,
        Tokens::Required
    );
    call(&mut world, MODIFY, &required).unwrap();
    assert_eq!(launched(&mut world, None).http_tokens, Tokens::Required);
}

#[test]
fn defaults_that_cannot_be_are_refused() {
    let mut world = World::new();
    for limit in [0, -2, 65] {
        let input = Record::new().with("HttpPutResponseHopLimit", limit);
        let answer = call(&mut world, MODIFY, &input);
        fails(answer, ("InvalidParameterValue", 400), "between 1 and 64");
    }
    for member in [
        "HttpTokens",
        "HttpEndpoint",
        "InstanceMetadataTags",
        "HttpTokensEnforced",
    ] {
        let input = Record::new().with(member, "perhaps");
        assert!(call(&mut world, MODIFY, &input).is_err(), "{member}");
    }
    let document = statements(
        r#"{"Effect":"Allow","Action":"ec2:ModifyInstanceMetadataDefaults","Resource":"*",
            "Condition":{"StringEquals":{"ec2:Attribute/HttpTokens":"required"}}}"#,
    );
    let user = world.user("u", &document);
    let required = texts(&[("HttpTokens", "required")]);
    assert!(world.call(&user, "ec2", MODIFY, &required).is_ok());
    let optional = texts(&[("HttpTokens", "optional")]);
    let answer = world.call(&user, "ec2", MODIFY, &optional);
    fails(
        answer,
        ("UnauthorizedOperation", 403),
        "ec2:ModifyInstanceMetadataDefaults",
    );
}

#[test]
fn what_never_ran_has_printed_nothing() {
    let mut world = World::new();
    let id = world.instance_id();
    let answer = call(
        &mut world,
        "GetConsoleOutput",
        &texts(&[("InstanceId", &id)]),
    )
    .unwrap();
    assert_eq!(answer.text("InstanceId"), Some(id.as_str()));
    assert_eq!(answer.text("Output").unwrap_or_default(), "");
    let missing = texts(&[("InstanceId", "i-00000000")]);
    let answer = call(&mut world, "GetConsoleOutput", &missing);
    fails(answer, ("InvalidInstanceID.NotFound", 400), "i-00000000");
    let user = world.user("u", &policy("Allow", "ec2:Describe*", "*"));
    let answer = world.call(&user, "ec2", "GetConsoleOutput", &missing);
    fails(
        answer,
        ("UnauthorizedOperation", 403),
        "instance/i-00000000",
    );
}

#[test]
fn the_data_of_an_instance_launch_another_one_like_it() {
    let mut world = World::new();
    let tag = texts(&[("Key", "team"), ("Value", "red")]);
    let tags = texts(&[("ResourceType", "instance")]).with("Tags", vec![tag]);
    let volume = Record::new()
        .with("VolumeSize", 20)
        .with("VolumeType", "gp3");
    let input = launching(Some(texts(&[("HttpTokens", "required")])))
        .with(
            "UserData",
            protocol::Secret::from_text("IyEvYmluL3No".to_owned()),
        )
        .with("TagSpecifications", vec![tags])
        .with("DisableApiTermination", true)
        .with(
            "IamInstanceProfile",
            texts(&[("Name", "ec2-secrets-manager-profile")]),
        )
        .with(
            "BlockDeviceMappings",
            vec![texts(&[("DeviceName", "/dev/sdf")]).with("Ebs", volume)],
        );
    let first = call(&mut world, "RunInstances", &input).unwrap();
    let first = first.records("Instances").next().unwrap().clone();
    let first = first.text("InstanceId").unwrap().to_owned();
    let named = texts(&[("InstanceId", &first)]);
    let data = call(&mut world, "GetLaunchTemplateData", &named).unwrap();
    let data = unshaped(&Value::Structure(
        data.record("LaunchTemplateData").unwrap().clone(),
    ));
    let Value::Structure(mut data) = data else {
        panic!("{data:?}");
    };
    // It says in what state the options are, which no request does.
    let options = data.record("MetadataOptions").unwrap();
    let members = options.members().filter(|(name, _)| *name != "State");
    let options = members.fold(Record::new(), |kept, (name, value)| {
        kept.with(name, value.clone())
    });
    data.set("MetadataOptions", options);
    let template = texts(&[("LaunchTemplateName", "like-it")]).with("LaunchTemplateData", data);
    call(&mut world, "CreateLaunchTemplate", &template).unwrap();
    let input = Record::new().with("MinCount", 1).with("MaxCount", 1).with(
        "LaunchTemplate",
        texts(&[("LaunchTemplateName", "like-it")]),
    );
    let second = call(&mut world, "RunInstances", &input).unwrap();
    let second = second.records("Instances").next().unwrap().clone();
    let second = second.text("InstanceId").unwrap();

    let of = |id: &str| world.state.instance(id).unwrap().instance.clone();
    let (one, other) = (of(&first), of(second));
    assert_eq!(one.instance_type, other.instance_type);
    assert_eq!(one.user_data, other.user_data);
    assert_eq!(one.metadata_options, other.metadata_options);
    assert_eq!(one.attributes, other.attributes);
    assert_eq!(one.termination_protected, other.termination_protected);
    let sizes = |of: &crate::entity::Instance| -> Vec<_> {
        let volumes = of.volumes.iter();
        volumes
            .map(|it| (it.device.clone(), it.gib, it.volume_type.clone(), it.iops))
            .collect()
    };
    assert_eq!(sizes(&one), sizes(&other));
    assert!(other.tags.contains(&one.tags[0]));
    assert!(other.association.is_some());
}

fn unshaped(value: &Value) -> Value {
    match value {
        Value::Structure(record) => {
            let members = record.members();
            Value::Structure(members.fold(Record::new(), |plain, (name, value)| {
                plain.with(name, unshaped(value))
            }))
        }
        Value::List(values) => values.iter().map(unshaped).collect(),
        other => other.clone(),
    }
}

#[test]
fn the_default_network_has_its_table_its_gateway_and_the_instances_interfaces() {
    let mut world = World::new();
    let network = world.state.settings().network.clone();
    let none = Record::new();
    let tables = call(&mut world, "DescribeRouteTables", &none).unwrap();
    let table = tables.records("RouteTables").next().unwrap().clone();
    let gateways: Vec<_> = table
        .records("Routes")
        .filter_map(|route| route.text("GatewayId").map(str::to_owned))
        .collect();
    let answer = call(&mut world, "DescribeInternetGateways", &none).unwrap();
    let gateway = answer.records("InternetGateways").next().unwrap().clone();
    let gateway = gateway.text("InternetGatewayId").unwrap();
    assert_eq!(gateways, ["local", gateway]);
    assert!(gateway.starts_with("igw-"));

    let id = world.instance_id();
    let filter = texts(&[("Name", "attachment.instance-id")]).with("Values", vec![id.as_str()]);
    let input = Record::new().with("Filters", vec![filter]);
    let answer = call(&mut world, "DescribeNetworkInterfaces", &input).unwrap();
    let all: Vec<_> = answer.records("NetworkInterfaces").collect();
    let [interface] = all.as_slice() else {
        panic!("{all:?}");
    };
    assert_eq!(interface.text("VpcId"), Some(network.vpc_id.as_str()));
    let attachment = interface.record("Attachment").unwrap();
    assert_eq!(attachment.text("InstanceId"), Some(id.as_str()));

    let instance = Record::new().with("InstanceIds", vec![id.as_str()]);
    call(&mut world, "TerminateInstances", &instance).unwrap();
    let answer = call(&mut world, "DescribeNetworkInterfaces", &input).unwrap();
    assert!(answer.list("NetworkInterfaces").is_empty());
}

#[test]
fn what_is_not_there_is_not_found() {
    let mut world = World::new();
    for (operation, member, id, code) in [
        (
            "DescribeKeyPairs",
            "KeyNames",
            "key",
            "InvalidKeyPair.NotFound",
        ),
        (
            "DescribeKeyPairs",
            "KeyPairIds",
            "key-1",
            "InvalidKeyPair.NotFound",
        ),
        (
            "DescribeRouteTables",
            "RouteTableIds",
            "rtb-1",
            "InvalidRouteTableID.NotFound",
        ),
        (
            "DescribeInternetGateways",
            "InternetGatewayIds",
            "igw-1",
            "InvalidInternetGatewayID.NotFound",
        ),
        (
            "DescribeNetworkInterfaces",
            "NetworkInterfaceIds",
            "eni-1",
            "InvalidNetworkInterfaceID.NotFound",
        ),
    ] {
        let input = Record::new().with(member, vec![id]);
        fails(call(&mut world, operation, &input), (code, 400), id);
    }
    let answer = call(&mut world, "DescribeKeyPairs", &Record::new()).unwrap();
    assert!(answer.list("KeyPairs").is_empty());
}

#[test]
fn types_are_offered_by_place() {
    let mut world = World::new();
    let filter = texts(&[("Name", "instance-type")]).with("Values", vec!["t3.micro"]);
    let zones = world.state.settings().network.subnets.len();
    for (kind, count) in [
        (None, 1),
        (Some("region"), 1),
        (Some("availability-zone"), zones),
        (Some("availability-zone-id"), zones),
        (Some("outpost"), 0),
    ] {
        let input = Record::new()
            .with("Filters", vec![filter.clone()])
            .with_some("LocationType", kind);
        let answer = call(&mut world, "DescribeInstanceTypeOfferings", &input).unwrap();
        assert_eq!(
            answer.list("InstanceTypeOfferings").len(),
            count,
            "{kind:?}"
        );
    }
    let mut pages = 0;
    let mut seen = std::collections::BTreeSet::new();
    let mut input = Record::new()
        .with("MaxResults", 50)
        .with("LocationType", "availability-zone");
    loop {
        let answer = call(&mut world, "DescribeInstanceTypeOfferings", &input).unwrap();
        for it in answer.records("InstanceTypeOfferings") {
            let pair = (
                it.text("InstanceType").map(str::to_owned),
                it.text("Location").map(str::to_owned),
            );
            assert!(seen.insert(pair));
        }
        pages += 1;
        match answer.text("NextToken") {
            Some(next) => input.set("NextToken", next.to_owned()),
            None => break,
        }
    }
    assert!(pages > 1 && seen.len() > 50);
}

#[test]
fn the_account_says_its_default_vpc() {
    let mut world = World::new();
    let vpc = world.state.settings().network.vpc_id.clone();
    let input = Record::new().with("AttributeNames", vec!["default-vpc"]);
    let answer = call(&mut world, "DescribeAccountAttributes", &input).unwrap();
    let all: Vec<_> = answer.records("AccountAttributes").collect();
    let [attribute] = all.as_slice() else {
        panic!("{all:?}");
    };
    let value = attribute.records("AttributeValues").next().unwrap();
    assert_eq!(value.text("AttributeValue"), Some(vpc.as_str()));
}
