"""Where communities say too little of a gap, sub-districts are named, then districts, as far as they say more."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from geo.coverage import Status
from geo.schema import Layer
from services.briefing.gap_communities import gap_text, gaps_by_zone


def level(names, parent):
    facts = pd.DataFrame({"name": names, "residents": 1.0}, index=[f"Z{k:02}" for k in range(len(names))])
    return SimpleNamespace(facts=facts, parent=np.asarray(parent, dtype=np.intp))


def inputs_of(gaps):
    """Return coverage inputs and grids: a grid in each of as many communities as there are gaps in a sub-district."""
    sub_of = [k for k, ones in enumerate(gaps) for _gap in ones]
    n = len(sub_of)
    levels = {
        Layer.GRIDS: level([f"格{k}" for k in range(n)], range(n)),
        Layer.COMMUNITIES: level([f"第{k}社区" for k in range(n)], sub_of),
        Layer.SUBDISTRICTS: level([f"第{k}街道" for k in range(len(gaps))], [0] * len(gaps)),
        Layer.DISTRICTS: level(["H区"], [-1]),
    }
    missing = np.array([gap for ones in gaps for gap in ones], dtype=float)
    grids = pd.DataFrame({"gap": missing, "need": missing, "met": 0.0, "surplus": 0.0, "status": Status.WEAK.value})
    return SimpleNamespace(levels=levels), grids, float(missing.sum())


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        ([[40, 1], [1], [1], [1]], "，集中在第0社区"),
        ([[10, 9, 8, 7], [2, 3], [1], [4]], "，集中在第0、第1、第2三个社区"),
        ([[10, 9, 8, 7, 6, 5, 4, 3], [11], [2, 1], [1, 2]], "，集中在第0街道"),
        ([[6, 5, 4], [7, 3, 4], [3, 8, 2], [2, 2, 2], [1, 3, 3], [2, 4, 1]], "，集中在第0街道、第1街道、第2街道"),
        ([[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]], "，其中第0、第1、第2三个社区缺 27 人，占 49%"),
    ],
)
def test_the_narrowest_zones_that_hold_half_of_a_gap_are_named(gaps, words):
    coverage_inputs, grids, people = inputs_of(gaps)
    told = gap_text(coverage_inputs, grids, people)
    assert told.startswith("，")
    assert told == words


def test_the_gaps_of_sub_districts_are_the_sums_of_their_grids():
    coverage_inputs, grids, _people = inputs_of([[1, 2], [5]])
    told = [(gap.name, gap.rounded) for gap in gaps_by_zone(coverage_inputs, grids, Layer.SUBDISTRICTS)]
    assert told == [("第1街道", 5.0), ("第0街道", 3.0)]
