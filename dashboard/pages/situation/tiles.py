"""The four figures above the map, each with what it is compared with. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.kit.widgets import Tile, TileNote
from services import coverage
from services.coverage import Comparison, ComparisonKind, Headlines
from services.i18n import _, text
from services.rules.rounding import percent_met, round_alone, shown_text
from services.wording import UNKNOWN, number, short_time, short_window


def headline_tiles(
    headlines: Headlines,
    comparisons: Sequence[Comparison],
    now: datetime,
    *,
    doubts: Sequence[TileNote] = (),
    norms: Sequence[TileNote] = (),
    weak_way: str = "",
) -> list[Tile]:
    """Return the four figures, each with its changes.

    Parameters
    ----------
    headlines
        From ``coverage.headline_figures``.
    comparisons
        With what, in the order of ``Tile.before``.
    now
        The present, by which days are called yesterday or last Friday.
    doubts
        What stands beside the weak grids: of grids that are none by the mean (``doubt_notes``).
    norms
        What stands beside the people missing: how far that depends on the norms (``range_notes``).
    weak_way
        The address of the list of weak grids.
    """
    met = headlines.met
    counts: tuple[tuple[str, coverage.ComparedFigure, str, bool, Sequence[TileNote], str], ...] = (
        (_("Weak grids"), headlines.weak, _("grids"), False, doubts, weak_way),
        (_("People missing"), headlines.missing, _("persons"), False, norms, ""),
        (_("Persons to spare"), headlines.spare, _("persons"), True, (), ""),
    )
    points = _Shown(_points, "%", _(" pts"), rising_is_good=True)
    share = UNKNOWN if met.value is None else points.number(met.value)
    return [
        Tile(_("Need met in this window"), share, "%", _notes(met, points, comparisons, now)),
        *(
            Tile(
                label,
                UNKNOWN if figure.value is None else shown_text(figure.value),
                unit,
                (*_notes(figure, _Shown(round_alone, f" {unit}", "", rising_is_good=good), comparisons, now), *more),
                way,
                _("Open the list of weak grids") if way else "",
            )
            for label, figure, unit, good, more, way in counts
        ),
    ]


def doubt_notes(unsure: int, for_hours: int = 0) -> tuple[TileNote, ...]:
    """Return how many grids are not weak by the mean, but may be short of people, or are for some hours."""
    doubts = (
        (
            for_hours,
            text("{count} more weak for some hours"),
            text("Enough people on average over the window, but not in every part of the day; listed beside the map."),
        ),
        (
            unsure,
            text("{count} more unsure"),
            text("Enough people on average, but fewer than are needed may come; see “Unsure” beside the map."),
        ),
    )
    return tuple(TileNote(_(words, count=number(count)), hint=_(hint)) for count, words, hint in doubts if count)


def range_notes(total: tuple[float, float] | None) -> tuple[TileNote, ...]:
    """Return between what the people missing lie if the norms that are assumed are somewhat different."""
    if total is None:
        return ()
    low, high = (shown_text(round_alone(each)) for each in total)
    hint = _("In nine of ten draws of the norms that are assumed, each 30% up or down; see “How it is computed”.")
    return (TileNote(_("assumed norms ±30%: {low} to {high}", low=low, high=high), hint=hint, is_minor=True),)


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the numbers of a figure are shown."""

    rounded: Callable[[float], float]
    """Rounds for reading; persons come rounded."""
    unit: str
    unit_of_change: str
    rising_is_good: bool

    def number(self, value: float) -> str:
        return shown_text(self.rounded(value))


def _notes(
    figure: coverage.ComparedFigure, shown: _Shown, compared: Sequence[Comparison], now: datetime
) -> tuple[TileNote, ...]:
    if figure.value is None:
        return ()
    value = shown.rounded(figure.value)
    return tuple(
        _note(round(value - shown.rounded(was), 1), was, shown, comparison, now)
        for comparison, was in zip(compared, figure.before, strict=True)
        if was is not None
    )


def _note(change: float, was: float, shown: _Shown, comparison: Comparison, now: datetime) -> TileNote:
    # Beside the change from the day before, that from the week before needs no unit.
    is_week = comparison.against is ComparisonKind.WEEK
    words = coverage.compared_text(_signed(change, "" if is_week else shown.unit_of_change), comparison, now)
    tone = _tone(change, rising_is_good=shown.rising_is_good)
    return TileNote(words, tone, _hint(f"{shown.number(was)}{shown.unit}", comparison), is_minor=is_week)


def _hint(value: str, comparison: Comparison) -> str:
    """Return what the figure is in the other situation, and which that is."""
    if comparison.sent_at is not None:
        return _("Without the orders sent {at}: {value}", at=short_time(comparison.sent_at), value=value)
    return _("{window}: {value}", window=short_window(comparison.window), value=value)


def _points(share: float) -> float:
    return float(percent_met(share))


def _signed(change: float, unit: str) -> str:
    """Return a change with its sign; empty where there is none."""
    sign = "+" if change > 0 else "−"
    return f"{sign}{shown_text(abs(change))}{unit}" if change else ""


def _tone(change: float, *, rising_is_good: bool) -> str:
    if not change:
        return "even"
    return "good" if (change > 0) is rising_is_good else "bad"
