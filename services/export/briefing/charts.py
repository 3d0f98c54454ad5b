"""Charts for paper and pictures as SVG, lettering kept as text. Slides have charts of their own that can be edited."""

import math
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from typing import Final

from services.briefing.model import Chart, ChartKind
from services.export.briefing.theme import FAINT, INK, LINE, RED, SERIES_COLOURS, one_line, shorten_to, width_em
from services.export.canvas import nice_length
from services.i18n import translate

FONT: Final = "Noto Sans SC"
_STEPS: Final = 5
MOST_BAR_LABELS: Final = 24
_ROWS_TOP: Final = 2.2
_BAR: Final = 0.95
"""Room above bars that lie, and for each of them, in letters."""
_BARS_SHARE: Final = 0.7
"""Part of a slot that its bars take."""
_SMALLEST: Final = 0.65
"""Size of the smallest numbers above bars, as a share of other letters."""
_NUMBER_GAP: Final = 0.2
"""Between two numbers above bars, in letters."""
_LABEL_GAP: Final = 0.4
"""Between two names below bars, in letters."""
_ROUND_STEPS: Final = (1, 2, 3, 6, 12, 24)
"""Every how many-th label is written; labels are most often hours."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The place of the bars and lines inside the picture, in its units, and the scale of values."""

    left: float
    top: float
    right: float
    bottom: float
    ticks: tuple[float, ...]
    count: int
    size: float
    """Height of letters."""

    def x(self, at: float) -> float:
        """Return the place of a label; labels stand in the middle of their slots."""
        return self.left + (self.right - self.left) * (at + 0.5) / max(self.count, 1)

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.bottom - (self.bottom - self.top) * (value - low) / (high - low)


def chart_svg(chart: Chart, width: float, height: float, size: float = 11) -> str:
    """Return a chart as SVG of that width and height, letters ``size`` high, all in the same unit.

    Values that are not known leave a gap. The label at which things tip is marked by a red line and its text.
    """
    root = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:g} {height:g}")
    frame = _make_frame(chart, width, height, size)
    if _is_lying(chart, frame):
        _draw_rows(root, chart, width, height, size)
        return ET.tostring(root, encoding="unicode")
    _draw_axes(root, chart, frame)
    _draw_mark(root, chart, frame)
    for k in range(len(chart.series)):
        (_draw_bars if chart.kind is ChartKind.BARS else _draw_line)(root, chart, frame, k)
    _draw_names(root, chart, frame)
    return ET.tostring(root, encoding="unicode")


def chart_height(chart: Chart, width: float, least: float, size: float) -> float:
    """Return how high a chart must be at least for its bars to be told apart and its numbers to be read."""
    if not _is_lying(chart, _make_frame(chart, width, least, size)):
        return least
    return max(least, size * (_ROWS_TOP + 1 + _BAR * len(chart.labels) * len(chart.series)))


def lies_down(chart: Chart, em: float) -> bool:
    """Return whether bars must lie beside their names, because a name has no room of ``em`` below its bar."""
    is_short = chart.kind is ChartKind.BARS and len(chart.labels) <= MOST_BAR_LABELS
    return is_short and max((width_em(one_line(label)) for label in chart.labels), default=0.0) > em


def numbers_fit(chart: Chart, em: float) -> bool:
    """Return whether the numbers above the bars of a slot, ``em`` letters wide together, stand apart."""
    is_told = chart.kind is ChartKind.BARS and len(chart.labels) * len(chart.series) <= MOST_BAR_LABELS
    widest = max((width_em(number_text(value)) for value in known_values(chart)), default=0.0)
    return not is_told or (widest + _NUMBER_GAP) * len(chart.series) <= em


def labels_apart(chart: Chart, slot: float, gap: float) -> int:
    """Return that every how many-th label is written, so that they stand ``gap`` apart in slots of ``slot`` letters."""
    if chart.kind is ChartKind.BARS and len(chart.labels) <= MOST_BAR_LABELS:
        return 1
    widest = max((width_em(one_line(label)) for label in chart.labels), default=1.0)
    needed = (min(widest, 8.0) + gap) / slot
    return next((every for every in _ROUND_STEPS if every >= needed), math.ceil(needed))


def known_values(chart: Chart) -> list[float]:
    """Return every value of a chart that is known."""
    return [value for one in chart.series for value in one.values if value is not None and math.isfinite(value)]


def number_text(value: float) -> str:
    """Return a number as charts write it: whole numbers without a point, others with one digit after it."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _make_frame(chart: Chart, width: float, height: float, size: float) -> _Frame:
    values = known_values(chart)
    low, high = min([0.0, *values]), max([0.0, *values])
    step = _tick_step(high - low)
    lowest, highest = math.floor(low / step), math.ceil(high / step)
    ticks = tuple(step * k for k in range(lowest, max(highest, lowest + 1) + 1))
    left = max(width_em(number_text(tick)) for tick in ticks) * size + size
    top = size * (2.6 + (1.2 if chart.marked is not None else 0))
    is_wrapped = chart.kind is ChartKind.BARS and len(chart.labels) <= MOST_BAR_LABELS
    bottom = height - size * (3.2 if is_wrapped else 2.0)
    return _Frame(left, top, width - size, bottom, ticks, len(chart.labels), size)


def _tick_step(span: float) -> float:
    """Return the smallest of 1, 2, 5 × 10ⁿ that needs at most ``_STEPS`` steps."""
    if span <= 0:
        return 1.0
    step = nice_length(span / _STEPS)
    while span / step > _STEPS * (1 + 1e-9):
        step *= 2 if f"{step:e}"[0] in "15" else 2.5
    return step


def _is_lying(chart: Chart, frame: _Frame) -> bool:
    return lies_down(chart, 2 * (_slot(frame) / frame.size - _LABEL_GAP)) or not numbers_fit(
        chart, _slot(frame) * _BARS_SHARE / frame.size / _SMALLEST
    )


def _slot(frame: _Frame) -> float:
    return (frame.right - frame.left) / max(frame.count, 1)


def _draw_rows(root: ET.Element, chart: Chart, width: float, height: float, size: float) -> None:
    """Draw bars that lie, each beside its name; numbers stand at their ends."""
    labels = [one_line(label) for label in chart.labels]
    left = min(max(map(width_em, labels)) * size, width * 0.45) + size * 0.7
    top, bottom = size * _ROWS_TOP, height - size * 0.4
    slot = (bottom - top) / len(labels)
    frame = _Frame(left, top, width - size * 3.5, bottom, (0.0,), len(labels), min(size, slot * 0.9))
    longest = max([1.0, *known_values(chart)])
    thick = slot * 0.76 / len(chart.series)
    small = replace(frame, size=min(frame.size, thick * 1.15))
    for k, label in enumerate(labels):
        middle = top + slot * (k + 0.5)
        said = shorten_to(label, (left - size * 0.6) / frame.size)
        _write(root, said, left - size * 0.5, middle + frame.size * 0.36, frame, anchor="end")
        for which, one in enumerate(chart.series):
            value = one.values[k]
            if value is None or not math.isfinite(value):
                continue
            y, long = middle + (which - len(chart.series) / 2) * thick, (frame.right - left) * max(value, 0.0) / longest
            colour = SERIES_COLOURS[which % len(SERIES_COLOURS)]
            _rect(root, (left, y), (long, thick * 0.94), colour)
            at = left + long + size * 0.3
            _write(root, number_text(value), at, y + thick * 0.47 + small.size * 0.36, small, colour=INK)
    _line(root, (left, top), (left, bottom), FAINT, size / 12)
    _draw_names(root, chart, replace(frame, size=size))


def _draw_axes(root: ET.Element, chart: Chart, frame: _Frame) -> None:
    for tick in frame.ticks:
        y = frame.y(tick)
        stroke = FAINT if tick == 0 else LINE
        _line(root, (frame.left, y), (frame.right, y), stroke, frame.size / (12 if tick == 0 else 18))
        _write(root, number_text(tick), frame.left - frame.size * 0.5, y + frame.size * 0.36, frame, anchor="end")
    slot = _slot(frame)
    labels = [one_line(label) for label in chart.labels]
    every = labels_apart(chart, slot / frame.size, 1.0) if slot > 0 else 1
    room = max(slot * every / frame.size - _LABEL_GAP, 1.5)
    for k in range(0, frame.count, every):
        first, second = _break_label(labels[k], room) if every == 1 else (shorten_to(labels[k], room), "")
        said = first
        if second:
            _write(root, second, frame.x(k), frame.bottom + frame.size * 2.7, frame, anchor="middle")
        if frame.x(k) + width_em(said) * frame.size / 2 > frame.right + frame.size:
            continue
        at = max(frame.x(k), width_em(said) * frame.size / 2)
        _write(root, said, at, frame.bottom + frame.size * 1.5, frame, anchor="middle")


def _break_label(label: str, em: float) -> tuple[str, str]:
    """Return a label on two lines of at most ``em`` each; what does not fit is cut."""
    if width_em(label) <= em:
        return label, ""
    at = max((k for k in range(1, len(label)) if width_em(label[:k]) <= em), default=1)
    return label[:at].strip(), shorten_to(label[at:].strip(), em)


def _draw_mark(root: ET.Element, chart: Chart, frame: _Frame) -> None:
    if chart.marked is None or not 0 <= chart.marked < frame.count:
        return
    x = frame.x(chart.marked)
    _line(root, (x, frame.top - frame.size * 0.3), (x, frame.bottom), RED, frame.size / 7, dash=True)
    said = one_line(chart.marked_text)
    half = width_em(said) * frame.size / 2
    at = min(max(x, frame.left + half), frame.right - half)
    _write(root, said, at, frame.top - frame.size * 0.7, frame, anchor="middle", colour=RED)


def _draw_bars(root: ET.Element, chart: Chart, frame: _Frame, which: int) -> None:
    slot = _slot(frame)
    width = slot * _BARS_SHARE / len(chart.series)
    is_told = frame.count * len(chart.series) <= MOST_BAR_LABELS
    widest = max((width_em(number_text(value)) for value in known_values(chart)), default=1.0)
    small = replace(frame, size=min(frame.size, width / (widest + _NUMBER_GAP)))
    for k, value in enumerate(chart.series[which].values[: frame.count]):
        if value is None or not math.isfinite(value):
            continue
        x = frame.x(k) - slot * _BARS_SHARE / 2 + which * width
        top, bottom = frame.y(max(value, 0.0)), frame.y(min(value, 0.0))
        colour = RED if k == chart.marked and which == 0 else SERIES_COLOURS[which % len(SERIES_COLOURS)]
        _rect(root, (x, top), (width * 0.94, bottom - top), colour)
        if is_told:
            _write(
                root, number_text(value), x + width * 0.47, top - frame.size * 0.3, small, anchor="middle", colour=INK
            )


def _draw_line(root: ET.Element, chart: Chart, frame: _Frame, which: int) -> None:
    colour = SERIES_COLOURS[which % len(SERIES_COLOURS)]
    part: list[str] = []
    for k, value in enumerate([*chart.series[which].values[: frame.count], None]):
        if value is not None and math.isfinite(value):
            part.append(f"{frame.x(k):.2f},{frame.y(value):.2f}")
            continue
        if len(part) == 1:
            x, y = part[0].split(",")
            ET.SubElement(root, "circle", cx=x, cy=y, r=f"{frame.size / 4:g}", fill=colour)
        elif part:
            style = {"stroke": colour, "stroke-width": f"{frame.size / 4.5:.2f}", "stroke-linejoin": "round"}
            ET.SubElement(root, "polyline", points=" ".join(part), fill="none", attrib=style)
        part = []


def _draw_names(root: ET.Element, chart: Chart, frame: _Frame) -> None:
    """Write the unit at the upper left and the names of the lines or bars after it."""
    y, x = frame.size * 1.1, 0.0
    if chart.unit:
        said = translate("Unit: {unit}", unit=one_line(chart.unit))
        _write(root, said, x, y, frame)
        x += (width_em(said) + 2) * frame.size
    for k, one in enumerate(chart.series):
        name = shorten_to(one_line(one.name), 16)
        colour = SERIES_COLOURS[k % len(SERIES_COLOURS)]
        _rect(root, (x, y - frame.size * 0.75), (frame.size, frame.size * 0.75), colour)
        _write(root, name, x + frame.size * 1.4, y, frame, colour=INK)
        x += (width_em(name) + 3) * frame.size


def _rect(root: ET.Element, at: tuple[float, float], size: tuple[float, float], colour: str) -> None:
    box = dict(zip(("x", "y", "width", "height"), (f"{v:.2f}" for v in (*at, *size)), strict=True))
    ET.SubElement(root, "rect", fill=colour, attrib=box)


def _line(
    root: ET.Element,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str,
    width: float,
    *,
    dash: bool = False,
) -> None:
    ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1], "stroke-width": width}
    style = {"stroke-dasharray": f"{width * 4:.2f}"} if dash else {}
    ET.SubElement(root, "line", stroke=colour, attrib={k: f"{v:.2f}" for k, v in ends.items()} | style)


def _write(
    root: ET.Element, said: str, x: float, y: float, frame: _Frame, *, anchor: str = "start", colour: str = FAINT
) -> None:
    style = {"font-family": FONT, "font-size": f"{frame.size:g}", "text-anchor": anchor, "fill": colour}
    ET.SubElement(root, "text", x=f"{x:.2f}", y=f"{y:.2f}", attrib=style).text = said
