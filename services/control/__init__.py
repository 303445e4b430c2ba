"""Hold a register against the decrees it follows: what they describe, and what was done without them."""
