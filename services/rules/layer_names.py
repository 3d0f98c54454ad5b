"""What the layers are called."""

from typing import Final

from geo.schema import Layer
from services.i18n import LANGUAGES, catalogue, text

LAYER_NAMES: Final = {
    Layer.DISTRICTS: text("Districts"),
    Layer.SUBDISTRICTS: text("Sub-districts"),
    Layer.COMMUNITIES: text("Communities"),
    Layer.GRIDS: text("Grids"),
    Layer.ESTATES: text("Estates"),
    Layer.UNITS: text("Units"),
    Layer.MEMBERS: text("Members"),
    Layer.TEAMS: text("Teams"),
    Layer.ROADS: text("Roads"),
    Layer.WATER: text("Water"),
}


def layer_titles(layer: Layer) -> frozenset[str]:
    """Return by which names a layer may be called in a file, in small letters, in every language.

    >>> sorted(layer_titles(Layer.GRIDS))
    ['grids', '网格']
    """
    name = LAYER_NAMES[layer].id
    return frozenset({layer.value, *(catalogue(language).get(name, name).lower() for language in LANGUAGES)})
