"""Tables that went wrong once, each with what is right: read into the made-up sub-district that has their codes."""

import pytest

from geo.schema import Datum, Layer
from services.context import Context, open_context
from services.demo import DemoSize, fill_store, make_district
from services.imports import FarPlaces, Options, StagedImport, Treatment, commit, read_upload, stage_file

pytestmark = pytest.mark.shared
WGS84 = Options(datum=Datum.WGS84)


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Context:
    context = open_context(f"sqlite:///{tmp_path_factory.mktemp('cases') / 'demo.gpkg'}")
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    return context


@pytest.fixture
def look(demo, shared_data):
    def stage_case(name: str, layer: Layer, options: Options = WGS84) -> StagedImport:
        return stage_file(demo, read_upload(shared_data / "cases" / name), layer, options)

    return stage_case


def told(staged: StagedImport) -> list[tuple[int, str, str, Treatment]]:
    return [(f.problem.row, f.problem.column, f.problem.code, f.action) for f in staged.findings]


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        (
            "c02_formula_grid.xlsx",
            {("常住人口", "formula_error"), ("户数", "formula_unsolved"), ("外来人口", "formula_unsolved")},
        ),
        ("g02_error_text.csv", {("常住人口", "formula_error"), ("户数", "formula_error")}),
    ],
)
def test_cells_with_errors_are_told_and_what_is_stored_stays(look, demo, name, faults):
    staged = look(name, Layer.GRIDS)
    assert {
        (column, code) for row, column, code, action in told(staged) if (row, action) == (2, Treatment.KEPT)
    } == faults
    before = staged.stored_data.layer(Layer.GRIDS)
    fields = [field for field, header in staged.mapping.columns.items() if header in {column for column, _ in faults}]
    code = "44990800100101"
    assert staged.frame.loc[code, fields].astype(float).tolist() == before.loc[code, fields].astype(float).tolist()
    assert before.loc[code, fields].notna().all()


def test_formulas_without_a_result_are_told(look):
    staged = look("b09_formula_no_cache.xlsx", Layer.MEMBERS)
    assert "formula_unsolved" in {code for _, _, code, _ in told(staged)}


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("f03_far_grid_stated_parent.csv", Layer.GRIDS),
        ("f04_far_community_stated.csv", Layer.COMMUNITIES),
        ("f08_far_member.csv", Layer.MEMBERS),
    ],
)
def test_places_far_from_their_zone_take_the_users_word(look, name, layer):
    staged = look(name, layer)
    assert [(row, code, action) for row, _, code, action in told(staged)] == [(2, "far_from_zone", Treatment.REJECTED)]
    assert staged.rows_accepted == 0
    accepted = look(name, layer, Options(datum=Datum.WGS84, far=FarPlaces.ACCEPT))
    assert accepted.rows_accepted == 1


def test_a_shifted_row_is_refused(look):
    staged = look("c04_shifted_row.csv", Layer.GRIDS)
    assert [(row, code) for row, _, code, _ in told(staged)] == [(3, "wide_row")]
    assert (staged.rows_accepted, staged.rows_rejected) == (2, 1)


def test_one_person_is_one_row(look, demo):
    first = look("c05_padded_names_1.csv", Layer.MEMBERS)
    commit(demo, first)
    second = look("c05_padded_names_2.csv", Layer.MEMBERS)
    assert second.rows_replacing == second.rows_accepted == 4
    assert sorted(second.frame.index) == sorted(first.frame.index)
    assert second.changes.changed_rows == 0


@pytest.mark.parametrize(
    ("name", "layer", "rows"), [("d09_nameless.geojson", Layer.GRIDS, 3), ("d09b_nameless_points.csv", Layer.UNITS, 3)]
)
def test_a_file_without_names_writes_nothing(look, name, layer, rows):
    staged = look(name, layer)
    assert not staged.is_understood
    assert (staged.rows_accepted, staged.rows_rejected) == (0, rows)


@pytest.mark.parametrize("name", ["e06_parent_所属社区名称.csv", "e06_parent_社区居委会.csv"])
def test_the_level_above_is_understood(look, name):
    assert look(name, Layer.GRIDS).frame["parent_code"].tolist() == ["449908001001"]


def test_codes_that_a_spreadsheet_wrote_are_understood(look):
    grids = look("b23_excel_text_codes.csv", Layer.GRIDS)
    assert grids.frame.index.tolist() == [f"4499080010010{number}" for number in range(1, 6)]
    assert grids.rows_replacing == 5
    members = look("b23c_member_codes.csv", Layer.MEMBERS)
    assert members.frame.index.tolist() == ["1", "2", "3"]
    assert members.frame["community_code"].tolist() == ["449908001001"] * 3
    assert members.frame["unit_code"].tolist() == ["U00001", "U00002", "U00003"]


def test_telephone_numbers_as_people_write_them(look):
    staged = look("c03_landline.csv", Layer.MEMBERS)
    phones = staged.frame["phone"]
    assert phones[["L10", "L13", "L14"]].tolist() == ["020-87654321", "020-87654321", "13800000014"]
    assert phones[phones.isna()].index.tolist() == ["L16"]


def test_a_second_column_fills_up_the_first(look):
    staged = look("b13b_dup_header_synonym.csv", Layer.MEMBERS)
    assert staged.frame["phone"].tolist() == ["13800000001", "13800000002", "020-12345679"]
    assert [code for _, _, code, _ in told(staged)] == ["second_column"]


def test_words_for_nothing_are_no_names(look):
    staged = look("b17_null_name.csv", Layer.MEMBERS)
    assert staged.frame["name"].tolist() == ["真", "TRUE", "未"]
    assert {code for _, _, code, _ in told(staged)} == {"no_name"}


def test_codes_with_digits_lost_make_nothing_new(look):
    staged = look("estates_15.csv", Layer.ESTATES)
    assert (staged.rows_accepted, staged.changes.new) == (0, 0)
    assert {code for _, _, code, action in told(staged) if action is Treatment.REJECTED} == {"end_lost"}
