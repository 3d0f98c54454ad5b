"""What the user decides about an import, what is stored already, and how progress and cancelling go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.schema import Datum, Layer
from services.i18n import Text, text
from services.imports.errors import CancelledError
from services.imports.read.text_files import AUTO
from services.rules.areas import EVERYWHERE, Scope, make_scope

EVERYTHING: Final = make_scope(EVERYWHERE, {})


class AxisSwap(StrEnum):
    """What to do with rows that come right when longitude and latitude are swapped."""

    REPORT = "report"
    APPLY = "apply"


class Outlines(StrEnum):
    """What to do with stored outlines where the file has less in their place."""

    KEEP = "keep"
    REPLACE = "replace"


class BadValues(StrEnum):
    """What becomes of a stored value where the file has one that cannot be used."""

    KEEP = "keep"
    CLEAR = "clear"


class FarPlaces(StrEnum):
    """What to do with rows that lie far from the zone that they name as their own."""

    REFUSE = "refuse"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user decides; every choice can be changed and the file staged again."""

    datum: Datum | None = None
    """None: what the file declares, else a guess."""
    encoding: str = AUTO
    layer_name: str | None = None
    sheet: str | None = None
    crs: str | None = None
    """The CRS in place of what the file declares (``EPSG:4547``), for a ``.shp`` without ``.prj``."""
    swap: AxisSwap = AxisSwap.REPORT
    outlines: Outlines = Outlines.KEEP
    bad_values: BadValues = BadValues.KEEP
    far: FarPlaces = FarPlaces.REFUSE
    columns: Mapping[str, str | None] = field(default_factory=dict)
    """Field to header where the user corrects us; None takes a field away."""


@dataclass(frozen=True, slots=True)
class StoredData:
    """What the store holds that an import compares itself with."""

    layers: Mapping[Layer, pd.DataFrame] = field(default_factory=dict)
    """Frames indexed by ``code`` with ``name``; zones with ``geom`` (EPSG:4326); absent means empty. The layer that is
    imported into has all its columns, telephone numbers in clear."""
    salt: bytes = b"no store"
    """The key for identity hashes."""
    remembered: Mapping[str, str] = field(default_factory=dict)
    """Field to header as the user corrected it for these headers before."""
    versions: Mapping[str, int] = field(default_factory=dict)
    """The versions of the layers above when they were read; a commit on newer ones is refused."""
    scope: Scope = EVERYTHING
    """Rows outside are rejected."""

    def layer(self, layer: Layer) -> pd.DataFrame:
        """Return a layer; an empty frame where nothing is stored."""
        found = self.layers.get(layer)
        return found if found is not None else _EMPTY

    def zones(self, layer: Layer) -> gpd.GeoSeries:
        """Return the shapes of a layer of zones that has any."""
        frame = self.layer(layer)
        if "geom" not in frame.columns:
            return gpd.GeoSeries([], crs=4326)
        return gpd.GeoSeries(frame["geom"].dropna(), crs=4326)


_EMPTY = pd.DataFrame({"name": pd.Series(dtype=object)}, index=pd.Index([], name="code", dtype=object))


def _nobody(_step: Text, _share: float) -> None:
    """Show nothing."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class ProgressMonitor:
    """Who looks on: told of each step, asked whether to go on."""

    show: Callable[[Text, float], None] = _nobody
    """Called with the step and how much is done (0 to 1)."""
    is_cancelled: Callable[[], bool] = _never

    def step(self, name: Text, share: float) -> None:
        """Report a step, or stop.

        Raises
        ------
        CancelledError
            If the user has cancelled.
        """
        self.check()
        self.show(name, share)

    def check(self) -> None:
        """Stop if the user has cancelled.

        Raises
        ------
        CancelledError
            Then.
        """
        if self.is_cancelled():
            raise CancelledError(text("The import was cancelled; nothing was written"))
