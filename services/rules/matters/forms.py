"""Fields of forms: what is typed, what the program fills in, and how figures of zones and of days come together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as checked_dataclass

from services.i18n import Text, current_language, text
from services.rules.free_text import check_no_person
from services.rules.matters.machine import MatterError

LONGEST_TEXT: Final = 120
MOST_COUNT: Final = 10_000_000
FORM_CONFIG: Final = ConfigDict(extra="forbid")
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Name = Annotated[str, Field(pattern=r"^[^{}]*[^{}\s][^{}]*$", max_length=40)]
_PATHS: Final = (
    r"^(zone\.(residents|households|outsiders)|coverage\.members|matters\.[a-z_]+\.(open|closed)|field\.[a-z0-9_]+)?$"
)
FieldValue = int | str
"""A count, the code of a choice, a text; ``yes`` and ``no`` are 1 and 0."""


@checked_dataclass(frozen=True, config=FORM_CONFIG)
class FormChoice:
    """What can be chosen in a field."""

    code: Code
    name: Name
    name_en: str = ""


@checked_dataclass(frozen=True, config=FORM_CONFIG)
class FormField:
    """A field of a form (栏)."""

    code: Code
    name: Name
    name_en: str = ""
    unit: str = ""
    type: Literal["count", "yes", "choice", "text"] = "count"
    area: Literal["sum", "max", "none"] = "sum"
    """How those of several zones come together."""
    time: Literal["last", "sum", "max"] = "sum"
    """How those of several periods do: a stock is as it was last, a flow adds up."""
    path: Annotated[str, Field(pattern=_PATHS)] = ""
    """What the program fills in by itself; nobody types it."""
    at_most: str = ""
    """Code of the field that it is a part of."""
    parts: tuple[str, ...] = ()
    """Codes of fields that together are no more than this one."""
    choices: tuple[FormChoice, ...] = ()
    is_required: bool = False

    @property
    def title(self) -> str:
        """What it is called, in the current language."""
        return local_name(self)

    @property
    def is_rolled_up(self) -> bool:
        """Whether there is a figure of it for several zones."""
        return self.type in {"count", "yes"} and self.area != "none"


@checked_dataclass(frozen=True, config=FORM_CONFIG)
class StockBalance:
    """A stock that follows from that of the period before: ``stock = before + plus − minus``."""

    stock: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]


class FieldError(MatterError):
    """A value that a field does not take."""

    def __init__(self, field: FormField) -> None:
        super().__init__(
            text("“{field}” takes {what}.", field=field.title, what=_EXPECTED[field.type])
            if field.type != "choice"
            else text("“{field}” takes one of: {choices}", field=field.title, choices="、".join(_names(field)))
        )


class UnknownFieldError(MatterError):
    """A value for a field that the form does not have, or that is filled in by the program."""

    def __init__(self, code: str) -> None:
        super().__init__(text("The form has no field “{code}” to be filled in.", code=code))


class RequiredFieldError(MatterError):
    """Fields without which a form is not complete."""

    def __init__(self, fields: Iterable[FormField]) -> None:
        super().__init__(text("Still to be filled in: {fields}", fields="、".join(each.title for each in fields)))


_EXPECTED: Final[Mapping[str, Text]] = {
    "count": text("a whole number from 0"),
    "yes": text("yes or no"),
    "text": text("a text of 120 characters at most"),
}
_YES: Final = {"1": 1, "yes": 1, "是": 1, "true": 1, "0": 0, "no": 0, "否": 0, "false": 0}


def local_name(thing: "FormField | FormChoice") -> str:
    """Return what a thing of a declaration is called in the current language."""
    return thing.name_en if current_language() == "en" and thing.name_en else thing.name


def _names(field: FormField) -> list[str]:
    return [local_name(choice) for choice in field.choices]


def read_values(fields: Iterable[FormField], typed: Mapping[str, str | int | None]) -> dict[str, FieldValue]:
    """Return what was typed into a form by code; what is empty is left out.

    Raises
    ------
    UnknownFieldError
        If there is no such field, or the program fills it in.
    FieldError, PersonInTextError
        If a field does not take the value, or a person may stand in a text.
    """
    by_code = {field.code: field for field in fields if not field.path}
    unknown = next((code for code in typed if code not in by_code), None)
    if unknown is not None:
        raise UnknownFieldError(unknown)
    words = {code: str(value).strip() for code, value in typed.items() if value is not None}
    return {code: _read(by_code[code], value) for code, value in words.items() if value}


def _read(field: FormField, words: str) -> FieldValue:
    value: FieldValue | None = None
    if field.type == "count":
        plain = words.replace(",", "").replace("，", "")
        value = int(plain) if plain.isdecimal() and int(plain) <= MOST_COUNT else None
    elif field.type == "yes":
        value = _YES.get(words.lower())
    elif field.type == "choice":
        value = next((each.code for each in field.choices if words in {each.code, each.name, each.name_en}), None)
    elif len(words) <= LONGEST_TEXT:
        check_no_person(words)
        value = words
    if value is None:
        raise FieldError(field)
    return value


def check_complete(fields: Iterable[FormField], values: Mapping[str, FieldValue], *, is_sheet: bool) -> None:
    """Do nothing if everything is there without which a form is not complete: of a sheet every count.

    Raises
    ------
    RequiredFieldError
        If anything is missing.
    """
    needed = (field for field in fields if not field.path and (field.is_required or (is_sheet and field.is_rolled_up)))
    missing = [field for field in needed if field.code not in values]
    if missing:
        raise RequiredFieldError(missing)


@dataclass(frozen=True, slots=True)
class FieldNote:
    """What a check says of a field, beneath it; it warns and never blocks."""

    code: str
    text: Text
    is_right: bool


def check_values(
    fields: Sequence[FormField],
    values: Mapping[str, FieldValue],
    balance: StockBalance | None = None,
    before: Mapping[str, FieldValue] | None = None,
) -> list[FieldNote]:
    """Return what there is to say of the figures of a form; ``before`` are those of the period before, if any."""
    by_code = {field.code: field for field in fields}
    notes = [note for field in fields for note in _check_parts(field, by_code, values)]
    if balance is not None and before:
        notes += _check_balance(balance, by_code, values, before)
    return notes


def _check_parts(
    field: FormField, by_code: Mapping[str, FormField], values: Mapping[str, FieldValue]
) -> Iterable[FieldNote]:
    limit = field.at_most and by_code.get(field.at_most)
    if limit and _count(values, field.code) > _count(values, limit.code):
        words = text("more than “{whole}” ({count})", whole=limit.title, count=_count(values, limit.code))
        yield FieldNote(field.code, words, is_right=False)
    total = sum(_count(values, code) for code in field.parts)
    if field.parts and total > _count(values, field.code):
        names = "、".join(by_code[code].title for code in field.parts)
        words = text("less than {parts} together ({count})", parts=names, count=total)
        yield FieldNote(field.code, words, is_right=False)


def _check_balance(
    balance: StockBalance,
    by_code: Mapping[str, FormField],
    values: Mapping[str, FieldValue],
    before: Mapping[str, FieldValue],
) -> Iterable[FieldNote]:
    codes = [balance.stock, *balance.plus, *balance.minus]
    if any(code not in values for code in codes) or balance.stock not in before:
        return
    yesterday = _count(before, balance.stock)
    expected = yesterday + sum(_count(values, c) for c in balance.plus) - sum(_count(values, c) for c in balance.minus)
    steps = [f"+ {by_code[code].title} {_count(values, code)}" for code in balance.plus]
    steps += [f"− {by_code[code].title} {_count(values, code)}" for code in balance.minus]
    is_right = _count(values, balance.stock) == expected
    facts: dict[str, str | int] = {"total": expected, "before": yesterday, "steps": " ".join(steps)}
    words = (
        text("{total} = before {before} {steps}: it adds up", **facts)
        if is_right
        else text("before {before} {steps} = {total}: please check", **facts)
    )
    yield FieldNote(balance.stock, words, is_right=is_right)


def _count(values: Mapping[str, FieldValue], code: str) -> int:
    value = values.get(code, 0)
    return value if isinstance(value, int) else 0


def over_zones(fields: Iterable[FormField], forms: Iterable[Mapping[str, FieldValue]]) -> dict[str, int]:
    """Return the figures of several zones together; a field that nobody has stated is left out."""
    rows = list(forms)
    stated = {field: [_count(row, field.code) for row in rows if field.code in row] for field in fields}
    return {
        field.code: max(counts) if field.area == "max" else sum(counts)
        for field, counts in stated.items()
        if field.is_rolled_up and counts
    }


def over_time(fields: Iterable[FormField], forms: Sequence[Mapping[str, FieldValue]]) -> dict[str, int]:
    """Return the figures of several periods together, the oldest first: a stock is the last, a flow adds up."""
    combine: dict[str, Callable[[list[int]], int]] = {"last": lambda counts: counts[-1], "sum": sum, "max": max}
    stated = {field: [_count(row, field.code) for row in forms if field.code in row] for field in fields}
    return {
        field.code: combine[field.time](counts) for field, counts in stated.items() if field.is_rolled_up and counts
    }
