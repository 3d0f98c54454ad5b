"""The content of a briefing for the templates of paper and pictures: plain texts and names of files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from services.briefing import source_line
from services.briefing.model import Briefing, Section, SectionName, Table
from services.context import Context
from services.errors import ServiceError
from services.export.briefing.charts import chart_height, chart_svg, known_values
from services.export.briefing.maps import describe_map, map_png
from services.export.briefing.theme import TONE_COLOURS, TONE_SIGNS, clean, clean_table, column_widths, one_line
from services.export.facts import record_export
from services.i18n import text, translate

_TABLE_EM: Final = 44.0
_TABLE_MARGINS: Final = 0.9
"""Letters that a table on paper is wide, and what is left free in a cell."""


class NoSuchSectionError(ServiceError, LookupError):
    """A picture was asked for of a section that the briefing does not have."""

    def __init__(self, name: SectionName) -> None:
        super().__init__(text("The briefing has no section {name}; choose it in --sections.", name=name.value))


def choose_sections(briefing: Briefing, names: Sequence[SectionName]) -> Briefing:
    """Return a briefing of these sections in this order; the same briefing where none is named.

    Raises
    ------
    NoSuchSectionError
        If the briefing does not have one of them.
    """
    if not names:
        return briefing
    known = {section.name: section for section in briefing.sections}
    for name in names:
        if name not in known:
            raise NoSuchSectionError(name)
    return replace(briefing, sections=tuple(known[name] for name in names))


def record_file(context: Context, briefing: Briefing, suffix: str, content: bytes) -> None:
    """Leave an audit row for a file of a briefing; call it before the file is handed out.

    Raises
    ------
    RefusedError
        If the actor's role does not allow exports.
    """
    target = "briefing" if briefing.number is None else f"briefing:{briefing.number}"
    record_export(context, target, format=suffix, sections=len(briefing.sections), bytes=len(content))


def briefing_content(briefing: Briefing) -> dict[str, Any]:
    """Return what stands on every sheet of a briefing."""
    about, made = [briefing.window, briefing.mode], [briefing.source]
    if briefing.number is not None:
        about.append(translate("Snapshot No. {number}", number=briefing.number))
    if briefing.maker:
        made.insert(0, translate("made by {maker}", maker=briefing.maker))
    return {
        "lang": "zh" if briefing.language == "zh" else "en",
        "title": one_line(briefing.title),
        "mark": one_line(briefing.mark),
        "source": one_line(source_line(briefing)),
        "about": one_line(" · ".join(about)),
        "made": one_line(" · ".join(made)),
    }


def section_content(section: Section) -> dict[str, Any]:
    """Return the texts of a section; pictures are added by ``add_pictures``."""
    return {
        "title": one_line(section.title),
        "lead": clean(section.lead).strip(),
        "comment": clean(section.comment).strip(),
        "comment_label": translate("Comment"),
        "figures": [
            {
                "label": one_line(figure.label),
                "value": one_line(figure.value),
                "note": one_line(figure.note),
                "sign": TONE_SIGNS[figure.tone],
                "colour": TONE_COLOURS[figure.tone],
            }
            for figure in section.figures
        ],
        "table": None if section.table is None else table_content(section.table, _TABLE_EM, margins=_TABLE_MARGINS),
        "empty": translate("Nothing to list") if section.table is not None and not section.table.rows else "",
    }


def table_content(table: Table, em: float, most: int | None = None, margins: float = 1.6) -> dict[str, Any]:
    """Return a table ``em`` letters wide, of at most ``most`` rows, and how many more there are."""
    cleaned = clean_table(table)
    rows = cleaned.rows if most is None else cleaned.rows[:most]
    left_out = cleaned.left_out + len(cleaned.rows) - len(rows)
    return {
        "head": [column.name for column in cleaned.columns],
        "numbers": [column.is_number for column in cleaned.columns],
        "widths": column_widths(cleaned, em, margins) if cleaned.columns else [],
        "rows": rows,
        "more": left_out_text(left_out),
    }


def left_out_text(count: int) -> str:
    """Return the line under a table that does not list all."""
    return translate("and {count} more that are not listed", count=count) if count else ""


def add_pictures(
    content: dict[str, Any],
    section: Section,
    name: str,
    *,
    map_inches: tuple[float, float],
    chart_points: tuple[float, float],
    letters: float,
    dots_per_inch: int = 200,
) -> Mapping[str, bytes]:
    """Put the names of a section's map and chart into its content and return their files."""
    files: dict[str, bytes] = {}
    content["map"] = content["chart"] = None
    if section.map is not None and len(section.map.zones):
        files[f"{name}.png"] = map_png(section.map, *map_inches, dots_per_inch)
        content["map"] = {"file": f"{name}.png", "alt": describe_map(section.map)}
    if section.chart is not None and known_values(section.chart):
        width, height = chart_points
        height = chart_height(section.chart, width, height, letters)
        files[f"{name}.svg"] = chart_svg(section.chart, width, height, letters).encode()
        content["chart"] = {"file": f"{name}.svg", "alt": ", ".join(one_line(one.name) for one in section.chart.series)}
    return files
