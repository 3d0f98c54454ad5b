import io
from datetime import datetime

import geopandas as gpd
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from geo.schema import Layer
from services.assignment import assign_members
from services.catalog.actions import Action
from services.cli import app
from services.cli.shell import Exit, run
from services.context import open_context
from services.coverage import coverage_tables, load_inputs, load_norms, table_columns
from services.demo.build import make_district
from services.demo.sizes import DemoSize
from services.demo.write import fill_store
from services.rules.windows import Mode, Window

WINDOW = "2026-11-27T20:00/2026-11-27T24:00"
FRIDAY = Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 28))


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> str:
    """Return the address of a demo sub-district."""
    url = f"sqlite:///{tmp_path_factory.mktemp('store')}/demo.gpkg"
    context = open_context(url)
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    assign_members(context)
    return url


def coverage(store: str, *arguments: object) -> int:
    return run(app, ["coverage", "--store", store, "--window", WINDOW, *map(str, arguments)])


def expected(store: str, layer: Layer) -> pd.DataFrame:
    return coverage_tables(load_inputs(open_context(store)), Mode.ROUTINE, FRIDAY)[layer]


@pytest.mark.parametrize(
    ("level", "layer"),
    [
        ("grid", Layer.GRIDS),
        ("estate", Layer.ESTATES),
        ("community", Layer.COMMUNITIES),
        ("subdistrict", Layer.SUBDISTRICTS),
    ],
)
def test_the_table_is_the_one_the_page_shows(store, tmp_path, level, layer):
    out = tmp_path / "out.csv"
    assert coverage(store, "--level", level, "--out", out) == Exit.DONE
    written = pd.read_csv(out, dtype={"code": str, "parent_code": str}, encoding="utf-8-sig").set_index("code")
    assert list(written.columns) == list(table_columns(load_norms()))
    wanted = expected(store, layer)
    for column in ("need", "supply", "ratio", "gap", "surplus", "reach"):
        pd.testing.assert_series_equal(written[column], wanted[column], check_index_type=False, rtol=1e-8)
    assert list(written["status"]) == list(wanted["status"])


@pytest.mark.parametrize("suffix", [".xlsx", ".gpkg", ".geojson", ".parquet", ".png"])
def test_every_suffix_is_written_with_all_zones(store, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    assert coverage(store, "--out", out) == Exit.DONE
    count = len(expected(store, Layer.GRIDS))
    match suffix:
        case ".xlsx":
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(out.read_bytes())).get_sheet_by_index(0)
            assert len(sheet.to_python()) == count + 1
        case ".parquet":
            assert len(gpd.read_parquet(out)) == count
        case ".png":
            assert out.read_bytes().startswith(b"\x89PNG")
        case _:
            assert len(gpd.read_file(out, layer=0)) == count
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_it_prints_the_four_figures(store, tmp_path, capsys):
    coverage(store, "--out", tmp_path / "out.csv")
    said = capsys.readouterr().out
    assert "需求满足率" in said
    assert "缺人网格" in said


def test_the_mode_sets_the_need(store, tmp_path):
    for mode in ("routine", "lockdown"):
        coverage(store, "--mode", mode, "--out", tmp_path / f"{mode}.csv")
    routine, lockdown = (pd.read_csv(tmp_path / f"{mode}.csv") for mode in ("routine", "lockdown"))
    assert lockdown["need"].sum() > routine["need"].sum()


def test_an_export_leaves_an_audit_row(store, tmp_path):
    coverage(store, "--out", tmp_path / "out.csv")
    with open_context(store).look(Action.VIEW_AUDIT) as tx:
        last = tx.records.read_audit(1).iloc[0]
    assert (last["action"], last["object"]) == ("export", "coverage grids")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--out", "out.docx"),
        ("--out", "no/such/folder/out.csv"),
        ("--level", "street", "--out", "out.csv"),
        ("--window", "yesterday", "--out", "out.csv"),
    ],
    ids=["suffix", "folder", "level", "window"],
)
def test_a_wrong_call_is_said_in_one_sentence_and_writes_nothing(store, tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    assert coverage(store, *arguments) == Exit.WRONG_CALL
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_store_itself_is_never_written_over(store, tmp_path):
    live = store.removeprefix("sqlite:///")
    assert coverage(store, "--out", live) == Exit.WRONG_CALL
    with open_context(store).look(Action.VIEW_COVERAGE) as tx:
        assert tx.count(Layer.GRIDS) > 0


def test_an_empty_store_has_nothing_to_show(tmp_path, capsys):
    out = tmp_path / "out.xlsx"
    url = f"sqlite:///{tmp_path}/empty.gpkg"
    open_context(url)
    assert coverage(url, "--out", out) == Exit.FAILED
    assert "grids" in capsys.readouterr().err
    assert not out.exists()


def test_it_says_what_the_figures_are_compared_with(store, tmp_path, capsys):
    """The store is of the morning of 20 November, a Friday: its evening is known, a week before the one asked for."""
    assert coverage(store, "--out", tmp_path / "out.csv") == Exit.DONE
    figures, *compared, _written = capsys.readouterr().out.splitlines()
    assert compared == [f"11月26日同一时段：{figures}", f"今天同一时段：{figures}"]
