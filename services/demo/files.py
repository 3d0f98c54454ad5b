"""The demo as files of the kinds people have: GeoJSON for shapes, spreadsheets with Chinese headers for the rest.

The same data gives the same bytes.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
import xlsxwriter

from geo.schema import Layer
from services.demo.sizes import DemoData

_UNIT_COLUMNS: Final = """code=单位编码 name=单位名称 community_codes=结对社区 contact=联系人 phone=联系电话
    address=单位地址 lon=经度 lat=纬度"""
_MEMBER_COLUMNS: Final = """code=党员编号 name=姓名 phone=手机号码 unit_code=工作单位 community_code=报到社区
    address=家庭住址 skills=技能特长 available_workday=工作日白天 available_evening=工作日晚上 available_weekend=周末
    available_night=夜间 lon=经度 lat=纬度"""
_TEAM_COLUMNS: Final = """code=队伍编号 name=队伍名称 kind=队伍类型 parent_code=所属网格 size=人数 unit_code=组建单位
    leader=队长 leader_role=队长职务 phone=队长电话 skills=技能特长 lon=经度 lat=纬度"""
_POST_COLUMNS: Final = """code=岗位编号 name=岗位名称 community_code=所属社区 grid_code=所属网格 estate_code=所属小区
    kind=岗位类型 place=集合点 vanguard=先锋岗 active=在用 lon=经度 lat=纬度"""
SHEETS: Final[Mapping[Layer, tuple[str, str]]] = {
    Layer.UNITS: ("单位党组织", _UNIT_COLUMNS),
    Layer.MEMBERS: ("在职党员", _MEMBER_COLUMNS),
    Layer.TEAMS: ("队伍", _TEAM_COLUMNS),
    Layer.POSTS: ("岗位", _POST_COLUMNS),
}
"""Name of the sheet, and each column with its header, by layer; references are written as names."""
REMARK: Final = "备注"
FICTITIOUS: Final = "虚构"
_WRITTEN: Final = datetime(2026, 1, 1)
_REFERENCES: Final = {"unit_code": Layer.UNITS, "community_code": Layer.COMMUNITIES, "parent_code": Layer.GRIDS}
_ZONES: Final = {"grid_code": Layer.GRIDS, "estate_code": Layer.ESTATES}
_POST_WORDS: Final[Mapping[str, Mapping[Any, str]]] = {
    "kind": {"gate": "门岗"},
    "vanguard": {True: "是", False: "否"},
    "active": {True: "是", False: "否"},
}


def write_files(data: DemoData, folder: Path) -> list[Path]:
    """Write every layer to a folder and return the files in the order in which they can be imported."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for layer in Layer:
        path = folder / f"{layer.value}.{'xlsx' if layer in SHEETS else 'geojson'}"
        if layer in SHEETS:
            sheet, _ = SHEETS[layer]
            write_sheet(path, sheet, sheet_rows(data, layer))
        else:
            path.write_text(as_geojson(data[layer], layer.value), encoding="utf-8")
        written.append(path)
    return written


def as_geojson(frame: gpd.GeoDataFrame, name: str) -> str:
    """Return a layer as GeoJSON, one feature a line, null for what is not known; shapes are written as they are."""
    columns = frame.drop(columns="geom").reset_index()
    features = []
    for row, shape in zip(columns.itertuples(index=False), frame.geom, strict=True):
        properties = {k: _plain(v) for k, v in zip(columns.columns, row, strict=True)}
        feature = {"type": "Feature", "properties": properties, "geometry": _mapping(shape)}
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    head = '{"type":"FeatureCollection","name":' + json.dumps(name) + ',"features":[\n'
    return head + ",\n".join(features) + "\n]}\n"


def sheet_rows(data: DemoData, layer: Layer) -> pd.DataFrame:
    """Return a layer as people keep it in a spreadsheet: Chinese headers, names for codes, longitude and latitude."""
    frame = data[layer]
    table = pd.DataFrame(frame.drop(columns="geom")).reset_index()
    table["lon"], table["lat"] = shapely.get_x(frame.geom.to_numpy()), shapely.get_y(frame.geom.to_numpy())
    for column, target in (_REFERENCES | _ZONES).items():
        if column in table:
            table[column] = table[column].map(data[target]["name"])
    if "community_codes" in table:
        names = data[Layer.COMMUNITIES]["name"]
        table["community_codes"] = ["、".join(names[codes.split(";")]) for codes in table["community_codes"]]
    if "skills" in table:
        table["skills"] = table["skills"].str.replace(";", "、")
    if layer is Layer.POSTS:
        table = table.assign(**{name: table[name].map(dict(words)) for name, words in _POST_WORDS.items()})
    headers = dict(column.split("=") for column in SHEETS[layer][1].split())
    return table[list(headers)].rename(columns=headers).assign(**{REMARK: FICTITIOUS})


def write_sheet(path: Path, sheet: str, rows: pd.DataFrame) -> None:
    """Write one table to a spreadsheet; texts stay texts, blanks stay blank."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _WRITTEN})
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, list(rows.columns))
        for number, row in enumerate(rows.itertuples(index=False), start=1):
            write_cells(page, number, row)


def write_cells(page: xlsxwriter.worksheet.Worksheet, number: int, row: Iterable[Any]) -> None:
    """Write one row of a sheet, leaving out what is null."""
    for column, value in enumerate(row):
        plain = _plain(value)
        if plain is not None:
            page.write(number, column, plain)


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _mapping(shape: shapely.Geometry | None) -> object:
    return None if shape is None else json.loads(shapely.to_geojson(shape))
