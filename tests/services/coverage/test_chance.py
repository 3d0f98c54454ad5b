"""How likely it is that enough come to the grids of the small town, by hand."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from geo.schema import ZONE_LAYERS, Layer
from services.coverage import LayerFrames, SentPeople, coverage_tables, prepare
from services.coverage.inputs import LevelInputs
from services.rules.availability import fill_hours
from services.rules.norms import default_availability
from services.rules.windows import Mode, Window
from tests.services.coverage.small_town import EVENING, NORMS, small_frames

AT_EVENING = 0.5
"""Who states nothing comes every other evening."""


def chances(coverage_inputs, sent=None, mode=Mode.EMERGENCY):
    tables = coverage_tables(coverage_inputs, mode, EVENING, sent or SentPeople({}, {}))
    return tables[Layer.GRIDS]["chance"], tables


def test_four_people_come_all_together_once_in_sixteen_evenings(small):
    chance, tables = chances(small)
    assert 3 < tables[Layer.GRIDS].loc["G3", "need"] <= 4
    assert chance["G3"] == pytest.approx(0.06)
    assert chance["G1"] == 0.99  # fifty people: never told as more sure than it is
    assert chance[["G4", "G5"]].isna().tolist() == [True, True]  # nobody needed, nothing known
    assert tables[Layer.ESTATES].loc["E2", "chance"] == 0  # one person, several needed
    assert all(tables[level]["chance"].isna().all() for level in ZONE_LAYERS[:3])


def test_who_is_sent_comes_for_sure_and_who_left_does_not(small):
    helped, _tables = chances(small, SentPeople({"G3": 3.0}, {}))
    assert helped["G3"] == pytest.approx(0.93)  # one of four: 15 of 16
    assert chances(small, SentPeople({"G3": 4.0}, {}))[0]["G3"] == 1
    half = 3 + AT_EVENING  # the fourth for half of the window
    assert chances(small, SentPeople({"G3": half}, {}))[0]["G3"] == pytest.approx(0.96)  # 31 of 32
    away, _tables = chances(small, SentPeople({"G3": 3.0}, {"G3": 4.0}))
    assert away["G3"] == 0


def test_what_people_state_counts_one_by_one():
    frames = small_frames()
    members = frames.members.assign(available_evening=[np.nan] * 52 + [1.0, 1.0, 0.8, 0.5] + [np.nan] * 3)
    chance, _tables = chances(prepare(LayerFrames(frames.zones, members, frames.assignments), NORMS))
    assert chance["G3"] == pytest.approx(0.4)


def test_one_or_two_people_leave_no_trace():
    frames = small_frames()
    assert (frames.assignments["grid_code"] == "G2").sum() == 2
    found = []
    for dropped, hours in (([], 1.0), (["M50"], 0.0)):
        members = frames.members.drop(index=dropped)
        members.loc[members.index.intersection(["M50", "M51"]), "available_evening"] = hours
        inputs = prepare(LayerFrames(frames.zones, members, frames.assignments.loc[members.index]), NORMS)
        found.append(pd.concat([table["chance"] for table in chances(inputs, mode=Mode.ROUTINE)[1].values()]))
    pd.testing.assert_series_equal(*found, check_exact=True)


@pytest.mark.parametrize("layer", [Layer.GRIDS, Layer.ESTATES])
def test_the_people_one_by_one_make_up_the_supply(small, layer):
    level: LevelInputs = small.levels[layer]
    hours = fill_hours(level.people.hours, default_availability(NORMS))
    sums = [np.bincount(level.people.group, weights=part, minlength=len(level.facts)) for part in hours.T]
    np.testing.assert_allclose(np.column_stack(sums), level.persons)


def test_a_window_over_two_parts_of_the_day_takes_the_mean_of_each_persons_hours(small):
    """Half of the hours at 0.5, half at 0.3: everybody comes with 0.4, all four with 0.4⁴."""
    window = Window(datetime(2026, 11, 25, 21), datetime(2026, 11, 25, 23))
    grids = coverage_tables(small, Mode.LOCKDOWN, window)[Layer.GRIDS]
    assert grids.loc["G3", "need"] > 4
    helped = coverage_tables(small, Mode.LOCKDOWN, window, SentPeople({"G3": np.ceil(grids.loc["G3", "need"]) - 4}, {}))
    assert helped[Layer.GRIDS].loc["G3", "chance"] == pytest.approx(np.floor(100 * 0.4**4) / 100)
