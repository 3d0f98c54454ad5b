"""The last day until which somebody is kept: written in many ways, and read from a file of members."""

from datetime import date, datetime

import pandas as pd
import pytest
from pydantic_core import PydanticCustomError

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context
from services.imports import Options, commit, make_upload, message_of, stage_file
from services.imports.check.days import read_last_day
from services.people import Periods, clean_up
from services.store import Store

FILE = (
    "党员编号,姓名,保存期限\nM1,张三丰,2026年11月24日\nM2,李四,2027-12-31\nM3,王五,\nM4,赵六,明年年底\n"
    "M5,孙七,46752\nM6,周八,2027-02-30\n"
)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2027-12-31", "2027-12-31"),
        ("2027/6/1", "2027-06-01"),
        ("2027.6.1", "2027-06-01"),
        ("２０２７年６月１日", "2027-06-01"),
        ("20271231", "2027-12-31"),
        (20271231.0, "2027-12-31"),
        ("2027-12-31 00:00:00", "2027-12-31"),
        (datetime(2027, 12, 31, 8, 30), "2027-12-31"),
        (date(2027, 12, 31), "2027-12-31"),
        (pd.Timestamp("2027-12-31"), "2027-12-31"),
        ("2028年2月", "2028-02-29"),
        ("2027-06", "2027-06-30"),
        ("2027年底", "2027-12-31"),
        ("无", None),
        ("", None),
        (None, None),
        (pd.NaT, None),
    ],
)
def test_a_day_is_read_in_every_form_and_a_month_or_year_by_its_last(cell, day):
    assert read_last_day(cell) == day


@pytest.mark.parametrize("cell", ["长期", "27-12-31", "2027-02-30", "1927-12-31", "2027-13", 46752.0, "46752", 2027.0])
def test_what_is_no_day_is_a_problem_and_never_a_guess(cell):
    with pytest.raises(PydanticCustomError) as caught:
        read_last_day(cell)
    assert caught.value.type == "bad_day"


def staged(office, content=FILE):
    return stage_file(office, make_upload("名册.csv", content.encode()), Layer.MEMBERS, Options())


def kept_until(office):
    with office.look(Action.VIEW_PEOPLE) as tx:
        return {code: row["keep_until"] for code, row in tx.people.read([f"M{k}" for k in range(1, 7)]).iterrows()}


@pytest.fixture
def office(store_url):
    store = Store.open(store_url)
    yield Context(store, clock=lambda: datetime(2026, 11, 25, 2))
    store.close()


def test_the_column_of_a_file_says_until_when_each_is_kept(office):
    found = staged(office)
    commit(office, found)
    problems = [finding.problem for finding in found.findings if finding.problem.row]
    assert [(one.row, one.column, one.code) for one in problems] == [(k, "保存期限", "bad_day") for k in (5, 6, 7)]
    assert message_of(problems[0]) == "应填日期，如 2027-12-31；请把这一列设为日期或文本格式"
    days = kept_until(office)
    assert {code: day for code, day in days.items() if pd.notna(day)} == {"M1": "2026-11-24", "M2": "2027-12-31"}


def test_whose_day_is_over_goes_at_night_and_the_others_stay(office):
    commit(office, staged(office))
    assert clean_up(office, Periods()).members == 1
    assert "M1" not in kept_until(office)


def test_a_file_without_the_column_leaves_the_day_as_it_is(office):
    commit(office, staged(office))
    commit(office, staged(office, "党员编号,姓名\nM2,李四新\n"))
    assert kept_until(office)["M2"] == "2027-12-31"
