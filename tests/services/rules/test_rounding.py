"""One rule by which persons are shown: what stands on a page adds up by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage import LEAST_GAP, Status, compare_need_and_supply
from services.rules.rounding import (
    percent_met,
    persons_text,
    round_balance,
    round_gap,
    round_parts,
    round_table,
    shown_text,
    sum_balance,
)

persons = st.lists(st.tuples(st.floats(0, 3000), st.floats(0, 3000)), min_size=1, max_size=30)


def table_of(zones):
    coverage = compare_need_and_supply(*np.array(zones).T)
    columns = {name: getattr(coverage, name) for name in ("need", "supply", "met", "gap", "surplus", "status")}
    return pd.DataFrame(columns)


@pytest.mark.parametrize(
    ("need", "met", "surplus", "shown"),
    [
        (2.0, 0.0, 0.0, ("2", "0", "2", "0")),
        (24.0, 0.9, 0.0, ("24", "1", "23", "0")),
        (9.94, 3.33, 0.0, ("9.9", "3.3", "6.6", "0")),
        (9.96, 3.33, 0.0, ("10", "3", "7", "0")),
        (24.0, 23.7, 0.0, ("24", "23.7", "0.3", "0")),
        (126.0, 103.4, 23.5, ("126", "103", "23", "24")),
        (31_234.5, 26_000.4, 7.2, ("31,235", "26,000", "5,235", "7")),
        (24.5, 24.45, 0.0, ("25", "25", "0", "0")),
        (0.0, 0.0, 12.4, ("0", "0", "0", "12")),
        (np.nan, np.nan, np.nan, ("–", "–", "–", "–")),
    ],
)
def test_the_figures_of_a_zone_stand_in_one_precision(need, met, surplus, shown):
    balance = round_balance(need, met, surplus)
    assert tuple(map(shown_text, (balance.need, balance.met, balance.gap, balance.surplus))) == shown


@given(persons)
def test_a_shown_gap_is_the_shown_need_less_the_shown_met(zones):
    shown = round_table(table_of(zones))
    np.testing.assert_allclose(shown["need"] - shown["met"], shown["gap"], atol=1e-6)
    np.testing.assert_allclose(shown["met"] + shown["surplus"], shown["supply"], atol=1e-6)


@given(persons)
def test_who_is_weak_shows_a_gap_and_nobody_else_does(zones):
    table = table_of(zones)
    assert ((round_table(table)["gap"] > 0) == (table["status"] == Status.WEAK)).all()


@given(persons)
def test_nothing_is_shown_further_from_the_truth_than_half_a_unit_of_each_term(zones):
    table = table_of(zones)
    shown = round_table(table)
    half = np.where(shown["decimals"] == 1, 0.05, 0.5)
    for name in ("need", "met", "surplus"):
        away = (shown[name] - table[name]).abs()
        assert (away <= np.where(table["status"] == Status.WEAK, half, half + LEAST_GAP) + 1e-6).all()


@given(persons)
def test_zones_together_are_added_up_before_they_are_rounded(zones):
    table = table_of(zones)
    together = sum_balance(table)
    assert together == round_balance(*(float(table[name].sum()) for name in ("need", "met", "surplus")))


@given(st.lists(st.floats(0, 500), min_size=1, max_size=6), st.sampled_from([0, 1]))
def test_shown_parts_add_up_to_the_shown_whole(parts, decimals):
    whole = np.floor(sum(parts) * 10**decimals + 0.5) / 10**decimals
    (shown,) = round_parts([parts], [whole], [decimals]).tolist()
    assert sum(shown) == pytest.approx(whole, abs=1e-6)
    assert all(abs(part - exact) <= 10.0**-decimals + 1e-6 for part, exact in zip(shown, parts, strict=True))


def test_all_is_met_only_where_nobody_is_missing():
    shares = (0.0, 1e-12, 0.004, 0.994, 0.996, 1.0, 1.504)
    assert [percent_met(share) for share in shares] == [0, 0, 1, 99, 99, 100, 150]


def test_a_number_that_stands_alone():
    assert [persons_text(figure) for figure in (0.04, 0.05, 9.94, 9.95, 1234.5, -0.5)] == [
        *("0", "0.1", "9.9", "10", "1,235", "-0.5")
    ]
    assert (shown_text(float("nan")), round_gap(100.0, 0.3)) == ("–", 0.3)
