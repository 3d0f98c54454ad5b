"""Kinds of matters (``data/matters.toml``, and those that offices declare): form, sides, clock, modes, in one value."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from geo.schema import Layer
from services.i18n import current_language, text
from services.rules.areas import AREA_LAYERS
from services.rules.burden import Feature
from services.rules.matters.forms import (
    Code,
    FieldNote,
    FieldValue,
    FormChoice,
    FormField,
    Name,
    StockBalance,
    check_values,
    local_name,
)
from services.rules.matters.machine import MatterError
from services.rules.matters.periods import Every, due_of
from services.rules.windows import Mode

MATTERS: Final = "matters"
"""The part of the versions of a store that changes with them."""
LONGEST_RUN: Final = timedelta(days=366)
"""So long a sheet may be asked for in routine times, before it is declared again."""
AREAS: Final = frozenset(layer.value for layer in AREA_LAYERS)
SUBJECTS: Final = AREAS | {Layer.ESTATES.value, Layer.MEMBERS.value}
"""About what a matter may be."""
_CONFIG: Final = ConfigDict(extra="forbid", ignored_types=(cached_property,))


class KindError(MatterError):
    """A declaration of a kind that cannot be used."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(text("This kind of matter cannot be used: {key}: {reason}", key=key, reason=reason))


@dataclass(frozen=True, config=_CONFIG)
class MatterKind:
    """A kind of matter; one with ``every`` is a sheet (报表、台账)."""

    code: Code
    name: Name
    source: Annotated[str, Field(pattern=r"\S")]
    """Where form and clock come from; what nobody has said is marked 假定."""
    subjects: Annotated[tuple[Literal[*SUBJECTS], ...], Field(min_length=1)]  # type: ignore[valid-type] # one list of layers
    owners: tuple[Literal[*AREAS], ...]  # type: ignore[valid-type] # one list of layers
    """Layers of areas that can be asked; of a sheet none: whoever has the zone fills it."""
    name_en: str = ""
    source_en: str = ""
    note: str = ""
    note_en: str = ""
    clock: Literal["urgency", "date", "normal"] = "urgency"
    modes: tuple[Mode, ...] = tuple(Mode)
    causes: tuple[FormChoice, ...] = ()
    """One of which has to be chosen."""
    most_open: int | None = None
    """So many may be live for one who asks, in routine times."""
    every: Every | None = None
    hour: Annotated[int, Field(ge=0, le=23)] = 18
    """By which hour of the last day of a period a sheet is due."""
    issuer: str = ""
    grounds: str = ""
    start: date | None = None
    until: date | None = None
    fields: tuple[FormField, ...] = ()
    balance: StockBalance | None = None
    feature: Feature | None = None
    """By which rule of burdens it is allowed, besides that of how often it is filled."""

    @model_validator(mode="after")
    def _fits(self) -> "MatterKind":
        codes = [field.code for field in self.fields]
        named = {code for each in self.fields for code in (*each.parts, each.at_most) if code}
        if self.balance:
            named |= {self.balance.stock, *self.balance.plus, *self.balance.minus}
        if len(set(codes)) < len(codes) or named - set(codes):
            raise _fault("fields that are named twice, or are not there: {codes}", sorted(named - set(codes)))
        if any(field.type == "choice" and not field.choices for field in self.fields):
            raise _fault("a field to choose in needs choices{codes}", [])
        if self.every is None:
            return self
        if not self.issuer.strip() or not self.grounds.strip() or len(self.subjects) != 1:
            raise _fault("a sheet says who issues it, on what basis, and for zones of one level{codes}", [])
        if Mode.ROUTINE in self.modes and not self._is_short():
            raise _fault("a sheet of routine times has a first and a last day, a year apart at most{codes}", [])
        return self

    def _is_short(self) -> bool:
        return bool(self.start and self.until and timedelta() <= self.until - self.start <= LONGEST_RUN)

    @property
    def is_sheet(self) -> bool:
        """Whether it has periods, and every zone of its level is expected to fill it."""
        return self.every is not None

    @property
    def features(self) -> tuple[Feature, ...]:
        """The rules of burdens that it is under."""
        often = (Feature.FREQUENT_SHEET,) if self.every is Every.DAY else ()
        return (*often, *((self.feature,) if self.feature else ()))

    @property
    def level(self) -> Layer:
        """The level of the zones that fill it."""
        return Layer(self.subjects[0])

    @property
    def title(self) -> str:
        """What it is called, in the current language."""
        return self.name_en if current_language() == "en" and self.name_en else self.name

    @property
    def explanation(self) -> str:
        """What is to be known of it, in the current language."""
        return self.note_en if current_language() == "en" and self.note_en else self.note

    @property
    def typed_fields(self) -> tuple[FormField, ...]:
        """Those that people fill in."""
        return tuple(field for field in self.fields if not field.path)

    def holds(self, mode: Mode, day: date) -> bool:
        """Return whether it is in force in a mode, on a day."""
        return mode in self.modes and (self.start or day) <= day <= (self.until or day)

    def cause_name(self, code: str) -> str:
        """Return what a cause is called."""
        return next((local_name(cause) for cause in self.causes if cause.code == code), "")

    def notes(self, values: Mapping[str, FieldValue], before: Mapping[str, FieldValue]) -> list[FieldNote]:
        """Return what there is to say of the figures of a form; ``before`` are those of the period before."""
        return check_values(self.fields, values, self.balance, before)

    def due(self, period: str) -> datetime:
        """Return until when the sheet of a period is to be filled.

        Raises
        ------
        PeriodError
            If it is no period of the sheet.
        """
        return due_of(self.every or Every.ONCE, period, self.hour)


Kinds = Mapping[str, MatterKind]
"""Kinds by code."""
_ADAPTER: Final = TypeAdapter(MatterKind)


def parse_kind(code: str, data: Mapping[str, object]) -> MatterKind:
    """Return a kind from its declaration (a section of a TOML file, or what ``kind_body`` gave).

    Raises
    ------
    KindError
        If it cannot be used, with the first fault.
    """
    try:
        return _ADAPTER.validate_python({**data, "code": code})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        key = ".".join([code, *(str(part) for part in fault["loc"])])
        raise KindError(key, fault["msg"]) from error


def parse_kinds(data: Mapping[str, object]) -> Kinds:
    """Return the kinds of a parsed TOML file, one a section.

    Raises
    ------
    KindError
        If one cannot be used.
    """
    sections = {code: body for code, body in data.items() if isinstance(body, Mapping)}
    stray = next((code for code in data if code not in sections), None)
    if stray is not None:
        raise KindError(stray, "?")
    return {code: parse_kind(code, body) for code, body in sections.items()}


def kind_body(kind: MatterKind) -> str:
    """Return a kind as the JSON that ``parse_kind`` reads."""
    return _ADAPTER.dump_json(kind, exclude={"code"}, exclude_defaults=True).decode()


def _fault(message: str, codes: list[str]) -> PydanticCustomError:
    return PydanticCustomError("kind", message, {"codes": ", ".join(codes)})
