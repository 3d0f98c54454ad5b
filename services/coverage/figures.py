"""What the commander reads first: four figures, and who is short in the order in which to help."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from geo.coverage import Status
from geo.ranking import find_nearest_surplus, order_by_gap, rank_underserved
from geo.schema import WIDE_LAYERS, Layer
from services.coverage.inputs import CoverageInputs
from services.i18n import translate
from services.rules.need import item_columns_of
from services.rules.norms import Norms
from services.rules.rounding import balance_of, round_table, shown_text, sum_balance

SOURCES = ("supply", "supply_members", "supply_in", "supply_out")


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """A number, and what it is in each of the situations it is compared with; null where there is none."""

    value: float | None
    before: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Headlines:
    """The four figures above the map, persons as they are shown (``services.rules.rounding``)."""

    met: ComparedFigure
    """Share of the need that is met where it is: Σ min(supply, need) ÷ Σ need over the grids; null without need.

    Not supply ÷ need of all grids together: that is above 1 while half of the grids are weak (docs/adr/0005).
    """
    weak: ComparedFigure
    """Grids that are short of people."""
    missing: ComparedFigure
    """Persons: the sum of the gaps."""
    spare: ComparedFigure
    """Persons: the sum of the surpluses."""


def headline_figures(grids: pd.DataFrame, comparison_frames: Sequence[pd.DataFrame] = ()) -> Headlines:
    """Return the four figures of a table of grids, and what they are in the tables they are compared with.

    Parameters
    ----------
    grids
        From ``coverage_tables`` or ``grid_balance``, or some rows of it.
    comparison_frames
        The same rows in other situations (``services.coverage.comparison``).
    """
    now, before = _sum_up(grids), [_sum_up(table) for table in comparison_frames]
    return Headlines(*(ComparedFigure(value, tuple(figures[k] for figures in before)) for k, value in enumerate(now)))


def underserved(coverage_inputs: CoverageInputs, table: pd.DataFrame, layer: Layer) -> pd.DataFrame:
    """Return the under-served estates or grids of a coverage table, those to help first in front.

    Parameters
    ----------
    coverage_inputs
        What the table was made from.
    table
        Of estates or grids, from ``coverage_tables``.
    layer
        ``ESTATES`` or ``GRIDS``: the level of the table.

    Returns
    -------
    Indexed by ``code``, in the order of ``geo.ranking.rank_underserved``: ``rank`` (from 1), ``name parent_code
    ratio met gap surplus``, the need by item, the supply by source, ``managed mixed_use mixed outsider_share``, and
    ``nearest_code nearest_name nearest_m``: the nearest zone of the same level with at least one person to
    spare (null where there is none). A grid counts as mixed where it holds a mixed estate; ``managed`` and
    ``mixed_use`` are null for grids.
    """
    about = _describe(coverage_inputs, layer)
    order = rank_underserved(
        table["ratio"].where(table["status"] == Status.WEAK),
        round_table(table)["gap"],
        table["residents"],
        table.index,
        is_mixed=about["mixed"].to_numpy(dtype=bool),
        is_unmanaged=_is_unmanaged(about),
    )
    nearest = find_nearest_surplus(coverage_inputs.levels[layer].points, table["surplus"], table.index)
    columns = ["name", "parent_code", "ratio", "met", "gap", "surplus", "need", *item_columns_of(table), *SOURCES]
    ranked = table.iloc[order][columns].join(about)
    giver, distance = nearest.position[order], nearest.distance_m[order]
    ranked["nearest_code"] = _pick(table.index, giver)
    ranked["nearest_name"] = _pick(table["name"], giver)
    ranked["nearest_m"] = distance
    ranked.insert(0, "rank", np.arange(1, len(order) + 1))
    return ranked


def by_gap(coverage_inputs: CoverageInputs, table: pd.DataFrame, layer: Layer) -> pd.DataFrame:
    """Return a coverage table, or rows of one, in the order of ``geo.ranking.order_by_gap``, gaps as they are shown.

    Estates and grids stand as in ``underserved``, those that are not short of people behind them.

    Parameters
    ----------
    coverage_inputs
        What the table was made from.
    table
        Of any level.
    layer
        The level of the table.
    """
    shown = round_table(table)["gap"]
    if layer in WIDE_LAYERS:
        return table.iloc[order_by_gap(shown, table["residents"], table.index)]
    about = _describe(coverage_inputs, layer).loc[table.index]
    order = order_by_gap(
        shown,
        table["residents"],
        table.index,
        ratio=table["ratio"],
        is_mixed=about["mixed"].to_numpy(dtype=bool),
        is_unmanaged=_is_unmanaged(about),
    )
    return table.iloc[order]


def communities_without_estates(coverage_inputs: CoverageInputs) -> list[str]:
    """Return the names of the communities that have grids with residents, but not one estate.

    Their need follows from residents alone: gates that are not known are not kept, and it is told too low.
    """
    communities = coverage_inputs.levels[Layer.COMMUNITIES].facts
    grids, estates = (coverage_inputs.levels[layer] for layer in (Layer.GRIDS, Layer.ESTATES))
    lives = (grids.facts["residents"] > 0) | (grids.facts["households"] > 0)
    inhabited = set(grids.facts["parent_code"][lives])
    with_estates = set(grids.parent[np.unique(estates.parent[estates.parent >= 0])])
    names = zip(communities.index, communities["name"], strict=True)
    return [str(name or code) for k, (code, name) in enumerate(names) if code in inhabited and k not in with_estates]


def reason_text(row: pd.Series, norms: Norms) -> str:
    """Return why a zone of ``underserved`` stands there, in one line of the current language.

    For example ``缺 9 人 · 一个人也没有 · 无物业 · 外来人口 62% · 最近富余：云港花园 400 米``. Outsiders are named
    where they are more than the norms' ``outsiders.more_than``.
    """
    balance = balance_of(row)
    parts = [translate("{count} short", count=shown_text(balance.gap))]
    if not balance.supply:
        parts.append(translate("nobody at all"))
    if pd.notna(row["managed"]) and not row["managed"]:
        parts.append(translate("no property management"))
    elif row["mixed"]:
        mixed_estate = pd.notna(row["mixed_use"])
        parts.append(translate("mixed use") if mixed_estate else translate("holds mixed estates"))
    if row["outsider_share"] > norms.outsiders.more_than.value:
        parts.append(translate("{percent}% from elsewhere", percent=round(row["outsider_share"] * 100)))
    if pd.isna(row["nearest_m"]):
        parts.append(translate("nobody to spare nearby"))
    else:
        distance = distance_text(row["nearest_m"])
        name = row["nearest_name"] or row["nearest_code"]
        parts.append(translate("nearest to spare: {name}, {distance}", name=name, distance=distance))
    return " · ".join(parts)


def distance_text(distance_m: float) -> str:
    """Return a distance for reading: to 10 m below one kilometre, to 100 m above."""
    tens = round(distance_m / 10) * 10
    if tens < 1000:
        return translate("{metres} m", metres=tens)
    return translate("{kilometres} km", kilometres=f"{distance_m / 1000:.1f}")


def _sum_up(grids: pd.DataFrame) -> tuple[float | None, ...]:
    need, met, balance = grids["need"].sum(), grids["met"].sum(), sum_balance(grids)
    share = float(met / need) if need > 0 else None
    return share, float((grids["status"] == Status.WEAK).sum()), balance.gap, balance.surplus


def _is_unmanaged(about: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which zones are known to be without property management, shape (n,)."""
    return np.asarray((~about["managed"].astype("boolean")).to_numpy(dtype=bool, na_value=False))


def _describe(coverage_inputs: CoverageInputs, layer: Layer) -> pd.DataFrame:
    if layer is Layer.ESTATES:
        return coverage_inputs.estates
    estates, table = coverage_inputs.levels[Layer.ESTATES], coverage_inputs.levels[layer].facts
    holds_mixed = np.zeros(len(table), dtype=bool)
    where = estates.parent[coverage_inputs.estates["mixed"].to_numpy(dtype=bool)]
    holds_mixed[where[where >= 0]] = True
    unknown = pd.array([pd.NA] * len(table), dtype="boolean")
    share = (table["outsiders"] / table["residents"].where(table["residents"] > 0)).clip(upper=1)
    return pd.DataFrame(
        {"managed": unknown, "mixed_use": unknown, "mixed": holds_mixed, "outsider_share": share},
        index=table.index,
    )


def _pick(values: pd.Series | pd.Index, positions: NDArray[np.intp]) -> ExtensionArray:
    """Return the texts at some positions, null at -1."""
    return pd.array(values.to_numpy(), dtype="str").take(positions, allow_fill=True)
