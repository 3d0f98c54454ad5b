"""How fast points are assigned to zones, beside GeoPandas in the same run, and whether both agree.

Run ``python tests/bench/bench_assign.py``; it takes about 40 s on two cores.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rich.console import Console
from rich.table import Table

from geo.assign import assign_points, locate, prepare_zones
from geo.schema import Method

CRS = 4547
ORIGIN = np.array([400_000.0, 2_580_000.0])
POINTS = 1_000_000
NEAREST_SAMPLE = 20_000
MAX_DISTANCE_M = 500.0
REPEATS = 3
SETTINGS = ((2_000, 30_000.0), (20_000, 100_000.0))


def some_zones(count: int, side_m: float, rng: np.random.Generator) -> gpd.GeoSeries:
    """Voronoi zones that fill a square, about 49 nodes each, in no order."""
    square = shapely.box(0, 0, side_m, side_m)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(rng.random((count, 2)) * side_m), extend_to=square)
    zones = shapely.segmentize(shapely.intersection(shapely.get_parts(cells), square), side_m / 500)
    moved = shapely.transform(rng.permutation(zones), lambda xy: xy + ORIGIN)
    return gpd.GeoSeries(moved, index=[f"G{i:05}" for i in range(count)], crs=CRS)


def some_points(side_m: float, rng: np.random.Generator) -> gpd.GeoSeries:
    """Points over the square and a strip of 500 m around it."""
    xy = rng.random((POINTS, 2)) * (side_m + 2 * MAX_DISTANCE_M) - MAX_DISTANCE_M + ORIGIN
    return gpd.GeoSeries(shapely.points(xy), crs=CRS)


def best_of(repeats: int, call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest time in seconds, and the result."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
    return min(times), result


def joined_within(points: gpd.GeoSeries, zones: gpd.GeoSeries) -> pd.Series:
    """GeoPandas' answer for points inside: the lowest code, null for none."""
    frame = gpd.GeoDataFrame({"zone": zones.index}, geometry=zones.to_numpy(), crs=CRS)
    pairs = gpd.sjoin(gpd.GeoDataFrame(geometry=points), frame, predicate="intersects", how="left")
    return pairs["zone"].groupby(level=0).min()


def joined_nearest(points: gpd.GeoSeries, zones: gpd.GeoSeries) -> pd.Series:
    """GeoPandas' answer by distance: the lowest code of the nearest within the limit, null for none."""
    frame = gpd.GeoDataFrame({"zone": zones.index}, geometry=zones.to_numpy(), crs=CRS)
    pairs = gpd.sjoin_nearest(gpd.GeoDataFrame(geometry=points), frame, max_distance=MAX_DISTANCE_M, how="left")
    return pairs["zone"].groupby(level=0).min()


def same(left: pd.Series, right: pd.Series) -> bool:
    """Whether two answers name the same zone for every point."""
    return bool(np.array_equal(left.fillna("").to_numpy(str), right.fillna("").to_numpy(str)))


def measure(count: int, side_m: float, table: Table) -> bool:
    """Add the rows of one setting to the table; return whether all answers agree."""
    rng = np.random.default_rng(20_000)
    zones, points = some_zones(count, side_m, rng), some_points(side_m, rng)
    xy = shapely.get_coordinates(points.to_numpy())
    prepared_s, bare = best_of(REPEATS, lambda: prepare_zones(zones))
    table_s, prepared = best_of(REPEATS, lambda: prepare_zones(zones, points=POINTS))
    plain_s, plain = best_of(1, lambda: locate(xy, bare))
    arrays_s, found = best_of(REPEATS, lambda: locate(xy, prepared))
    inside = xy[found.distance_m == 0]
    inside_s, _ = best_of(REPEATS, lambda: locate(inside, prepared))
    agree_plain = bool(np.array_equal(plain.rank, found.rank) and np.array_equal(plain.tied, found.tied))
    ours_s, ours = best_of(REPEATS, lambda: assign_points(points, zones))
    within_s, within = best_of(1, lambda: joined_within(points, zones))
    sample = points.iloc[:NEAREST_SAMPLE]
    ours_sample_s, _ = best_of(REPEATS, lambda: assign_points(sample, zones))
    nearest_s, nearest = best_of(1, lambda: joined_nearest(sample, zones))
    agree_within = same(ours["zone"].where(ours["method"] == Method.INSIDE), within)
    agree_nearest = same(ours["zone"].iloc[:NEAREST_SAMPLE], nearest)

    def add(what: str, points_done: int, seconds: float, ratio: float, agrees: str) -> None:
        table.add_row(
            f"{count:,}",
            what,
            f"{points_done:,}",
            f"{seconds:.2f}",
            f"{points_done / seconds:,.0f}",
            f"{ratio:.2f}",
            agrees,
        )

    table.add_row(f"{count:,}", "prepare_zones", "", f"{prepared_s:.3f}", "", "", "")
    table.add_row(f"{count:,}", "prepare_zones, with its table of cells", "", f"{table_s:.3f}", "", "", "")
    add("locate, points inside", len(inside), inside_s, inside_s / ours_s, "")
    add("locate without the table", POINTS, plain_s, plain_s / ours_s, "yes" if agree_plain else "NO")
    add("locate (arrays, all rules)", POINTS, arrays_s, arrays_s / ours_s, "")
    add("assign_points (frames, all rules)", POINTS, ours_s, 1.0, "")
    add("geopandas.sjoin, inside only", POINTS, within_s, within_s / ours_s, "yes" if agree_within else "NO")
    add("assign_points, sample", NEAREST_SAMPLE, ours_sample_s, 1.0, "")
    add(
        "geopandas.sjoin_nearest, sample",
        NEAREST_SAMPLE,
        nearest_s,
        nearest_s / ours_sample_s,
        "yes" if agree_nearest else "NO",
    )
    table.add_section()
    return agree_within and agree_nearest and agree_plain


def main() -> int:
    """Print the table; 1 where an answer differs."""
    table = Table(title=f"Points to zones, limit {MAX_DISTANCE_M:.0f} m (best of {REPEATS}; GeoPandas once)")
    for column in ("zones", "what", "points", "seconds", "points/s", "time ÷ ours", "same answers"):
        table.add_column(column, justify="left" if column == "what" else "right")
    agreed = [measure(count, side_m, table) for count, side_m in SETTINGS]
    Console(width=120).print(table)
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
