//! The literal evaluator of the policy package's tests, and the cases that are put to it.

#[path = "../../crates/policy/tests/reference/compiled.rs"]
mod compiled;
#[path = "../../crates/policy/tests/reference/conditions.rs"]
mod conditions;
#[path = "../../crates/policy/tests/reference/generate.rs"]
mod generate;
#[path = "../../crates/policy/tests/reference/literal.rs"]
mod literal;

pub(crate) use compiled::Compiled;
pub(crate) use conditions::Values;
pub(crate) use generate::Case;
pub(crate) use literal::{Symbol, evaluate, expand};
