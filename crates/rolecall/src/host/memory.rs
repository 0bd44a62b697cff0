//! Hygiene of the memory that secrets pass through: wiped when it is given back, never in swap.
//!
//! [`protocol::Secret`] wipes itself; what stands here is for the copies that libraries make on
//! the way. Stacks and registers are out of reach of it.

mod lock;
mod wiping;

#[expect(unused_imports, reason = "the agent's command takes them up")]
pub(crate) use lock::{Unlocked, lock_memory};
pub(crate) use wiping::Wiping;
#[expect(unused_imports, reason = "the agent's command switches it on")]
pub(crate) use wiping::wipe_from_now_on;
