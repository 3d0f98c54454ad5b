"""The nightly clean-up: who is due goes, others stay, and the report counts."""

from datetime import timedelta

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, RefusedError
from services.people import Correction, Periods, clean_up, correct_person, find_people, last_clean_up
from tests.acting import act

from .conftest import LI, NOW, WANG, ZHANG, frame


def later(office, **by):
    return Context(office._store, office.actor, lambda: NOW + timedelta(**by))


def imported(office, *codes, at):
    with act(office, Action.IMPORT) as work:
        number = work.tx.records.add_batch(
            layer="members", file_name="a", file_sha256="", at=at, actor="local",
            rows_read=1, rows_accepted=1, rows_rejected=0, report="{}",
        )  # fmt: skip
        work.tx.upsert(Layer.MEMBERS, frame({code: {"name": f"某{code}"} for code in codes}), batch_id=number)


def left(office):
    return [person.code for person in find_people(office).people]


def test_a_person_is_kept_up_to_and_including_the_last_day(office):
    correct_person(office, ZHANG, Correction(keep_until="2026-11-25"))
    assert clean_up(office, Periods()).members == 0
    assert clean_up(later(office, days=1), Periods()).members == 1
    assert left(office) == [LI, WANG]


def test_who_is_named_by_no_import_any_more_goes_after_the_period(office):
    imported(office, ZHANG, at="2026-01-01T08:00:00")
    imported(office, LI, at="2026-11-01T08:00:00")
    clean_up(office, Periods(members=100))
    assert left(office) == [LI, WANG]


def test_without_a_period_only_own_days_count(office):
    imported(office, ZHANG, at="2020-01-01T08:00:00")
    assert clean_up(office, Periods()).members == 0


def test_an_own_day_goes_before_the_period(office):
    imported(office, ZHANG, at="2020-01-01T08:00:00")
    correct_person(office, ZHANG, Correction(keep_until="2027-01-01"))
    assert clean_up(office, Periods(members=30)).members == 0


def test_old_replaced_rows_are_forgotten(office):
    imported(office, ZHANG, at="2026-01-01T08:00:00")
    imported(office, LI, at="2026-11-20T08:00:00")
    assert clean_up(office, Periods(replaced_rows=180)).replaced_rows == 1


def test_the_report_is_kept_and_holds_counts_only(office, last_audit):
    assert last_clean_up(office) is None
    done = clean_up(office, Periods())
    assert last_clean_up(office) == done
    assert last_audit()[:2] == ("maintain", "clean-up")


def test_only_who_maintains_the_store_cleans_up(at_work):
    with pytest.raises(RefusedError):
        clean_up(at_work("planner"), Periods())
