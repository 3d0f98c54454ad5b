"""The norms of ``data/norms.toml`` as checked values: how many people the work takes and how many can come.

Persons are people on duty at once. Every number carries the text of its source.
"""

import re
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Annotated, Final, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import ErrorDetails, PydanticCustomError

from geo.errors import Problem
from services.errors import ServiceError
from services.i18n import Text, current_language, text
from services.rules.windows import Calendar, DayPart

Number = Annotated[float, Field(ge=0, strict=True, allow_inf_nan=False)]
Factor = Annotated[float, Field(ge=0, le=10, strict=True)]
Day = Annotated[date, Field(strict=True)]
N = TypeVar("N")
Driver = Literal["gates", "households", "residents"]
_CHECKED: Final = ConfigDict(extra="forbid")
_ITEM_CODE: Final = re.compile(r"[a-z][a-z_]{0,30}")


class NormsError(ServiceError, ValueError):
    """The norms cannot be used; ``problems`` names every fault with its key in ``column``."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(
            text(
                "The norms cannot be used. Faults: {count}. The first: {fault}",
                count=len(problems),
                fault=describe_fault(problems[0]),
            )
        )
        self.problems = problems


@dataclass(frozen=True, config=_CHECKED)
class Sourced:
    """A number of at least 0 and where it comes from."""

    value: Number
    source: Annotated[str, Field(pattern=r"\S")]
    source_en: str = ""


def _check_share(number: Sourced) -> Sourced:
    if number.value > 1:
        raise PydanticCustomError("above_one", "more than 1")
    return number


def _check_positive(number: Sourced) -> Sourced:
    if number.value == 0:
        raise PydanticCustomError("zero", "zero")
    return number


def _check_name(name: str) -> str:
    if not name.strip():
        raise PydanticCustomError("no_name", "empty")
    return name


def _check_items(items: Mapping[str, "ItemNorms"]) -> Mapping[str, "ItemNorms"]:
    if not items or not all(_ITEM_CODE.fullmatch(code) for code in items):
        raise PydanticCustomError("item_code", "no code")
    for names in ([item.name for item in items.values()], [item.name_en or item.name for item in items.values()]):
        if len(set(names)) < len(names):
            raise PydanticCustomError("same_name", "two of a name")
    return items


NormShare = Annotated[Sourced, AfterValidator(_check_share)]
Positive = Annotated[Sourced, AfterValidator(_check_positive)]


@dataclass(frozen=True, config=_CHECKED)
class Availability:
    """Share of the members who can come, where they have not stated it themselves."""

    workday: NormShare
    evening: NormShare
    weekend: NormShare
    night: NormShare


EVERYBODY: Final = Sourced(1.0, "假定：下达了命令的人都到岗", "Assumed: whoever is ordered comes")


@dataclass(frozen=True, config=_CHECKED)
class Attendance:
    """Share of the people of an order who come, at home and away, by the part of the day."""

    workday: NormShare = EVERYBODY
    evening: NormShare = EVERYBODY
    weekend: NormShare = EVERYBODY
    night: NormShare = EVERYBODY


@dataclass(frozen=True, config=_CHECKED)
class Assumptions:
    """What stands in for facts nobody has stated."""

    persons_per_household: Positive
    blocks_per_gate: Positive
    households_per_gate: Positive


@dataclass(frozen=True, config=_CHECKED)
class Outsiders:
    """Door-to-door work takes ``factor`` times the people where outsiders are more than ``more_than``."""

    more_than: NormShare
    factor: Positive


@dataclass(frozen=True, config=_CHECKED)
class DayFactors:
    """How much of an item's need there is in each part of the day."""

    workday: Factor
    evening: Factor
    weekend: Factor
    night: Factor
    source: Annotated[str, Field(pattern=r"\S")]
    source_en: str = ""


@dataclass(frozen=True, config=_CHECKED)
class ByMode:
    """A number in each mode."""

    routine: Sourced
    emergency: Sourced
    lockdown: Sourced


@dataclass(frozen=True, config=_CHECKED)
class PositiveByMode:
    """A number above 0 in each mode."""

    routine: Positive
    emergency: Positive
    lockdown: Positive


@dataclass(frozen=True, config=_CHECKED)
class ShareByMode:
    """A share in each mode."""

    routine: NormShare
    emergency: NormShare
    lockdown: NormShare


@dataclass(frozen=True, config=_CHECKED)
class ItemNorms:
    """What people are needed for, and how many it takes."""

    name: Annotated[str, AfterValidator(_check_name)]
    driver: Driver
    """Of what there are so many in a zone."""
    day_parts: DayFactors
    persons_for_each: ByMode | None = None
    """Persons for each of the driver; or ..."""
    one_for_every: PositiveByMode | None = None
    """... one person for every so many of the driver."""
    managed_share: ShareByMode | None = None
    """What property management carries of it where there is one."""
    whole_persons: ShareByMode | None = None
    """1 where a part of a person takes a whole one in each estate or grid, as a post does; null and 0 are no."""
    more_for_outsiders: bool = False
    """Whether it takes ``outsiders.factor`` times the people where outsiders are many."""
    name_en: str = ""

    @model_validator(mode="after")
    def _check_measure(self) -> "ItemNorms":
        if (self.persons_for_each is None) == (self.one_for_every is None):
            raise PydanticCustomError("one_measure", "either of two")
        return self


@dataclass(frozen=True, config=_CHECKED)
class Others:
    """What of every item is borne by people who are not on the roll: staff, units, medical and police."""

    share: ShareByMode


@dataclass(frozen=True, config=_CHECKED)
class Reach:
    """How far people go on foot to help."""

    catchment_m: Positive


@dataclass(frozen=True, config=_CHECKED)
class ColdSpots:
    """How sure a cold spot has to be."""

    false_discovery_rate: NormShare


@dataclass(frozen=True, config=_CHECKED)
class Holidays:
    """Days off on weekdays, and weekends on which people work."""

    source: Annotated[str, Field(pattern=r"\S")]
    holidays: list[Day]
    working_weekends: list[Day]
    source_en: str = ""


@dataclass(frozen=True, config=_CHECKED)
class Norms:
    """All norms; ``parse_norms`` makes them."""

    availability: Availability
    assumed: Assumptions
    outsiders: Outsiders
    items: Annotated[dict[str, ItemNorms], AfterValidator(_check_items)]
    """By the code that their columns bear, in the order of every array "by item"."""
    reach: Reach
    cold_spots: ColdSpots
    calendar: Holidays
    attendance: Attendance = Attendance()
    others: Others | None = None
    """Null where nobody else bears anything."""


_ADAPTER: Final = TypeAdapter(Norms)

_CODES: Final[Mapping[str, str]] = {
    "missing": "missing",
    "unexpected_keyword_argument": "unknown_key",
    "float_type": "not_a_number",
    "finite_number": "not_a_number",
    "greater_than_equal": "below_zero",
    "less_than_equal": "too_large",
    "above_one": "above_one",
    "zero": "zero",
    "string_pattern_mismatch": "no_source",
    "string_type": "not_a_text",
    "bool_type": "not_a_flag",
    "bool_parsing": "not_a_flag",
    "literal_error": "no_driver",
    "one_measure": "one_measure",
    "no_name": "no_name",
    "item_code": "item_code",
    "same_name": "same_name",
    "date_type": "not_a_date",
    "list_type": "not_a_list",
    "dataclass_type": "not_a_table",
    "dataclass_exact_type": "not_a_table",
}

_FAULTS: Final[Mapping[str, Text]] = {
    "missing": text("{key} is missing."),
    "unknown_key": text("{key} is not a norm; is it misspelt?"),
    "not_a_number": text("{key} must be a number, not {value}."),
    "below_zero": text("{key} must not be below 0, as {value} is."),
    "above_one": text("{key} is a share and must not be above 1."),
    "too_large": text("{key} must not be above 10, as {value} is."),
    "zero": text("{key} must be above 0."),
    "no_source": text("{key} is empty: state where the number comes from."),
    "not_a_flag": text("{key} must be true or false."),
    "no_driver": text("{key} must be “gates”, “households” or “residents”, not {value}."),
    "one_measure": text("{key} must state either persons_for_each or one_for_every."),
    "no_name": text("{key} is empty: say what the item is called."),
    "item_code": text("{key} needs one section at least, each called by small letters a to z, as in [items.gate]."),
    "same_name": text("{key}: two items have the same name; give each its own."),
    "not_a_text": text("{key} must be a text in quotes."),
    "not_a_date": text("{key} must be a date like 2026-10-01 without quotes, not {value}."),
    "not_a_list": text("{key} must be a list of dates in square brackets."),
    "not_a_table": text("{key} must be given with its value and its source, or as a section of its own."),
    "invalid": text("{key} cannot be read: {value}."),
    "no_file": text("There is no readable file {value} in the data folder."),
    "syntax": text("The file is not valid TOML: {value}."),
}


def parse_norms(data: Mapping[str, object]) -> Norms:
    """Return the norms of a parsed TOML file.

    Raises
    ------
    NormsError
        When anything is missing, misspelt, out of range or without a source; it names every fault.
    """
    return check_norms(_ADAPTER, data)


def check_norms(adapter: TypeAdapter[N], data: Mapping[str, object]) -> N:
    """Return norms of any kind from a parsed TOML file.

    Raises
    ------
    NormsError
        When anything is missing, misspelt, out of range or without a source; it names every fault.
    """
    try:
        return adapter.validate_python(dict(data))
    except ValidationError as error:
        raise NormsError(tuple(_problem(fault) for fault in error.errors(include_url=False))) from error


def norms_version(norms: Norms) -> str:
    """Return a short name for the norms in use: it changes whenever any number or source in them changes."""
    return f"norms.toml {sha256(repr(norms).encode()).hexdigest()[:8]}"


def describe_fault(problem: Problem) -> Text:
    """Return one sentence about a fault that ``NormsError`` names."""
    sentence = _FAULTS.get(problem.code, _FAULTS["invalid"])
    return Text(sentence.id, {"key": problem.column, "value": problem.value})


def day_factors(norms: Norms) -> NDArray[np.float64]:
    """Return the day factors, shape (items, day parts)."""
    rows = [item.day_parts for item in norms.items.values()]
    return np.array([[getattr(row, part.value) for part in DayPart] for row in rows], dtype=np.float64)


def item_name(item: ItemNorms) -> str:
    """Return what an item is called in the current language."""
    return item.name_en if current_language() == "en" and item.name_en else item.name


def default_availability(norms: Norms) -> NDArray[np.float64]:
    """Return the availability of a member who has stated nothing, shape (day parts,)."""
    return np.array([getattr(norms.availability, part.value).value for part in DayPart], dtype=np.float64)


def attendance_in_window(norms: Norms, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return of the people of orders the share that comes in a window; ``share`` of the window by day part.

    Shape () for shares of shape (day parts,), (windows,) for (day parts, windows).
    """
    by_part = np.array([getattr(norms.attendance, part.value).value for part in DayPart], dtype=np.float64)
    return np.asarray(by_part @ share)


def working_calendar(norms: Norms) -> Calendar:
    """Return the days that are not what their day of the week says."""
    return Calendar(frozenset(norms.calendar.holidays), frozenset(norms.calendar.working_weekends))


def _problem(fault: ErrorDetails) -> Problem:
    """Return a fault that pydantic found in norms as ``NormsError`` names it."""
    code = _CODES.get(fault["type"], "invalid")
    key = ".".join(str(part) for part in fault["loc"])
    given = "" if code in {"missing", "unknown_key"} else fault["input"]
    if isinstance(given, Mapping):
        given = given.get("value", "")
    return Problem(0, key, code, str(given)[:60])
