//! AWS Signature Version 4: verifying what others signed, signing what the client side sends.
