//! Ten thousand instances: each is asked, and none has more to it than its record.

use std::net::Ipv4Addr;
use std::sync::Arc;

use super::*;
use crate::entity::{Change, Entity};
use crate::ids;

#[test]
fn ten_thousand_instances_are_served_by_their_records_alone() {
    let world = World::new();
    let home = world.partition.home();
    let one = world.state.instance(&world.instance_id()).unwrap();
    let mut partition = (*world.partition).clone();
    let ids: Vec<String> = (0..INSTANCES)
        .map(|number| format!("i-{number:017x}"))
        .collect();
    for (number, id) in (0..INSTANCES).zip(&ids) {
        let mut instance = one.instance.clone();
        instance.id.clone_from(id);
        instance.mac = ids::mac(&mut crate::Entropy::new([7; 32]));
        instance.placement.private_ip = Ipv4Addr::from_bits(0x0a00_0000 + number);
        let change = Change::put(home.clone(), Entity::Instance(instance));
        partition.apply(change).unwrap();
    }
    let state = Arc::new(partition).founding_state().unwrap();
    for (number, id) in (0..INSTANCES).zip(&ids) {
        let put = Request::put("/latest/api/token")
            .header(TTL, "60")
            .body(())
            .unwrap();
        let token = text(&serve(&state, id, &put, world.now, [3; 12]).response);
        let read = |path: &str, token: &str| {
            let request = Request::get(path).header(TOKEN, token).body(()).unwrap();
            let response = serve(&state, id, &request, world.now, [3; 12]).response;
            (response.status().as_u16(), text(&response))
        };
        let path = "/latest/meta-data/local-ipv4";
        let address = Ipv4Addr::from_bits(0x0a00_0000 + number).to_string();
        assert_eq!(read(path, &token), (200, address));
        let path = format!("{ROLES}{}", sample::ROLE);
        if number % 100 == 0 {
            let (_, credentials) = read(&path, &token);
            assert!(credentials.contains("\"Code\" : \"Success\""), "{id}");
            // A token opens its own instance alone.
            let other = ids.get(usize::try_from(number + 1).unwrap()).unwrap();
            let request = Request::get(path).header(TOKEN, &token).body(()).unwrap();
            let answer = serve(&state, other, &request, world.now, [3; 12]);
            assert_eq!(answer.response.status(), 401);
        }
    }
}

const INSTANCES: u32 = 10_000;
