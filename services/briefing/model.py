"""A briefing as a plain value: sections of sentence, figures, map, table and chart, rendered alike everywhere.

All texts are in one language, ready to be shown; nothing in here names a person, a telephone number or an address.
``BRIEFING_FORM`` writes one as JSON and reads it, in the store and for the screen alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import isfinite
from typing import Annotated, Final

import geopandas as gpd
import pandas as pd
from pydantic import PlainSerializer, PlainValidator, TypeAdapter

from geo.schema import Layer
from services.briefing.frames import read_table, write_table
from services.rules.classes import Scale

ChartNumber = Annotated[
    float | None, PlainSerializer(lambda value: value if value is not None and isfinite(value) else None)
]
"""What is not finite is written as not known."""
MapFrame = Annotated[
    gpd.GeoDataFrame,
    PlainValidator(lambda key, info: info.context[key]),
    PlainSerializer(lambda frame, info: info.context(frame)),
]
"""Written as the key that the context returns for a frame, and read as what it holds under that key."""
ZoneTable = Annotated[pd.DataFrame, PlainValidator(read_table), PlainSerializer(write_table)]


class SectionName(StrEnum):
    """What a briefing can say, in its usual order."""

    SITUATION = "situation"
    WEAKEST = "weakest"
    PLAN = "plan"
    HOURS = "hours"
    ROSTER = "roster"
    COMMUNITIES = "communities"
    DATA = "data"


class Tone(StrEnum):
    """Whether a figure is good or bad news; shown by colour and by a sign, never by colour alone."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"


class ChartKind(StrEnum):
    """How a chart is drawn."""

    BARS = "bars"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large number with what it counts."""

    label: str
    value: str
    note: str = ""
    """How it changed, or what it is out of."""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table; numbers stand to the right."""

    name: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts, each as long as ``columns``."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0
    """Rows there are besides those listed."""


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of a chart, one a label; None is not known."""

    name: str
    values: tuple[ChartNumber, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over labels."""

    kind: ChartKind
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    marked: int | None = None
    """The label at which things tip."""
    marked_text: str = ""


@dataclass(frozen=True, slots=True)
class Arc:
    """A move on the map: longitude, latitude of both ends."""

    start: tuple[float, float]
    end: tuple[float, float]
    label: str


@dataclass(frozen=True, slots=True)
class MapWords:
    """What the legend of a map says besides the labels of its classes."""

    title: str
    unit: str
    """Of the classes; empty where they say it themselves."""
    no_need: str
    no_data: str
    mark: str
    """What a diamond means."""
    move: str
    """What an arrow means."""
    count: str
    """What is counted beside each class."""


@dataclass(frozen=True)
class MapPart:
    """A map of classes. Frames are indexed by ``code`` and hold EPSG:4326 geometry in ``geom``; do not change them."""

    level: Layer
    scale: Scale
    words: MapWords
    table: ZoneTable
    """Coverage table of the level: the columns that ``classify`` needs, and ``name``."""
    zones: MapFrame
    borders: tuple[MapFrame, ...] = ()
    """Wider zones, outlined and named, the widest first: ``name geom``."""
    marks: MapFrame | None = None
    """Under-served mixed estates in order of rank: ``name gap geom``."""
    base: Mapping[Layer, MapFrame] = field(default_factory=dict)
    """Roads and water."""
    arcs: tuple[Arc, ...] = ()


@dataclass(frozen=True)
class Section:
    """One part of a briefing; its title is its conclusion."""

    name: SectionName
    title: str
    lead: str = ""
    """What the figures mean in a sentence more, or what is not known."""
    comment: str = ""
    """What the briefing officer added."""
    figures: tuple[KeyFigure, ...] = ()
    table: Table | None = None
    chart: Chart | None = None
    map: MapPart | None = None


@dataclass(frozen=True)
class Briefing:
    """Everything that a screen, slides and paper say, built once."""

    language: str
    title: str
    made_at: datetime
    data_version: int
    data_at: datetime | None
    """When the data changed last; None where nobody knows."""
    window: str
    mode: str
    mark: str
    """How the papers are marked: 内部资料."""
    source: str
    """When it was made, and whether of made-up data (``source_line`` has the whole foot)."""
    sections: tuple[Section, ...]
    number: int | None = None
    """The number of its snapshot, once it is frozen."""
    area: str = ""
    """What the area it tells of is called; empty where the store holds no zones."""
    maker: str = ""
    """Who made it."""
    import_due: datetime | None = None
    """Until when the next import is expected; None where none is, and in snapshots, which do not age."""
    start: datetime | None = None
    """When the window begins, which names its files; not kept with a snapshot, whose row has it."""


BRIEFING_FORM: Final = TypeAdapter(Briefing)
SECTION_FORM: Final = TypeAdapter(Section)
MAP_FORM: Final = TypeAdapter(MapPart)
