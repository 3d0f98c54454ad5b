"""Rows of sheets repeated with all that names rows: merged cells, heights, checks, colours, print areas, names."""

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from services.i18n import text
from services.imports.errors import ImportFileError
from services.workbooks.formulas import MAX_ROWS, FormulaPlace, RowRepetition, move_formula, move_range_text

Repetitions = Mapping[str, RowRepetition]


def cells_of(sheet: Worksheet) -> list[Cell]:
    """Return the cells that are there, row by row, without making any; merged ones by their first."""
    there = sheet._cells  # noqa: SLF001 - every public way makes the cells between them too
    return [there[place] for place in sorted(there) if not isinstance(there[place], MergedCell)]


def formula_of(cell: Cell) -> str | None:
    """Return the formula of a cell; None where it holds a value."""
    if cell.data_type != "f":
        return None
    value = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
    return value if isinstance(value, str) and value.startswith("=") else None


def repeat_rows(book: Workbook, repetitions: Repetitions) -> None:
    """Repeat one row of each sheet named, and move everything in the workbook that names what stands below.

    The copies look like the row itself; its formulas follow (``formulas``), its values are repeated as they are.

    Raises
    ------
    ImportFileError
        If the sheet would become too long, or the row is merged with rows that are merged in another way.
    """
    for name, repetition in repetitions.items():
        _repeat_row(book[name], repetition)
    for sheet in book.worksheets:
        _move_formulas(sheet, repetitions)
        _move_checks(sheet, repetitions)
        _move_series(sheet, repetitions)
        for name in sheet.defined_names.values():
            _move_name(name, sheet.title, repetitions)
    for name in book.defined_names.values():
        _move_name(name, "", repetitions)


def _repeat_row(sheet: Worksheet, repetition: RowRepetition) -> None:
    if sheet.max_row + repetition.shift > MAX_ROWS:
        raise ImportFileError(
            text("The sheet {sheet} is too large; delete its empty rows and columns", sheet=sheet.title)
        )
    merges = [CellRange(merge.coord) for merge in sheet.merged_cells.ranges]
    heights = {row: sheet.row_dimensions[row] for row in sorted(sheet.row_dimensions)}
    area, titles = sheet.print_area, sheet.print_title_rows
    sheet.merged_cells = MultiCellRange()
    if repetition.shift:
        sheet.insert_rows(repetition.row + 1, repetition.shift)
    _copy_cells(sheet, repetition)
    _set_heights(sheet, heights, repetition)
    for merge in merges:
        for coordinate in _merges_after(merge, repetition):
            sheet.merge_cells(coordinate)
    _move_page(sheet, repetition, area, titles)
    _move_anchors(sheet, repetition)


def _copy_cells(sheet: Worksheet, repetition: RowRepetition) -> None:
    """Fill the copies from the row; links go with their cells."""
    row = [cell for cell in cells_of(sheet) if cell.row == repetition.row]
    for number in range(repetition.row + 1, repetition.row + repetition.count):
        for cell in row:
            twin = sheet.cell(number, cell.column)
            if cell.data_type != "f" or formula_of(cell) is not None:
                twin.value, twin.data_type = copy(cell.value), cell.data_type
            twin._style = copy(cell._style)  # noqa: SLF001 - openpyxl's own way to copy the whole look
    for cell in cells_of(sheet):
        if cell.hyperlink is not None:
            cell.hyperlink.ref = cell.coordinate


def _set_heights(sheet: Worksheet, heights: Mapping[int, RowDimension], repetition: RowRepetition) -> None:
    for row in list(sheet.row_dimensions):
        if row > repetition.row:
            del sheet.row_dimensions[row]
    copies = range(repetition.row, repetition.row + repetition.count)
    for row, dimension in heights.items():
        for place in copies if row == repetition.row else (repetition.move(row),):
            twin = copy(dimension)
            twin.index = place
            sheet.row_dimensions[place] = twin


def _merges_after(merge: CellRange, repetition: RowRepetition) -> Iterator[str]:
    """Yield what becomes of merged cells: within the row one for each copy, across rows one that is longer."""
    if merge.min_row == merge.max_row == repetition.row:
        for row in range(repetition.row, repetition.row + repetition.count):
            yield _coordinate(merge, row, row)
    else:
        yield _coordinate(merge, *repetition.move_range(merge.min_row, merge.max_row))


def _coordinate(area: CellRange, first: int, last: int) -> str:
    return str(CellRange(min_col=area.min_col, max_col=area.max_col, min_row=first, max_row=last).coord)


def _move_area(area: str, repetition: RowRepetition) -> str:
    """Return areas, apart by spaces, with the copies of the row where they held it."""
    parts = (CellRange(part) for part in area.split())
    return " ".join(_coordinate(part, *repetition.move_range(part.min_row, part.max_row)) for part in parts)


def _move_page(sheet: Worksheet, repetition: RowRepetition, area: str, titles: str | None) -> None:
    """Move what is printed: the area, the rows on every page, breaks, the filter and tables."""
    place, rows = FormulaPlace(sheet.title), {sheet.title: repetition}
    if area:
        sheet.print_area = ",".join(move_formula(part.rpartition("!")[2], place, rows) for part in area.split(","))
    if titles:
        sheet.print_title_rows = move_formula(titles, place, rows).replace("$", "")
    for row_break in sheet.row_breaks.brk:
        row_break.id = repetition.move_range(row_break.id, row_break.id)[1]
    tables = list(sheet.tables.values())
    for table in (sheet.auto_filter, *tables, *(table.autoFilter for table in tables if table.autoFilter)):
        if table.ref:
            table.ref = _move_area(table.ref, repetition)


def _move_anchors(sheet: Worksheet, repetition: RowRepetition) -> None:
    """Move pictures and charts that stand below the row, and stretch those that reach across it."""
    for drawing in (*sheet._images, *sheet._charts):  # noqa: SLF001 - openpyxl has no public list of them
        for end in (getattr(drawing.anchor, "_from", None), getattr(drawing.anchor, "to", None)):
            if end is not None:
                end.row = repetition.move(end.row + 1) - 1


def _move_formulas(sheet: Worksheet, repetitions: Repetitions) -> None:
    own = repetitions.get(sheet.title)
    for cell in cells_of(sheet):
        formula = formula_of(cell)
        if formula is None:
            continue
        moved = move_formula(formula, _place(sheet, cell.row, own), repetitions)
        if not isinstance(cell.value, ArrayFormula):
            cell.value = moved
        else:
            cell.value = ArrayFormula(_array_area(cell, own), moved)


def _place(sheet: Worksheet, row: int, own: RowRepetition | None) -> FormulaPlace:
    """Return where a row, as it stands after repeating, is."""
    is_copy = own is not None and own.row <= row < own.row + own.count
    return FormulaPlace(sheet.title, row - own.row if own is not None and is_copy else None)


def _array_area(cell: Cell, own: RowRepetition | None) -> str:
    """Return the cells of an array formula, which begin at its own cell and are as many as before."""
    area = CellRange(cell.value.ref)
    rows = area.max_row - area.min_row
    if own is not None and area.min_row <= own.row <= area.max_row and rows:
        rows += own.shift
    return _coordinate(area, cell.row, cell.row + rows)


def _move_checks(sheet: Worksheet, repetitions: Repetitions) -> None:
    """Move the conditional formats and the checks of a sheet, and what they compare with."""
    own = repetitions.get(sheet.title)
    colours = ConditionalFormattingList()
    for colour in sheet.conditional_formatting:
        area, place = _area_and_place(sheet, str(colour.sqref), own)
        for rule in colour.rules:
            rule.formula = [move_formula(each, place, repetitions) for each in rule.formula]
            colours.add(area, rule)
    sheet.conditional_formatting = colours
    for check in sheet.data_validations.dataValidation:
        area, place = _area_and_place(sheet, str(check.sqref), own)
        check.sqref = MultiCellRange(area)
        check.formula1, check.formula2 = (
            move_formula(each, place, repetitions) if each else each for each in (check.formula1, check.formula2)
        )


def _area_and_place(sheet: Worksheet, area: str, own: RowRepetition | None) -> tuple[str, FormulaPlace]:
    """Return where an area is afterwards, and where its formulas count from."""
    if own is None:
        return area, FormulaPlace(sheet.title)
    first = min(CellRange(part).min_row for part in area.split())
    return _move_area(area, own), FormulaPlace(sheet.title, 0 if first == own.row else None)


def _move_series(sheet: Worksheet, repetitions: Repetitions) -> None:
    """Move what the charts of a sheet draw."""
    for chart in sheet._charts:  # noqa: SLF001 - openpyxl has no public list of them
        for source in _sources(chart):
            if source is not None and source.f:
                source.f = move_range_text(source.f, repetitions)


def _sources(chart: Any) -> Iterator[Any]:
    """Yield what the series of a chart refer to."""
    for series in chart.series:
        for part in (series.tx, series.cat, series.val, getattr(series, "xVal", None), getattr(series, "yVal", None)):
            yield getattr(part, "numRef", None)
            yield getattr(part, "strRef", None)


def _move_name(name: Any, sheet: str, repetitions: Repetitions) -> None:
    if name.attr_text:
        name.attr_text = move_formula(name.attr_text, FormulaPlace(sheet), repetitions)
