//! The state: what the account remembers and does, as a function from state and call to answer.
