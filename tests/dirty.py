"""Spoiled versions of the sample files, each wrong in a way people's files are; the README beside them tells how."""

import json
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xlsxwriter

from geo.datum import convert_geometries
from geo.schema import Datum, Layer
from services.demo.files import SHEETS, as_geojson, sheet_rows, write_cells, write_sheet
from services.demo.sizes import DemoData
from services.demo.warp import DECIMALS
from services.rules.people import check_character

_ROWS: Final = 30
_DAY: Final = (2026, 1, 1, 0, 0, 0)
_ESTATE_HEADERS: Final = {
    "code": "小区编号",
    "name": "小区名称",
    "parent_code": "所属网格",
    "residents": "常住人口",
    "households": "户数",
    "outsiders": "外来人口",
    "blocks": "栋数",
    "gates": "出入口",
    "managed": "有无物业",
    "address": "地址",
}
_GRID_HEADERS: Final = {"code": "网格编号", "name": "网格名称", "parent_code": "社区编码", "residents": "常住人口"}
_EXPLANATION: Final = ("一、请勿改动表头。", "二、手机号码按文本填写。", "三、本表为虚构数据。")
_FULL_WIDTH: Final = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


def write_dirty(data: DemoData, folder: Path) -> list[Path]:
    """Write every spoiled file to a folder and return them; the same data gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in WRITERS.items():
        write(data, folder / name)
    return [folder / name for name in WRITERS]


def _members(data: DemoData) -> pd.DataFrame:
    """Return some members of 雅瑶社区 and 凤凰社区 as people keep them."""
    rows = sheet_rows(data, Layer.MEMBERS)
    return rows[rows["报到社区"].isin(["雅瑶社区", "凤凰社区"])].iloc[:_ROWS].reset_index(drop=True)


def _grids(data: DemoData, community: str) -> gpd.GeoDataFrame:
    """Return the grids of a community, each in one part, and only the columns that matter."""
    grids, communities = data[Layer.GRIDS], data[Layer.COMMUNITIES]
    rows = grids[grids["parent_code"].map(communities["name"]) == community]
    single = rows[["name", "parent_code", "residents", "households", "outsiders", "geom"]].copy()
    single["geom"] = shapely.get_geometry(single.geom.to_numpy(), 0)
    return single


def _csv(rows: pd.DataFrame, *, separator: str = ",") -> str:
    return rows.to_csv(index=False, sep=separator, lineterminator="\r\n")


def _write_gbk(data: DemoData, path: Path) -> None:
    path.write_bytes(_csv(_members(data)).encode("gbk"))


def _write_utf16(data: DemoData, path: Path) -> None:
    path.write_bytes(_csv(_members(data), separator="\t").encode("utf-16"))


def _write_title_rows(data: DemoData, path: Path) -> None:
    """Write two title rows, a note, a header over two rows and communities merged over their members."""
    rows = _members(data).sort_values("报到社区", kind="stable")
    headers = list(rows.columns)
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": pd.Timestamp(2026, 1, 1)})
        page = book.add_worksheet("Sheet1")
        page.merge_range(0, 0, 0, len(headers) - 1, "H区在职党员“双报到”花名册（虚构）")
        page.write(1, 0, "填报单位：云港街道党建办")
        page.write(1, 5, "单位：人")
        first_time = headers.index("工作日白天")
        for column, header in enumerate(headers):
            if not first_time <= column < first_time + 4:
                page.merge_range(2, column, 3, column, header)
        page.merge_range(2, first_time, 2, first_time + 3, "可投入时间")
        page.write_row(3, first_time, headers[first_time : first_time + 4])
        merged = headers.index("报到社区")
        for number, row in enumerate(rows.itertuples(index=False), start=4):
            write_cells(page, number, [None if c == merged else v for c, v in enumerate(row)])
        first = 4
        for community, count in rows["报到社区"].value_counts(sort=False).items():
            page.merge_range(first, merged, first + count - 1, merged, community)
            first += count
        page.write_row(first, 0, ["合计", f"{len(rows)}人"])


def _write_floats(data: DemoData, path: Path) -> None:
    """Write telephones and identity numbers as numbers: the last digits of identity numbers are lost by that."""
    rows = _members(data)
    rows.insert(2, "身份证号", [float(_identity(number)) for number in range(len(rows))])
    rows["手机号码"] = rows["手机号码"].astype(float)
    write_sheet(path, "在职党员", rows)


def _identity(number: int) -> str:
    """Return an identity number of a region that does not exist (4499xx), with a check digit that is no X."""
    day = pd.Timestamp(1975, 1, 1) + pd.Timedelta(days=211 * number)
    for sequence in range(101, 999):
        first_17 = f"449908{day:%Y%m%d}{sequence}"
        check = check_character(first_17)
        if check != "X":
            break
    return first_17 + check


def _write_swapped(data: DemoData, path: Path) -> None:
    """Swap longitude and latitude in every third row, and put five places where nobody lives."""
    rows = _members(data).dropna(subset=["经度"]).reset_index(drop=True)
    places = rows[["经度", "纬度"]].astype(object).to_numpy()
    places[::3] = places[::3, ::-1]
    places[1], places[4], places[7] = (0, 0), (1132.05, 23.4), ("nan", "inf")
    places[10], places[13] = (-113.2, 23.4), ("113.2", "")
    rows[["经度", "纬度"]] = places
    path.write_text(_csv(rows), encoding="utf-8-sig")


def _write_full_width(data: DemoData, path: Path) -> None:
    rows = _members(data).astype(object)
    for column in ("党员编号", "手机号码", "经度", "纬度", "家庭住址"):
        rows[column] = [None if pd.isna(v) else str(v).translate(_FULL_WIDTH) for v in rows[column]]
    path.write_text(_csv(rows), encoding="utf-8")


def _write_trailing_blanks(data: DemoData, path: Path) -> None:
    """Write blanks of all kinds around headers and values, empty rows between, at the end, and empty columns."""
    rows = _members(data).astype(object)
    rows["姓名"] = [f"{name[0]} {name[1:]}\u3000" for name in rows["姓名"]]
    rows["报到社区"] = [f" {name}\t" for name in rows["报到社区"]]
    rows["手机号码"] = [f"\u00a0{phone[:3]} {phone[3:7]} {phone[7:]} " for phone in rows["手机号码"]]
    rows.columns = [f" {header[:2]}\n{header[2:]} " for header in rows.columns]
    rows["  "] = None
    empty = pd.DataFrame([[None] * rows.shape[1]] * 6, columns=rows.columns, dtype=object)
    blank = pd.DataFrame([["  "] * rows.shape[1]], columns=rows.columns, dtype=object)
    write_sheet(path, "花名册 ", pd.concat([rows[:10], blank, rows[10:], blank, empty]))


def _write_duplicates(data: DemoData, path: Path) -> None:
    """Write estates two of which share a code, one twice over, two with a grid nobody has, one with none."""
    estates = data[Layer.ESTATES]
    rows = estates[estates["parent_code"].isin(_grids(data, "雅瑶社区").index)].copy()
    table = pd.DataFrame(rows.drop(columns="geom")).reset_index()
    table[["经度", "纬度"]] = np.round(
        shapely.get_coordinates(shapely.point_on_surface(rows.geom.to_numpy())), DECIMALS
    )
    table.loc[[3], "code"] = str(table["code"].iloc[2])
    table.loc[[6, 7], "parent_code"] = ["44990899999999", "不存在网格"]
    table.loc[8, "parent_code"] = None
    table = pd.concat([table, table.iloc[[0]]])
    table["managed"] = np.where(table["managed"].astype(bool), "有", "无")
    write_sheet(path, "小区", table.drop(columns="mixed_use").rename(columns=_ESTATE_HEADERS))


def _write_sheets(data: DemoData, path: Path) -> None:
    """Write an explanation, members, teams and an empty sheet into one book."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": pd.Timestamp(2026, 1, 1)})
        book.add_worksheet("填表说明").write_column(0, 0, _EXPLANATION)
        for layer, rows in ((Layer.MEMBERS, _members(data)), (Layer.TEAMS, sheet_rows(data, Layer.TEAMS).iloc[:15])):
            page = book.add_worksheet(SHEETS[layer][0])
            page.write_row(0, 0, list(rows.columns))
            for number, row in enumerate(rows.itertuples(index=False), start=1):
                write_cells(page, number, row)
        book.add_worksheet("Sheet3")


def _write_gcj02(data: DemoData, path: Path) -> None:
    grids = pd.concat([_grids(data, name) for name in ("雅瑶社区", "凤凰社区", "牡丹社区", "云峰社区")])
    moved = convert_geometries(grids.geom.to_numpy(), Datum.WGS84, Datum.GCJ02)
    grids["geom"] = shapely.transform(moved, lambda xy: np.round(xy, DECIMALS))
    path.write_text(as_geojson(grids, "grids"), encoding="utf-8")


def _write_broken(data: DemoData, path: Path) -> None:
    """Write grids whose shapes are wrong in one way each; the last two are right."""
    grids = _grids(data, "云峰社区").iloc[:8]
    collection: dict[str, Any] = json.loads(as_geojson(grids, "grids"))
    shapes = [feature["geometry"] for feature in collection["features"]]
    west, south, east, north = grids.geom.iloc[0].bounds
    shapes[0]["coordinates"] = [[[west, south], [east, north], [east, south], [west, north], [west, south]]]
    shapes[1]["coordinates"][0].pop()
    collection["features"][2]["geometry"] = None
    shapes[3]["coordinates"] = []
    shapes[4]["coordinates"][0] = shapes[4]["coordinates"][0][:2]
    ring = shapes[5]["coordinates"][0]
    shapes[5]["coordinates"][0] = [*ring[:3], ring[2], ring[2], *ring[3:]]
    text = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in collection["features"])
    path.write_text('{"type":"FeatureCollection","name":"grids","features":[\n' + text + "\n]}\n", encoding="utf-8")


def _write_no_prj(data: DemoData, path: Path) -> None:
    """Write a zipped shapefile with names in GBK, without .prj and .cpg."""
    grids = _grids(data, "凤凰社区").reset_index()
    grids = grids.rename(columns=_GRID_HEADERS)
    with TemporaryDirectory() as folder:
        shape = Path(folder) / "grids.shp"
        grids[[*_GRID_HEADERS.values(), "geom"]].to_file(
            shape, engine="pyogrio", encoding="GBK", DBF_DATE_LAST_UPDATE="2026-01-01"
        )
        parts = {f"网格/grids{end}": shape.with_suffix(end).read_bytes() for end in (".shp", ".shx", ".dbf")}
    path.write_bytes(_zip(parts))


def _zip(parts: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _DAY), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


WRITERS: Final[Mapping[str, Callable[[DemoData, Path], None]]] = {
    "members_gbk.csv": _write_gbk,
    "members_utf16.txt": _write_utf16,
    "members_title_rows.xlsx": _write_title_rows,
    "members_floats.xlsx": _write_floats,
    "members_swapped.csv": _write_swapped,
    "members_full_width.csv": _write_full_width,
    "members_trailing_blanks.xlsx": _write_trailing_blanks,
    "estates_duplicates.xlsx": _write_duplicates,
    "several_sheets.xlsx": _write_sheets,
    "grids_gcj02.geojson": _write_gcj02,
    "grids_broken.geojson": _write_broken,
    "grids_no_prj.zip": _write_no_prj,
}
"""Every spoiled file by its name."""
