"""A small town to import into, and files made on the spot."""

import io
import zipfile
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import shapely
import xlsxwriter

from geo.schema import Layer
from services.imports import Options, ProgressMonitor, StagedImport, StoredData, Upload, make_upload, stage_table
from services.imports.sandbox.process import read_table

SALT = b"k" * 32
WEST, SOUTH = 113.2, 23.4


def square(column: int, row: int = 0, *, size: float = 0.01) -> shapely.Polygon:
    """Return a square of about a kilometre in the town, by its place in a chessboard."""
    west, south = WEST + column * size, SOUTH + row * size
    return shapely.box(west, south, west + size, south + size)


def zones(
    names: Sequence[str], *, codes: Sequence[str], parents: Sequence[str | None] | None = None
) -> gpd.GeoDataFrame:
    """Return squares side by side as the store would give them."""
    data = {"name": list(names), "parent_code": list(parents or [None] * len(names))}
    shapes = [square(place) for place in range(len(names))]
    index = pd.Index(codes, name="code")
    frame = pd.DataFrame(data, index=index, dtype=object)
    shape_column = gpd.GeoSeries(shapes, index=index, crs=4326)
    return gpd.GeoDataFrame(frame.assign(geom=shape_column), geometry="geom")


def stored(**layers: pd.DataFrame) -> StoredData:
    """Return a store that holds these layers."""
    return StoredData({Layer(name): frame for name, frame in layers.items()}, salt=SALT)


def stage(
    upload: Upload, layer: Layer, options: Options, stored_data: StoredData, monitor: ProgressMonitor | None = None
) -> StagedImport:
    """Return a file staged."""
    monitor = monitor or ProgressMonitor()
    return stage_table(read_table(upload, layer, options, monitor), upload, layer, options, stored_data, monitor)


def stage_text(text: str, layer: Layer, options: Options | None = None, held: StoredData | None = None) -> StagedImport:
    """Return a CSV text staged."""
    upload = make_upload("file.csv", text.encode())
    return stage(upload, layer, options or Options(), held or stored())


def codes_found(staged: StagedImport) -> list[tuple[int, str]]:
    """Return row and code of every finding."""
    return [(f.problem.row, f.problem.code) for f in staged.findings]


def workbook(
    rows: Sequence[Sequence[object]], merged: Sequence[str] = (), **sheets: Sequence[Sequence[object]]
) -> bytes:
    """Return a workbook with these rows on its first sheet; merged ranges take the value of their first cell."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        for name, lines in {"Sheet1": rows, **sheets}.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                for place, cell in enumerate(line):
                    if cell is not None:
                        sheet.write(number, place, cell)
            for area in merged if name == "Sheet1" else ():
                top, left = int("".join(c for c in area.split(":")[0] if c.isdigit())) - 1, ord(area[0]) - ord("A")
                sheet.merge_range(area, rows[top][left])
    return memory.getvalue()


def packed(files: dict[str, bytes]) -> bytes:
    """Return files as a zip archive."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return memory.getvalue()
