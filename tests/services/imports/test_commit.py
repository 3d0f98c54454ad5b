"""Writing an import and taking it back, as a whole."""

from pathlib import Path

import pytest
from town import square

from geo.schema import Datum, Layer
from services.catalog.actions import Action
from services.context import Context
from services.imports import (
    CancelledError,
    ImportFileError,
    NeedDatumError,
    Options,
    ProgressMonitor,
    StagedImport,
    TakeBackError,
    commit,
    make_upload,
    read_batches,
    read_stored,
    revert_import,
    stage_file,
)

WGS = Options(datum=Datum.WGS84)


def grids(*rows: tuple[str, str, int]) -> str:
    lines = [f'{code},{name},{count},"{square(place).wkt}"' for place, (code, name, count) in enumerate(rows)]
    return "\n".join(["编号,网格名称,户数,WKT", *lines])


def staged(context: Context, text: str, layer: Layer = Layer.GRIDS, options: Options = WGS) -> StagedImport:
    return stage_file(context, make_upload("file.csv", text.encode()), layer, options)


def stored_rows(context: Context, layer: Layer = Layer.GRIDS) -> dict[str, tuple[str, float]]:
    with context.look(Action.IMPORT) as tx:
        frame = tx.read_layer(layer)
    return {code: (row["name"], row["households"]) for code, row in frame.iterrows()}


def test_rows_are_added_and_replaced_by_code(context: Context):
    first = commit(context, staged(context, grids(("G1", "甲", 1), ("G2", "乙", 2))))
    second = commit(context, staged(context, grids(("G2", "乙新", 5), ("G3", "丙", 3))))
    assert (first.inserted, first.replaced) == (2, 0)
    assert (second.inserted, second.replaced) == (1, 1)
    assert stored_rows(context) == {"G1": ("甲", 1), "G2": ("乙新", 5), "G3": ("丙", 3)}


def test_columns_that_the_file_lacks_keep_their_values(context: Context):
    commit(context, staged(context, grids(("G1", "甲", 7))))
    commit(context, staged(context, "网格编号,常住人口\nG1,300\n"))
    with context.look(Action.IMPORT) as tx:
        row = tx.read_layer(Layer.GRIDS).loc["G1"]
    assert (row["name"], row["households"], row["residents"]) == ("甲", 7, 300)
    assert row["geom"].area == pytest.approx(0.0001)


def test_taking_back_restores_what_stood_there(context: Context):
    commit(context, staged(context, grids(("G1", "甲", 1), ("G2", "乙", 2))))
    second = commit(context, staged(context, grids(("G2", "乙新", 5), ("G3", "丙", 3))))
    revert_import(context, second.batch_id)
    assert stored_rows(context) == {"G1": ("甲", 1), "G2": ("乙", 2)}
    batches = read_batches(context)
    assert batches["taken_back_at"].notna().to_dict() == {2: True, 1: False}
    with pytest.raises(TakeBackError, match="taken back before"):
        revert_import(context, second.batch_id)


def pairings(context: Context) -> set[tuple[str, str, bool]]:
    """Return unit, community and whether it is live."""
    with context.look(Action.IMPORT) as tx:
        rows = tx.pairings.read_pairings()
    return {(row["unit_code"], row["community_code"], row["until"] is None) for row in rows}


def test_a_file_of_units_writes_pairings_and_taken_back_restores_them(context: Context):
    head = "单位编号,单位名称,结对社区"
    commit(context, staged(context, f"{head}\nU1,教育局,C2、C1\nU2,税务局,C1\n", Layer.UNITS))
    first = {("U1", "C1", True), ("U1", "C2", True), ("U2", "C1", True)}
    assert pairings(context) == first
    again = staged(context, f"{head}\nU1,教育局,C2、C1\nU2,税务局,C1\n", Layer.UNITS)
    assert (again.changes.unchanged, again.changes.changed_rows) == (2, 0)
    second = commit(context, staged(context, f"{head}\nU1,教育局,C3\nU3,医保办,C1\n", Layer.UNITS))
    assert pairings(context) == {
        ("U1", "C1", False),
        ("U1", "C2", False),
        ("U1", "C3", True),
        ("U2", "C1", True),
        ("U3", "C1", True),
    }
    revert_import(context, second.batch_id)
    assert pairings(context) == first


def test_what_a_later_import_rewrote_cannot_be_taken_back_before_that(context: Context):
    first = commit(context, staged(context, grids(("G1", "甲", 1))))
    second = commit(context, staged(context, grids(("G1", "甲新", 2))))
    with pytest.raises(TakeBackError, match="A later import has rewritten 1 row of"):
        revert_import(context, first.batch_id)
    revert_import(context, second.batch_id)
    revert_import(context, first.batch_id)
    assert stored_rows(context) == {}


def test_zones_on_which_others_depend_cannot_be_taken_back(context: Context):
    first = commit(context, staged(context, grids(("G1", "甲", 1))))
    commit(context, staged(context, "小区名称,所属网格\n云港花园,甲\n", Layer.ESTATES))
    with pytest.raises(TakeBackError, match="1 row of Estates"):
        revert_import(context, first.batch_id)
    assert stored_rows(context) == {"G1": ("甲", 1)}


def test_an_unknown_import_cannot_be_taken_back(context: Context):
    with pytest.raises(TakeBackError, match="no import with the number 7"):
        revert_import(context, 7)


def test_nothing_is_written_while_the_datum_is_only_assumed(context: Context):
    with pytest.raises(NeedDatumError):
        commit(context, staged(context, grids(("G1", "甲", 1)), options=Options()))
    assert stored_rows(context) == {}


def test_a_file_without_a_good_row_is_not_written(context: Context):
    with pytest.raises(ImportFileError, match="No row"):
        commit(context, staged(context, "编号,网格名称\nG1,甲\n"))
    assert read_batches(context).empty


def test_a_commit_on_data_that_have_changed_since_is_refused(context: Context):
    slow = staged(context, grids(("G1", "甲", 1)))
    commit(context, staged(context, grids(("G2", "乙", 2))))
    with pytest.raises(ImportFileError, match="have changed"):
        commit(context, slow)


def test_cancelling_while_writing_leaves_nothing_behind(context: Context):
    shares: list[float] = []
    monitor = ProgressMonitor(show=lambda _name, share: shares.append(share), is_cancelled=lambda: len(shares) == 1)
    with pytest.raises(CancelledError):
        commit(context, staged(context, grids(("G1", "甲", 1))), monitor)
    assert stored_rows(context) == {}
    assert read_batches(context).empty


def test_columns_that_the_user_corrected_are_remembered(context: Context):
    text = grids(("G1", "甲", 1)).replace("户数", "住了几家")
    first = staged(context, text)
    assert "households" not in first.mapping.columns
    options = Options(datum=Datum.WGS84, columns={"households": "住了几家"})
    commit(context, staged(context, text, options=options))
    assert staged(context, text).mapping.columns["households"] == "住了几家"


def test_a_column_that_the_user_took_away_stays_away(context: Context):
    options = Options(datum=Datum.WGS84, columns={"households": None})
    commit(context, staged(context, grids(("G1", "甲", 1)), options=options))
    assert "households" not in staged(context, grids(("G2", "乙", 1))).mapping.columns


def test_a_person_is_the_same_person_in_the_next_file(context: Context):
    text = "姓名,身份证号\n甲,11010519491231002X\n"
    commit(context, staged(context, text, Layer.MEMBERS))
    again = commit(context, staged(context, text.replace("甲", "甲二"), Layer.MEMBERS))
    assert (again.inserted, again.replaced) == (0, 1)


def test_the_identity_number_is_nowhere_in_the_store(context: Context, tmp_path: Path):
    commit(context, staged(context, "姓名,身份证号\n甲,11010519491231002X\n乙,110105194912310021\n", Layer.MEMBERS))
    held = b"".join(path.read_bytes() for path in tmp_path.glob("store.gpkg*"))
    assert b"1101051949" not in held


def test_every_change_has_an_audit_row(context: Context):
    done = commit(context, staged(context, grids(("G1", "甲", 1))))
    revert_import(context, done.batch_id)
    with context.look(Action.VIEW_AUDIT) as tx:
        assert [row["action"] for _, row in tx.records.read_audit(limit=10).iterrows()] == ["take_back", "import"]


def test_staging_writes_nothing(context: Context):
    staged(context, grids(("G1", "甲", 1)))
    with context.look(Action.IMPORT) as tx:
        assert tx.data_version() == 0
        assert tx.records.read_fact("identity_salt") is None
    assert read_stored(context, Layer.GRIDS).layer(Layer.GRIDS).empty
