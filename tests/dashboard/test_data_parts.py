"""The parts of the page 数据 that need no page: the draft, the preview, the problems, the words."""

import json
import re

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from dashboard.kit.field_words import field_name, fields_of, is_required
from dashboard.pages.imports import advice
from dashboard.pages.imports.advice import expectation, to_do
from dashboard.pages.imports.columns import samples
from dashboard.pages.imports.draft import ImportDraft, join_files, prepare, with_column, write
from dashboard.pages.imports.overview import batch_file, layer_facts, read_counts, time_words
from dashboard.pages.imports.problems import HEADERS, problem_rows, problems_frame
from dashboard.payloads.import_preview import PreviewRole, area_words, count_class
from geo.errors import Problem
from geo.schema import Datum, Layer
from services.context import open_context
from services.export.tables import write_csv
from services.i18n import translate
from services.imports import (
    CancelledError,
    Finding,
    ImportFileError,
    Options,
    ProgressMonitor,
    Treatment,
    make_upload,
    read_batches,
)
from services.imports.findings import MESSAGES
from services.rules.headers import WORDS

SQUARES = {"东网格": (0, 0), "西网格": (-0.01, 0), "重网格": (0.004, 0)}


def grids_file(squares=SQUARES, lon=113.2, lat=23.4):
    features = [
        {
            "type": "Feature",
            "properties": {"网格编号": f"G{k}", "网格名称": name},
            "geometry": shapely.geometry.mapping(shapely.box(lon + x, lat + y, lon + x + 0.005, lat + y + 0.005)),
        }
        for k, (name, (x, y)) in enumerate(squares.items())
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def members_file(points=((113.2, 23.4), (113.202, 23.402), (113.203, 23.401))):
    lines = [f"M{k},张三丰,1380000000{k},云港花园3栋502,{x},{y}" for k, (x, y) in enumerate(points)]
    return "\n".join(["党员编号,姓名,手机号码,家庭住址,经度,纬度", *lines]).encode("gb18030")


def prepared(context, layer, name, data, **options):
    return prepare(context, ImportDraft(layer, make_upload(name, data), Options(**options)), ProgressMonitor())


def imported(context, layer, name, data, **options):
    return write(context, prepared(context, layer, name, data, **options).staged_import, ProgressMonitor())


@pytest.fixture
def store(empty):
    return open_context(empty)


@pytest.fixture
def with_grids(store):
    imported(
        store, Layer.GRIDS, "grids.geojson", grids_file({"东网格": (0, 0), "西网格": (-0.01, 0)}), datum=Datum.WGS84
    )
    return store


def shapes_of(packed):
    """Return how many shapes a binary of the map holds."""
    return packed.count


def test_overlaps_and_new_shapes_are_in_the_preview(store):
    draft = prepared(store, Layer.GRIDS, "grids.geojson", grids_file(), datum=Datum.WGS84)
    assert {role: shapes_of(packed) for role, packed in draft.preview.layers.items()} == {
        PreviewRole.FRESH: 3,
        PreviewRole.OVERLAP: 1,
    }
    assert draft.preview.bounds == pytest.approx((113.19, 23.4, 113.209, 23.405))


def test_what_is_stored_lies_under_what_is_new(with_grids):
    draft = prepared(with_grids, Layer.GRIDS, "more.geojson", grids_file({"南网格": (0, -0.01)}), datum=Datum.WGS84)
    assert draft.preview.layers[PreviewRole.BEFORE].count == 2


def test_a_member_is_never_drawn_only_counted_by_grid(with_grids):
    draft = prepared(with_grids, Layer.MEMBERS, "members.csv", members_file(), datum=Datum.WGS84)
    assert set(draft.preview.layers) == {PreviewRole.COUNTS}
    assert draft.preview.layers[PreviewRole.COUNTS].count == 2


def test_without_grids_members_have_no_map(store):
    assert prepared(store, Layer.MEMBERS, "members.csv", members_file(), datum=Datum.WGS84).preview is None


@pytest.mark.parametrize(("count", "grade"), [(0, 0), (1, 1), (9, 1), (10, 2), (25, 3), (50, 4), (5000, 4)])
def test_persons_in_a_grid_fall_into_five_classes(count, grade):
    assert count_class(count) == grade


@pytest.mark.parametrize(("area", "words"), [(3.64, "3.6 平方米"), (999.94, "999.9 平方米"), (274_500.0, "27.45 公顷")])
def test_areas_are_said_in_the_unit_that_fits(area, words):
    assert area_words(area) == words


def test_a_cancelled_write_leaves_nothing_behind(with_grids):
    before, batches = read_counts(), len(read_batches(with_grids))
    draft = prepared(with_grids, Layer.MEMBERS, "members.csv", members_file(), datum=Datum.WGS84)
    asked = iter([False, True])
    with pytest.raises(CancelledError):
        write(with_grids, draft.staged_import, ProgressMonitor(is_cancelled=lambda: next(asked)))
    assert read_counts() == before
    assert len(read_batches(with_grids)) == batches


def test_members_are_assigned_after_they_are_written(with_grids):
    written = imported(with_grids, Layer.MEMBERS, "members.csv", members_file(), datum=Datum.WGS84)
    assert written.result.inserted == 3
    assert (written.result.summary.members, written.result.summary.located, written.result.summary.unlocated) == (
        3,
        3,
        0,
    )


def test_what_does_not_move_members_assigns_nothing(store):
    line = {"type": "LineString", "coordinates": [[113.2, 23.4], [113.3, 23.4]]}
    roads = json.dumps({"type": "Feature", "properties": {"name": "a"}, "geometry": line}).encode()
    assert imported(store, Layer.ROADS, "roads.geojson", roads, datum=Datum.WGS84).result.summary is None


@pytest.mark.parametrize(
    "data",
    [b"\x00\x01\x02\x03" * 50, b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, b'{"type": "Feature'],
    ids=["binary", "archive", "workbook", "geojson"],
)
def test_a_file_that_cannot_be_used_is_one_sentence(store, data):
    assert re.search(r"[一-鿿]", said_of(store, data))


def said_of(context, data):
    """Return what people read about a file that cannot be used."""
    try:
        fault = prepared(context, Layer.GRIDS, "file.bin", data).fault
    except ImportFileError as error:
        fault = error.text
    return translate(fault)


def test_a_geopackage_comes_with_what_stands_beside_it():
    upload = join_files([("a.gpkg-wal", b"w"), ("a.gpkg", b"SQLite format 3\x00")])
    assert upload.name == "a.gpkg"
    assert dict(upload.companions) == {"a.gpkg-wal": b"w"}


def test_the_parts_of_a_shapefile_are_one_upload():
    upload = join_files([("a.dbf", b"d"), ("a.shp", b"\x00\x00\x27\x0a"), ("a.shx", b"x")])
    assert upload.name == "a.shp"
    assert set(upload.companions) == {"a.dbf", "a.shx"}


def test_two_files_at_a_time_are_refused():
    with pytest.raises(ImportFileError):
        join_files([("a.csv", b"a,b"), ("b.csv", b"a,b")])


def test_a_header_chosen_for_one_field_leaves_the_other():
    first = with_column(Options(), "name", "A")
    assert with_column(first, "code", "A").columns == {"code": "A"}
    assert with_column(first, "name", None).columns == {"name": None}


def test_samples_are_masked_and_different(store):
    table = prepared(store, Layer.MEMBERS, "members.csv", members_file()).table
    assert samples(table, "姓名", "name", Layer.MEMBERS) == ["张**"]
    assert samples(table, "手机号码", "phone", Layer.MEMBERS)[0] == "138****0000"
    assert samples(table, "党员编号", "code", Layer.MEMBERS) == ["M0", "M1", "M2"]


def finding(row, code, action):
    return Finding(Problem(row, "列", code), action)


def test_refused_rows_come_first_then_by_row():
    found = [
        finding(2, "ring_closed", Treatment.NOTED),
        finding(9, "no_key", Treatment.REJECTED),
        finding(4, "bad_phone", Treatment.LEFT_OUT),
    ]
    assert [row[0] for row in problem_rows(found)] == ["9", "4", "2"]


def test_a_problem_says_what_is_wrong_what_was_expected_and_what_to_do():
    row = problem_rows([finding(3, "bad_phone", Treatment.LEFT_OUT)])[0]
    assert len(row) == len(HEADERS)
    assert all(row[i] for i in (0, 1, 3, 4, 5, 6))
    assert row[4] == "11 位手机号，或带区号的座机"


@pytest.mark.parametrize("code", [code for code in MESSAGES if not code.endswith("_bare")])
@pytest.mark.parametrize("action", list(Treatment))
def test_every_finding_has_advice(code, action):
    problem = Problem(1, "", code)
    assert expectation(problem)
    assert to_do(problem, action)


def test_advice_is_only_for_findings_that_exist():
    assert set(advice._ADVICE) <= set(MESSAGES)


def test_the_table_to_take_away_runs_nothing():
    rows = problem_rows([Finding(Problem(2, "名称", "too_long", "=1+1", {"limit": 5}), Treatment.REJECTED)])
    assert "'=1+1" in write_csv(problems_frame(rows)).decode("utf-8-sig")


def batches_frame(*rows):
    columns = ["id", "layer", "file_name", "file_sha256", "at", "datum", "taken_back_at"]
    return pd.DataFrame(rows, columns=columns).set_index("id")


BATCHES = batches_frame(
    (3, "grids", "c.csv", "same", "2026-11-23T10:00:00", None, "2026-11-23T11:00:00"),
    (2, "grids", "b.csv", "same", "2026-11-22T10:00:00", "gcj02", None),
    (1, "grids", "a.csv", "same", "2026-11-21T10:00:00", "wgs84", None),
)


def test_a_layer_names_its_last_import_that_still_holds():
    facts = layer_facts(BATCHES, dict.fromkeys(Layer, 0), {"grids": 7})
    grids = next(f for f in facts if f.layer is Layer.GRIDS)
    assert (grids.at, grids.file_name, grids.datum, grids.version) == ("2026-11-22 10:00", "b.csv", "GCJ-02", 7)
    assert next(f for f in facts if f.layer is Layer.WATER).file_name == "–"
    assert len(facts) == 11


def test_the_same_file_is_known_again_unless_it_was_taken_back():
    assert batch_file(BATCHES, Layer.GRIDS, "same") == (2, "2026-11-22 10:00")
    assert batch_file(BATCHES, Layer.ESTATES, "same") is None
    assert batch_file(BATCHES, Layer.GRIDS, "other") is None


def test_times_are_said_to_the_minute():
    assert time_words("2026-11-23T08:05:59") == "2026-11-23 08:05"


@pytest.mark.parametrize("layer", list(Layer))
def test_every_field_that_can_be_read_has_a_name(layer):
    assert set(fields_of(layer)) == set(WORDS[layer])
    assert all(field_name(field, layer) for field in fields_of(layer))


def test_a_shape_is_asked_for_only_where_the_file_has_none():
    assert is_required("wkt", Layer.GRIDS, has_shapes=False)
    assert not is_required("wkt", Layer.GRIDS, has_shapes=True)
    assert not is_required("wkt", Layer.ESTATES, has_shapes=False)
    assert is_required("name", Layer.MEMBERS, has_shapes=False)


def test_nothing_of_a_geodataframe_is_changed_by_a_look(with_grids):
    draft = prepared(with_grids, Layer.MEMBERS, "members.csv", members_file(), datum=Datum.WGS84)
    assert isinstance(draft.staged_import.frame, gpd.GeoDataFrame)
    assert list(draft.staged_import.stored_data.layer(Layer.GRIDS)["name"]) == ["东网格", "西网格"]
