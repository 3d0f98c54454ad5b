"""Section 4: weak grids in each of the next 72 hours, and when it tips."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from services.briefing.inputs import BriefingInputs
from services.briefing.model import Chart, ChartKind, KeyFigure, Section, SectionName, Series, Tone
from services.briefing.sections.situation import nothing_known
from services.briefing.words import from_text, grids_text, moment_text
from services.i18n import translate
from services.wording import short_time


@dataclass(frozen=True, slots=True)
class Outlook:
    """The hours ahead in a few numbers; hours are positions from 0, the hour that is running."""

    weak: tuple[int, ...]
    peak: int
    """The first hour of the highest number."""
    best: int
    """The first hour of the lowest number."""
    tips: int | None
    """The first hour with more weak grids than now; where there is none, the first with fewer; None: all alike."""


def look_ahead(weak: tuple[int, ...]) -> Outlook:
    """Return what the numbers of weak grids by hour say.

    Examples
    --------
    >>> look_ahead((3, 3, 5, 7, 1)).tips
    2
    """
    counts = np.array(weak)
    changed = np.flatnonzero(counts > counts[0]) if (counts > counts[0]).any() else np.flatnonzero(counts < counts[0])
    tips = int(changed[0]) if len(changed) else None
    return Outlook(weak, int(counts.argmax()), int(counts.argmin()), tips)


def tell_hours(briefing_inputs: BriefingInputs) -> Section:
    """Return the section."""
    if briefing_inputs.grids.empty:
        return Section(SectionName.HOURS, translate("No grids are stored yet: nothing can be said of the hours ahead"))
    if nothing := nothing_known(briefing_inputs):
        return Section(SectionName.HOURS, nothing)
    hours = briefing_inputs.weak_by_hour
    starts = [start.to_pydatetime() for start in hours["start"]]
    outlook = look_ahead(tuple(int(k) for k in hours["weak"]))
    return Section(
        SectionName.HOURS,
        title=outlook_title(outlook, starts, briefing_inputs.now),
        figures=_figures(outlook, starts, briefing_inputs.now),
        chart=_chart(outlook, starts, briefing_inputs.now),
    )


def outlook_title(outlook: Outlook, starts: list[datetime], now: datetime) -> str:
    """Return the conclusion: when it gets worse or better, and how far."""
    first, peak, tips = outlook.weak[0], outlook.weak[outlook.peak], outlook.tips
    if tips is None and not first:
        return translate("No grid is short of people in the next {hours} hours", hours=len(starts))
    if tips is None:
        return translate(
            "In the next {hours} hours the number of weak grids stays at {count}", hours=len(starts), count=f"{first:,}"
        )
    when, then = from_text(starts[tips], now), outlook.weak[tips]
    if then > first and peak == then:
        return translate(
            "{when} it gets worse: weak grids go from {before} to {after}",
            when=when,
            before=f"{first:,}",
            after=f"{then:,}",
        )
    if then > first:
        return translate(
            "{when} it gets worse: weak grids go from {before} to {after}, to {peak} at most ({at})",
            when=when,
            before=f"{first:,}",
            after=f"{then:,}",
            peak=f"{peak:,}",
            at=_moment(starts[outlook.peak], now),
        )
    return translate(
        "{when} it gets better: weak grids go from {before} to {after}",
        when=when,
        before=f"{first:,}",
        after=f"{then:,}",
    )


def _figures(outlook: Outlook, starts: list[datetime], now: datetime) -> tuple[KeyFigure, ...]:
    weak = outlook.weak
    free = sum(count == 0 for count in weak)
    return (
        KeyFigure(translate("Weak grids now"), f"{weak[0]:,}"),
        KeyFigure(
            translate("At most"),
            f"{weak[outlook.peak]:,}",
            _moment(starts[outlook.peak], now),
            Tone.BAD if weak[outlook.peak] > weak[0] else Tone.PLAIN,
        ),
        KeyFigure(translate("At least"), f"{weak[outlook.best]:,}", _moment(starts[outlook.best], now)),
        KeyFigure(translate("Hours without a weak grid"), str(free), translate("of {hours} hours", hours=len(weak))),
    )


def _chart(outlook: Outlook, starts: list[datetime], now: datetime) -> Chart:
    series = Series(translate("Weak grids"), tuple(float(k) for k in outlook.weak))
    marked = "" if outlook.tips is None else from_text(starts[outlook.tips], now)
    return Chart(
        ChartKind.LINE,
        labels=tuple(short_time(start) for start in starts),
        series=(series,),
        unit=translate("grids"),
        marked=outlook.tips,
        marked_text=marked
        and translate("{when}: {grids}", when=marked, grids=grids_text(outlook.weak[outlook.tips or 0])),
    )


def _moment(start: datetime, now: datetime) -> str:
    if start <= now:
        return translate("now")
    return moment_text(start, now)
