"""Read the layers of files that strangers wrote: whole, as columns and geometries, with what had to be assumed."""

from services.layers.layer import Layer
from services.layers.placing import lay_rows, to_lonlat
from services.layers.reading import read_layer

__all__ = ["Layer", "lay_rows", "read_layer", "to_lonlat"]
