"""A roster of a demo sub-district as its board uses it: ``python -m tests.bench.bench_board``.

A week of routine with shifts round the clock, filled by a proposal. Then each of what follows, milliseconds: put one
person into a shift, undo it, rank the candidates of a shift, read the board, publish, note a day as confirmed, and the
72 hours of the strip by the roster. The strip of 2,000 grids rests on a made-up roster of as many duties for each grid.
"""

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from rich.console import Console
from rich.table import Table

from geo.schema import Layer
from services import rostering
from services.assignment import assign_members
from services.context import Context, open_context
from services.coverage import CoverageInputs, count_weak_by_hour, load_inputs
from services.coverage.roster_supply import LEVELS
from services.demo import DemoSize, fill_store, make_district
from services.rules.areas import EVERYWHERE
from services.rules.roster.duties import DutyState
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.roster.roster_supply import RosterSupply, RosterTime, standing_people
from services.rules.windows import Mode, Window
from tests.bench.demo_problems import demo_coverage_inputs

MONDAY = date(2026, 12, 7)
START = datetime(2026, 12, 7)
ALL_DAY = rostering.RosterSettings(Pattern.TWO_HOURS, DayHours(0, 24), ())
TIMES = 5
HOURS = 72


def main() -> None:
    """Print the table."""
    table = Table(title=f"A roster of a demo sub-district, load {os.getloadavg()[0]:.1f}")
    for column in ("what", "ms, median", "slowest", "wanted"):
        table.add_column(column, justify="left" if column == "what" else "right")
    with tempfile.TemporaryDirectory() as folder:
        context = open_context(f"sqlite:///{Path(folder) / 'bench.gpkg'}")
        fill_store(context, make_district(DemoSize.SUBDISTRICT))
        assign_members(context)
        _measure(context, table)
    inputs = _with_made_up_roster(demo_coverage_inputs(DemoSize.DISTRICT))
    _add(table, "72 hours, 2,000 grids by roster", lambda: count_weak_by_hour(inputs, Mode.ROUTINE, START, HOURS), "50")
    Console(width=100).print(table)


def _measure(context: Context, table: Table) -> None:
    inputs = load_inputs(context)
    roster = rostering.create_roster(context, EVERYWHERE, MONDAY, 7, Mode.ROUTINE, event_id=_event()).id
    rostering.generate_shifts(context, roster, inputs, ALL_DAY, event_id=_event())
    proposal = rostering.propose_duties(context, roster, inputs, seconds=60)
    rostering.accept_duties(context, proposal, inputs, event_id=_event())
    board = rostering.read_board(context, roster, inputs)
    table.add_row(f"{board.figures.filled:,} duties in {board.figures.seats:,} seats", "", "", "")
    shift = next(shift for shift in board.shifts if board.open_seats(shift)).id
    ranked = rostering.find_candidates(context, roster, shift, inputs)
    seating = rostering.Seating(shift, ranked[0].candidate.member_code)

    def put() -> None:
        rostering.put_duties(context, roster, [seating], inputs, event_id=_event(), reason="x")

    def undo() -> None:
        rostering.undo_roster(context, roster, inputs, event_id=_event())

    _add(table, "put one person into a shift", put, "200", undo)
    _add(table, "rank the candidates of a shift", lambda: rostering.find_candidates(context, roster, shift, inputs))
    _add(table, "read the board", lambda: rostering.read_board(context, roster, inputs))
    published = _ms(lambda: rostering.publish_roster(context, roster, inputs, event_id=_event()))
    table.add_row("publish", f"{published:.0f}", "", "3,000")
    duties = [duty.id for duty in rostering.read_board(context, roster, inputs).duties]
    noted = _ms(lambda: rostering.set_duty_state(context, roster, duties, DutyState.CONFIRMED, event_id=_event()))
    table.add_row("note everybody as confirmed", f"{noted:.0f}", "", "")
    known = load_inputs(context)
    _add(table, "72 hours, 200 grids by roster", lambda: count_weak_by_hour(known, Mode.ROUTINE, START, HOURS))


def _with_made_up_roster(inputs: CoverageInputs) -> CoverageInputs:
    """Return inputs with a roster of every zone in which six stand in each grid on each day, by shifts of two hours."""
    count = len(inputs.levels[Layer.GRIDS].facts)
    shifts = [START + timedelta(hours=24 * day + hour) for day in range(7) for hour in (8, 10, 12, 14, 18, 20)]
    groups = [(1.0, start, start + timedelta(hours=2), grid) for start in shifts for grid in range(count)]
    holds = {layer: np.ones(len(inputs.levels[layer].facts), dtype=bool) for layer in LEVELS}
    standing, nobody = standing_people(groups), standing_people([])
    week = Window(START, START + timedelta(days=7))
    by_layer = {Layer.GRIDS: standing, Layer.ESTATES: nobody}
    none = dict.fromkeys(LEVELS, nobody)
    rosters = RosterSupply(
        (RosterTime((week,), holds),), on_duty=by_layer, to_confirm=none, on_duty_homes=by_layer, to_confirm_homes=none
    )
    return replace(inputs, rosters=rosters, bare=inputs)


def _add(
    table: Table, what: str, call: Callable[[], Any], wanted: str = "", undo: Callable[[], Any] = lambda: None
) -> None:
    times = []
    for _ in range(TIMES):
        times.append(_ms(call))
        undo()
    table.add_row(what, f"{np.median(times):.0f}", f"{max(times):.0f}", wanted)


def _ms(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e3


def _event() -> str:
    return uuid4().hex


if __name__ == "__main__":
    main()
