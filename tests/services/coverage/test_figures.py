"""Who is short of people and why, and the four figures of a window."""

from dataclasses import astuple
from datetime import datetime

import pytest

from geo.schema import Layer
from services.coverage import (
    LayerFrames,
    SentPeople,
    by_gap,
    communities_without_estates,
    coverage_tables,
    distance_text,
    headline_figures,
    load_norms,
    prepare,
    reason_text,
    underserved,
)
from services.i18n import use_language
from services.rules.rounding import sum_balance
from services.rules.windows import Mode, Window
from tests.services.coverage.small_town import (
    EVENING,
    NORMS,
    WORKDAY,
    small_frames,
)


def test_estates_that_are_short_are_ranked_with_their_reasons(small, evening):
    ranked = underserved(small, evening[Layer.ESTATES], Layer.ESTATES)
    assert ranked.index.tolist() == ["E2"]
    row = ranked.iloc[0]
    assert (row["rank"], row["mixed"], row["managed"]) == (1, True, False)
    assert row["gap"] == pytest.approx(row["need"] - row["supply"])
    assert row[[f"need_{item}" for item in load_norms().items]].sum() == pytest.approx(row["need"])
    assert (row["nearest_code"], row["nearest_name"]) == ("E1", "云港花园")
    assert reason_text(row, NORMS) == "缺 4.7 人 · 无物业 · 外来人口 62% · 最近富余：云港花园 390 米"


def test_the_reason_is_also_said_in_english(small, evening):
    use_language("en")
    row = underserved(small, evening[Layer.ESTATES], Layer.ESTATES).iloc[0]
    expected = "4.7 short · no property management · 62% from elsewhere · nearest to spare: 云港花园, 390 m"
    assert reason_text(row, NORMS) == expected


def test_grids_that_hold_mixed_estates_come_first(small, evening):
    ranked = underserved(small, evening[Layer.GRIDS], Layer.GRIDS)
    assert ranked.index.tolist() == ["G2", "G3"]
    assert ranked["mixed"].tolist() == [True, False]
    assert reason_text(ranked.iloc[0], NORMS).startswith("缺 4.7 人 · 内有杂居小区 · 外来人口 62%")
    assert reason_text(ranked.iloc[1], NORMS) == "缺 1.6 人 · 最近富余：一格 220 米"


def test_of_equal_gaps_the_mixed_estate_comes_first_and_then_the_one_with_more_residents(small, evening):
    estates = (
        evening[Layer.ESTATES]
        .loc[["E1", "E2", "E3"]]
        .assign(need=4.0, met=1.0, ratio=0.25, residents=[900.0, 900.0, 2000.0])
    )
    assert by_gap(small, estates, Layer.ESTATES).index.tolist() == ["E2", "E3", "E1"]
    assert by_gap(small, estates.assign(need=[4.0, 4.0, None]), Layer.ESTATES).index.tolist() == ["E2", "E1", "E3"]


def test_nobody_to_spare_is_said(small):
    tables = coverage_tables(small, Mode.LOCKDOWN, WORKDAY)
    ranked = underserved(small, tables[Layer.ESTATES], Layer.ESTATES)
    assert ranked["nearest_m"].isna().all()
    assert ranked.index.tolist() == ["E2", "E1"]
    assert reason_text(ranked.loc["E1"], NORMS).endswith("附近无富余")


@pytest.mark.parametrize(
    ("metres", "expected"),
    [(0, "0 米"), (403.2, "400 米"), (994.9, "990 米"), (995.1, "1.0 公里"), (1249, "1.2 公里")],
)
def test_distances_are_rounded_for_reading(metres, expected):
    assert distance_text(metres) == expected


def test_headlines_are_told_beside_those_of_other_situations(small):
    window = Window(datetime(2026, 11, 25, 18), datetime(2026, 11, 25, 20))
    now = coverage_tables(small, Mode.EMERGENCY, window)[Layer.GRIDS]
    other = coverage_tables(small, Mode.EMERGENCY, window, SentPeople({"G2": 3.0}, {}))[Layer.GRIDS]
    head, alone = headline_figures(now, [other, now]), headline_figures(other)
    known = now.dropna(subset=["need"])
    met = known[["supply", "need"]].min(axis=1).sum() / known["need"].sum()
    assert head.met.value == pytest.approx(met)
    assert head.weak.value == 2
    for of_now, of_other in zip(astuple(head), astuple(alone), strict=True):
        assert of_now[1] == (of_other[0], of_now[0])
    assert head.missing.before[0] < head.missing.value
    assert (head.missing.value, head.spare.value) == (sum_balance(now).gap, sum_balance(now).surplus)
    assert head.missing.value == pytest.approx(now["gap"].sum(), abs=0.5)


def test_headlines_of_nothing_are_empty(small):
    grids = coverage_tables(small, Mode.ROUTINE, EVENING)[Layer.GRIDS].iloc[:0]
    head = headline_figures(grids, [grids])
    assert (head.met.value, head.met.before, head.weak.value, head.missing.value) == (None, (None,), 0, 0)


def test_a_community_with_residents_and_no_estate_is_named(small):
    assert communities_without_estates(small) == ["二社区"]
    frames = small_frames()
    empty = frames.zones[Layer.GRIDS].assign(residents=0.0, households=0.0)
    zones = dict(frames.zones) | {Layer.GRIDS: empty}
    inputs = prepare(LayerFrames(zones, frames.members, frames.assignments), NORMS)
    assert communities_without_estates(inputs) == []
