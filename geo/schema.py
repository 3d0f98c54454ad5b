"""The names that every package shares: layers, levels, datums, methods and the columns of frames."""

from enum import StrEnum


class Layer(StrEnum):
    """What can be imported, stored, drawn and exported."""

    DISTRICTS = "districts"
    SUBDISTRICTS = "subdistricts"
    COMMUNITIES = "communities"
    GRIDS = "grids"
    ESTATES = "estates"
    UNITS = "units"
    MEMBERS = "members"
    TEAMS = "teams"
    POSTS = "posts"
    ROADS = "roads"
    WATER = "water"


ZONE_LAYERS = (Layer.DISTRICTS, Layer.SUBDISTRICTS, Layer.COMMUNITIES, Layer.GRIDS, Layer.ESTATES)
"""The five levels from the widest to the narrowest; the parent of a zone is of the level before it."""

WIDE_LAYERS = ZONE_LAYERS[: ZONE_LAYERS.index(Layer.GRIDS)]
"""The levels wider than grids: their figures are sums over grids."""
PARENT_LAYER: dict[Layer, Layer] = dict(zip(ZONE_LAYERS[1:], ZONE_LAYERS[:-1], strict=True)) | {
    Layer.TEAMS: Layer.GRIDS,
}
"""Where the ``parent_code`` of a layer points to (a team's home is a grid)."""


class Datum(StrEnum):
    """The datums met in China. CGCS2000 equals WGS-84 for our purpose (DESIGN §4)."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class Method(StrEnum):
    """How a member came to a grid."""

    INSIDE = "inside"
    NEAREST = "nearest"
    ADDRESS = "address"
    MANUAL = "manual"
    UNLOCATED = "unlocated"


STORED_CRS = 4326
"""EPSG code of every geometry in the store: longitude, latitude."""
