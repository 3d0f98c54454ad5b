"""``gridmuster assign``: two files in, one row a point out, and a word when the datum looks wrong."""

import json
import math

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.datum import convert
from geo.schema import Datum
from services.cli.app import app
from services.cli.shell import Exit, run
from services.file_assignment import FileAssignmentRequest, assign_files
from services.imports.errors import ImportFileError
from services.imports.read.upload import make_upload, read_upload

RENAMED = {"闸北区": "静安区", "崇明县": "崇明区"}
WEST, EAST = shapely.box(113.20, 23.40, 113.21, 23.41), shapely.box(113.21, 23.40, 113.22, 23.41)


def zones_file(areas=(WEST, EAST), names=("西区", "东区")):
    frame = gpd.GeoDataFrame({"编号": ["Z1", "Z2"][: len(areas)], "名称": names}, geometry=list(areas), crs=4326)
    return make_upload("zones.geojson", frame.to_json().encode())


def points_file(*lonlat, **columns):
    frame = pd.DataFrame(lonlat, columns=["经度", "纬度"]).assign(**columns)
    return make_upload("points.csv", frame.to_csv(index=False).encode())


def test_each_point_gets_one_row_with_its_id_first():
    points = points_file((113.205, 23.405), (113.2205, 23.405), (113.3, 23.3), 编号=["P3", "P1", "P2"])
    table = assign_files(points, zones_file(), FileAssignmentRequest()).table
    assert list(table) == ["编号", "zone", "method", "distance_m", "ambiguous"]
    assert table[["编号", "zone", "method"]].astype(object).where(table.notna(), None).to_numpy().tolist() == [
        ["P3", "Z1", "inside"],
        ["P1", "Z2", "nearest"],
        ["P2", None, "unlocated"],
    ]
    assert table["distance_m"][1] == pytest.approx(0.0005 * 111320 * math.cos(math.radians(23.405)), rel=0.01)


def test_a_point_on_the_shared_edge_is_ambiguous_and_goes_to_the_lowest_code():
    table = assign_files(points_file((113.21, 23.405)), zones_file(), FileAssignmentRequest()).table
    assert table[["zone", "ambiguous"]].to_numpy().tolist() == [["Z1", True]]


def test_without_ids_the_rows_are_numbered_as_in_the_file():
    table = assign_files(points_file((113.205, 23.405), (113.205, 23.405)), zones_file(), FileAssignmentRequest()).table
    assert table["row"].tolist() == [2, 3]


def test_points_in_gcj02_are_converted():
    shifted = convert([[113.205, 23.405], [113.2095, 23.405]], Datum.WGS84, Datum.GCJ02)
    points = points_file(*shifted.tolist(), 应在=["西区", "西区"])
    answer = assign_files(points, zones_file(), FileAssignmentRequest(points_datum=Datum.GCJ02, expect="应在"))
    assert answer.share_agreeing == 1
    assert answer.better_datum is None


def test_a_datum_that_agrees_better_is_named():
    shifted = convert([[113.205, 23.405], [113.2095, 23.405]], Datum.WGS84, Datum.GCJ02)
    answer = assign_files(
        points_file(*shifted.tolist(), 应在=["西区", "西区"]), zones_file(), FileAssignmentRequest(expect="应在")
    )
    assert answer.share_agreeing < 1
    assert answer.better_datum is Datum.GCJ02


def test_zones_of_one_name_after_renaming_are_one_zone():
    question = FileAssignmentRequest(zone_id="名称", renamed={"西区": "东区"})
    table = assign_files(points_file((113.205, 23.405), (113.21, 23.405)), zones_file(), question).table
    assert table[["zone", "ambiguous"]].to_numpy().tolist() == [["东区", False], ["东区", False]]


def test_rows_without_usable_coordinates_are_problems_and_stay_in_the_table():
    points = points_file((113.205, 23.405), (None, 23.4), (23.405, 113.205), ("?", 1))
    answer = assign_files(points, zones_file(), FileAssignmentRequest())
    report = answer.report()
    assert answer.table["method"].tolist() == ["inside", "unlocated", "unlocated", "unlocated"]
    assert (report["rows_read"], report["rows_accepted"], report["rows_rejected"]) == (4, 1, 3)
    assert [p["row"] for p in report["problems"]] == [3, 4, 5]
    assert report["problems"][1]["code"] == "swapped"


@pytest.mark.parametrize(
    ("points", "zones", "question"),
    [
        (make_upload("p.csv", "甲,乙\n1,2\n".encode()), zones_file(), FileAssignmentRequest()),
        (points_file((113.2, 23.4)), make_upload("z.csv", "编号,名称\n1,2\n".encode()), FileAssignmentRequest()),
        (points_file((113.2, 23.4)), zones_file(), FileAssignmentRequest(expect="没有这列")),
        (points_file((113.2, 23.4)), zones_file(), FileAssignmentRequest(zone_id="没有这列")),
        (
            points_file((113.2, 23.4)),
            zones_file(areas=(shapely.Point(113.2, 23.4),), names=("点",)),
            FileAssignmentRequest(),
        ),
    ],
)
def test_files_that_cannot_serve_are_refused_in_one_sentence(points, zones, question):
    with pytest.raises(ImportFileError):
        assign_files(points, zones, question)


@pytest.mark.shared
def test_shanghai_schools_and_hospitals_fall_into_the_district_they_name(shared_data):
    folder = shared_data / "shanghai"
    zones = read_upload(folder / "区县界_area.shp")
    agreeing = total = 0
    for file in sorted(folder.glob("*.csv")):
        answer = assign_files(read_upload(file), zones, FileAssignmentRequest(expect="adname", renamed=RENAMED))
        agreeing += answer.share_agreeing * len(answer.table)
        total += len(answer.table)
        assert answer.better_datum is None
    assert total > 10_000
    assert agreeing / total >= 0.996


@pytest.mark.shared
def test_the_command_says_the_share_and_warns_of_the_wrong_datum(shared_data, tmp_path, capsys):
    folder, out, report = shared_data / "shanghai", tmp_path / "out.csv", tmp_path / "report.json"
    renames = [word for old, new in RENAMED.items() for word in ("--rename", f"{old}={new}")]
    call = [
        "assign",
        str(folder / "中学.csv"),
        str(folder / "区县界_area.shp"),
        "--out",
        str(out),
        "--expect",
        "adname",
    ]
    code = run(app, [*call, *renames, "--points-datum", "gcj02", "--report", str(report)])
    said = capsys.readouterr()
    assert code == Exit.DONE
    assert "wgs84 比 gcj02 更吻合" in said.err
    assert json.loads(report.read_text(encoding="utf-8"))["expected"]["by_datum"]["wgs84"] > 0.996
    assert len(pd.read_csv(out)) == json.loads(report.read_text(encoding="utf-8"))["rows_read"]


def test_the_command_ends_with_3_when_rows_were_rejected(tmp_path):
    (tmp_path / "p.csv").write_bytes(points_file((113.205, 23.405), (None, None), 编号=["P1", "P2"]).data)
    (tmp_path / "z.geojson").write_bytes(zones_file().data)
    call = ["assign", str(tmp_path / "p.csv"), str(tmp_path / "z.geojson"), "--out", str(tmp_path / "o.xlsx")]
    assert run(app, call) == Exit.ROWS_REJECTED
    assert pd.read_excel(tmp_path / "o.xlsx", engine="calamine")["zone"].tolist()[0] == "Z1"


@pytest.mark.parametrize(
    "wrong", [["--out", "o.docx"], ["--out", "missing/o.csv"], ["--out", "o.csv", "--rename", "x"]]
)
def test_a_wrong_call_ends_with_2(tmp_path, monkeypatch, wrong):
    monkeypatch.chdir(tmp_path)
    assert run(app, ["assign", "p.csv", "z.geojson", *wrong]) == Exit.WRONG_CALL


def test_a_missing_file_ends_with_1_and_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(app, ["assign", "p.csv", "z.geojson", "--out", "o.csv"]) == Exit.FAILED
    assert "p.csv" in capsys.readouterr().err
