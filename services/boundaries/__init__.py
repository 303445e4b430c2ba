"""Audit the boundaries of a register or of a file, and keep what was found."""
