"""What a workbook is filled with: fields, zones, and what each zone said of each field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

FormAnswer = bool | int | float | str | None
"""What a zone said of a field; None where it said nothing."""
FormAnswers = Mapping[str, Mapping[str, FormAnswer]]
"""Code of a zone to code of a field to what it said."""


class AnswerKind(StrEnum):
    """What is written into a field."""

    COUNT = "count"
    YES = "yes"
    CHOICE = "choice"
    TEXT = "text"


class TotalKind(StrEnum):
    """How the figures of zones become one."""

    SUM = "sum"
    MAX = "max"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class WorkbookField:
    """A field of a form (栏)."""

    code: str
    name: str
    unit: str = ""
    kind: AnswerKind = AnswerKind.COUNT
    roll_up: TotalKind = TotalKind.SUM
    at_most: str = ""
    """Code of the field that it may not be larger than."""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormZone:
    """A zone that fills a form."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FormContent:
    """What a workbook is to say."""

    fields: tuple[WorkbookField, ...]
    zones: tuple[FormZone, ...]
    answers: FormAnswers
    day: date
    reporter: str
    """Who hands it in (填报单位)."""
    facts: Mapping[str, FormAnswer] = field(default_factory=dict)
    """What else the program knows of the whole, by the names of marks."""

    def sorted_zones(self) -> list[FormZone]:
        """Return the zones by their codes."""
        return sorted(self.zones, key=lambda zone: zone.code)

    def answer(self, zone: FormZone, field_code: str) -> FormAnswer:
        """Return what a zone said of a field; None where it said nothing."""
        return self.answers.get(zone.code, {}).get(field_code)

    def silent_zones(self) -> list[FormZone]:
        """Return the zones that said nothing at all, by their codes."""
        codes = [each.code for each in self.fields]
        return [zone for zone in self.sorted_zones() if all(self.answer(zone, code) is None for code in codes)]


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of several zones, and how many of them it is of."""

    value: FormAnswer
    zones: int
    all_zones: int

    @property
    def is_whole(self) -> bool:
        """Whether every zone said something."""
        return self.zones == self.all_zones


def total(content: FormContent, declaration: WorkbookField) -> Total:
    """Return the figure of all zones: the sum or the largest; of yes and no the number of those that said yes.

    Examples
    --------
    >>> zones = (FormZone("1", "甲"), FormZone("2", "乙"))
    >>> content = FormContent((), zones, {"1": {"away": 3}}, date(2026, 11, 29), "")
    >>> total(content, WorkbookField("away", "外出"))
    Total(value=3, zones=1, all_zones=2)
    """
    answers = [content.answer(zone, declaration.code) for zone in content.zones]
    there = [answer for answer in answers if answer is not None]
    return Total(_roll_up(there, declaration), len(there), len(answers))


def _roll_up(answers: list[bool | int | float | str], declaration: WorkbookField) -> FormAnswer:
    if declaration.kind is AnswerKind.YES and declaration.roll_up is TotalKind.SUM:
        return sum(answer is True for answer in answers)
    numbers = [answer for answer in answers if isinstance(answer, int | float) and not isinstance(answer, bool)]
    if declaration.kind is not AnswerKind.COUNT or declaration.roll_up is TotalKind.NONE or not numbers:
        return None
    return sum(numbers) if declaration.roll_up is TotalKind.SUM else max(numbers)
