"""Parsing a file, whatever it is, into a table. Only the process of ``services.imports.sandbox`` does it."""

from geo.schema import Layer
from services.i18n import text
from services.imports.errors import ImportFileError
from services.imports.read.cells import build_table, find_header, read_header
from services.imports.read.completeness import check_complete
from services.imports.read.detection import detect_format
from services.imports.read.geojson import read_geojson
from services.imports.read.sheets import Sheet, read_sheets
from services.imports.read.table import RawTable, SourceFacts
from services.imports.read.text_files import decode, read_cells
from services.imports.read.upload import FileFormat, Upload, open_single
from services.imports.read.vector import read_parquet, read_vector
from services.rules.layer_names import layer_titles


def open_file(upload: Upload) -> tuple[Upload, FileFormat]:
    """Return the file, out of its archive where it is in one, and what it is by its first bytes.

    Raises
    ------
    ImportFileError
        If it is none of the formats that are read.
    """
    inner = open_single(upload)
    return inner, detect_format(inner)


def parse_file(
    upload: Upload, kind: FileFormat, layer: Layer, *, encoding: str, layer_name: str | None, sheet: str | None
) -> RawTable:
    """Return what ``open_file`` gave as a table; the parameters are those of ``files.read_table``.

    Raises
    ------
    ImportFileError
        If the file as a whole cannot be used.
    """
    check_complete(upload, kind)
    if kind is FileFormat.TEXT:
        return _read_text(upload.data, layer, encoding=encoding)
    if kind is FileFormat.SHEET:
        return _read_workbook(upload.data, layer, sheet=sheet)
    if kind is FileFormat.GEOJSON:
        table = read_geojson(upload.data, layer, encoding=encoding)
    elif kind is FileFormat.GEOPARQUET:
        table = read_parquet(upload.data)
    else:
        table = read_vector(upload, kind, layer, encoding=encoding, layer_name=layer_name)
    if not len(table.frame):
        raise ImportFileError(text("The file holds no features"))
    return table


def _read_text(data: bytes, layer: Layer, *, encoding: str) -> RawTable:
    content, used = decode(data, encoding=encoding)
    rows, delimiter = read_cells(content)
    header = read_header(rows, layer)
    source = SourceFacts(FileFormat.TEXT.value, encoding=used, delimiter=delimiter, header_row=header.place + 1)
    return build_table(rows, source, header, is_text=True)


def _read_workbook(data: bytes, layer: Layer, *, sheet: str | None) -> RawTable:
    sheets, names = read_sheets(data, sheet=sheet)
    best = max(sheets, key=lambda s: _sheet_fit(s, layer))
    header = read_header(best.cells, layer)
    choices = names if len(names) > 1 else ()
    source = SourceFacts(FileFormat.SHEET.value, sheet=best.name, header_row=header.place + 1, choices=choices)
    return build_table(best.cells, source, header)


def _sheet_fit(sheet: Sheet, layer: Layer) -> tuple[bool, int, bool]:
    return sheet.name.strip().lower() in layer_titles(layer), find_header(sheet.cells, layer)[1], len(sheet.cells) > 1
