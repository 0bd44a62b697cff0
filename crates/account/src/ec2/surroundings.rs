//! What stands around instances in an account that nobody has built in: route table and internet
//! gateway of the default VPC, interfaces of the instances, no key pairs, and the account's limits.
//!
//! Source: VPC User Guide, "Default VPC components"; EC2 API Reference, the Describe calls.

use protocol::{Fault, Record, Value};

use super::listing::{Listing, one};
use super::{shown, types};
use crate::entity::{Instance, Network};
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "DescribeKeyPairs",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeKeyPairs", "*")]),
        run: key_pairs,
    },
    Row {
        operation: "DescribeNetworkInterfaces",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeNetworkInterfaces", "*")]),
        run: interfaces,
    },
    Row {
        operation: "DescribeRouteTables",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeRouteTables", "*")]),
        run: route_tables,
    },
    Row {
        operation: "DescribeInternetGateways",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeInternetGateways", "*")]),
        run: gateways,
    },
    Row {
        operation: "DescribeInstanceTypeOfferings",
        needs: |_, _, _| {
            let action = "ec2:DescribeInstanceTypeOfferings";
            Ok(vec![Need::new(action, "*")])
        },
        run: offerings,
    },
    Row {
        operation: "DescribeAccountAttributes",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeAccountAttributes", "*")]),
        run: account_attributes,
    },
];

/// There are none, and none can be made.
fn key_pairs(_: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let known = ["fingerprint", "key-name", "key-pair-id", "tag-key"];
    Listing::read(input, "KeyPairIds", &known)?.check_there(
        |_| false,
        |id| {
            let message = format!("The key pair ID '{id}' does not exist");
            Fault::new("InvalidKeyPair.NotFound", message)
        },
    )?;
    if let Some(name) = input.texts("KeyNames").next() {
        let message = format!("The key pair '{name}' does not exist");
        return Err(Fault::new("InvalidKeyPair.NotFound", message));
    }
    Ok(Record::new().with("KeyPairs", Vec::<Value>::new()))
}

fn interfaces(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let settings = transaction.state().settings();
    let known = [
        "attachment.instance-id",
        "attachment.status",
        "availability-zone",
        "group-id",
        "network-interface-id",
        "owner-id",
        "private-ip-address",
        "status",
        "subnet-id",
        "tag-key",
        "vpc-id",
    ];
    let listing = Listing::read(input, "NetworkInterfaceIds", &known)?;
    let all = transaction.state().instances().values();
    let all = all.map(|held| &held.instance);
    let mut all: Vec<&Instance> = all.filter(|it| it.terminated.is_none()).collect();
    all.sort_by(|one, other| one.interface_id.cmp(&other.interface_id));
    listing.check_there(
        |id| all.iter().any(|instance| instance.interface_id == id),
        |id| {
            let message = format!("The networkInterface ID '{id}' does not exist");
            Fault::new("InvalidNetworkInterfaceID.NotFound", message)
        },
    )?;
    let (page, next) = listing.page(
        all.into_iter(),
        |instance| instance.interface_id.clone(),
        |instance, name| match name {
            "attachment.instance-id" => one(&instance.id),
            "attachment.status" => one("attached"),
            "availability-zone" => one(&instance.placement.availability_zone),
            "group-id" => one(&settings.network.security_group_id),
            "network-interface-id" => one(&instance.interface_id),
            "owner-id" => one(&settings.account_id),
            "private-ip-address" => one(instance.placement.private_ip.to_string()),
            "status" => one("in-use"),
            "subnet-id" => one(&instance.placement.subnet_id),
            "vpc-id" => one(&settings.network.vpc_id),
            _ => Some(Vec::new()),
        },
    );
    let shown = page
        .into_iter()
        .map(|instance| shown::network_interface(settings, instance));
    Ok(Record::new()
        .with("NetworkInterfaces", shown.collect::<Value>())
        .with_some("NextToken", next))
}

/// An id of what comes with a VPC: the VPC's own under another prefix.
fn beside(network: &Network, prefix: &str) -> String {
    network.vpc_id.replacen("vpc-", prefix, 1)
}

/// The main table: the VPC's own addresses, and the rest by the internet gateway.
fn route_tables(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let settings = transaction.state().settings();
    let network = &settings.network;
    let known = [
        "association.main",
        "association.route-table-id",
        "association.subnet-id",
        "owner-id",
        "route-table-id",
        "tag-key",
        "vpc-id",
    ];
    let listing = Listing::read(input, "RouteTableIds", &known)?;
    let table = beside(network, "rtb-");
    listing.check_there(
        |id| id == table,
        |id| {
            let message = format!("The routeTable ID '{id}' does not exist");
            Fault::new("InvalidRouteTableID.NotFound", message)
        },
    )?;
    let (page, next) = listing.page(
        std::iter::once(&table),
        |table| (*table).clone(),
        |table, name| match name {
            "association.main" => one("true"),
            "association.route-table-id" | "route-table-id" => one(*table),
            "owner-id" => one(&settings.account_id),
            "vpc-id" => one(&network.vpc_id),
            _ => Some(Vec::new()),
        },
    );
    let shown = page.into_iter().map(|table| {
        let association = Record::new()
            .with("Main", true)
            .with("RouteTableAssociationId", beside(network, "rtbassoc-"))
            .with("RouteTableId", table.as_str())
            .with(
                "AssociationState",
                Record::new().with("State", "associated"),
            );
        let route = |to: &str, by: &str, origin: &str| {
            Record::new()
                .with("DestinationCidrBlock", to)
                .with("GatewayId", by)
                .with("Origin", origin)
                .with("State", "active")
        };
        let gateway = beside(network, "igw-");
        let routes = vec![
            route(&network.vpc_cidr, "local", "CreateRouteTable"),
            route("0.0.0.0/0", &gateway, "CreateRoute"),
        ];
        Record::new()
            .with("RouteTableId", table.as_str())
            .with("VpcId", network.vpc_id.as_str())
            .with("OwnerId", settings.account_id.as_str())
            .with("Associations", vec![association])
            .with("Routes", routes)
            .with("PropagatingVgws", Vec::<Value>::new())
            .with("Tags", Vec::<Value>::new())
    });
    Ok(Record::new()
        .with("RouteTables", shown.collect::<Value>())
        .with_some("NextToken", next))
}

fn gateways(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let settings = transaction.state().settings();
    let network = &settings.network;
    let known = [
        "attachment.state",
        "attachment.vpc-id",
        "internet-gateway-id",
        "owner-id",
        "tag-key",
    ];
    let listing = Listing::read(input, "InternetGatewayIds", &known)?;
    let gateway = beside(network, "igw-");
    listing.check_there(
        |id| id == gateway,
        |id| {
            let message = format!("The internetGateway ID '{id}' does not exist");
            Fault::new("InvalidInternetGatewayID.NotFound", message)
        },
    )?;
    let (page, next) = listing.page(
        std::iter::once(&gateway),
        |gateway| (*gateway).clone(),
        |gateway, name| match name {
            "attachment.state" => one("available"),
            "attachment.vpc-id" => one(&network.vpc_id),
            "internet-gateway-id" => one(*gateway),
            "owner-id" => one(&settings.account_id),
            _ => Some(Vec::new()),
        },
    );
    let shown = page.into_iter().map(|gateway| {
        let attachment = Record::new()
            .with("State", "available")
            .with("VpcId", network.vpc_id.as_str());
        Record::new()
            .with("InternetGatewayId", gateway.as_str())
            .with("OwnerId", settings.account_id.as_str())
            .with("Attachments", vec![attachment])
            .with("Tags", Vec::<Value>::new())
    });
    Ok(Record::new()
        .with("InternetGateways", shown.collect::<Value>())
        .with_some("NextToken", next))
}

/// Every type of the table is to be had in every zone.
fn offerings(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let settings = transaction.state().settings();
    let subnets = &settings.network.subnets;
    let kind = input.text("LocationType").unwrap_or("region");
    let places: Vec<&str> = match kind {
        "region" => vec![settings.region.as_str()],
        "availability-zone" => subnets
            .iter()
            .map(|subnet| subnet.availability_zone.as_str())
            .collect(),
        "availability-zone-id" => subnets
            .iter()
            .map(|subnet| subnet.availability_zone_id.as_str())
            .collect(),
        // There are no outposts.
        _ => Vec::new(),
    };
    let listing = Listing::read(input, "InstanceTypes", &["instance-type", "location"])?;
    let names = types::names();
    let all = names
        .iter()
        .flat_map(|name| places.iter().map(move |place| (name, *place)));
    let mut all: Vec<(&String, &str)> = all.collect();
    all.sort_unstable();
    let (page, next) = listing.page(
        all.into_iter(),
        |(name, place)| format!("{name} {place}"),
        |(name, place), filter| match filter {
            "instance-type" => one(*name),
            "location" => one(*place),
            _ => Some(Vec::new()),
        },
    );
    let shown = page.into_iter().map(|(name, place)| {
        Record::new()
            .with("InstanceType", name.as_str())
            .with("LocationType", kind)
            .with("Location", place)
    });
    Ok(Record::new()
        .with("InstanceTypeOfferings", shown.collect::<Value>())
        .with_some("NextToken", next))
}

#[expect(clippy::unnecessary_wraps, reason = "every handler has this signature")]
fn account_attributes(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let vpc = &transaction.state().settings().network.vpc_id;
    let asked: Vec<&str> = input.texts("AttributeNames").collect();
    let all = [
        ("default-vpc", vpc.as_str()),
        ("supported-platforms", "VPC"),
    ];
    let all = all.into_iter().chain(LIMITS.iter().copied());
    let shown = all
        .filter(|(name, _)| asked.is_empty() || asked.contains(name))
        .map(|(name, value)| {
            let value = Record::new().with("AttributeValue", value);
            Record::new()
                .with("AttributeName", name)
                .with("AttributeValues", vec![value])
        });
    Ok(Record::new().with("AccountAttributes", shown.collect::<Value>()))
}

/// What a new account starts with: EC2 API Reference, DescribeAccountAttributes. Nothing has an
/// elastic address or a second security group, so that these numbers are never reached.
const LIMITS: &[(&str, &str)] = &[
    ("max-elastic-ips", "5"),
    ("max-instances", "20"),
    ("vpc-max-elastic-ips", "5"),
    ("vpc-max-security-groups-per-interface", "5"),
];
