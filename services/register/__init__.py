"""Bring divisions into the register and hand them out again."""
