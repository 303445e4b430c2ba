"""Parse requests, call one use case each, and write answers."""
