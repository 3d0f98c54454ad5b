"""What a field of a layer is: how it is stored, read, headed and masked follows from its kind."""

from dataclasses import dataclass
from enum import Enum, auto

from geo.schema import Layer
from services.i18n import Text


class Kind(Enum):
    """What the values of a field are."""

    CODE = auto()
    """A code, its own or that of a row of another layer."""
    CODES = auto()
    """Codes joined by ``;``."""
    NAME = auto()
    """What something is called; a row without one is refused."""
    TEXT = auto()
    """Any text, as it stands."""
    NOTE = auto()
    """A text that may be missing: a dash or 无 is none."""
    LIST = auto()
    """Words joined by ``;``."""
    SKILLS = auto()
    """Skills by their names, joined by ``;`` (``services.catalog.skills``)."""
    COUNT = auto()
    """A whole number from 0."""
    FLAG = auto()
    """Yes, no or not known."""
    SHARE = auto()
    """A part of 1."""
    DAY = auto()
    """A date, ISO 8601."""
    LINE_KIND = auto()
    """What kind of road or water."""
    POST_KIND = auto()
    """What people do at a post (``services.rules.roster.posts``)."""
    PERSON_NAME = auto()
    """The name of the person that the row is of; a row without one is refused."""
    PERSON = auto()
    """The name of a person beside what the row is of."""
    PHONE = auto()
    """A telephone number; kept encrypted, in a column that is called ``phone``."""
    IDENTITY = auto()
    """An identity number; read, hashed and forgotten."""
    HASH = auto()
    """A keyed hash, made here: neither read nor shown."""
    HOME = auto()
    """Where a person lives."""
    ADDRESS = auto()
    """Where anything else is."""
    LONGITUDE = auto()
    LATITUDE = auto()
    LONLAT = auto()
    """Longitude and latitude in one cell."""
    WKT = auto()
    """A shape as text."""


PLACES = frozenset({Kind.LONGITUDE, Kind.LATITUDE, Kind.LONLAT, Kind.WKT})
"""Kinds that say where a row is: read, and kept as its geometry."""
OF_PERSONS = frozenset({Kind.PERSON_NAME, Kind.PERSON, Kind.IDENTITY, Kind.HOME})
"""Kinds that tell of a person."""
UNREAD = frozenset({Kind.HASH})
UNSTORED = PLACES | {Kind.IDENTITY}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a layer."""

    name: str
    """As the column is called in the store and in files for machines."""
    kind: Kind
    title: Text
    """As people call the column."""
    headers: str = ""
    """The words by which files name the column, in Chinese and English, the likelier ones first."""
    label: Text | None = None
    """What the field is called where columns of a file are matched, if that takes more words than the title."""
    link: Layer | None = None
    """Of which layer it names rows."""
    belonging: str = ""
    """Ways to say that a row belongs to that one, as headers begin: 所属, 所在."""
    is_indexed: bool = False
    is_apart: bool = False
    """Whether it is kept in a table of its own; frames of the layer have it all the same."""

    @property
    def is_read(self) -> bool:
        """Whether imports read it."""
        return self.kind not in UNREAD

    @property
    def is_stored(self) -> bool:
        """Whether it is kept: as a column of the layer's table, or apart."""
        return self.kind not in UNSTORED
