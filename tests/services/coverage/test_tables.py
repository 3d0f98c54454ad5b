"""Coverage of a small subdistrict whose numbers can be followed by hand, and of a board with a cold corner."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from geo.coverage import Status
from geo.errors import ShapeMismatchError
from geo.schema import ZONE_LAYERS, Layer
from services.coverage import (
    LayerFrames,
    SentPeople,
    add_cold_spots,
    count_weak_by_hour,
    coverage_tables,
    inputs_within,
    load_norms,
    prepare,
    sum_gaps,
    table_columns,
    with_exact_members,
)
from services.rules.areas import Area, make_scope
from services.rules.windows import Mode, Window, hours_ahead
from tests.services.coverage.small_town import EVENING, NORMS, small_frames


def test_every_level_has_the_columns_of_the_conventions(small, evening):
    for wanted in ZONE_LAYERS:
        assert tuple(evening[wanted].columns) == table_columns(load_norms())
        assert evening[wanted].index.name == "code"
        assert evening[wanted].index.tolist() == small_frames().zones[wanted].index.tolist()
    assert small.version == 7


def test_supply_is_members_by_their_availability_and_one_or_two_count_as_one(evening):
    grids = evening[Layer.GRIDS]
    np.testing.assert_allclose(grids["supply"], [25, 0.5, 2, 0.5, 0.5])
    assert grids["members"].tolist() == [50, 1, 4, 1, 1]
    assert evening[Layer.ESTATES]["members"].tolist() == [50, 1, 0]
    np.testing.assert_allclose(evening[Layer.ESTATES]["supply"], [25, 0.5, 0])


def test_who_looks_after_people_is_told_how_many_there_are(small, evening):
    def exact(layer):
        return with_exact_members(small, layer, evening[layer])

    assert exact(Layer.GRIDS)["members"].tolist() == [50, 2, 4, 1, 1]
    assert exact(Layer.ESTATES)["members"].tolist() == [50, 2, 0]
    assert exact(Layer.DISTRICTS)["members"].tolist() == [58]
    assert exact(Layer.GRIDS).loc["G2", "density_per_1000"] == pytest.approx(2 / 0.937)
    assert exact(Layer.GRIDS)["supply"].tolist() == evening[Layer.GRIDS]["supply"].tolist()


def test_of_zones_elsewhere_nothing_exact_is_told(small, evening):
    area = Area(Layer.COMMUNITIES, "C2")
    parents = {layer: level.facts["parent_code"] for layer, level in small.levels.items()}
    inside = inputs_within(small, make_scope(area, parents))
    shown = with_exact_members(inside, Layer.GRIDS, evening[Layer.GRIDS])["members"]
    np.testing.assert_equal(shown.to_numpy(), [np.nan, np.nan, 4, 1, 1])


def test_members_in_no_grid_count_nowhere(evening):
    assert evening[Layer.DISTRICTS]["members"].tolist() == [57]


def test_a_stated_availability_replaces_the_default():
    frames = small_frames()
    members = frames.members.assign(available_evening=[0.0] * 50 + [1.0] * (len(frames.members) - 50))
    coverage_inputs = prepare(LayerFrames(frames.zones, members, frames.assignments), NORMS)
    assert coverage_tables(coverage_inputs, Mode.ROUTINE, EVENING)[Layer.GRIDS]["supply"].tolist() == [
        0,
        0.5,
        4,
        0.5,
        0.5,
    ]


def test_assignments_in_another_order_give_the_same_tables(evening):
    frames = small_frames()
    shuffled = LayerFrames(frames.zones, frames.members, frames.assignments.iloc[::-1])
    again = coverage_tables(prepare(shuffled, NORMS), Mode.EMERGENCY, EVENING)
    for wanted in ZONE_LAYERS:
        pd.testing.assert_frame_equal(again[wanted], evening[wanted])


def test_the_need_of_a_grid_comes_from_its_estates_or_its_own_people(evening):
    grids, estates = evening[Layer.GRIDS], evening[Layer.ESTATES]
    assert grids.loc["G1", "need"] == pytest.approx(estates.loc["E1", "need"])
    assert grids.loc["G2", "need"] == pytest.approx(estates.loc["E2", "need"])
    assert grids.loc["G3", "need"] == pytest.approx(2 + 200 / 350 * 2 + 200 / 700 * 1.5)
    for table in evening.values():
        np.testing.assert_allclose(
            table[[f"need_{item}" for item in load_norms().items]].sum(axis=1, skipna=False), table["need"]
        )


def test_statuses_tell_no_need_from_no_data(evening):
    assert evening[Layer.GRIDS]["status"].tolist() == [
        Status.SPARE,
        Status.WEAK,
        Status.WEAK,
        Status.NO_NEED,
        Status.NO_DATA,
    ]
    assert evening[Layer.ESTATES]["status"].tolist() == [Status.SPARE, Status.WEAK, Status.NO_DATA]


def test_wider_zones_are_the_sums_of_their_grids(evening):
    grids, communities = evening[Layer.GRIDS], evening[Layer.COMMUNITIES]
    first = grids.loc[["G1", "G2"]]
    for column in ("need", "supply", "supply_members", "met", "gap", "surplus", "members", "need_gate"):
        assert communities.loc["C1", column] == pytest.approx(first[column].sum())
    assert communities.loc["C1", "gap"] > 0 < communities.loc["C1", "surplus"]
    top = evening[Layer.DISTRICTS].iloc[0]
    assert np.isnan(top["ratio"])
    assert top["met"] == pytest.approx(grids[["supply", "need"]].min(axis=1, skipna=False).sum())
    assert top["gap"] == pytest.approx(top["need"] - top["met"])
    assert top["share_met"] == pytest.approx(top["met"] / top["need"])
    assert top["gap"] == pytest.approx(grids["gap"].sum())


def test_population_nobody_stated_is_that_of_the_parts(evening):
    assert evening[Layer.COMMUNITIES]["residents"].tolist() == [5000, 540]
    assert evening[Layer.DISTRICTS]["residents"].tolist() == [5540]
    assert evening[Layer.GRIDS].loc["G2", "residents"] == 937
    assert np.isnan(evening[Layer.GRIDS].loc["G5", "residents"])


def test_densities_and_areas(evening):
    grids, estates = evening[Layer.GRIDS], evening[Layer.ESTATES]
    assert grids.loc["G1", "area_km2"] == pytest.approx(0.0113, rel=0.01)
    assert grids.loc["G1", "density_per_km2"] == pytest.approx(50 / grids.loc["G1", "area_km2"])
    assert grids.loc["G3", "density_per_1000"] == pytest.approx(4 / 0.54)
    assert np.isnan(estates.loc["E2", "area_km2"])
    assert np.isnan(estates.loc["E2", "density_per_km2"])


def test_people_who_are_sent_move_from_grid_to_grid(small, evening):
    sent = coverage_tables(small, Mode.EMERGENCY, EVENING, SentPeople({"G2": 7.0, "nowhere": 3.0}, {"G1": 7.0}))
    grids = sent[Layer.GRIDS]
    assert grids.loc["G2", ["supply", "supply_members", "supply_in", "supply_out"]].tolist() == [7.5, 0.5, 7, 0]
    assert grids.loc["G1", ["supply", "supply_members", "supply_in", "supply_out"]].tolist() == [21.5, 25, 0, 3.5]
    assert sent[Layer.COMMUNITIES].loc["C1", ["supply", "supply_in", "supply_out"]].tolist() == [29, 7, 3.5]
    np.testing.assert_allclose(sent[Layer.DISTRICTS]["supply"], evening[Layer.DISTRICTS]["supply"] + 3.5)


def test_people_sent_to_an_estate_are_credited_to_it(small, evening):
    sent = coverage_tables(small, Mode.EMERGENCY, EVENING, SentPeople({"G2": 7.0}, {}, {"E2": 4.0, "nowhere": 3.0}))
    estate, before = (tables[Layer.ESTATES].loc["E2"] for tables in (sent, evening))
    assert (estate["supply_in"], estate["supply"]) == (4, before["supply"] + 4)
    assert estate["gap"] == pytest.approx(before["gap"] - 4)
    assert sent[Layer.GRIDS].loc["G2", "supply_in"] == 7


def test_a_grid_never_loses_more_members_than_it_has(small):
    window = hours_ahead(datetime(2026, 11, 25, 9), 3)
    everybody = SentPeople({}, dict.fromkeys(("G1", "G2", "G3", "G4", "G5"), 1000000.0))
    grids = coverage_tables(small, Mode.EMERGENCY, EVENING, everybody)[Layer.GRIDS]
    np.testing.assert_allclose(grids["supply"], 0, atol=1e-9)
    np.testing.assert_allclose(grids["supply_out"], grids["supply_members"])
    gaps = sum_gaps(small, Mode.EMERGENCY, window, [everybody] * 3)
    need = [coverage_tables(small, Mode.EMERGENCY, hour)[Layer.GRIDS]["need"].sum() for hour in window]
    np.testing.assert_allclose(gaps, need)


def test_a_window_over_two_parts_of_the_day_is_their_mean(small):
    parts = [coverage_tables(small, Mode.LOCKDOWN, w)[Layer.GRIDS] for w in hours_ahead(datetime(2026, 11, 25, 21), 2)]
    both = coverage_tables(small, Mode.LOCKDOWN, Window(datetime(2026, 11, 25, 21), datetime(2026, 11, 25, 23)))
    for column in ("need", "supply", "need_door"):
        np.testing.assert_allclose(both[Layer.GRIDS][column], (parts[0][column] + parts[1][column]) / 2)


def test_reach_shares_what_is_within_reach(evening):
    grids = evening[Layer.GRIDS]
    needed = grids["need"] > 0
    assert (grids["reach"].notna() == needed).all()
    assert (grids.loc[needed, "reach"] * grids.loc[needed, "need"]).sum() == pytest.approx(grids["supply"].sum())
    district = evening[Layer.DISTRICTS].iloc[0]
    assert district["reach"] == pytest.approx(grids["supply"].sum() / district["need"])


def test_the_strip_counts_what_the_tables_show(small):
    now = datetime(2026, 11, 27, 9, 41)
    strip = count_weak_by_hour(small, Mode.ROUTINE, now)
    assert len(strip) == 72
    assert strip["start"].iloc[0] == datetime(2026, 11, 27, 9)
    for row in strip.iloc[::5].itertuples():
        grids = coverage_tables(small, Mode.ROUTINE, Window(row.start, row.end))[Layer.GRIDS]
        assert row.weak == (grids["status"] == Status.WEAK).sum()


def test_the_strip_counts_people_who_are_sent(small):
    now = datetime(2026, 11, 27, 9, 41)
    nobody, sent = SentPeople({}, {}), SentPeople({"G2": 7.0, "nowhere": 3.0}, {"G1": 40.0})
    by_hour = [sent if k % 3 == 0 else nobody for k in range(72)]
    strip = count_weak_by_hour(small, Mode.EMERGENCY, now, sent=by_hour)
    for k in range(0, 72, 5):
        window = Window(strip["start"][k], strip["end"][k])
        grids = coverage_tables(small, Mode.EMERGENCY, window, by_hour[k])[Layer.GRIDS]
        assert strip["weak"][k] == (grids["status"] == Status.WEAK).sum()
    assert strip["weak"].tolist() != count_weak_by_hour(small, Mode.EMERGENCY, now)["weak"].tolist()


def test_who_is_sent_must_be_given_for_every_hour(small):
    with pytest.raises(ShapeMismatchError):
        count_weak_by_hour(small, Mode.EMERGENCY, datetime(2026, 11, 27), sent=[SentPeople({}, {})])


def test_the_strip_moves(small):
    strip = count_weak_by_hour(small, Mode.EMERGENCY, datetime(2026, 11, 27, 9))
    assert strip["weak"].min() < strip["weak"].max()


def test_a_cold_corner_is_found(town):
    coverage_inputs, cold = town
    grids = add_cold_spots(coverage_inputs, coverage_tables(coverage_inputs, Mode.EMERGENCY, EVENING)[Layer.GRIDS])
    found = (grids["cold"] == "cold").to_numpy()
    assert found[cold].mean() > 0.8
    assert found[~cold].mean() < 0.1
    assert tuple(grids.columns) == table_columns(load_norms())
    again = add_cold_spots(coverage_inputs, coverage_tables(coverage_inputs, Mode.EMERGENCY, EVENING)[Layer.GRIDS])
    pd.testing.assert_frame_equal(grids, again)
