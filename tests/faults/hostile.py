"""Files made to hurt whoever opens them, made on the spot."""

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from tests.services.planning.conftest import SOUTH, WEST, square

MB = 1 << 20
SECRET = "canary-of-the-house"
_SHEET_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>{doctype}<worksheet'
    ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_CELL = '<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
_KML = (
    '<?xml version="1.0"?>{doctype}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>{name}</name>'
    "<Point><coordinates>113.21,23.41</coordinates></Point></Placemark></Document></kml>"
)


def bomb_xlsx(path: Path, *, unpacked: int = 800 * MB) -> None:
    """Write a workbook of under a megabyte whose one sheet unpacks to a thousand times as much."""
    head = _SHEET_HEAD.format(doctype="") + '<row r="1">' + _CELL.format(place="A1", text="名称") + "</row>"
    row = b'<row r="2"><c r="A2" t="inlineStr"><is><t>' + b"A" * MB
    with _workbook(path) as archive, archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
        sheet.write(head.encode())
        sheet.write(row)
        for _ in range(unpacked // MB):
            sheet.write(b"A" * MB)
        sheet.write(b"</t></is></c></row></sheetData></worksheet>")
    assert path.stat().st_size < unpacked // 800, "this is no bomb"


def lying_xlsx(path: Path) -> None:
    """Write the same bomb, with a directory that says that it is small."""
    bomb_xlsx(path, unpacked=100 * MB)
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    while entry >= 0:
        name_length = struct.unpack_from("<H", data, entry + 28)[0]
        if data[entry + 46 : entry + 46 + name_length].endswith(b"sheet1.xml"):
            struct.pack_into("<I", data, entry + 24, 5000)
        entry = data.find(b"PK\x01\x02", entry + 4)
    path.write_bytes(data)


def shared_strings_xlsx(path: Path) -> None:
    """Write a workbook whose million cells all point at one text of a hundred kilobytes."""
    text = "A" * 100_000
    with _workbook(path) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{text}</t></si></sst>")
        rows = "".join(f'<row r="{k}"><c r="A{k}" t="s"><v>0</v></c></row>' for k in range(1, 1_000_000))
        archive.writestr("xl/worksheets/sheet1.xml", _SHEET_HEAD.format(doctype="") + rows + "</sheetData></worksheet>")


def wide_xlsx(path: Path) -> None:
    """Write a workbook with a cell in the first and one in the very last place."""
    cells = [_CELL.format(place="A1", text="名称"), _CELL.format(place="XFD1048576", text="x")]
    body = f'<row r="1">{cells[0]}</row><row r="1048576">{cells[1]}</row></sheetData></worksheet>'
    with _workbook(path) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", _SHEET_HEAD.format(doctype="") + body)


def entity_xlsx(path: Path) -> None:
    """Write a workbook that asks for a file of this machine."""
    _xlsx_with(path, f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{_secret(path)}">]>')


def laughing_xlsx(path: Path) -> None:
    """Write a workbook whose entities multiply."""
    _xlsx_with(path, _laughs())


def entity_kml(path: Path) -> None:
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{_secret(path)}">]>'
    path.write_text(_KML.format(doctype=doctype, name="&e;"), "utf-8")


def laughing_kml(path: Path) -> None:
    path.write_text(_KML.format(doctype=_laughs(), name="&e;"), "utf-8")


def entity_kml_utf16(path: Path) -> None:
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{_secret(path)}">]>'
    path.write_bytes(_KML.format(doctype=doctype, name="&e;").replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16"))


def bomb_zip(path: Path) -> None:
    """Write an archive of a Shapefile that is nearly all zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.dbf", b"\x03" + b"\0" * 100)
        with archive.open("a.shp", "w", force_zip64=True) as member:
            for _ in range(400):
                member.write(bytes(MB))


def nested_zip(path: Path) -> None:
    """Write archives in archives in archives."""
    data = b"\0" * (60 * MB)
    for depth in range(6):
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"inner{depth}.zip" if depth else "data.csv", data)
        data = memory.getvalue()
    path.write_bytes(data)


def nested_xlsx(path: Path) -> None:
    """Write an archive that holds a bomb of a workbook."""
    inner = path.with_suffix(".inner")
    bomb_xlsx(inner, unpacked=100 * MB)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.xlsx", inner.read_bytes())


def climbing_zip(path: Path) -> None:
    """Write a Shapefile whose parts want to lie elsewhere."""
    folder = path.parent / "made"
    folder.mkdir()
    zones([shapely.box(0, 0, 0.01, 0.01)]).to_file(folder / "a.shp")
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.writestr(f"../../../../climbed{part.suffix}", part.read_bytes())
            archive.writestr(f"{path.parent}/climbed{part.suffix}", part.read_bytes())


def many_zip(path: Path) -> None:
    """Write an archive of a hundred thousand files."""
    with zipfile.ZipFile(path, "w") as archive:
        for k in range(100_000):
            archive.writestr(f"{k}.csv", b"")


def long_polygon(path: Path) -> None:
    """Write a polygon of a million corners."""
    turn = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    radius = 0.01 * (1 + 0.3 * np.sin(turn * 5000))
    ring = np.stack([WEST + 0.02 + radius * np.cos(turn), SOUTH + 0.02 + radius * np.sin(turn)], axis=1)
    zones([shapely.Polygon(ring)]).to_file(path, driver="GPKG", engine="pyogrio")


def tangled_polygon(path: Path) -> None:
    """Write a polygon whose edges cross each other a million times."""
    steps = np.arange(2_000)
    ring = np.stack([WEST + 0.02 * (steps % 2), SOUTH + 0.00001 * steps], axis=1)
    other = np.stack([WEST + 0.00001 * steps, SOUTH + 0.02 * (steps % 2)], axis=1)
    zones([shapely.Polygon(np.concatenate([ring, other]))]).to_file(path, driver="GPKG", engine="pyogrio")


def deep_geojson(path: Path) -> None:
    """Write coordinates nested ten thousand deep."""
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"名称":"一"},"geometry":'
        '{"type":"Polygon","coordinates":' + "[" * 10_000 + "]" * 10_000 + "}}]}",
        "utf-8",
    )


def deep_collection(path: Path) -> None:
    """Write collections nested ten thousand deep."""
    one = '{"type":"GeometryCollection","geometries":['
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"名称":"一"},"geometry":'
        + one * 10_000
        + "]}" * 10_000
        + "}]}",
        "utf-8",
    )


def deep_property(path: Path) -> None:
    """Write a property nested ten thousand deep."""
    deep = "[" * 10_000 + "]" * 10_000
    shape = json.dumps(shapely.geometry.mapping(square(0, 0)))
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"名称":' + deep + "},"
        f'"geometry":{shape}}}]}}',
        "utf-8",
    )


def huge_number(path: Path) -> None:
    """Write coordinates and counts that no number holds."""
    shape = '{"type":"Point","coordinates":[1e999,-1e999]}'
    counts = '{"名称":"一","编码":"A","人口":' + "9" * 5000 + "}"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
        + counts
        + f',"geometry":{shape}}}]}}',
        "utf-8",
    )


def huge_cell(path: Path) -> None:
    """Write a table with one cell of a hundred megabytes."""
    with path.open("wb") as file:
        file.write("编码,名称\nA1,".encode())
        for _ in range(100):
            file.write(b"x" * MB)
        file.write(b"\n")


def wide_csv(path: Path) -> None:
    """Write a table of a million columns."""
    path.write_bytes("编码,名称".encode() + b"," * 1_000_000 + b"\nA1,x\n")


def link_to_secret(path: Path) -> None:
    """Make a link to a file of this machine that is no data."""
    secret = _secret(path)
    path.symlink_to(secret)


def link_to_device(path: Path) -> None:
    """Make a link to what never ends."""
    path.symlink_to("/dev/zero")


def trapped_gpkg(path: Path) -> None:
    """Write a GeoPackage with triggers, and a view that reads another table."""
    frame = zones([square(0, 0), square(100, 0)])
    frame.to_file(path, layer="grids", driver="GPKG", engine="pyogrio")
    with sqlite3.connect(path) as opened:
        for action in ("INSERT", "UPDATE", "DELETE"):
            opened.execute(f"CREATE TRIGGER bad_{action} AFTER {action} ON grids BEGIN DELETE FROM grids; END")
        opened.execute("CREATE TABLE secrets (fid INTEGER PRIMARY KEY, name TEXT, geom BLOB)")
        opened.execute("INSERT INTO secrets SELECT fid, ?, geom FROM grids", (SECRET,))
        opened.execute("CREATE VIEW looking AS SELECT fid, name, geom FROM secrets")
        opened.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
            " VALUES ('looking','features','l',4326)"
        )
        opened.execute("INSERT INTO gpkg_geometry_columns VALUES ('looking','geom','MULTIPOLYGON',4326,0,0)")
    opened.close()


def endless_view_gpkg(path: Path) -> None:
    """Write a GeoPackage whose layer is a view that never ends."""
    trapped_gpkg(path)
    with sqlite3.connect(path) as opened:
        opened.execute("DROP VIEW looking")
        opened.execute(
            "CREATE VIEW looking AS WITH RECURSIVE c(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM c)"
            " SELECT c.fid AS fid, name, geom FROM c, secrets"
        )
        opened.execute("DELETE FROM gpkg_contents WHERE table_name = 'grids'")
        opened.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = 'grids'")
    opened.close()


def zones(shapes: list[shapely.Geometry]) -> gpd.GeoDataFrame:
    """Return zones with a code and a name each."""
    codes = [f"H{k}" for k in range(len(shapes))]
    return gpd.GeoDataFrame({"code": codes, "name": [f"格{k}" for k in range(len(shapes))]}, geometry=shapes, crs=4326)


FILES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a workbook that unpacks to 800 MB": ("a.xlsx", bomb_xlsx),
    "a workbook that lies about its size": ("a.xlsx", lying_xlsx),
    "a workbook with a million long texts": ("a.xlsx", shared_strings_xlsx),
    "a workbook of 17 thousand million cells": ("a.xlsx", wide_xlsx),
    "a workbook that asks for a file": ("a.xlsx", entity_xlsx),
    "a workbook with a billion laughs": ("a.xlsx", laughing_xlsx),
    "a KML that asks for a file": ("a.kml", entity_kml),
    "a KML in UTF-16 that asks for a file": ("a.kml", entity_kml_utf16),
    "a KML with a billion laughs": ("a.kml", laughing_kml),
    "an archive that unpacks to a thousand times its size": ("a.zip", bomb_zip),
    "archives in archives": ("a.zip", nested_zip),
    "a bomb in an archive": ("a.zip", nested_xlsx),
    "an archive with paths that climb": ("a.zip", climbing_zip),
    "an archive of a hundred thousand files": ("a.zip", many_zip),
    "a polygon of a million corners": ("a.gpkg", long_polygon),
    "a polygon that crosses itself a million times": ("a.gpkg", tangled_polygon),
    "coordinates nested 10,000 deep": ("a.geojson", deep_geojson),
    "collections nested 10,000 deep": ("a.geojson", deep_collection),
    "a property nested 10,000 deep": ("a.geojson", deep_property),
    "numbers beyond every bound": ("a.geojson", huge_number),
    "a cell of 100 MB": ("a.csv", huge_cell),
    "a million columns": ("a.csv", wide_csv),
    "a link to a secret": ("a.csv", link_to_secret),
    "a link to a device": ("a.csv", link_to_device),
    "a view that never ends": ("a.gpkg", endless_view_gpkg),
}


def _secret(path: Path) -> Path:
    """Leave a secret beside a file."""
    secret = path.parent / "secret.txt"
    secret.write_text(f"编码,名称\n{SECRET},{SECRET}\n", "utf-8")
    return secret


def _laughs() -> str:
    lines = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{lines}<!ENTITY e "&l9;">]>'


def _xlsx_with(path: Path, doctype: str) -> None:
    cells = "".join(_CELL.format(place=place, text=text) for place, text in (("A1", "编码"), ("B1", "名称")))
    more = "".join(_CELL.format(place=place, text="&e;") for place in ("A2", "B2"))
    body = f'<row r="1">{cells}</row><row r="2">{more}</row></sheetData></worksheet>'
    with _workbook(path) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", _SHEET_HEAD.format(doctype=doctype) + body)


def _workbook(path: Path) -> zipfile.ZipFile:
    """Begin a workbook of one sheet; the sheet itself is the caller's."""
    archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
    for name, content in _parts():
        archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return archive


def _parts() -> Iterator[tuple[str, str]]:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    types = f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
    yield "[Content_Types].xml", types
    book = f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", f'<Relationships xmlns="{package}/relationships">{book}</Relationships>'
    sheets = '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
    yield "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}">{sheets}</workbook>'
    inner = f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
    inner += f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
    yield "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{inner}</Relationships>'
