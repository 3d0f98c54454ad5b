"""How much of every zone is taken care of: estates as they are listed, wider zones as the sums of what lies in them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.schema import Layer
from services.claims.overview import ClaimOverview

CLAIM_LEVELS = (Layer.COMMUNITIES, Layer.GRIDS, Layer.ESTATES)


def sum_claims(overview: ClaimOverview, frames: Mapping[Layer, pd.DataFrame]) -> dict[Layer, pd.DataFrame]:
    """Return the households of zones and how many of them are claimed, by level of ``CLAIM_LEVELS``.

    Parameters
    ----------
    frames
        The zones of each level, indexed by ``code``; grids and estates with ``parent_code``.

    Returns
    -------
    dict
        Tables indexed as the frames: ``claimed households``, null where of no estate it is known how many there are.
        Buildings outside estates count in grids and communities, where they are claimed.
    """
    places = pd.DataFrame(
        [(place.layer, place.code, place.claimed_households, place.households) for place in overview.places],
        columns=["layer", "code", "claimed", "households"],
    ).astype({"claimed": float, "households": float})
    is_estate = places["layer"] == Layer.ESTATES
    places["households"] = places["households"].where(is_estate)
    estates, grids = frames[Layer.ESTATES]["parent_code"], frames[Layer.GRIDS]["parent_code"]
    at_grid = places["code"].map(estates).where(is_estate, places["code"])
    by_level = {
        Layer.COMMUNITIES: at_grid.map(grids),
        Layer.GRIDS: at_grid,
        Layer.ESTATES: places["code"].where(is_estate),
    }
    return {level: _sum(places, by_level[level]).reindex(frames[level].index) for level in CLAIM_LEVELS}


def _sum(places: pd.DataFrame, zones: "pd.Series[str]") -> pd.DataFrame:
    summed = places.groupby(zones)[["claimed", "households"]].sum(min_count=1)
    return summed.assign(claimed=summed["claimed"].fillna(0.0))


def claim_classes(table: pd.DataFrame) -> str:
    """Return the class of every zone of a table of ``sum_claims``, a digit each: none, a part, all; "9" is not known.

    Examples
    --------
    >>> claim_classes(pd.DataFrame({"claimed": [0, 5, 9, 2, 0], "households": [9, 9, 9, None, None]}, dtype=float))
    '01219'
    """
    claimed, households = table["claimed"].fillna(0).to_numpy(), table["households"].to_numpy()
    is_known = households > 0
    classes = np.where(claimed <= 0, 0, np.where(is_known & (claimed >= households), 2, 1)).astype("U1")
    classes[~is_known & (claimed <= 0)] = "9"
    return "".join(classes)
