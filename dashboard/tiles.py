"""The four figures above the map, each with what it is compared with. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime

from dashboard.widgets import Figure, Note
from dashboard.words import UNKNOWN, number
from services import analysis
from services.analysis import Comparison, Headlines
from services.i18n import _


def headline_tiles(headlines: Headlines, compared: Sequence[Comparison], now: datetime) -> list[Figure]:
    """Return the four figures, each with its changes.

    Parameters
    ----------
    headlines
        From ``analysis.headline_figures``.
    compared
        With what, in the order of ``Figure.before``.
    now
        The present, by which days are called yesterday or last Friday.
    """

    def notes(
        figure: analysis.Figure, shown: Callable[[float], int], unit: str, *, rising_is_good: bool
    ) -> tuple[Note, ...]:
        pairs = zip(compared, figure.before, strict=True)
        changes = [(each, _change(figure.value, was, shown)) for each, was in pairs]
        return tuple(
            Note(
                analysis.compared_text(_signed(change, unit), comparison, now),
                _tone(change, rising_is_good=rising_is_good),
            )
            for comparison, change in changes
            if change is not None
        )

    def counted(label: str, figure: analysis.Figure, unit: str, *, rising_is_good: bool) -> Figure:
        return Figure(label, number(figure.value), unit, notes(figure, round, "", rising_is_good=rising_is_good))

    met = headlines.met
    share = UNKNOWN if met.value is None else f"{_points(met.value)}"
    return [
        Figure(_("Need met in this window"), share, "%", notes(met, _points, _(" pts"), rising_is_good=True)),
        counted(_("Weak grids"), headlines.weak, _("grids"), rising_is_good=False),
        counted(_("People missing"), headlines.missing, _("persons"), rising_is_good=False),
        counted(_("Persons to spare"), headlines.spare, _("persons"), rising_is_good=True),
    ]


def _points(share: float) -> int:
    return round(100 * share)


def _change(value: float | None, was: float | None, shown: Callable[[float], int]) -> int | None:
    """Return by how much what is shown differs, None where one of the two is not known."""
    return None if value is None or was is None else shown(value) - shown(was)


def _signed(change: int, unit: str) -> str:
    """Return a change with its sign; empty where there is none."""
    sign = "+" if change > 0 else "−"
    return f"{sign}{abs(change):,}{unit}" if change else ""


def _tone(change: int, *, rising_is_good: bool) -> str:
    if not change:
        return "even"
    return "good" if (change > 0) is rising_is_good else "bad"
