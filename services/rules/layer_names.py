"""What the layers are called."""

from typing import Final

from geo.schema import Layer
from services.catalog.layers import LAYERS
from services.i18n import LANGUAGES, catalogue

LAYER_NAMES: Final = {layer: spec.title for layer, spec in LAYERS.items()}


def layer_titles(layer: Layer) -> frozenset[str]:
    """Return by which names a layer may be called in a file, in small letters, in every language.

    >>> sorted(layer_titles(Layer.GRIDS))
    ['grids', '网格']
    """
    name = LAYER_NAMES[layer].id
    return frozenset({layer.value, *(catalogue(language).get(name, name).lower() for language in LANGUAGES)})
