"""2SFCA and E2SFCA: the published values of Belo Horizonte, PySAL's access, and what must always hold."""

import json
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.access import binary_decay, cut_gaussian_decay, gaussian_decay, two_step_reach
from geo.errors import ShapeMismatchError
from geo.travel import Pairs, pairs_within


@pytest.mark.shared
def test_the_published_values_of_belo_horizonte_come_out(shared_data):
    folder = shared_data / "zones/ipea"
    published = json.loads((folder / "expected.json").read_text())
    ids, expected = published["ids"], published["two_sfca"]["expected"]
    cells = pd.read_csv(folder / "land_use_data.csv").set_index("id").loc[ids]
    times = pd.read_csv(folder / "travel_matrix.csv.gz")
    times = times[times["from_id"].isin(ids) & times["to_id"].isin(ids)]
    pairs = Pairs(
        cells.index.get_indexer(times["from_id"]),
        cells.index.get_indexer(times["to_id"]),
        times["travel_time"].to_numpy(dtype=float),
    )
    reach = two_step_reach(pairs, binary_decay(pairs.cost, 45), cells["jobs"], cells["population"])
    assert dict(zip(ids, reach.round(4).tolist(), strict=True)) == expected


def pysal_reach(pairs: Pairs, supply, demand, weight_fn, max_cost):
    from access import fca

    places = pd.DataFrame({"demand": demand, "supply": supply})
    costs = pd.DataFrame({"origin": pairs.origin, "dest": pairs.destination, "cost": pairs.cost})
    found = fca.two_stage_fca(
        places[["demand"]].rename_axis("geoid"),
        places[["supply"]].rename_axis("geoid"),
        costs,
        max_cost=max_cost,
        demand_index=True,
        supply_index=True,
        demand_name="demand",
        supply_name="supply",
        weight_fn=weight_fn,
    )
    return found.reindex(places.index).fillna(0).to_numpy()


def scattered(seed, count=120):
    rng = np.random.default_rng(seed)
    pairs = pairs_within(rng.random((count, 2)) * 4000, 1500)
    return pairs, rng.gamma(2, 3, count), rng.integers(1, 500, count).astype(float)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_gaussian_reach_is_that_of_pysal_access_with_its_own_gaussian(seed):
    from access import weights

    pairs, supply, demand = scattered(seed)
    ours = two_step_reach(pairs, cut_gaussian_decay(pairs.cost, 1000, sigma=400), supply, demand)
    np.testing.assert_allclose(ours, pysal_reach(pairs, supply, demand, weights.gaussian(400), 1000), rtol=1e-12)


@pytest.mark.parametrize("decay", [partial(gaussian_decay, catchment=1000), partial(binary_decay, catchment=700)])
def test_our_decays_inside_pysal_access_give_the_same_reach(decay):
    pairs, supply, demand = scattered(3)
    ours = two_step_reach(pairs, decay(pairs.cost), supply, demand)
    np.testing.assert_allclose(ours, pysal_reach(pairs, supply, demand, decay, None), rtol=1e-12)


@pytest.mark.parametrize("catchment", [10.0, 1000.0])
def test_the_gaussian_falls_from_one_to_zero_at_the_edge(catchment):
    decay = gaussian_decay(np.linspace(0, 1.5, 16) * catchment, catchment)
    assert decay[0] == 1
    assert decay[10:].tolist() == [0] * 6
    assert (np.diff(decay[:11]) < 0).all()
    assert decay[5] == pytest.approx((np.exp(-1 / 8) - np.exp(-1 / 2)) / (1 - np.exp(-1 / 2)))


@pytest.mark.parametrize("decay", [binary_decay, partial(cut_gaussian_decay, sigma=5)])
def test_the_edge_belongs_to_the_catchment(decay):
    assert (decay([10.0, np.nextafter(10, 11)], 10) > 0).tolist() == [True, False]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_what_all_can_reach_is_the_supply(seed):
    rng = np.random.default_rng(seed)
    pairs = pairs_within(rng.random((30, 2)) * 3000, 1000)
    supply, demand = rng.random(30), rng.integers(0, 3, 30).astype(float)
    weight = gaussian_decay(pairs.cost, 1000)
    reach = two_step_reach(pairs, weight, supply, demand)
    crowd = np.bincount(pairs.destination, weights=weight * demand[pairs.origin], minlength=30)
    assert (reach * demand).sum() == pytest.approx(supply[crowd > 0].sum())


def test_an_isolated_place_has_its_own_ratio():
    pairs = pairs_within([[0, 0], [5000, 0]], 1000)
    reach = two_step_reach(pairs, gaussian_decay(pairs.cost, 1000), [3, 5], [6, 2])
    assert reach.tolist() == [0.5, 2.5]


def test_unknown_supply_and_demand_count_as_none():
    pairs = pairs_within([[0, 0], [0, 0], [0, 0]], 1)
    reach = two_step_reach(pairs, np.ones(9), [8, np.nan, 0], [4, np.nan, 0])
    assert reach.tolist() == [2, 2, 2]


def test_supply_that_nobody_needs_counts_for_nobody():
    assert two_step_reach(pairs_within([[0, 0]], 1), [1], [8], [0]).tolist() == [0]


def test_every_pair_needs_a_weight():
    with pytest.raises(ShapeMismatchError):
        two_step_reach(pairs_within([[0, 0], [0, 1]], 5), [1, 1, 1], [1, 1], [1, 1])
