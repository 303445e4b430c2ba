"""Serve OGC API Features and Tiles under `/ogc`, built when somebody first asks for it."""

from services.web.ogc.mounting import OgcMount, create_ogc_router

__all__ = ["OgcMount", "create_ogc_router"]
