"""Every layer that goes out comes back whole, in every format, into the same and into an empty store of either kind."""

import io

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from python_calamine import CalamineWorkbook

from geo.schema import Datum, Layer
from services.catalog.actions import Action
from services.context import Context, open_context
from services.export.layers import LONGEST_CELL, LayerFile, as_table, export_layers
from services.i18n import use_language
from services.imports import Options, StagedImport, commit, make_upload, stage_file
from services.rules.privacy import MASKS
from tests.acting import act

WGS84 = Options(datum=Datum.WGS84)
AREA = shapely.box(113.2, 23.4, 113.22, 23.42)


def multi(*boxes):
    return shapely.MultiPolygon([shapely.box(*box) for box in boxes])


def frame(codes, shapes=None, **columns):
    table = pd.DataFrame(columns, index=pd.Index(codes, name="code"), dtype=object)
    if shapes is None:
        return table
    place = gpd.GeoSeries(shapes, index=table.index, crs=4326)
    return gpd.GeoDataFrame(table.assign(geom=place), geometry="geom")


def long_ring():
    """Return an outline whose text is longer than a cell of a spreadsheet."""
    turn = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    ring = np.column_stack([113.21 + 0.008 * np.cos(turn), 23.41 + 0.008 * np.sin(turn)])
    return shapely.MultiPolygon([shapely.Polygon(ring.round(7))])


def world():
    """Return what lies in the store: zeros in front, long codes, nulls, points beside outlines, lines beside areas."""
    west, east = (113.2, 23.4, 113.21, 23.42), (113.21, 23.4, 113.22, 23.42)
    hole = shapely.MultiPolygon([shapely.box(*west).difference(shapely.box(113.202, 23.402, 113.204, 23.404))])
    return {
        Layer.DISTRICTS: frame(["044990"], [multi((113.2, 23.4, 113.22, 23.42))], name=["H区"], parent_code=[None]),
        Layer.SUBDISTRICTS: frame(["S-1"], [long_ring()], name=["云港街道"], parent_code=["044990"]),
        Layer.COMMUNITIES: frame(
            ["044990001001", "449900010020"],
            [hole, multi(east)],
            name=["一社区", "=二社区"],
            parent_code=["S-1", "S-1"],
            residents=[0, None],
            households=[1200, None],
            outsiders=[None, 3],
        ),
        Layer.GRIDS: frame(
            ["0449900010010015", "G-2"],
            [hole, multi(east)],
            name=["一网格", "3-5"],
            parent_code=["044990001001", "449900010020"],
            residents=[305, 0],
            households=[None, 100],
            outsiders=[3, None],
        ),
        Layer.ESTATES: frame(
            ["E1", "E2", "E3", "007"],
            [multi((113.201, 23.405, 113.203, 23.407)), shapely.Point(113.2154321, 23.4123456), None, multi(east)],
            name=["云港花园", "花山村", "@院", "老院"],
            parent_code=["0449900010010015", "G-2", "G-2", "G-2"],
            residents=[900, None, 0, 12],
            households=[300, None, None, 4],
            outsiders=[None, None, 0, 1],
            blocks=[2, None, 0, None],
            gates=[1, None, None, 3],
            managed=[True, False, None, None],
            mixed_use=[None, True, False, None],
            address=['紫薇路12号,近"东门"', None, "花山,南", "5-6"],
        ),
        Layer.UNITS: frame(
            ["U1", "914401010000000012", "U3"],
            [None, shapely.Point(113.205, 23.406), None],
            name=["税务局", "水务局", "学校"],
            community_codes=["044990001001;449900010020", "449900010020", None],
            contact=["李四", None, "王五"],
            phone=["13812345678", "020-36898888", None],
            address=["紫薇路12号", None, "1/2"],
        ),
        Layer.MEMBERS: frame(
            ["M1", "M2", "0003"],
            [shapely.Point(113.2, 23.405), shapely.Point(113.215, 23.41), None],
            name=["卢海清", "张三", "欧阳小文"],
            unit_code=["U1", None, "914401010000000012"],
            community_code=["044990001001", None, "449900010020"],
            phone=["13812345678", None, "020-36898888"],
            identity_hash=["aa", None, "bb"],
            address=["云港花园（北区）3栋502", None, "花山村"],
            skills=["医护;驾驶", None, "心理疏导"],
            available_workday=[0.1, None, 0],
            available_evening=[0.5, None, 1],
            available_weekend=[0.625, None, 1],
            available_night=[None, 0.3, 0],
        ),
        Layer.TEAMS: frame(
            ["T1", "T2"],
            [None, shapely.Point(113.2051234, 23.4051234)],
            name=["一队", "+二队"],
            parent_code=["0449900010010015", "G-2"],
            kind=["突击队", None],
            size=[2, None],
            unit_code=["U1", None],
            leader=["李四", None],
            leader_role=["科长", None],
            phone=["13900000001", None],
            skills=["医护;驾驶", None],
        ),
        Layer.POSTS: frame(
            ["P1", "P2", "0003"],
            [shapely.Point(113.2054321, 23.4067891), None, shapely.Point(113.215, 23.41)],
            name=["云港花园北门", "=机动岗", "服务点"],
            community_code=["044990001001", "449900010020", "449900010020"],
            grid_code=["0449900010010015", None, "G-2"],
            estate_code=["E1", None, None],
            kind=["gate", "roaming", "point"],
            place=["北门岗亭", None, "3-5"],
            vanguard=[True, None, False],
            active=[True, True, False],
        ),
        Layer.ROADS: frame(
            ["R1", "R2", "0012"],
            [
                shapely.LineString([(113.2, 23.4), (113.2123456, 23.4112345)]),
                shapely.MultiLineString([[(113.2, 23.41), (113.21, 23.41)], [(113.21, 23.4), (113.22, 23.4)]]),
                multi((113.2, 23.4, 113.2001, 23.42)),
            ],
            name=["花都大道", "", "路"],
            kind=["motorway", "绿道", None],
        ),
        Layer.WATER: frame(
            ["W1", "W2"],
            [shapely.LineString([(113.2, 23.4), (113.21, 23.41)]), hole],
            name=["流溪河", "洪秀全水库"],
            kind=["river", "reservoir"],
        ),
    }


@pytest.fixture(params=["zh", "en"])
def language(request):
    use_language(request.param)
    return request.param


def fill(context: Context) -> Context:
    with act(context, Action.IMPORT) as work:
        for layer, rows in world().items():
            work.tx.upsert(layer, rows)
        work.tx.people.set_keep_until("M1", "2027-12-31")
    return context


def read(context: Context, layer: Layer) -> pd.DataFrame:
    """Return a layer with telephone numbers in clear, the last day of members, and shapes as parts in one order."""
    with context.look(Action.IMPORT) as tx:
        rows = tx.read_layer(layer)
        if "phone" in rows:
            rows["phone"] = pd.Series(tx.sealed.open_phones(layer, rows.index), dtype="str").reindex(rows.index)
        if layer is Layer.MEMBERS:
            rows["keep_until"] = pd.Series(tx.people.read_last_days(), dtype="str").reindex(rows.index)
    return pd.DataFrame(rows)


def bring(context: Context, layer: Layer, content: bytes, kind: LayerFile) -> StagedImport:
    staged = stage_file(context, make_upload(f"out{kind.value}", content), layer, WGS84)
    if staged.rows_accepted:
        commit(context, staged)
    return staged


def nothing_as_none(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), None)


def assert_same(found: pd.DataFrame, expected: pd.DataFrame, layer: Layer) -> None:
    assert list(found.index) == list(expected.index), layer
    for name in expected.columns.drop("geom", errors="ignore"):
        pd.testing.assert_series_equal(
            nothing_as_none(found[name]), nothing_as_none(expected[name]), obj=f"{layer} {name}"
        )
    if "geom" not in expected:
        return
    left, right = found["geom"].to_numpy(dtype=object), expected["geom"].to_numpy(dtype=object)
    assert (shapely.is_missing(left) == shapely.is_missing(right)).all(), layer
    far = shapely.hausdorff_distance(left, right)
    assert np.nan_to_num(far).max(initial=0) < 2e-7, layer
    assert (shapely.get_dimensions(left) == shapely.get_dimensions(right)).all(), layer


@pytest.mark.parametrize("kind", LayerFile)
def test_every_layer_comes_back_into_the_same_store_as_it_was(store_url, kind):
    context = fill(open_context(store_url))
    for layer in Layer:
        before = read(context, layer)
        content, _rows = export_layers(context, [layer], kind)
        staged = bring(context, layer, content, kind)
        assert staged.rows_rejected == 0, (layer, staged.findings)
        assert staged.changes.changed_rows == 0, (layer, staged.changes)
        after = read(context, layer)
        assert_same(after, before, layer)
        if "geom" in before:
            drawn = before["geom"].notna()
            assert shapely.equals_exact(after["geom"][drawn], before["geom"][drawn], tolerance=0).all(), layer


def expected_elsewhere(rows: pd.DataFrame, layer: Layer) -> pd.DataFrame:
    """Return what can be restored of a layer without the masked values."""
    masked = {name: None for name in MASKS.get(layer, {}) if name in rows}
    return rows.assign(**masked) if layer is not Layer.MEMBERS else rows.iloc[:0]


@pytest.mark.parametrize("kind", LayerFile)
def test_every_layer_comes_back_into_an_empty_store_but_for_what_is_masked(store_url, tmp_path, kind):
    source = fill(open_context(f"sqlite:///{tmp_path}/source.gpkg"))
    target = open_context(store_url)
    for layer in Layer:
        content, _rows = export_layers(source, [layer], kind)
        staged = bring(target, layer, content, kind)
        assert_same(read(target, layer), expected_elsewhere(read(source, layer), layer), layer)
        told = {finding.problem.code for finding in staged.findings}
        assert ("mask_of_new" in told) == (layer in MASKS), layer


@pytest.mark.parametrize("kind", [kind for kind in LayerFile if kind.holds_several])
def test_each_layer_is_read_from_a_file_of_all_of_them(store_url, tmp_path, language, kind):
    source = fill(open_context(f"sqlite:///{tmp_path}/source.gpkg"))
    target = open_context(store_url)
    content, _rows = export_layers(source, list(Layer), kind)
    use_language("en" if language == "zh" else "zh")
    for layer in Layer:
        bring(target, layer, content, kind)
        assert_same(read(target, layer), expected_elsewhere(read(source, layer), layer), layer)


@pytest.mark.parametrize("kind", [LayerFile.CSV, LayerFile.XLSX])
def test_an_edited_table_brings_what_was_edited(store_url, language, kind):
    context = fill(open_context(store_url))
    with act(context, Action.IMPORT) as work:
        work.tx.change_row(Layer.MEMBERS, "M1", {"skills": "翻译"})
    content, _rows = export_layers(context, [Layer.MEMBERS], kind)
    with act(context, Action.IMPORT) as work:
        work.tx.change_row(Layer.MEMBERS, "M1", {"skills": "医护;驾驶"})
    staged = bring(context, Layer.MEMBERS, content, kind)
    assert staged.changes.changed == {"skills": 1}
    assert read(context, Layer.MEMBERS).loc["M1", ["name", "skills"]].tolist() == ["卢海清", "翻译"]


def test_a_long_outline_goes_on_in_a_further_column():
    table = as_table(Layer.SUBDISTRICTS, world()[Layer.SUBDISTRICTS])
    assert len(table.loc["S-1", "wkt"]) == LONGEST_CELL
    assert shapely.from_wkt(table.loc["S-1", "wkt"] + table.loc["S-1", "wkt2"]).is_valid


@pytest.mark.parametrize(("language_", "word"), [("zh", "高速公路"), ("en", "Motorway")])
def test_a_workbook_says_kinds_of_roads_in_words(tmp_path, language_, word):
    use_language(language_)
    context = fill(open_context(f"sqlite:///{tmp_path}/source.gpkg"))
    content, _rows = export_layers(context, [Layer.ROADS], LayerFile.XLSX)
    header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    place = header.index({"zh": "类型", "en": "Kind"}[language_])
    assert {row[place] for row in rows} == {word, "绿道", ""}


@pytest.mark.parametrize("kind", LayerFile)
def test_a_file_of_people_says_that_masks_cannot_be_restored_elsewhere(tmp_path, kind):
    if not kind.holds_several:
        return
    context = fill(open_context(f"sqlite:///{tmp_path}/source.gpkg"))
    content, _rows = export_layers(context, [Layer.MEMBERS], kind)
    sentence = "导入别的数据库时无法还原"
    if kind is LayerFile.XLSX:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("数据说明").to_python()
        assert any(sentence in str(cell) for row in rows for cell in row)
    else:
        assert sentence.encode() in content
