//! What policies can ask of calls that come from inside a VPC.

use std::net::{IpAddr, Ipv4Addr};

use bytes::Bytes;
use http::Request;

use super::signed;
use crate::FromVpc;
use crate::testing::{World, statements};

#[test]
fn what_comes_from_a_vpc_has_its_keys_and_no_other_address() {
    let mut world = World::new();
    let inside = FromVpc {
        vpc_id: "vpc-0123".to_owned(),
        private_ip: Ipv4Addr::new(172, 31, 0, 9),
    };
    let call = ("iam", "ListRoles");
    for (condition, from_vpc, from_elsewhere) in [
        (
            r#"{"StringEquals":{"aws:SourceVpc":"vpc-0123"}}"#,
            true,
            false,
        ),
        (
            r#"{"StringEquals":{"aws:SourceVpc":"vpc-0124"}}"#,
            false,
            false,
        ),
        (
            r#"{"IpAddress":{"aws:VpcSourceIp":"172.31.0.0/16"}}"#,
            true,
            false,
        ),
        (
            r#"{"NotIpAddress":{"aws:VpcSourceIp":"172.31.0.0/16"}}"#,
            false,
            true,
        ),
        (r#"{"Null":{"aws:SourceIp":"true"}}"#, true, false),
    ] {
        let statement =
            format!(r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}"#);
        let name = format!("user{}", condition.len() + usize::from(from_elsewhere));
        let user = world.user(&name, &statements(&statement));
        let mut request = signed(&world, &user, call);
        let source = Some(IpAddr::V4(inside.private_ip));
        let allowed = |world: &World, request: &Request<Bytes>| {
            let outcome = crate::handle(&world.partition, request, source, world.now, [3; 32]);
            outcome.response.status() == 200
        };
        assert_eq!(allowed(&world, &request), from_elsewhere, "{condition}");
        request.extensions_mut().insert(inside.clone());
        assert_eq!(allowed(&world, &request), from_vpc, "{condition}");
    }
}
