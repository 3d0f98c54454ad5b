"""Norms drawn at random around those that are assumed."""

import numpy as np

from services.rules.norm_draws import SPREAD, count_assumed, draw_norms
from services.rules.norm_texts import list_norms
from tests.services.coverage.small_town import NORMS


def values(norms):
    return {row.key: row.value for row in list_norms(norms)}


def test_only_what_is_assumed_is_drawn_and_by_no_more_than_the_spread():
    drawn = [values(draw_norms(NORMS, np.random.default_rng(seed))) for seed in range(30)]
    for row in list_norms(NORMS):
        found = np.array([draw[row.key] for draw in drawn])
        if not row.source.startswith("假定") or row.value == 0:
            assert (found == row.value).all()
            continue
        assert len(set(found)) > 1
        assert found.min() >= row.value * (1 - SPREAD)
        assert found.max() <= row.value * (1 + SPREAD)


def test_shares_stay_shares():
    keys = [
        row.key
        for row in list_norms(NORMS)
        if row.key.startswith(("attendance.", "availability.")) or ".managed_share." in row.key
    ]
    drawn = [values(draw_norms(NORMS, np.random.default_rng(seed))) for seed in range(30)]
    assert len(keys) == 4 + 4 + 6
    assert max(draw[key] for draw in drawn for key in keys) == 1


def test_as_many_are_assumed_as_are_called_so():
    assert count_assumed(NORMS) == sum(row.source.startswith("假定") for row in list_norms(NORMS))
