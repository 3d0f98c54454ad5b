"""A past day, hour by hour: coverage, who was sent, which gaps that closed.

The store keeps the history of orders and of modes, not that of people and grids: those are as they are today, and the
replay says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import pandas as pd

from geo.coverage import Status
from geo.schema import Layer
from services.briefing.errors import FutureDayError
from services.briefing.mapping import map_level, said_scale, say_words
from services.briefing.model import KeyFigure, MapWords, Tone
from services.briefing.words import grids_text, speaking, teams_text
from services.catalog.actions import Action
from services.context import Context
from services.coverage import CoverageInputs, SentPeople, coverage_tables, inputs_within, load_inputs
from services.i18n import DEFAULT_LANGUAGE, translate
from services.planning import Order, people_sent
from services.planning.orders import fetch_orders, touching
from services.rules.classes import MapLayer, Scale, classify, make_scale
from services.rules.norms import working_calendar
from services.rules.rounding import shown_text, sum_balance
from services.rules.windows import DAY, MODE_NAMES, Mode, Window, hours_ahead, share_by_day_part
from services.wording import spoken_day, spoken_hour


@dataclass(frozen=True, slots=True)
class ReplayHour:
    """One hour, in words and as a class for each zone of the map."""

    start: datetime
    label: str
    """``8 时``."""
    mode: str
    title: str
    """What happened until then, in one sentence."""
    digits: str
    """The class of each zone in the order of ``Replay.codes`` (``services.rules.classes.classify``)."""
    figures: tuple[KeyFigure, ...]
    """Weak grids, persons missing, teams sent until then, gaps closed."""
    weak: int


@dataclass(frozen=True)
class Replay:
    """A day that has begun, in one language."""

    day: date
    title: str
    note: str
    """What of it is history and what is of today."""
    level: Layer
    """At which the map shows it (``services.briefing.mapping.map_level``)."""
    codes: tuple[str, ...]
    """Of the zones of that level."""
    scale: Scale
    words: MapWords
    """Of the legend."""
    hours: tuple[ReplayHour, ...]
    """Those that have begun."""


ModeSpan = tuple[Mode, datetime, datetime | None]
"""A mode that was declared: which, since when, until when (None: no end)."""


class _Coverage:
    """Coverage tables; hours of the same kind without anybody sent are computed once."""

    def __init__(self, coverage_inputs: CoverageInputs) -> None:
        self._inputs = coverage_inputs
        self._calendar = working_calendar(coverage_inputs.norms)
        self._untouched: dict[tuple[Mode, bytes], Mapping[Layer, pd.DataFrame]] = {}

    def of(self, mode: Mode, hour: Window, sent: SentPeople) -> Mapping[Layer, pd.DataFrame]:
        """Return the tables of an hour with the people sent."""
        if sent.arriving or sent.leaving:
            return coverage_tables(self._inputs, mode, hour, sent)
        return self.untouched(mode, hour)

    def untouched(self, mode: Mode, hour: Window) -> Mapping[Layer, pd.DataFrame]:
        """Return the tables of an hour with nobody sent."""
        key = mode, share_by_day_part(hour, self._calendar).tobytes()
        if key not in self._untouched:
            self._untouched[key] = coverage_tables(self._inputs, mode, hour)
        return self._untouched[key]


def replay(
    context: Context, day: date, *, language: str = DEFAULT_LANGUAGE, coverage_inputs: CoverageInputs | None = None
) -> Replay:
    """Return a past day, or today until now, hour by hour.

    An hour knows the orders that were sent before its end, each as long as it stood after recall or relief, and the
    mode that was declared.

    Parameters
    ----------
    context
        Who looks.
    day
        Which day.
    language
        Of every text; unknown means Chinese.
    coverage_inputs
        What coverage is computed from, where the caller has it; None: it is read from the store.

    Raises
    ------
    FutureDayError
        If the day has not begun.
    RefusedError
        If the actor may not see briefings.
    """
    begin, now = datetime.combine(day, time()), context.clock()
    with context.look(Action.VIEW_BRIEFING) as tx, speaking(language):
        if begin > now:
            raise FutureDayError(spoken_day(begin))
        scope = context.scope_in(tx)
        orders = touching(scope, fetch_orders(tx, Window(begin, begin + DAY)))
        declared = _declarations(tx.records.read_modes())
    with speaking(language):
        inside = inputs_within(coverage_inputs, scope) if coverage_inputs else load_inputs(context)
        return _tell(inside, begin, now, orders, declared)


def mode_in(spans: Sequence[ModeSpan], hour: Window) -> Mode:
    """Return the mode that held at the end of an hour: of the last declaration before, until it was over.

    Parameters
    ----------
    spans
        Mode, since, until of every declaration, newest first.
    hour
        Which hour.
    """
    for mode, since, until in spans:
        if since < hour.end:
            return mode if until is None or until >= hour.end else Mode.ROUTINE
    return Mode.ROUTINE


def _tell(
    coverage_inputs: CoverageInputs,
    begin: datetime,
    now: datetime,
    orders: Sequence[Order],
    declared: Sequence[ModeSpan],
) -> Replay:
    coverage = _Coverage(coverage_inputs)
    hours = [hour for hour in hours_ahead(begin, 24) if hour.start < now]
    level = map_level(coverage.untouched(mode_in(declared, hours[0]), hours[0])) if hours else Layer.GRIDS
    facts = coverage_inputs.levels[level].facts
    scale = said_scale(make_scale(MapLayer.RATIO, facts, level))
    return Replay(
        day=begin.date(),
        title=translate("Replay of {day}", day=spoken_day(begin)),
        note=translate("People, grids and estates are as they are today; orders and modes are those of that day."),
        level=level,
        codes=tuple(str(code) for code in facts.index),
        scale=scale,
        words=say_words(scale),
        hours=tuple(_hour(coverage, scale, hour, mode_in(declared, hour), orders) for hour in hours),
    )


def _hour(coverage: _Coverage, scale: Scale, hour: Window, mode: Mode, orders: Sequence[Order]) -> ReplayHour:
    known = [order for order in orders if order.sent_at < hour.end]
    before = coverage.untouched(mode, hour)
    after = coverage.of(mode, hour, people_sent(known, hour))
    grids = after[Layer.GRIDS]
    weak_before, weak = ((table["status"] == Status.WEAK).to_numpy() for table in (before[Layer.GRIDS], grids))
    count, closed = int(weak.sum()), int((weak_before & ~weak).sum())
    missing, teams = shown_text(sum_balance(grids).gap), len({order.team_code for order in known})
    return ReplayHour(
        start=hour.start,
        label=spoken_hour(hour.start),
        mode=translate(MODE_NAMES[mode]),
        title=_title(hour, count, missing, teams, closed),
        digits=classify(scale, after[scale.level]).digits,
        figures=(
            KeyFigure(translate("Weak grids"), f"{count:,}"),
            KeyFigure(translate("Persons missing"), missing),
            KeyFigure(translate("Teams sent"), f"{teams:,}"),
            KeyFigure(translate("Gaps closed"), f"{closed:,}", tone=Tone.GOOD if closed else Tone.PLAIN),
        ),
        weak=count,
    )


def _title(hour: Window, weak: int, missing: str, teams: int, closed: int) -> str:
    at = spoken_hour(hour.start)
    if not weak:
        said = translate("{hour}: no grid was short of people", hour=at)
    else:
        said = translate("{hour}: {grids} short of {people} people", hour=at, grids=grids_text(weak), people=missing)
    if not teams:
        return said
    done = translate("{teams} sent, gaps closed: {closed}", teams=teams_text(teams), closed=closed)
    return translate("{sentence}; {next}", sentence=said, next=done)


def _declarations(rows: pd.DataFrame) -> list[ModeSpan]:
    return [
        (
            Mode(row["mode"]),
            datetime.fromisoformat(row["since"]),
            None if pd.isna(row["until"]) else datetime.fromisoformat(row["until"]),
        )
        for _id, row in rows.iterrows()
    ]
