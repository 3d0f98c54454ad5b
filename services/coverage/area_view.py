"""What somebody in charge of a part is shown: computed from everything, then only the rows inside."""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.arrays import Flags, Positions
from geo.schema import PARENT_LAYER, ZONE_LAYERS, Layer
from services.catalog.actions import Action
from services.context import Context
from services.coverage.inputs import CoverageInputs, LayerFrames, LevelInputs, load_frames, load_norms, prepare
from services.coverage.roster_supply import rosters_within, with_rosters
from services.rules.areas import Scope
from services.rules.small_counts import GroupMembers


def load_inputs(context: Context) -> CoverageInputs:
    """Return the inputs of what the store holds inside the actor's area, with the norms of the data folder."""
    scope = context.scope(Action.VIEW_COVERAGE)
    inputs, _ = load_whole(context.unlimited())
    return inputs_within(inputs, scope)


def load_whole(context: Context) -> tuple[CoverageInputs, LayerFrames]:
    """Return the inputs of everything the store holds, and the layers they are made from.

    Raises
    ------
    WiderAreaError
        If the actor is in charge of a part only.
    """
    frames, version = load_frames(context)
    return with_rosters(context, prepare(frames, load_norms(), version)), frames


def load_bare(context: Context) -> CoverageInputs:
    """Return the inputs of everything the store holds without rosters (``with_rosters`` adds them).

    Raises
    ------
    WiderAreaError
        If the actor is in charge of a part only.
    """
    frames, version = load_frames(context)
    return prepare(frames, load_norms(), version)


def inputs_within(coverage_inputs: CoverageInputs, scope: Scope) -> CoverageInputs:
    """Return inputs whose zones are those inside an area; the inputs itself where nothing lies outside.

    Coverage tables made from it (``coverage_tables``) are rows of those of the whole inputs, so that two people see the
    same figures of a zone; sums, headlines, proposals and boards are of the zones inside alone.
    """
    if scope.is_everything:
        return coverage_inputs
    whole = coverage_inputs.whole or coverage_inputs
    kept = {layer: scope.inside(layer, level.facts.index).to_numpy() for layer, level in whole.levels.items()}
    levels: dict[Layer, LevelInputs] = {}
    for layer in ZONE_LAYERS:
        above = kept.get(PARENT_LAYER[layer]) if layer in PARENT_LAYER else None
        levels[layer] = _level(whole.levels[layer], kept[layer], above)
    return replace(
        whole,
        levels=levels,
        estates=whole.estates.loc[kept[Layer.ESTATES]],
        grid_shapes=whole.grid_shapes[kept[Layer.GRIDS]],
        whole=whole,
        rosters=rosters_within(whole.rosters, kept),
        bare=None,
    )


def tables_within(tables: Mapping[Layer, pd.DataFrame], scope: Scope) -> dict[Layer, pd.DataFrame]:
    """Return the rows inside an area of frames indexed by the codes of their layer."""
    return {layer: scope.limit(layer, table) for layer, table in tables.items()}


def with_exact_members(coverage_inputs: CoverageInputs, layer: Layer, table: pd.DataFrame) -> pd.DataFrame:
    """Return a coverage table that tells the members there are, for those who look after them.

    Parameters
    ----------
    coverage_inputs
        Of the area of whoever looks: of zones outside nothing is told.
    layer
        The level of the table.
    table
        From ``coverage_tables``; it tells members as they count (``services.rules.small_counts``).
    """
    exact = coverage_inputs.levels[layer].exact.reindex(table.index)
    return table.assign(**{str(name): exact[name] for name in exact})


def zones_within(zones: Mapping[Layer, gpd.GeoDataFrame], scope: Scope) -> dict[Layer, gpd.GeoDataFrame]:
    """Return the zones inside an area."""
    return {layer: scope.limit(layer, frame) for layer, frame in zones.items()}


def _level(level: LevelInputs, kept: Flags, above: Flags | None) -> LevelInputs:
    return LevelInputs(
        facts=level.facts.loc[kept],
        points=level.points[kept],
        parent=_renumbered(level.parent[kept], above),
        persons=level.persons[kept],
        exact=level.exact.loc[kept],
        need={mode: of_mode[kept] for mode, of_mode in level.need.items()},
        people=_people(level.people, kept),
        need_source=level.need_source.loc[kept],
    )


def _people(people: GroupMembers, kept: Flags) -> GroupMembers:
    inside = kept[people.group]
    return GroupMembers(_renumbered(people.group[inside], kept), people.hours[inside])


def _renumbered(parent: Positions, above: Flags | None) -> Positions:
    """Return positions of parents among those that are kept, -1 where the parent is not."""
    if above is None:
        return parent
    kept = np.append(above, np.False_)
    place = np.where(kept, np.cumsum(kept) - 1, -1)
    return np.asarray(place[parent], dtype=np.intp)
