//! Every operation is mapped, and none is open.

use protocol::shape::SERVICES;

use super::*;
use crate::testing;

#[test]
fn every_operation_of_the_shapes_has_a_row() {
    for service in SERVICES {
        for operation in service.operations {
            let name = format!("{}:{}", service.name, operation.name);
            assert!(
                row(service.name, operation.name).is_some(),
                "{name} has no row"
            );
        }
    }
}

#[test]
fn a_caller_without_policies_is_denied_every_operation() {
    let mut world = testing::World::new();
    let nobody = world.user_without_policies("nobody");
    for service in SERVICES {
        for operation in service.operations {
            let input = testing::least_input(operation);
            let answer = world.call(&nobody, service.name, operation.name, &input);
            let name = format!("{}:{}", service.name, operation.name);
            if OPEN.contains(&name.as_str()) {
                assert!(answer.is_ok(), "{name} is answered to everybody");
                continue;
            }
            let code = answer.expect_err(&name).code;
            assert!(
                matches!(
                    code.as_ref(),
                    "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation"
                ),
                "{name} answered {code}"
            );
        }
    }
}

/// What needs no permission on AWS either: who one is, and a session of one's own.
const OPEN: &[&str] = &["sts:GetCallerIdentity", "sts:GetSessionToken"];

mod robust;
