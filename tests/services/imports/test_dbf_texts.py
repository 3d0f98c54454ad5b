"""Texts of Shapefiles: cut characters, declarations that lie, and columns in encodings of their own."""

from pathlib import Path

import geopandas as gpd
import pytest
from town import packed, square, stage, stored

from geo.schema import Layer
from services.imports import ImportFileError, Options, make_upload
from services.imports.read.dbf_texts import fitting_encoding, is_cut, spelt
from services.imports.read.table import RawTable, Unreadable
from services.imports.sandbox.process import read_table

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning:pyogrio")
FIELDS = ("网格编号", "网格名称", "所属社区名称")


def parts(
    folder: Path, encoding: str, fields: tuple[str, ...] = FIELDS, names: tuple[str, ...] = ("试一网格", "试二网格")
):
    """Return the parts of a Shapefile of two grids in an encoding, without ``.cpg``."""
    columns = (["T1", "T2"], list(names), ["牡丹社区", "牡丹社区"])
    frame = gpd.GeoDataFrame(dict(zip(fields, columns, strict=True)), geometry=[square(0), square(1)], crs=4326)
    frame.to_file(folder / "wangge.shp", encoding=encoding, engine="pyogrio")
    return {p.name: p.read_bytes() for p in folder.glob("wangge.*") if p.suffix != ".cpg"}


def read(files: dict[str, bytes], encoding: str = "auto") -> RawTable:
    return read_table(make_upload("wangge.zip", packed(files)), Layer.GRIDS, Options(encoding=encoding))


@pytest.mark.parametrize("stated", [None, b"UTF-8", b"GBK", b"936", b"ISO-8859-1", b"nonsense"])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_names_are_read_whatever_the_cpg_says(encoding: str, stated: bytes | None, tmp_path: Path):
    files = parts(tmp_path, encoding) | ({"wangge.cpg": stated} if stated else {})
    table = read(files)
    assert table.frame.iloc[:, 1].tolist() == ["试一网格", "试二网格"]
    staged = stage(make_upload("wangge.zip", packed(files)), Layer.GRIDS, Options(), stored())
    assert dict(staged.mapping.columns).keys() == {"code", "name", "parent_code"}
    assert staged.frame["name"].to_dict() == {"T1": "试一网格", "T2": "试二网格"}


@pytest.mark.parametrize(
    ("field", "kept"),
    [("网格号", "网格号"), ("网格编号", "网格编"), ("网格编号一", "网格编"), ("统一网格编号", "统一网")],
)
def test_a_field_name_cut_in_a_character_loses_only_that(field: str, kept: str, tmp_path: Path):
    assert read(parts(tmp_path, "utf-8", (field, "名称", "社区"))).headers[0] == kept


def test_the_encoding_asked_for_is_used(tmp_path: Path):
    files = parts(tmp_path, "utf-8")
    assert read(files, "utf-8").frame.iloc[:, 1].tolist() == ["试一网格", "试二网格"]
    gbk = parts(tmp_path, "gbk")
    with pytest.raises(ImportFileError, match="not in utf-8"):
        read(gbk, "utf-8")
    with pytest.raises(ImportFileError, match="unknown"):
        read(gbk, "klingon")


def test_a_big5_file_is_read_with_its_cpg_and_without(tmp_path: Path):
    files = parts(tmp_path, "big5", ("編號", "網格名稱", "所屬社區"), ("國際會議中心網格", "龍鳳網格"))
    for extra in ({}, {"wangge.cpg": b"BIG5"}, {"wangge.cpg": b"950"}):
        assert read(files | extra).frame.iloc[:, 1].tolist() == ["國際會議中心網格", "龍鳳網格"]


def test_a_value_cut_in_a_character_is_kept_without_it_and_told(tmp_path: Path):
    long = "试" * 90
    table = read(parts(tmp_path, "utf-8", names=(long, "试二网格")) | {"wangge.cpg": b"UTF-8"})
    kept = table.frame.iloc[0, 1]
    assert set(kept) == {"试"}
    assert len(kept) in (84, 85)
    cut = bytearray(parts(tmp_path, "utf-8")["wangge.dbf"])
    place = cut.index("试二网格".encode())
    cut[place + 11] = 0x20
    table = read(parts(tmp_path, "utf-8") | {"wangge.dbf": bytes(cut)})
    assert table.frame.iloc[1, 1] == "试二网"
    assert [(n.row, n.column, n.code) for n in table.notes] == [(2, "网格名", "text_cut")]


def test_a_column_in_another_encoding_than_the_rest_is_read_and_told(tmp_path: Path):
    data = parts(tmp_path, "utf-8")["wangge.dbf"]
    for name in ("试一网格", "试二网格"):
        data = data.replace(name.encode().ljust(12), name.encode("gbk").ljust(12))
    table = read(parts(tmp_path, "utf-8") | {"wangge.dbf": data})
    assert table.frame.iloc[0].tolist() == ["T1", "试一网格", "牡丹社区"]
    assert [(n.row, n.code, n.value) for n in table.notes] == [(0, "other_encoding", "GB18030")]


def test_one_row_in_another_encoding_is_read_too(tmp_path: Path):
    data = parts(tmp_path, "gbk")["wangge.dbf"]
    whole = "试二网格".encode("gbk").ljust(12)
    table = read(parts(tmp_path, "gbk") | {"wangge.dbf": data.replace(whole, "试二网格".encode())})
    assert table.frame.iloc[:, 1].tolist() == ["试一网格", "试二网格"]


def test_bytes_of_no_encoding_are_unreadable_and_not_empty(tmp_path: Path):
    data = parts(tmp_path, "utf-8")["wangge.dbf"]
    table = read(parts(tmp_path, "utf-8") | {"wangge.dbf": data.replace("试二网格".encode(), b"\xff\xff\xfe\xfe" * 3)})
    assert isinstance(table.frame.iloc[1, 1], Unreadable)
    assert table.frame.iloc[0, 1] == "试一网格"


def test_field_names_that_cutting_made_alike_are_both_kept(tmp_path: Path):
    table = read(parts(tmp_path, "utf-8", ("网格编号", "网格编码", "名称")))
    assert len(set(table.headers)) == 3
    assert table.frame.iloc[0].tolist() == ["T1", "试一网格", "牡丹社区"]


def test_encodings_are_known_by_the_names_people_write():
    assert [spelt(name) for name in ("936", "OEM 936", "cp936", "UTF8", "65001", "950", "Big5", "x")] == [
        *["gb18030"] * 3,
        *["utf-8"] * 2,
        *["big5"] * 2,
        None,
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_the_encoding_of_plain_words_is_told_apart(encoding: str):
    words = [word.encode(encoding) for word in ("花都", "人口", "中山路", "王小明", "李大同")]
    assert fitting_encoding(words) == encoding


def test_a_cut_is_seen_only_where_one_is():
    whole = "网格".encode()
    assert [is_cut(part, "utf-8") for part in (whole, whole[:-1], whole[:-2], b"ab")] == [False, True, True, False]
