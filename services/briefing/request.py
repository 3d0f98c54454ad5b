"""What a briefing is asked to say: window, mode, language, the sections in their order, and what is at hand already."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

import geopandas as gpd
import pandas as pd
from pydantic import Field

from geo.schema import Layer
from services.briefing.model import SectionName
from services.coverage import CoverageInputs
from services.i18n import DEFAULT_LANGUAGE
from services.rules.windows import Mode, Window


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """One section as the briefing officer wants it."""

    name: SectionName
    comment: str = ""
    """Shown below the section as it was typed."""
    is_shown: Annotated[bool, Field(alias="shown")] = True
    """A hidden section keeps its place and its comment."""


EVERY_SECTION: Final = tuple(SectionChoice(name) for name in SectionName)


@dataclass(frozen=True)
class CachedInputs:
    """What a caller has in its caches for the present version of the data. Frames are shared: nobody changes them."""

    coverage_inputs: CoverageInputs
    zones: Mapping[Layer, gpd.GeoDataFrame]
    """One frame for each of ``geo.schema.ZONE_LAYERS``."""
    base: Mapping[Layer, gpd.GeoDataFrame] = field(default_factory=dict)
    """Roads and water."""
    tables: Mapping[Layer, pd.DataFrame] | None = None
    """Coverage tables of the window and mode that are asked for, with the committed orders; None: made here."""
    unlocated: int | None = None
    """How many people of the area of whoever asks are in no grid (``count_unlocated``); None: counted here."""


@dataclass(frozen=True, slots=True)
class BriefingRequest:
    """What a briefing is made of."""

    window: Window
    mode: Mode
    language: str = DEFAULT_LANGUAGE
    sections: tuple[SectionChoice, ...] = EVERY_SECTION
    plan_id: int | None = None
    """The plan to show; None: the teams that orders have sent in the window."""
    compare: int | None = None
    """The number of the frozen briefing to compare with; None: the last one of the same hours of an earlier day."""
    cached_inputs: CachedInputs | None = field(default=None, compare=False, repr=False)
    """None: everything is read from the store."""
