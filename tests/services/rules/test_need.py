import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.need import (
    borne_by_others,
    count_gates,
    count_households,
    is_mixed,
    item_columns,
    need_by_item,
    need_in_window,
    read_facts,
    sum_into_grids,
)
from services.rules.norms import parse_norms
from services.rules.windows import DayPart, Mode

NORMS = parse_norms(tomllib.loads((Path(__file__).parents[3] / "data/norms.toml").read_text(encoding="utf-8")))


def norm(item, field, mode=Mode.EMERGENCY):
    """Return a number of an item."""
    return getattr(getattr(NORMS.items[item], field), mode.value).value


COLUMNS = ["residents", "households", "outsiders", "blocks", "gates", "managed", "mixed_use"]


def estates(*rows):
    frame = pd.DataFrame([dict.fromkeys(COLUMNS) | row for row in rows], columns=COLUMNS)
    return frame.astype({"managed": "boolean", "mixed_use": "boolean"})


def items(row, mode=Mode.EMERGENCY):
    need = need_by_item(read_facts(estates(row), NORMS), NORMS, mode)[0]
    return dict(zip(NORMS.items, need, strict=True))


HUNDRED = {"households": 700, "residents": 1890, "gates": 3}


def test_need_follows_gates_and_households():
    need = items(HUNDRED)
    assert need.pop("gate") == 3 * norm("gate", "persons_for_each")
    assert need == {item: 700 / norm(item, "one_for_every") for item in ("door", "service", "sanitation", "publicity")}


@pytest.mark.parametrize("mode", Mode)
def test_management_carries_its_share_of_gate_and_sanitation_alone(mode):
    without, with_management = items(HUNDRED | {"managed": False}, mode), items(HUNDRED | {"managed": True}, mode)
    assert with_management["sanitation"] == pytest.approx(
        without["sanitation"] * (1 - norm("sanitation", "managed_share", mode))
    )
    posts = HUNDRED["gates"] * norm("gate", "persons_for_each", mode) * (1 - borne_by_others(NORMS, mode))
    left = posts * (1 - norm("gate", "managed_share", mode))
    is_whole = norm("gate", "whole_persons", mode)
    assert with_management["gate"] == pytest.approx(np.ceil(left - 1e-9) if is_whole else left)
    for item in ("door", "service", "publicity"):
        assert with_management[item] == without[item]


@pytest.mark.parametrize("managed", [None, False])
def test_management_nobody_has_confirmed_carries_nothing(managed):
    assert items(HUNDRED | {"managed": managed}) == items(HUNDRED)


def test_a_mixed_estate_gets_nothing_from_its_management():
    mixed = HUNDRED | {"mixed_use": True, "outsiders": 1000}
    assert items(mixed | {"managed": True}) == items(mixed | {"managed": False})


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"managed": False}, True),
        ({"managed": True}, False),
        ({"managed": None}, False),
        ({"managed": True, "mixed_use": True, "residents": 100, "outsiders": 51}, True),
        ({"managed": True, "mixed_use": True, "residents": 100, "outsiders": 50}, False),
        ({"managed": True, "mixed_use": True}, False),
        ({"managed": True, "mixed_use": False, "residents": 100, "outsiders": 90}, False),
    ],
)
def test_which_estates_are_mixed(row, expected):
    assert is_mixed(estates(row), NORMS).tolist() == [expected]


@pytest.mark.parametrize(("outsiders", "dearer"), [(945, False), (946, True), (None, False)])
def test_doors_are_dearer_where_outsiders_are_more_than_half(outsiders, dearer):
    factor = items(HUNDRED | {"outsiders": outsiders})["door"] / items(HUNDRED)["door"]
    assert factor == pytest.approx(NORMS.outsiders.factor.value if dearer else 1)


@pytest.mark.parametrize(
    ("row", "gates"),
    [
        ({"gates": 4, "blocks": 2, "households": 100}, 4),
        ({"gates": 0, "blocks": 2, "households": 100}, 0),
        ({"blocks": 2, "households": 100}, 1),
        ({"blocks": 8, "households": 100}, 1),
        ({"blocks": 9, "households": 100}, 2),
        ({"households": 347}, 1),
        ({"households": 500}, 1),
        ({"households": 501}, 2),
        ({"residents": 1350}, 1),
        ({"residents": 1352}, 2),
        ({"gates": 2, "households": 0, "residents": 0}, 0),
        ({"gates": 2}, np.nan),
    ],
)
def test_gates_nobody_stated_are_assumed(row, gates):
    np.testing.assert_array_equal(count_gates(read_facts(estates(row), NORMS), NORMS), [gates])


@pytest.mark.parametrize(
    ("row", "households"),
    [
        ({"households": 10, "residents": 270}, 10),
        ({"residents": 270}, 100),
        ({"households": 0, "residents": 27}, 10),
        ({"households": 0}, 0),
        ({"residents": 0}, 0),
        ({}, np.nan),
    ],
)
def test_households_nobody_stated_follow_from_residents(row, households):
    found = count_households(read_facts(estates(row), NORMS), NORMS)
    np.testing.assert_allclose(found, [households])


def test_an_estate_nobody_knows_anything_about_has_no_data():
    need = need_by_item(read_facts(estates({"gates": 3, "blocks": 5}), NORMS), NORMS, Mode.ROUTINE)
    assert np.isnan(need).all()


def test_an_empty_estate_needs_nobody():
    assert set(items({"residents": 0, "households": 0, "gates": 3, "blocks": 5}).values()) == {0}


def test_columns_that_are_not_there_count_as_unknown():
    facts = read_facts(pd.DataFrame({"residents": [540]}), NORMS)
    assert need_by_item(facts, NORMS, Mode.EMERGENCY)[0, 0] == norm("gate", "persons_for_each")


def test_the_window_weighs_the_items():
    need = need_by_item(read_facts(estates(HUNDRED), NORMS), NORMS, Mode.EMERGENCY)
    night = need_in_window(need, NORMS, np.array([part is DayPart.NIGHT for part in DayPart], float))[0]
    assert night[0] == need[0, 0]
    assert night[1] == 0


def test_the_need_of_a_grid_is_the_sum_over_its_estates_or_its_own():
    own = np.array([[100.0], [200.0], [np.nan], [np.nan]])
    of_estates = np.array([[1.0], [2.0], [np.nan], [np.nan], [5.0], [7.0]])
    grid_of_estate = np.array([0, 0, 0, 1, 2, -1])
    np.testing.assert_array_equal(sum_into_grids(own, of_estates, grid_of_estate), [[3], [200], [5], [np.nan]])


counts = st.none() | st.integers(0, 3000)


@given(counts, counts, counts, counts, st.sampled_from(Mode))
def test_need_is_never_below_zero_and_null_only_without_people(residents, households, blocks, gates, mode):
    row = {"residents": residents, "households": households, "blocks": blocks, "gates": gates}
    need = np.array(list(items(row, mode).values()))
    unknown = residents is None and households is None
    assert np.isnan(need).all() == np.isnan(need).any() == unknown
    assert unknown or (need >= 0).all()
    assert unknown or (need.sum() == 0) == (not residents and not households)


def test_a_sixth_item_is_an_entry():
    data = tomllib.loads((Path(__file__).parents[3] / "data/norms.toml").read_text(encoding="utf-8"))
    one = {"value": 500, "source": "试"}
    data["items"]["food_supply"] = {
        "name": "物资配送",
        "name_en": "Food supply",
        "driver": "residents",
        "day_parts": data["items"]["door"]["day_parts"],
        "one_for_every": {mode.value: one for mode in Mode},
    }
    norms = parse_norms(data)
    need = need_by_item(read_facts(estates(HUNDRED), norms), norms, Mode.EMERGENCY)[0]
    assert need[-1] == 1890 / 500
    assert list(item_columns(norms))[-1] == "need_food_supply"
    assert item_columns(norms)["need_food_supply"] == "物资配送"


def with_norms(**changes):
    """Return the norms with others who bear a share, and whole persons at gates where it is said."""
    data = tomllib.loads((Path(__file__).parents[3] / "data/norms.toml").read_text(encoding="utf-8"))
    shares = {mode: {"value": value, "source": "来源"} for mode, value in changes.pop("borne").items()}
    data["others"] = {"share": shares}
    data["items"]["gate"]["whole_persons"] = {mode: {"value": changes["whole"], "source": "来源"} for mode in Mode}
    return parse_norms(data)


def test_others_bear_their_share_of_every_item_and_of_what_is_left_a_post_takes_whole_persons():
    facts = read_facts(estates({"households": 700, "gates": 2, "managed": True}), NORMS)
    bare, borne, whole = (
        need_by_item(facts, with_norms(borne=shares, whole=flag), Mode.LOCKDOWN)[0]
        for shares, flag in (
            ({"routine": 0, "emergency": 0, "lockdown": 0}, 0),
            ({"routine": 0, "emergency": 0, "lockdown": 0.75}, 0),
            ({"routine": 0, "emergency": 0, "lockdown": 0.75}, 1),
        )
    )
    np.testing.assert_allclose(borne, bare * 0.25)
    assert borne[0] == pytest.approx(2 * 3 * 0.5 * 0.25)
    assert whole[0] == 1
    np.testing.assert_allclose(whole[1:], borne[1:])
    empty = read_facts(estates({"households": 0}), NORMS)
    assert (need_by_item(empty, with_norms(borne=dict.fromkeys(Mode, 0), whole=1), Mode.ROUTINE) == 0).all()
