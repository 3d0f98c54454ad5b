"""Reading an upload, whatever it is, into a table."""

from geo.schema import Layer
from services.i18n import text
from services.imports.cells import build_table, find_header, read_header
from services.imports.errors import ImportFileError
from services.imports.geojson import read_geojson
from services.imports.sheets import Sheet, read_sheets
from services.imports.table import RawTable, SourceFacts
from services.imports.text_files import AUTO, decode, read_cells
from services.imports.upload import Format, Upload, detect_format, open_single
from services.imports.vector import read_parquet, read_vector


def read_table(
    upload: Upload,
    layer: Layer,
    *,
    encoding: str = AUTO,
    layer_name: str | None = None,
    sheet: str | None = None,
) -> RawTable:
    """Return a file as a table: what stood where, nothing understood yet.

    Parameters
    ----------
    upload
        The file; an archive that holds one data file is opened.
    layer
        What the rows are to become. It decides only which row is the header, and which sheet or layer is read where
        none is named.
    encoding
        ``auto`` or the name of an encoding, for texts and Shapefiles.
    layer_name, sheet
        Which layer of a vector file, or sheet of a workbook, to read.

    Raises
    ------
    ImportFileError
        If the file as a whole cannot be used.
    """
    inner = open_single(upload)
    kind = detect_format(inner)
    if kind is Format.TEXT:
        return _read_text(inner.data, layer, encoding=encoding)
    if kind is Format.SHEET:
        return _read_workbook(inner.data, layer, sheet=sheet)
    if kind is Format.GEOJSON:
        table = read_geojson(inner.data, encoding=encoding)
    elif kind is Format.GEOPARQUET:
        table = read_parquet(inner.data)
    else:
        table = read_vector(inner, kind, layer, encoding=encoding, layer_name=layer_name)
    if not len(table.frame):
        raise ImportFileError(text("The file holds no features"))
    return table


def _read_text(data: bytes, layer: Layer, *, encoding: str) -> RawTable:
    content, used = decode(data, encoding=encoding)
    rows, delimiter = read_cells(content)
    header = read_header(rows, layer)
    source = SourceFacts(Format.TEXT.value, encoding=used, delimiter=delimiter, header_row=header.place + 1)
    return build_table(rows, source, header)


def _read_workbook(data: bytes, layer: Layer, *, sheet: str | None) -> RawTable:
    sheets, names = read_sheets(data, sheet=sheet)
    best = max(sheets, key=lambda s: _sheet_fit(s, layer))
    header = read_header(best.cells, layer)
    choices = names if len(names) > 1 else ()
    source = SourceFacts(Format.SHEET.value, sheet=best.name, header_row=header.place + 1, choices=choices)
    return build_table(best.cells, source, header)


def _sheet_fit(sheet: Sheet, layer: Layer) -> tuple[int, bool]:
    return find_header(sheet.cells, layer)[1], len(sheet.cells) > 1
