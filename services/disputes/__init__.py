"""Bring disputes on boundaries from their opening to a decision in force: above all subjects and consequences."""
