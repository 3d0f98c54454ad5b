"""Posts: the gates of 百合社区, as the story has them; others are made from need when shifts are generated."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.schema import Layer
from services.demo.sizes import DemoData
from services.demo.terrain import frame

_COMMUNITY: Final = "百合社区"


def make_posts_layer(data: DemoData) -> gpd.GeoDataFrame:
    """Return a gate post for every estate of the community, at its middle."""
    communities, grids, estates = (data[layer] for layer in (Layer.COMMUNITIES, Layer.GRIDS, Layer.ESTATES))
    community = communities.index[communities["name"] == _COMMUNITY]
    grids = grids[grids["parent_code"].isin(community)]
    estates = estates[estates["parent_code"].isin(grids.index)]
    middles = shapely.transform(shapely.point_on_surface(estates.geom.to_numpy()), lambda xy: np.round(xy, 7))
    return frame(
        [f"P{number:03d}" for number in range(1, len(estates) + 1)],
        middles,
        name=[f"{name}门岗" for name in estates["name"]],
        community_code=grids["parent_code"].reindex(estates["parent_code"]).to_numpy(),
        grid_code=estates["parent_code"].to_numpy(),
        estate_code=estates.index.to_numpy(),
        kind="gate",
        place=[f"{name}大门" for name in estates["name"]],
        vanguard=True,
        active=True,
    )
