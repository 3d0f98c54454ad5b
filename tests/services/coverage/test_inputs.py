"""What coverage is computed from: layers that are empty, without outline, read through the store; the norms."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from geo.schema import ZONE_LAYERS, Layer
from services.catalog.actions import Action, Role
from services.context import open_context
from services.coverage import (
    LayerFrames,
    add_cold_spots,
    count_weak_by_hour,
    coverage_tables,
    load_inputs,
    load_norms,
    prepare,
    table_columns,
    underserved,
)
from services.rules.norms import NormsError
from services.rules.roles import Actor
from services.rules.windows import Mode
from tests.acting import act
from tests.services.coverage.small_town import DATA, EVENING, NORMS, WORKDAY, small_frames


@pytest.mark.parametrize("empty", [*ZONE_LAYERS, None])
def test_a_level_that_is_not_there_yet_is_an_empty_table(empty):
    frames = small_frames()
    wanted = ZONE_LAYERS if empty is None else (empty,)
    zones = {name: frame.iloc[:0] if name in wanted else frame for name, frame in frames.zones.items()}
    coverage_inputs = prepare(LayerFrames(zones, frames.members, frames.assignments), NORMS)
    tables = coverage_tables(coverage_inputs, Mode.EMERGENCY, EVENING)
    for name in wanted:
        assert tables[name].empty
        assert tuple(tables[name].columns) == table_columns(load_norms())
    assert len(count_weak_by_hour(coverage_inputs, Mode.EMERGENCY, datetime(2026, 11, 25))) == 72
    assert tuple(add_cold_spots(coverage_inputs, tables[Layer.GRIDS]).columns) == table_columns(load_norms())
    for name in (Layer.GRIDS, Layer.ESTATES):
        assert underserved(coverage_inputs, tables[name], name)["rank"].is_monotonic_increasing


def test_estates_and_grids_without_an_outline_are_counted_all_the_same(evening):
    frames = small_frames()
    zones = {
        name: frame.set_geometry(frame.geometry.where(~frame.index.isin(["E1", "G1"])))
        for name, frame in frames.zones.items()
    }
    coverage_inputs = prepare(LayerFrames(zones, frames.members, frames.assignments), NORMS)
    tables = coverage_tables(coverage_inputs, Mode.EMERGENCY, EVENING)
    np.testing.assert_allclose(tables[Layer.GRIDS]["need"], evening[Layer.GRIDS]["need"])
    assert np.isnan(tables[Layer.GRIDS].loc["G1", "area_km2"])


def test_frames_are_not_changed():
    frames = small_frames()
    prepare(frames, NORMS)
    for name, frame in small_frames().zones.items():
        pd.testing.assert_frame_equal(frames.zones[name], frame)


def test_the_basis_is_read_through_the_context(tmp_path, monkeypatch, evening):
    monkeypatch.setenv("GRIDMUSTER_DATA", str(DATA))
    context = open_context(f"sqlite:///{tmp_path / 'store.gpkg'}")
    frames = small_frames()
    with act(context, Action.IMPORT) as work:
        for name, frame in frames.zones.items():
            work.tx.upsert(name, frame)
        work.tx.upsert(Layer.MEMBERS, frames.members.assign(name=""))
        work.tx.replace_assignments(
            frames.assignments.assign(method="inside", distance_m=0.0, confidence=1.0, ambiguous=False)
        )
    coverage_inputs = load_inputs(context)
    assert coverage_inputs.version > 0
    tables = coverage_tables(coverage_inputs, Mode.EMERGENCY, EVENING)
    for name in ZONE_LAYERS:
        pd.testing.assert_frame_equal(tables[name], evening[name], check_dtype=False)


def test_the_screen_reads_an_empty_store_as_empty_tables(tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_DATA", str(DATA))
    context = open_context(f"sqlite:///{tmp_path / 'empty.gpkg'}", Actor("screen", Role.SCREEN))
    tables = coverage_tables(load_inputs(context), Mode.ROUTINE, EVENING)
    assert all(table.empty for table in tables.values())


@pytest.mark.parametrize(("content", "code"), [(None, "no_file"), ("[routine", "syntax"), ("", "missing")])
def test_an_unusable_norms_file_is_named(tmp_path, content, code):
    path = tmp_path / "norms.toml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(NormsError) as caught:
        load_norms(path)
    assert caught.value.problems[0].code == code


def test_changing_a_day_factor_changes_the_need(tmp_path):
    path = tmp_path / "norms.toml"
    before_door, door = (DATA / "norms.toml").read_text(encoding="utf-8").split("[items.door]")
    door = door.replace("day_parts = { workday = 1,", "day_parts = { workday = 2,", 1)
    path.write_text(f"{before_door}[items.door]{door}", encoding="utf-8")
    before, after = (
        coverage_tables(prepare(small_frames(), norms), Mode.EMERGENCY, WORKDAY)[Layer.GRIDS]
        for norms in (NORMS, load_norms(path))
    )
    np.testing.assert_allclose(after["need_door"], 2 * before["need_door"])
