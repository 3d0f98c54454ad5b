"""Calls given out in turn: stored once, told apart by window, and who was asked is asked later."""

import pytest

from services.catalog.actions import Action, Role
from services.context import Context, RefusedError
from services.coverage import load_inputs
from services.planning import find_calls, give_out, load_snapshot, people_asked, read_askings
from services.rules.recruitment import ROTATION_DAYS
from services.rules.roles import Actor
from services.rules.windows import HOUR, Mode, Window

from .conftest import EVENING, NOW

NEXT = Window(EVENING.start + 24 * HOUR, EVENING.end + 24 * HOUR)


def rows(context):
    with context.look(Action.PLAN) as tx:
        return [(row["grid_code"], row["people"], row["at"]) for row in tx.calls.read_calls("")]


def test_the_same_call_given_out_twice_is_stored_once(office, colleague, now):
    assert give_out(office, EVENING, {"G1": 7, "G3": 2}) == 2
    now[0] += HOUR
    assert give_out(colleague, EVENING, {"G1": 7}) == 0
    at = NOW.isoformat(timespec="seconds")
    assert rows(office) == [("G1", 7, at), ("G3", 2, at)]


def test_asking_for_more_keeps_the_first_time_and_the_larger_number(office):
    for people in (3, 7, 5):
        give_out(office, EVENING, {"G1": people})
    assert [(code, people) for code, people, _ in rows(office)] == [("G1", 7)]


def test_a_window_sees_its_own_calls_apart_from_those_of_others(office, now):
    give_out(office, EVENING, {"G1": 7})
    now[0] += HOUR
    give_out(office, NEXT, {"G1": 2, "G3": 1})
    seen = read_askings(office, EVENING)
    assert dict(seen.times) == {"G1": 1, "G3": 1}
    assert (seen.before["G1"].at, seen.before["G1"].people) == (NOW + HOUR, 2)
    assert {code: asking.people for code, asking in seen.given_out.items()} == {"G1": 7}


def test_calls_are_forgotten_after_the_days_of_the_rotation(office, now):
    give_out(office, EVENING, {"G1": 7})
    now[0] += (24 * ROTATION_DAYS + 1) * HOUR
    assert read_askings(office, NEXT).times == {}


def test_who_was_asked_for_another_window_is_asked_after_the_others(office):
    snapshot = load_snapshot(office, load_inputs(office), EVENING, Mode.EMERGENCY)
    grids = snapshot.grids.assign(surplus=[40.0, 0.0, 40.0, 0.0], gap=[0.0, 7.0, 0.0, 0.0])

    def asked():
        calls = find_calls(snapshot, grids, (), 30.0, read_askings(office, EVENING))
        return people_asked(snapshot, calls)

    (first,) = asked()
    give_out(office, EVENING, asked())
    assert list(asked()) == [first], "the list of a window stays while it is given out"
    give_out(office, NEXT, {first: 7})
    assert list(asked()) == [{"G1": "G3", "G3": "G1"}[first]]


def test_people_of_several_calls_are_added_up(office):
    snapshot = load_snapshot(office, load_inputs(office), EVENING, Mode.EMERGENCY)
    grids = snapshot.grids.assign(surplus=[40.0, 0.0, 0.0, 0.0], gap=[0.0, 9.0, 4.0, 0.0])
    assert people_asked(snapshot, find_calls(snapshot, grids, (), 30.0)) == {"G1": 13}


def test_the_screen_gives_out_nothing(store):
    with pytest.raises(RefusedError):
        give_out(Context(store, Actor("屏", Role.SCREEN)), EVENING, {"G1": 1})
