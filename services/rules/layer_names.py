"""What the layers are called."""

from typing import Final

from geo.schema import Layer
from services.i18n import text

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
