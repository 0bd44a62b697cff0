//! Frames and bodies of the Aerospike Secret Agent protocol.
