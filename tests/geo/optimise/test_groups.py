"""Choosing groups of teams comes to the same as choosing pairs."""

import time
from dataclasses import astuple
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.optimise import OUTSIDE, ProblemData, make_grids, make_problem, make_teams
from geo.optimise.arcs import judge, make_arcs
from geo.optimise.exact import solve_part
from geo.optimise.groups import list_groups
from geo.optimise.prune import prune
from geo.optimise.solver import Deadline
from geo.travel import Pairs


def pairs(*rows: tuple[int, int, float]) -> Pairs:
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return Pairs(table[:, 0].astype(np.intp), table[:, 1].astype(np.intp), table[:, 2])


@st.composite
def crowds(draw) -> ProblemData:
    """Lenders that keep their need, and more teams than grids: many may share one."""
    n, m = draw(st.integers(1, 5)), draw(st.integers(2, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    need, supply = np.append(rng.integers(20, 260, n) / 10, [5, 5]), np.append(np.zeros(n), rng.integers(10, 60, 2))
    home = rng.choice([OUTSIDE, n, n + 1], m)
    found = [(t, g, float(rng.integers(1, 9))) for t in range(m) for g in range(n) if rng.random() < 0.7]
    grids = make_grids(need, supply, priority=rng.choice([1.0, 2.0, 1.3], n + 2))
    return make_problem(grids, make_teams(home, rng.choice([3, 4, 5, 7, 9, 12], m)), pairs(*found))


@given(crowds())
@settings(max_examples=100)
def test_groups_and_pairs_lead_to_equally_good_plans(problem):
    arcs = prune(make_arcs(problem))
    every = np.arange(arcs.team.size)
    clock = Deadline(time.perf_counter() + 30, lambda: False)
    worths = []
    for groups in (list_groups(arcs, every) if every.size else None, None):
        with patch("geo.optimise.exact.list_groups", return_value=groups):
            answer = solve_part(arcs, every, clock)
        choice = np.full(arcs.size.size, -1)
        choice[arcs.team[answer.pairs]] = answer.pairs
        worths.append(judge(arcs, choice))
        assert answer.is_travel_proven
    assert astuple(worths[0]) == pytest.approx(astuple(worths[1]), abs=1e-3)


def test_a_member_who_adds_nothing_makes_no_group():
    grids = make_grids([9], [0])
    arcs = make_arcs(make_problem(grids, make_teams([OUTSIDE] * 3, [9, 5, 4]), pairs((0, 0, 1), (1, 0, 1), (2, 0, 1))))
    groups = list_groups(arcs, np.arange(3))
    members = [set(arcs.team[groups.pair[groups.group == k]].tolist()) for k in range(groups.count)]
    assert sorted(map(sorted, members)) == [[0], [1], [1, 2], [2]]
    assert sorted(groups.objective.tolist()) == [4, 5, 9, 9]
