//! Hygiene of the memory that secrets pass through: wiped when it is given back, never in swap.
//!
//! [`protocol::Secret`] wipes itself; what stands here is for the copies that libraries make on
//! the way. Stacks and registers are out of reach of it.

mod lock;
mod program;
mod wiping;

pub(crate) use lock::lock_memory;
pub(crate) use program::give_back_program;
pub(crate) use wiping::Wiping;
pub(crate) use wiping::wipe_from_now_on;
