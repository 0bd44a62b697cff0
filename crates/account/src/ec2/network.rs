//! The network that an account has from the start, as EC2 shows it. Nothing here changes it.
//!
//! Source: VPC User Guide, "Default VPC components".

use protocol::{Fault, Record, Value};

use super::instances::arn;
use super::listing::{Listing, one};
use crate::entity::{Settings, Subnet};
use crate::gate::{Caller, Need};
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "DescribeVpcs",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeVpcs", "*")]),
        run: vpcs,
    },
    Row {
        operation: "DescribeVpcAttribute",
        needs: |transaction, _, input| {
            let id = required(input, "VpcId")?;
            let vpc = arn(transaction, &format!("vpc/{id}"));
            Ok(vec![Need::new("ec2:DescribeVpcAttribute", vpc)])
        },
        run: vpc_attribute,
    },
    Row {
        operation: "DescribeSubnets",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeSubnets", "*")]),
        run: subnets,
    },
    Row {
        operation: "DescribeSecurityGroups",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeSecurityGroups", "*")]),
        run: security_groups,
    },
    Row {
        operation: "DescribeAvailabilityZones",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeAvailabilityZones", "*")]),
        run: zones,
    },
    Row {
        operation: "DescribeRegions",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeRegions", "*")]),
        run: regions,
    },
];

fn vpcs(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let settings = transaction.state().settings();
    let network = &settings.network;
    let known = [
        "cidr",
        "cidr-block-association.cidr-block",
        "is-default",
        "isDefault",
        "owner-id",
        "state",
        "tag-key",
        "vpc-id",
    ];
    let listing = Listing::read(input, "VpcIds", &known)?;
    listing.check_there(
        |id| id == network.vpc_id,
        |id| not_found("InvalidVpcID.NotFound", "vpc ID", id),
    )?;
    let all = std::iter::once(network);
    let (page, next) = listing.page(
        all,
        |network| network.vpc_id.clone(),
        |network, name| match name {
            "cidr" | "cidr-block-association.cidr-block" => one(&network.vpc_cidr),
            "is-default" | "isDefault" => one("true"),
            "owner-id" => one(&settings.account_id),
            "state" => one("available"),
            "vpc-id" => one(&network.vpc_id),
            _ => Some(Vec::new()),
        },
    );
    let shown = page.iter().map(|network| {
        let association = Record::new()
            .with(
                "AssociationId",
                network.vpc_id.replacen("vpc-", "vpc-cidr-assoc-", 1),
            )
            .with("CidrBlock", network.vpc_cidr.as_str())
            .with("CidrBlockState", Record::new().with("State", "associated"));
        Record::new()
            .with("VpcId", network.vpc_id.as_str())
            .with("OwnerId", settings.account_id.as_str())
            .with("State", "available")
            .with("CidrBlock", network.vpc_cidr.as_str())
            .with("CidrBlockAssociationSet", vec![association])
            .with("InstanceTenancy", "default")
            .with("IsDefault", true)
    });
    Ok(Record::new()
        .with("Vpcs", shown.collect::<Value>())
        .with_some("NextToken", next))
}

/// As in every default VPC, names are resolved and given.
fn vpc_attribute(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let id = required(input, "VpcId")?;
    if id != transaction.state().settings().network.vpc_id {
        return Err(not_found("InvalidVpcID.NotFound", "vpc ID", id));
    }
    let value = |truth: bool| Record::new().with("Value", truth);
    let answer = Record::new().with("VpcId", id);
    Ok(match required(input, "Attribute")? {
        "enableDnsHostnames" => answer.with("EnableDnsHostnames", value(true)),
        "enableDnsSupport" => answer.with("EnableDnsSupport", value(true)),
        _ => answer.with("EnableNetworkAddressUsageMetrics", value(false)),
    })
}

fn subnets(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let settings = transaction.state().settings();
    let known = [
        "availability-zone",
        "availabilityZone",
        "availability-zone-id",
        "cidr-block",
        "cidr",
        "default-for-az",
        "defaultForAz",
        "map-public-ip-on-launch",
        "owner-id",
        "state",
        "subnet-arn",
        "subnet-id",
        "tag-key",
        "vpc-id",
    ];
    let listing = Listing::read(input, "SubnetIds", &known)?;
    let mut all: Vec<&Subnet> = settings.network.subnets.iter().collect();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    listing.check_there(
        |id| all.iter().any(|subnet| subnet.id == id),
        |id| not_found("InvalidSubnetID.NotFound", "subnet ID", id),
    )?;
    let (page, next) = listing.page(
        all.into_iter(),
        |subnet| subnet.id.clone(),
        |subnet, name| match name {
            "availability-zone" | "availabilityZone" => one(&subnet.availability_zone),
            "availability-zone-id" => one(&subnet.availability_zone_id),
            "cidr-block" | "cidr" => one(cidr(subnet)),
            "default-for-az" | "defaultForAz" => one("true"),
            "map-public-ip-on-launch" => one("false"),
            "owner-id" => one(&settings.account_id),
            "state" => one("available"),
            "subnet-arn" => one(arn(transaction, &format!("subnet/{}", subnet.id))),
            "subnet-id" => one(&subnet.id),
            "vpc-id" => one(&settings.network.vpc_id),
            _ => Some(Vec::new()),
        },
    );
    let shown = page.iter().map(|subnet| {
        let used = transaction.state().instances().values();
        let used = used.map(|held| &held.instance).filter(|instance| {
            instance.terminated.is_none() && instance.placement.subnet_id == subnet.id
        });
        let used = i64::try_from(used.count()).unwrap_or(i64::MAX);
        subnet_record(settings, subnet)
            .with("AvailableIpAddressCount", SUBNET_HOSTS.saturating_sub(used))
            .with(
                "SubnetArn",
                arn(transaction, &format!("subnet/{}", subnet.id)),
            )
    });
    let shown: Value = shown.collect();
    Ok(Record::new()
        .with("Subnets", shown)
        .with_some("NextToken", next))
}

/// No instance here has a public address, so no subnet gives one.
fn subnet_record(settings: &Settings, subnet: &Subnet) -> Record {
    Record::new()
        .with("SubnetId", subnet.id.as_str())
        .with("VpcId", settings.network.vpc_id.as_str())
        .with("OwnerId", settings.account_id.as_str())
        .with("State", "available")
        .with("CidrBlock", cidr(subnet))
        .with("AvailabilityZone", subnet.availability_zone.as_str())
        .with("AvailabilityZoneId", subnet.availability_zone_id.as_str())
        .with("DefaultForAz", true)
        .with("MapPublicIpOnLaunch", false)
        .with("MapCustomerOwnedIpOnLaunch", false)
        .with("AssignIpv6AddressOnCreation", false)
        .with("EnableDns64", false)
        .with("Ipv6Native", false)
        .with("Ipv6CidrBlockAssociationSet", Vec::<Value>::new())
}

fn cidr(subnet: &Subnet) -> String {
    format!("{}/20", subnet.base)
}

fn security_groups(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let settings = transaction.state().settings();
    let network = &settings.network;
    let known = [
        "description",
        "group-id",
        "group-name",
        "owner-id",
        "tag-key",
        "vpc-id",
    ];
    let listing = Listing::read(input, "GroupIds", &known)?;
    let missing = |id: &str| not_found("InvalidGroup.NotFound", "security group", id);
    listing.check_there(|id| id == network.security_group_id, missing)?;
    if let Some(name) = input.texts("GroupNames").find(|name| *name != GROUP_NAME) {
        return Err(missing(name));
    }
    let (page, next) = listing.page(
        std::iter::once(network),
        |network| network.security_group_id.clone(),
        |network, name| match name {
            "description" => one(GROUP_DESCRIPTION),
            "group-id" => one(&network.security_group_id),
            "group-name" => one(GROUP_NAME),
            "owner-id" => one(&settings.account_id),
            "vpc-id" => one(&network.vpc_id),
            _ => Some(Vec::new()),
        },
    );
    let shown = page.iter().map(|network| {
        let id = network.security_group_id.as_str();
        let own = Record::new()
            .with("GroupId", id)
            .with("UserId", settings.account_id.as_str());
        let ingress = Record::new()
            .with("IpProtocol", "-1")
            .with("UserIdGroupPairs", vec![own]);
        let anywhere = Record::new().with("CidrIp", "0.0.0.0/0");
        let egress = Record::new()
            .with("IpProtocol", "-1")
            .with("IpRanges", vec![anywhere]);
        Record::new()
            .with("GroupId", id)
            .with("GroupName", GROUP_NAME)
            .with("Description", GROUP_DESCRIPTION)
            .with("OwnerId", settings.account_id.as_str())
            .with("VpcId", network.vpc_id.as_str())
            .with("IpPermissions", vec![ingress])
            .with("IpPermissionsEgress", vec![egress])
            .with(
                "SecurityGroupArn",
                arn(transaction, &format!("security-group/{id}")),
            )
    });
    let shown: Value = shown.collect();
    Ok(Record::new()
        .with("SecurityGroups", shown)
        .with_some("NextToken", next))
}

fn zones(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let settings = transaction.state().settings();
    let known = [
        "group-name",
        "opt-in-status",
        "region-name",
        "state",
        "zone-id",
        "zone-name",
        "zone-type",
    ];
    let listing = Listing::read(input, "ZoneNames", &known)?;
    let all = &settings.network.subnets;
    let invalid = |name: &str| {
        Fault::new(
            "InvalidParameterValue",
            format!("Invalid availability zone: [{name}]"),
        )
    };
    listing.check_there(
        |name| all.iter().any(|subnet| subnet.availability_zone == name),
        invalid,
    )?;
    let ids: Vec<&str> = input.texts("ZoneIds").collect();
    let is_known = |id: &str| all.iter().any(|subnet| subnet.availability_zone_id == id);
    if let Some(id) = ids.iter().find(|id| !is_known(id)) {
        return Err(invalid(id));
    }
    let all = all
        .iter()
        .filter(|subnet| ids.is_empty() || ids.contains(&subnet.availability_zone_id.as_str()));
    let (page, _) = listing.page(
        all,
        |subnet| subnet.availability_zone.clone(),
        |subnet, name| match name {
            "group-name" | "region-name" => one(&settings.region),
            "opt-in-status" => one("opt-in-not-required"),
            "state" => one("available"),
            "zone-id" => one(&subnet.availability_zone_id),
            "zone-name" => one(&subnet.availability_zone),
            "zone-type" => one("availability-zone"),
            _ => None,
        },
    );
    let shown = page.iter().map(|subnet| {
        Record::new()
            .with("ZoneName", subnet.availability_zone.as_str())
            .with("ZoneId", subnet.availability_zone_id.as_str())
            .with("RegionName", settings.region.as_str())
            .with("GroupName", settings.region.as_str())
            .with("NetworkBorderGroup", settings.region.as_str())
            .with("OptInStatus", "opt-in-not-required")
            .with("State", "available")
            .with("ZoneType", "availability-zone")
            .with("Messages", Vec::<Value>::new())
    });
    Ok(Record::new().with("AvailabilityZones", shown.collect::<Value>()))
}

/// All are there without opting in.
fn regions(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let all = transaction.state().partition().regions();
    let endpoint = |region: &str| format!("ec2.{region}.amazonaws.com");
    let known = ["endpoint", "opt-in-status", "region-name"];
    let listing = Listing::read(input, "RegionNames", &known)?;
    listing.check_there(
        |name| all.contains(&name),
        |name| {
            Fault::new(
                "InvalidParameterValue",
                format!("Invalid region provided: [{name}]"),
            )
        },
    )?;
    let (page, _) = listing.page(
        all.iter().copied(),
        |region| (*region).to_owned(),
        |region, name| match name {
            "endpoint" => one(endpoint(region)),
            "opt-in-status" => one("opt-in-not-required"),
            "region-name" => one(*region),
            _ => None,
        },
    );
    let shown = page.iter().map(|region| {
        Record::new()
            .with("RegionName", *region)
            .with("Endpoint", endpoint(region))
            .with("OptInStatus", "opt-in-not-required")
    });
    Ok(Record::new().with("Regions", shown.collect::<Value>()))
}

fn not_found(code: &'static str, noun: &str, id: &str) -> Fault {
    Fault::new(code, format!("The {noun} '{id}' does not exist"))
}

const GROUP_NAME: &str = "default";
const GROUP_DESCRIPTION: &str = "default VPC security group";
// Of 4,096 addresses five are AWS's own.
const SUBNET_HOSTS: i64 = 4_091;
