"""Use cases that write rosters."""

from datetime import date, datetime, time
from typing import Any, Final

from services import rostering
from services.catalog.actions import Action
from services.context import Context
from services.coverage import load_inputs
from services.export import rosters
from services.rostering import PastedChain, RosterSettings, Seating
from services.rules.areas import EVERYWHERE
from services.rules.roster.duties import DutyState
from services.rules.roster.free_times import FreeAnswer
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.roster.sign_up.sign_ups import EntryDecision
from services.rules.windows import Mode

from .case import Case, nothing

CHANGE: Final = "services.rostering.drafts.change_roster_once"
SETTINGS: Final = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 12), ())
DAY: Final = date(2026, 11, 30)
CHAIN: Final = PastedChain(
    "#接龙\n值守\n1. 大螃蟹 A9\n2. 小龙虾 A9\n3. 清川 A9\n",
    DAY,
    "C1",
    {0: EntryDecision(person="M003"), 1: EntryDecision(is_guest=True)},
)
"""Somebody under a nickname, a guest, and a doubt."""


def empty(office: Context) -> int:
    return rostering.create_roster(office, EVERYWHERE, DAY, 1, Mode.EMERGENCY, event_id="new").id


def made(office: Context) -> Any:
    """Return number, inputs and shifts of a roster."""
    roster, inputs = empty(office), load_inputs(office)
    rostering.generate_shifts(office, roster, inputs, SETTINGS, event_id="shifts")
    return roster, inputs, [shift.id for shift in rostering.read_shifts(office, roster)]


def filled(office: Context) -> Any:
    """Return number, inputs, duties and a shift that is free."""
    roster, inputs, shifts = made(office)
    early, late = (
        next(shift for shift in rostering.read_shifts(office, roster) if shift.window.start.hour == hour)
        for hour in (8, 10)
    )
    seatings = [Seating(early.id, "M001"), Seating(late.id, "M002")]
    rostering.put_duties(office, roster, seatings, inputs, event_id="put", reason="x")
    duties = [duty.id for duty in rostering.read_board(office, roster, inputs).duties]
    return roster, inputs, duties, shifts[-1]


def of_team(at: Any) -> Seating:
    return Seating(at[2][0], team_code="T1", heads=2)


def with_team(office: Context) -> Any:
    """Return number, inputs and shifts of a roster with people of a team in the first."""
    at = made(office)
    rostering.put_duties(office, at[0], [of_team(at)], at[1], event_id="put", reason="x")
    return at


def first_post(office: Context, at: Any) -> str:
    with office.look(Action.VIEW_ROSTER) as tx:
        return str(tx.rosters.read_shift(at[2][0])["post_code"])


def undone(office: Context) -> Any:
    at = filled(office)
    rostering.undo_roster(office, at[0], at[1], event_id="u")
    return at


def chained(office: Context) -> Any:
    at = filled(office)
    rostering.write_chain(office, at[0], CHAIN, at[1], event_id="chain")
    return at


CASES: Final = (
    Case("create a roster", ("services.rostering.drafts.create_roster",), nothing, lambda o, _: empty(o)),
    Case(
        "generate shifts",
        (CHANGE,),
        empty,
        lambda o, k: rostering.generate_shifts(o, k, load_inputs(o), SETTINGS, event_id="n"),
    ),
    Case(
        "set needs of shifts",
        ("services.rostering.shift_needs.set_shift_needs",),
        made,
        lambda o, at: rostering.set_shift_needs(o, at[0], first_post(o, at), {"医生": 1}),
    ),
    Case(
        "put people into shifts",
        (CHANGE,),
        made,
        lambda o, at: rostering.put_duties(
            o,
            at[0],
            [Seating(at[2][0], "M001"), Seating(at[2][-1], "M002", DutyState.RESERVE)],
            at[1],
            event_id="n",
            reason="x",
        ),
    ),
    Case(
        "put people of a team into a shift that has some of it",
        (CHANGE,),
        with_team,
        lambda o, at: rostering.put_duties(o, at[0], [of_team(at)], at[1], event_id="n", reason="x"),
    ),
    Case(
        "take in a chain",
        (CHANGE,),
        filled,
        lambda o, at: rostering.write_chain(o, at[0], CHAIN, at[1], event_id="n"),
    ),
    Case(
        "undo a chain",
        (CHANGE,),
        chained,
        lambda o, at: rostering.undo_roster(o, at[0], at[1], event_id="u"),
    ),
    Case("take out", (CHANGE,), filled, lambda o, at: rostering.take_out(o, at[0], at[2], event_id="n")),
    Case(
        "move a duty",
        (CHANGE,),
        filled,
        lambda o, at: rostering.move_duty(o, at[0], at[2][0], at[3], at[1], event_id="n", reason="x"),
    ),
    Case(
        "swap duties",
        (CHANGE,),
        filled,
        lambda o, at: rostering.swap_duties(o, at[0], tuple(at[2]), at[1], event_id="n", reason="x"),
    ),
    Case(
        "note how far duties are agreed",
        (CHANGE,),
        filled,
        lambda o, at: rostering.set_duty_state(o, at[0], at[2], DutyState.EXCUSED, event_id="n"),
    ),
    Case("undo in a roster", (CHANGE,), filled, lambda o, at: rostering.undo_roster(o, at[0], at[1], event_id="n")),
    Case("redo in a roster", (CHANGE,), undone, lambda o, at: rostering.redo_roster(o, at[0], at[1], event_id="n")),
    Case(
        "note that somebody is away",
        ("services.rostering.times.note_absence",),
        nothing,
        lambda o, _: rostering.note_absence(o, "M001", datetime(2026, 11, 30), datetime(2026, 12, 1)),
    ),
    Case(
        "note when somebody can come",
        ("services.rostering.times.note_free_time",),
        nothing,
        lambda o, _: rostering.note_free_time(o, "M001", time(18), time(22), FreeAnswer.YES, since=DAY),
    ),
    Case(
        "see the names of a roster in clear",
        ("services.export.rosters._read_clear_names",),
        filled,
        lambda o, at: rosters._read_clear_names(o, at[0], ["M001", "M002"], "打印签到"),
    ),
    Case(
        "publish a roster",
        ("services.rostering.publishing.publish_roster",),
        filled,
        lambda o, at: rostering.publish_roster(o, at[0], at[1], event_id="n"),
    ),
    Case(
        "close a roster",
        ("services.rostering.publishing.close_roster",),
        filled,
        lambda o, at: rostering.close_roster(o, at[0], event_id="n"),
    ),
)
