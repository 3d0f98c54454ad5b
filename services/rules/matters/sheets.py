"""Sheets of many zones: which are expected and not there, how figures come together, what changed since signing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.i18n import Text, text
from services.rules.matters.forms import FieldValue, FormField, over_zones
from services.rules.matters.machine import MatterState


class SheetState(StrEnum):
    """How far a sheet is, for people."""

    EMPTY = "empty"
    DRAFT = "draft"
    SENT_BACK = "sent_back"
    COMPLETE = "complete"
    FINAL = "final"
    LATE = "late"


SHEET_STATE_NAMES: Final[Mapping[SheetState, Text]] = {
    SheetState.EMPTY: text("not filled in"),
    SheetState.DRAFT: text("draft"),
    SheetState.SENT_BACK: text("sent back"),
    SheetState.COMPLETE: text("filled in"),
    SheetState.FINAL: text("signed"),
    SheetState.LATE: text("late, not filled in"),
}


@dataclass(frozen=True, slots=True)
class ZoneSheet:
    """What a zone has filled in for a period; sheets that nobody has touched are none."""

    zone_code: str
    state: MatterState
    values: Mapping[str, FieldValue]
    is_sent_back: bool = False
    """Whether it was sent back, and not filled in again since."""


def sheet_state(sheet: ZoneSheet | None, *, is_due: bool) -> SheetState:
    """Return how far a sheet is; ``is_due`` once its time is over."""
    if sheet is None or sheet.state is MatterState.OPEN:
        return SheetState.LATE if is_due else SheetState.EMPTY
    if sheet.state is MatterState.TAKEN:
        return SheetState.SENT_BACK if sheet.is_sent_back else SheetState.LATE if is_due else SheetState.DRAFT
    return SheetState.FINAL if sheet.state is MatterState.CLOSED else SheetState.COMPLETE


@dataclass(frozen=True, slots=True)
class RollUp:
    """The figures of several zones, and of how many of them they are."""

    expected: tuple[str, ...]
    """Codes of the zones that are to fill the sheet, in their order."""
    final: frozenset[str]
    """Those whose sheet is signed."""
    complete: frozenset[str]
    """Those whose sheet is filled in, signed or not."""
    totals: Mapping[str, int]
    """Of those signed, by code of field."""
    totals_complete: Mapping[str, int]
    """With those that are not signed yet."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes of the zones that have not filled it in."""
        return tuple(code for code in self.expected if code not in self.complete)

    @property
    def unsigned(self) -> tuple[str, ...]:
        """Codes of those that have, and are to be signed."""
        return tuple(code for code in self.expected if code in self.complete - self.final)

    @property
    def lacking_final(self) -> tuple[str, ...]:
        """Codes of the zones of which nothing is signed."""
        return tuple(code for code in self.expected if code not in self.final)


def roll_up(fields: Sequence[FormField], expected: Sequence[str], sheets: Sequence[ZoneSheet]) -> RollUp:
    """Return the figures of several zones together: of signed sheets, and beside them with those filled in."""
    present = {sheet.zone_code: sheet for sheet in sheets if sheet.zone_code in set(expected)}
    final = {code: each for code, each in present.items() if each.state is MatterState.CLOSED}
    complete = final | {code: each for code, each in present.items() if each.state is MatterState.ANSWERED}
    return RollUp(
        expected=tuple(expected),
        final=frozenset(final),
        complete=frozenset(complete),
        totals=over_zones(fields, [each.values for each in final.values()]),
        totals_complete=over_zones(fields, [each.values for each in complete.values()]),
    )


def total_text(total: int | None, all_zones: int, missing_names: Sequence[str]) -> Text:
    """Return a total with of how many zones it is; where some are missing it is at least that, and they are named.

    Examples
    --------
    >>> str(total_text(1204, 14, ["合和", "红棉"]))
    '≥ 1,204 (12/14, missing: 合和、红棉)'
    """
    signed = all_zones - len(missing_names)
    count = "–" if total is None else f"{total:,}"
    if not missing_names:
        return text("{total} ({part}/{all})", total=count, part=signed, all=all_zones)
    return text(
        "≥ {total} ({part}/{all}, missing: {names})",
        total=count,
        part=signed,
        all=all_zones,
        names="、".join(missing_names),
    )


def differences(before: Mapping[str, FieldValue], now: Mapping[str, int]) -> dict[str, int]:
    """Return by how much totals that were signed differ from what the sheets below say now; equal ones are left out.

    Examples
    --------
    >>> differences({"away": 1204, "back": 3}, {"away": 1241, "back": 3})
    {'away': 37}
    """
    then = {code: value for code, value in before.items() if isinstance(value, int)}
    changes = {code: now.get(code, 0) - then.get(code, 0) for code in {**then, **now}}
    return {code: change for code, change in changes.items() if change}
