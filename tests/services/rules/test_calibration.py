"""The default norms against published figures (data/reference/calibration.toml)."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from services.rules.need import borne_by_others, need_by_item, need_in_window, read_facts
from services.rules.norms import parse_norms
from services.rules.windows import DayPart, Mode

DATA = Path(__file__).parents[3] / "data"
NORMS = parse_norms(tomllib.loads((DATA / "norms.toml").read_text(encoding="utf-8")))
PUBLISHED = tomllib.loads((DATA / "reference/calibration.toml").read_text(encoding="utf-8"))
COUNTS = ("residents", "households", "outsiders", "blocks", "gates")
AGREEING = [case for case in PUBLISHED["need"] if "off" not in case]
OFF = [case for case in PUBLISHED["need"] if "off" in case]


def as_estates(case):
    """The people and gates of a case shared out evenly over its estates."""
    count, managed = case.get("estates", 1), case.get("managed", 0)
    frame = pd.DataFrame({name: [case.get(name, np.nan) / count] * count for name in COUNTS})
    return frame.assign(managed=[True] * managed + [False] * (count - managed))


def persons_at_once(case, hours_by_day_part):
    need = need_by_item(read_facts(as_estates(case), NORMS), NORMS, Mode(case["mode"]))
    return need_in_window(need, NORMS, np.asarray(hours_by_day_part, dtype=float)).sum()


@pytest.mark.parametrize(
    "case", [case for case in PUBLISHED["need"] if "off" not in case], ids=lambda case: case["name"]
)
def test_people_on_duty_at_once_are_those_published(case):
    low, high = case["persons"]
    assert low <= persons_at_once(case, [part == case["day_part"] for part in DayPart]) <= high


@pytest.mark.parametrize("case", OFF, ids=lambda case: case["name"])
def test_where_the_norms_are_off_it_is_told_by_how_much(case):
    persons = persons_at_once(case, [part == case["day_part"] for part in DayPart])
    assert case["model"][0] <= persons <= case["model"][1]
    assert not case["persons"][0] <= persons <= case["persons"][1]


def test_groups_of_seven_are_read_in_one_way():
    """Half of a group is on duty at once: 3.5 of 7, 15 to 21 of 6 groups of 5 to 7."""
    groups = [case for case in PUBLISHED["need"] if "group" in case["name"].lower() or "teams" in case["name"]]
    assert [case["persons"] for case in groups] == [[3.0, 4.5], [3.0, 4.5], [15, 21]]


@pytest.mark.parametrize("case", PUBLISHED["staff"], ids=lambda case: case["name"])
@pytest.mark.parametrize("hours", [[10, 4, 0, 10], [0, 0, 14, 10]], ids=["weekday", "weekend"])
def test_residents_to_staff_over_a_day_are_those_published(case, hours):
    staff = persons_at_once(case, hours) / (1 - borne_by_others(NORMS, Mode.LOCKDOWN)) / case["hours_per_person"]
    low, high = case["residents_per_staff"]
    assert low <= case["residents"] / staff <= high


def test_one_member_for_29_households_is_enough_in_routine_times_and_short_on_workdays_in_an_emergency():
    """Yunfeng: 401 members; a tenth can come on a workday, half on an evening."""
    cases = {(c["mode"], c["day_part"]): c for c in PUBLISHED["need"] if "Yunfeng" in c["name"]}
    supply = {"workday": 40.1, "evening": 200.5}
    ratio = {
        key: supply[key[1]] / persons_at_once(case, [part == key[1] for part in DayPart]) for key, case in cases.items()
    }
    assert ratio["routine", "workday"] > 1
    assert ratio["emergency", "workday"] < 0.6
    assert ratio["emergency", "evening"] > 1.5
