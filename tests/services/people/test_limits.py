"""How many persons may be looked up and seen in clear within an hour, and that an administrator is told."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import AuditQuery, RefusedError
from services.people import LookLimitError, export_person, find_people, limits_reached, unmask
from services.store import Store
from tests.acting import act

from .conftest import NOW

WHY = "入户走访"


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Let the limits be small."""
    monkeypatch.setenv("GRIDMUSTER_UNMASKS_PER_HOUR", "3")
    monkeypatch.setenv("GRIDMUSTER_LOOKUPS_PER_HOUR", "3")


@pytest.fixture
def secretary(office, at_work):
    rows = {f"P{n}": {"name": f"某{n}", "community_code": "C1"} for n in range(6)}
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.MEMBERS, pd.DataFrame.from_dict(rows, orient="index").rename_axis("code"))
    return at_work("secretary", "communities:C1")


def later(context, **by):
    return replace(context, clock=lambda: NOW + timedelta(**by))


def seen(context, numbers):
    for number in numbers:
        unmask(context, f"P{number}", reason=WHY)


def test_so_many_are_seen_within_an_hour_and_no_more(secretary):
    seen(secretary, range(3))
    with pytest.raises(LookLimitError):
        seen(secretary, [3])


def test_who_was_seen_already_may_be_seen_again(secretary):
    seen(secretary, [0, 1, 2, 0, 1, 2])


def test_exports_count_as_well(secretary):
    seen(secretary, range(3))
    with pytest.raises(LookLimitError):
        export_person(secretary, "P3")


def test_the_refusal_says_when_it_goes_on_and_then_it_does(secretary):
    seen(secretary, [0])
    half = later(secretary, minutes=30)
    seen(half, [1, 2])
    with pytest.raises(LookLimitError, match="10:00"):
        seen(half, [3])
    seen(later(secretary, minutes=61), [3])
    with pytest.raises(LookLimitError):
        seen(later(secretary, minutes=61), [4])


def test_looks_noted_with_a_clock_that_ran_ahead_do_not_count(secretary):
    seen(later(secretary, days=300), range(3))
    seen(secretary, range(3, 6))


def test_everybody_has_a_limit_of_their_own(secretary):
    seen(secretary, range(3))
    seen(replace(secretary, actor=replace(secretary.actor, name="another")), range(3))


def test_whoever_sits_at_the_machine_has_none(office, secretary):
    seen(office, range(6))


def test_the_limit_holds_for_two_processes_together(secretary, store_url):
    other = Store.open(store_url)
    seen(secretary, range(2))
    seen(replace(secretary, _store=other), [2])
    with pytest.raises(LookLimitError):
        seen(secretary, [3])
    other.close()


def test_searches_are_counted_and_the_same_one_once(secretary, at_work):
    liaison = at_work("liaison", "units:U1")
    for number in ("13812340000", "13812340001", "13812340001", "M3"):
        find_people(liaison, number)
    with pytest.raises(LookLimitError):
        find_people(liaison, "13812340002")
    assert find_people(liaison).count == 2


def test_a_search_is_in_the_trail_without_what_was_looked_for(office, at_work):
    find_people(at_work("liaison", "units:U1"), "13812340000")
    with office.look(Action.VIEW_AUDIT) as tx:
        (row,) = tx.trail.find(AuditQuery(action=Action.VIEW_PEOPLE), limit=9).itertuples()
    assert row.actor == "someone"
    assert row.object.startswith("search:")
    assert "1381234" not in repr(row)


def test_an_administrator_is_told_once_an_hour(secretary, at_work):
    seen(secretary, range(3))
    for _ in range(3):
        with pytest.raises(LookLimitError):
            seen(secretary, [3])
    (told,) = limits_reached(at_work("administrator"))
    assert (told.account, told.action, told.at) == ("someone", Action.UNMASK, NOW)
    assert limits_reached(later(at_work("administrator"), days=8)) == []


def test_only_who_sees_the_trail_is_told(at_work):
    with pytest.raises(RefusedError):
        limits_reached(at_work("secretary"))
