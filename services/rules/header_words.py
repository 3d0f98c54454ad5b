"""The words by which people name columns, in Chinese and English, a list for each field of each layer.

Written as ``normal_header`` returns them is not needed: both sides are normalised. Earlier words win over later ones
when a file has both.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from geo.schema import Layer
from services.catalog.layers import LAYERS

WORDS: Final[Mapping[Layer, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        layer: {field.name: tuple(dict.fromkeys(field.headers.split())) for field in spec.fields if field.is_read}
        for layer, spec in LAYERS.items()
    }
)
"""Every field that can be read into a layer, with the words for it."""
