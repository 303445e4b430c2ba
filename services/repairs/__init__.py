"""Propose repairs of small defects in batches, and bring what a second officer accepts into the register."""
