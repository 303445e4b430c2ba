"""Locate points in a published coverage exactly, in bulk: edges, vertices, overlaps and gaps have a published answer.

`build_locator` makes a `Locator`; `pack_locator` and `unpack_locator` turn it into bytes that many processes can map.
"""

from geo.locate.locator import Locations, Locator, Place, build_locator
from geo.locate.packing import pack_locator, unpack_locator
from geo.locate.stack import Stack

__all__ = ["Locations", "Locator", "Place", "Stack", "build_locator", "pack_locator", "unpack_locator"]
