"""The lists beside the map."""

from datetime import datetime

import numpy as np
import pytest

from dashboard import cache
from dashboard.cache import view_models
from dashboard.cache.rankings import RankingKind, rankings
from dashboard.pages.situation.tiles import doubt_notes
from geo.coverage import Status
from geo.ranking import MIXED_WEIGHT
from geo.schema import Layer
from services.planning import PlanSettings
from services.rules.rounding import persons_text, round_table
from services.rules.windows import Mode, Window

EVENING = Window(datetime(2026, 11, 26, 18), datetime(2026, 11, 26, 22))
WEEKEND = Window(datetime(2026, 11, 28, 8), datetime(2026, 11, 29, 22))
NIGHT = Window(datetime(2026, 11, 28, 22), datetime(2026, 11, 29, 8))


def test_of_the_grids_of_an_evening_that_have_enough_eight_fail_more_than_one_time_in_five(demo):
    grids = cache.coverage_view(Mode.EMERGENCY, EVENING).tables[Layer.GRIDS]
    enough = grids[(grids["need"] > 0) & (grids["supply"] >= grids["need"] - 1e-9)]
    assert (len(enough), int((enough["chance"] < 0.8).sum())) == (136, 8)


def test_grids_that_are_unsure_are_listed_the_least_sure_first(demo):
    view = cache.coverage_view(Mode.EMERGENCY, EVENING)
    unsure = rankings(Mode.EMERGENCY, EVENING, None, "")[RankingKind.UNSURE]
    grids = view.tables[Layer.GRIDS].loc[[line.code for line in unsure.rows]]
    assert unsure.count == len(grids) == 9
    assert (grids["status"] != Status.WEAK).all()
    assert grids["chance"].is_monotonic_increasing
    assert unsure.rows[0].figure == f"{100 - 100 * grids['chance'].iloc[0]:.0f}% 可能不足"
    assert [note.words for note in doubt_notes(unsure.count)] == ["另有 9 个把握不足"]
    assert doubt_notes(0) == ()


@pytest.mark.parametrize("kind", RankingKind)
def test_lists_of_a_community_hold_what_lies_in_it(demo, kind):
    view = cache.coverage_view(Mode.EMERGENCY, WEEKEND)
    community = view.tables[Layer.GRIDS]["parent_code"].iloc[0]
    grids = view.tables[Layer.GRIDS].query("parent_code == @community").index
    whole, part = (
        rankings(Mode.EMERGENCY, WEEKEND, level, code)[kind]
        for level, code in ((None, ""), (Layer.COMMUNITIES, community))
    )
    assert part.count <= whole.count
    codes = [line.code for line in part.rows]
    homes = view.tables[Layer.ESTATES].loc[codes, "parent_code"] if part.level is Layer.ESTATES else codes
    assert set(homes) <= set(grids)


@pytest.mark.parametrize("mode", Mode)
def test_no_grid_without_anybody_stands_behind_one_short_of_less_than_half_a_person(demo, mode):
    weak = cache.coverage_view(mode, EVENING).weak_grids
    shown = round_table(weak)["gap"].to_numpy()
    nobody = np.flatnonzero(weak["supply"] == 0)
    little = np.setdiff1d(np.flatnonzero(shown < 0.5), nobody)
    assert len(nobody) == 9
    assert little.size == 0 or nobody.max() < little.min()


def test_where_nobody_is_that_is_said(demo):
    weak = cache.coverage_view(Mode.EMERGENCY, EVENING).weak_grids
    reasons = cache.reasons(weak)
    assert [("一个人也没有" in why) for why in reasons] == (weak["supply"] < 0.05).tolist()


def test_places_that_hang_on_what_is_assumed_are_marked_and_no_others(demo):
    there = cache.coverage_view(Mode.EMERGENCY, EVENING)
    weak = there.weak_grids
    grids = there.tables[Layer.GRIDS].loc[weak.index]
    share = cache.norm_range(Mode.EMERGENCY, EVENING).steadiness(Layer.GRIDS, grids, weak["mixed"].to_numpy(bool))
    rows = rankings(Mode.EMERGENCY, EVENING, None, "")[RankingKind.GRIDS].rows
    marked = {line.code for line in rows if "名次不稳" in line.why}
    assert marked == set(share.index[:10][share.iloc[:10] < 0.9])
    assert 0 < len(marked) < 5
    low, high = view_models.total_range(Mode.EMERGENCY, EVENING, None, "")
    assert low < weak["gap"].sum() < high


def test_a_weekend_lists_the_grids_that_are_short_for_some_hours_only(demo):
    view = cache.coverage_view(Mode.EMERGENCY, WEEKEND)
    grids = view.tables[Layer.GRIDS]
    parts = (
        Window(*hours) for hours in ((WEEKEND.start, NIGHT.start), (NIGHT.start, NIGHT.end), (NIGHT.end, WEEKEND.end))
    )
    tables = [cache.coverage_view(Mode.EMERGENCY, part).tables[Layer.GRIDS] for part in parts]
    weak = np.any([table["status"] == Status.WEAK for table in tables], axis=0)
    hidden = grids.index[weak & (grids["status"] != Status.WEAK)]
    found = rankings(Mode.EMERGENCY, WEEKEND, None, "")[RankingKind.PARTS]
    assert found.count == len(hidden) == 15
    assert {line.code for line in found.rows} == set(hidden)
    first = found.rows[0]
    gaps = [table.loc[first.code, "gap"] for table in tables]
    assert first.figure == f"缺 {persons_text(max(gaps))} 人"
    assert first.why.startswith(("11-28 周六 08:00", "11-28 周六 22:00", "11-29 周日 08:00")[int(np.argmax(gaps))])
    assert [note.words for note in doubt_notes(0, found.count)] == ["另有 15 个部分时段薄弱"]
    assert RankingKind.PARTS not in rankings(Mode.EMERGENCY, EVENING, None, "")


def test_a_person_missing_counts_as_much_in_lists_as_in_proposals():
    assert PlanSettings().mixed_priority == MIXED_WEIGHT
