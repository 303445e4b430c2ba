"""Offer the use cases as commands; heavy libraries load only when a command runs."""
