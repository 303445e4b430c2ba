"""Offer the use cases over HTTP: the API under `/api/v1` and the pages."""
