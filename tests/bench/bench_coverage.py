"""Coverage at city size beside the libraries that check it: ``python tests/bench/bench_coverage.py``.

Times are the best of three on this machine, in the same run; p-values and reach are compared as well as timed.
"""

import time
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_matrix
from scipy.spatial import Delaunay

from geo.access import cut_gaussian_decay, two_step_reach
from geo.hotspots import adjacency, find_spots
from geo.schema import ZONE_LAYERS, Layer
from geo.travel import Pairs, pairs_within
from services.coverage import (
    CoverageInputs,
    LayerFrames,
    add_cold_spots,
    count_weak_by_hour,
    coverage_tables,
    load_norms,
    prepare,
    underserved,
)
from services.rules.need import need_by_item, read_facts
from services.rules.windows import Mode, hours_ahead

T = TypeVar("T")
NOW = datetime(2026, 11, 27, 9)
NORMS = load_norms(Path(__file__).parents[2] / "data/norms.toml")
GRID_M, METRE = 300, 1e-5


def main() -> None:
    warnings.simplefilter("ignore")
    print(f"{'what':<58}{'ours':>10}{'theirs':>10}{'ratio':>8}  difference")
    for count in (2_000, 20_000):
        compare_reach(count)
    for count in (2_000, 20_000):
        compare_spots(count)
    for grids, members in ((200, 4_500), (2_000, 15_100), (20_000, 1_000_000)):
        time_coverage(grids, members)


def show(what: str, ours: float, theirs: float | None = None, difference: str = "") -> None:
    beside = f"{theirs:>10.3f}{theirs / ours:>7.0f}x" if theirs is not None else " " * 18
    print(f"{what:<58}{ours:>10.4f}{beside}  {difference}")


def best(work: Callable[[], T], times: int = 3) -> tuple[float, T]:
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        answer = work()
        taken.append(time.perf_counter() - begin)
    return min(taken), answer


def compare_reach(count: int) -> None:
    rng = np.random.default_rng(1)
    where = rng.random((count, 2)) * np.sqrt(count) * GRID_M
    supply, demand = rng.gamma(2, 3, count), rng.integers(300, 550, count).astype(float)
    found, pairs = best(lambda: pairs_within(where, 1000))
    show(f"pairs within 1 km, {count:,} places, {pairs.cost.size:,} pairs", found)
    ours, reach = best(lambda: two_step_reach(pairs, cut_gaussian_decay(pairs.cost, 1000, 400), supply, demand))
    theirs, expected = best(lambda: pysal_reach(pairs, supply, demand), 1)
    show(f"E2SFCA, {count:,} places (PySAL access)", ours, theirs, f"{np.abs(reach / expected - 1).max():.0e} relative")


def pysal_reach(pairs: Pairs, supply: np.ndarray, demand: np.ndarray) -> np.ndarray:
    from access import fca, weights

    places = pd.DataFrame({"demand": demand, "supply": supply}).rename_axis("geoid")
    costs = pd.DataFrame({"origin": pairs.origin, "dest": pairs.destination, "cost": pairs.cost})
    return fca.two_stage_fca(
        places[["demand"]],
        places[["supply"]],
        costs,
        max_cost=1000,
        demand_index=True,
        supply_index=True,
        weight_fn=weights.gaussian(400),
    ).to_numpy()


def compare_spots(count: int, permutations: int = 9_999) -> None:
    import esda
    import libpysal

    rng = np.random.default_rng(2)
    corners = Delaunay(rng.random((count, 2))).simplices
    near = adjacency(corners.ravel(), np.roll(corners, 1, axis=1).ravel(), count)
    values = rng.gamma(2, 1, count)
    weights = libpysal.weights.WSP(csr_matrix(near)).to_W(silence_warnings=True)

    def theirs() -> object:
        return esda.G_Local(
            values,
            weights,
            transform="B",
            star=True,
            permutations=permutations,
            seed=1,
            n_jobs=1,
            keep_simulations=False,
        )

    best(theirs, 1)
    taken, expected = best(theirs, 1)
    for draws in (permutations, 99_999):
        ours, spots = best(lambda draws=draws: find_spots(values, near, np.random.default_rng(1), permutations=draws))
        off = f"z {np.abs(spots.z - expected.Zs).max():.0e}, p {np.abs(spots.p / 2 - expected.p_sim).max():.3f}"
        show(f"Gi*, {count:,} zones, {draws:,} draws (esda: {permutations:,})", ours, taken, off)


def time_coverage(grids: int, members: int) -> None:
    frames = make_city(grids, members)
    size = f"{grids:,} grids, {members:,} members: "
    estates = frames.zones[Layer.ESTATES]
    show(
        f"{size}need of {len(estates):,} estates",
        best(lambda: need_by_item(read_facts(estates, NORMS), NORMS, Mode.EMERGENCY))[0],
    )
    taken, coverage_inputs = best(lambda: prepare(frames, NORMS), 1)
    show(f"{size}basis (once per data version)", taken)
    show(f"{size}pairs and neighbours (once)", best(lambda: link(coverage_inputs), 1)[0])
    window = hours_ahead(NOW, 1)[0]
    taken, tables = best(lambda: coverage_tables(coverage_inputs, Mode.EMERGENCY, window))
    show(f"{size}tables of a window", taken)
    show(f"{size}72-hour strip", best(lambda: count_weak_by_hour(coverage_inputs, Mode.EMERGENCY, NOW))[0])
    show(f"{size}cold spots", best(lambda: add_cold_spots(coverage_inputs, tables[Layer.GRIDS]))[0])
    ranked = best(lambda: underserved(coverage_inputs, tables[Layer.ESTATES], Layer.ESTATES))[0]
    show(f"{size}ranked estates", ranked)


def link(coverage_inputs: CoverageInputs) -> object:
    return coverage_inputs.reach_weight, coverage_inputs.neighbours


def make_city(count: int, members: int) -> LayerFrames:
    """Return irregular grids, three estates in each, members at random, communities of ten grids."""
    rng = np.random.default_rng(count)
    side = np.sqrt(count) * GRID_M
    middle = rng.random((count, 2)) * side
    frame = shapely.box(0, 0, side, side)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(middle), extend_to=frame, ordered=True)
    shapes = shapely.intersection(shapely.get_parts(cells), frame)
    codes = np.array([f"g{k:05d}" for k in range(count)])
    home = rng.integers(0, count, 3 * count)
    people = {"residents": rng.integers(300, 550, count), "households": np.nan, "outsiders": np.nan}
    zones = {
        Layer.GRIDS: place(codes, [f"c{k // 10:05d}" for k in range(count)], shapes, people),
        Layer.ESTATES: place(
            np.array([f"e{k:06d}" for k in range(3 * count)]),
            codes[home],
            shapely.points(middle[home] + rng.normal(0, 60, (3 * count, 2))),
            {
                "residents": rng.integers(50, 400, 3 * count),
                "outsiders": rng.integers(0, 300, 3 * count),
                "gates": 1,
                "managed": rng.random(3 * count) < 0.5,
            },
        ),
    }
    parents = sorted(set(zones[Layer.GRIDS]["parent_code"]))
    for layer, above in zip(reversed(ZONE_LAYERS[:3]), "sdx", strict=True):
        upper = [f"{above}{k // 20:04d}" for k in range(len(parents))]
        zones[layer] = place(np.array(parents), upper, [frame] * len(parents), {})
        parents = sorted(set(upper))
    homes = rng.integers(0, 3 * count, members)
    names = pd.Index([f"m{k:07d}" for k in range(members)])
    stated = {"available_evening": np.where(rng.random(members) < 0.05, rng.random(members), np.nan)}
    assigned = {"grid_code": codes[home][homes], "estate_code": zones[Layer.ESTATES].index.to_numpy()[homes]}
    return LayerFrames(zones, pd.DataFrame(stated, index=names), pd.DataFrame(assigned, index=names))


def place(codes: np.ndarray, parents: object, shapes: object, columns: dict[str, object]) -> gpd.GeoDataFrame:
    geometry = gpd.GeoSeries(shapes).affine_transform([METRE, 0, 0, METRE, 113.2, 23.4]).to_numpy()
    data = {"name": codes, "parent_code": parents, **columns}
    frame = gpd.GeoDataFrame(data, geometry=geometry, crs=4326).rename_geometry("geom")
    return frame.set_index(pd.Index(codes, name="code"))


if __name__ == "__main__":
    main()
