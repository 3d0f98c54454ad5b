"""Native charts on slides, editable: the numbers lie in a workbook of their own, texts never as formulas."""

import io
from typing import Any, Final

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Pt

from services.briefing.model import Chart, ChartKind
from services.export.briefing.charts import MOST_BAR_LABELS, known_values, labels_apart, lies_down, numbers_fit
from services.export.briefing.slide_parts import SMALLEST_BODY, Box, describe, rgb, set_fonts
from services.export.briefing.theme import FAINT, LINE, RED, SERIES_COLOURS, one_line
from services.export.zip_dates import NO_DATE

_KINDS: Final = {ChartKind.BARS: XL_CHART_TYPE.COLUMN_CLUSTERED, ChartKind.LINE: XL_CHART_TYPE.LINE}
_LINE_WIDTH: Final = 2.75
_GAP_WIDTHS: Final = (60, 30)
"""Between bars in % of their width, the first at which the numbers above them stand apart."""
_WHOLE: Final = "#,##0"
_BROKEN: Final = "General"
"""Formats of numbers. “#,##0.##” would leave a point behind whole numbers in PowerPoint and WPS, “#,##0.0” a 0."""
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def add_chart(slide: Slide, box: Box, chart: Chart, words: str) -> None:
    """Add a chart that PowerPoint and WPS can edit; values that are not known leave a gap."""
    data = _data(chart)
    is_lying = lies_down(chart, _slot(chart, box) / SMALLEST_BODY - 0.4)
    kind = XL_CHART_TYPE.BAR_CLUSTERED if is_lying else _KINDS[chart.kind]
    shape: Any = slide.shapes.add_chart(kind, *box.emu(), data)
    describe(shape, words)
    made = shape.chart
    made.part.chart_workbook.update_from_xlsx_blob(_workbook(chart))
    made.font.size = Pt(SMALLEST_BODY)
    made.font.color.rgb = rgb(FAINT)
    made.has_title = False
    made.has_legend = len(chart.series) > 1
    if made.has_legend:
        made.legend.position = XL_LEGEND_POSITION.TOP
        made.legend.include_in_layout = False
    _style_axes(made, chart, box)
    _style_series(made, chart, box)
    if is_lying:
        _lay_down(made)
    for tag in ("a:defRPr", "a:rPr", "a:endParaRPr"):
        for properties in made._chartSpace.iter(qn(tag)):  # noqa: SLF001 - python-pptx has no setting for Chinese fonts
            set_fonts(properties)
    _number_axes(made)


def _lay_down(made: Any) -> None:
    """Put the first bar on top; numbers beside thin bars would hide each other."""
    made.plots[0].has_data_labels = False
    made.category_axis.reverse_order = True


def _slot(chart: Chart, box: Box) -> float:
    """Return the room of each label along the axis, in points."""
    return (box.width - 1.0) * 72 / max(len(chart.labels), 1)


def _number_axes(made: Any) -> None:
    """Make the numbers of axes positive, as the standard has them (ECMA-376 part 1), and below 2³¹ for LibreOffice."""
    for tag in ("c:axId", "c:crossAx"):
        for element in made._chartSpace.iter(qn(tag)):  # noqa: SLF001 - python-pptx has no access to them
            element.set("val", str(abs(int(element.get("val")))))


def _format_of(chart: Chart) -> str:
    return _WHOLE if all(value.is_integer() for value in known_values(chart)) else _BROKEN


def _data(chart: Chart) -> Any:
    make: Any = CategoryChartData
    data = make(number_format=_format_of(chart))
    data.categories = [one_line(label) for label in chart.labels]
    for one in chart.series:
        data.add_series(one_line(one.name), one.values)
    return data


def _workbook(chart: Chart) -> bytes:
    """Return the numbers of a chart where python-pptx's formulas look for them."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"created": NO_DATE})
        sheet = book.add_worksheet("Sheet1")
        sheet.write_column(1, 0, [one_line(label) for label in chart.labels])
        for k, one in enumerate(chart.series, start=1):
            sheet.write_string(0, k, one_line(one.name))
            sheet.write_column(1, k, one.values)
    return file.getvalue()


def _style_axes(made: Any, chart: Chart, box: Box) -> None:
    values, labels = made.value_axis, made.category_axis
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = rgb(LINE)
    values.major_gridlines.format.line.width = Pt(0.5)
    values.format.line.fill.background()
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = _format_of(chart), False
    labels.format.line.color.rgb = rgb(FAINT)
    labels.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    labels.has_major_gridlines = False
    labels.tick_labels.font.size = Pt(SMALLEST_BODY)
    if chart.kind is ChartKind.LINE:
        upright = labels._element.find(qn("c:txPr")).find(qn("a:bodyPr"))  # noqa: SLF001 - python-pptx cannot turn labels
        upright.set("rot", "1")  # LibreOffice lets labels overlap at exactly 0
        upright.set("vert", "horz")
    every = labels_apart(chart, _slot(chart, box) / SMALLEST_BODY, 0.6)
    if every > 1:
        axis = labels._element  # noqa: SLF001 - python-pptx cannot leave labels out
        for tag in ("tickLblSkip", "tickMarkSkip"):
            skip = parse_xml(f'<c:{tag} {nsdecls("c")} val="{every}"/>')
            axis.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def _bars_em(chart: Chart, box: Box, gap_width: int) -> float:
    """Return how wide the bars of a label are together, in letters, where the gap beside them is so many % of a bar."""
    count = len(chart.series)
    return _slot(chart, box) / SMALLEST_BODY * count / (count + gap_width / 100)


def _style_series(made: Any, chart: Chart, box: Box) -> None:
    plot = made.plots[0]
    is_line = chart.kind is ChartKind.LINE
    if not is_line:
        gap = next((gap for gap in _GAP_WIDTHS if numbers_fit(chart, _bars_em(chart, box, gap))), None)
        plot.gap_width = _GAP_WIDTHS[0] if gap is None else gap
        plot.has_data_labels = gap is not None and len(chart.labels) * len(chart.series) <= MOST_BAR_LABELS
        if plot.has_data_labels:
            plot.data_labels.number_format, plot.data_labels.number_format_is_linked = _format_of(chart), False
            plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    for k, one in enumerate(plot.series):
        colour = rgb(SERIES_COLOURS[k % len(SERIES_COLOURS)])
        if is_line:
            one.smooth = False
            one.format.line.color.rgb, one.format.line.width = colour, Pt(_LINE_WIDTH)
            one.marker.style = XL_MARKER_STYLE.NONE
        else:
            one.format.fill.solid()
            one.format.fill.fore_color.rgb = colour
    if chart.marked is not None and 0 <= chart.marked < len(chart.labels):
        _mark_point(plot.series[0].points[chart.marked], chart)


def _mark_point(point: Any, chart: Chart) -> None:
    """Show in red where things tip; its text stands above the chart, where no line crosses it."""
    if chart.kind is ChartKind.LINE:
        point.marker.style, point.marker.size = XL_MARKER_STYLE.CIRCLE, 11
        point.marker.format.fill.solid()
        point.marker.format.fill.fore_color.rgb = rgb(RED)
        point.marker.format.line.color.rgb = rgb(RED)
        point.format.line.color.rgb = rgb(RED)  # of which LibreOffice makes the colour of the point
        point.format.line.width = Pt(_LINE_WIDTH)
    else:
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = rgb(RED)
