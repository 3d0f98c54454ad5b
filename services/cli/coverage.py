"""``gridmuster coverage``: the table, map or layer of one window, as the page shows it."""

from pathlib import Path
from typing import Annotated, Final

import typer

from geo.schema import Layer
from services.cli.app import app
from services.cli.files import check_target, write_new
from services.cli.shell import StoreOption, context_for, read_window, refuse, say
from services.coverage import ComparedFigure, Comparison, Headlines, situation_text
from services.export.situation import CoverageFile, Situation, export_coverage, look_at
from services.i18n import translate
from services.modes import current_mode
from services.rules.classes import MapLayer
from services.rules.rounding import percent_met, shown_text
from services.rules.windows import Mode

LEVELS: Final = {
    "grid": Layer.GRIDS,
    "estate": Layer.ESTATES,
    "community": Layer.COMMUNITIES,
    "subdistrict": Layer.SUBDISTRICTS,
    "district": Layer.DISTRICTS,
}


@app.command("coverage")
def coverage_command(
    out: Annotated[Path, typer.Option("--out", help="结果文件：.csv .xlsx .gpkg .geojson .parquet .png")],
    store: StoreOption = "",
    window: Annotated[
        str, typer.Option("--window", help="时段：now、tonight、tomorrow-morning、weekend，或“起/止”")
    ] = "now",
    mode: Annotated[Mode | None, typer.Option("--mode", help="状态；不写则用当前状态")] = None,
    level: Annotated[str, typer.Option("--level", help="层级：grid estate community subdistrict district")] = "grid",
    show: Annotated[MapLayer, typer.Option("--show", help="图上显示什么（只用于 .png）")] = MapLayer.RATIO,
) -> None:
    """导出一个时段的覆盖情况：表格、图层或地图。"""
    kind = CoverageFile(check_target(out, CoverageFile, store))
    if level not in LEVELS:
        refuse("There is no level {level}; give one of {levels}", level=level, levels=" ".join(LEVELS))
    context = context_for(store)
    when = read_window(context, window)
    situation = look_at(context, when, mode or current_mode(context).mode)
    write_new(out, export_coverage(context, situation, kind, LEVELS[level], show))
    _tell(situation, LEVELS[level], out)


def _tell(situation: Situation, level: Layer, out: Path) -> None:
    figures: Headlines = situation.headlines
    say(
        "Need met {met}, weak grids {weak}, missing {missing}, to spare {spare}",
        met="–" if figures.met.value is None else f"{percent_met(figures.met.value)}%",
        weak=_whole(figures.weak),
        missing=_whole(figures.missing),
        spare=_whole(figures.spare),
    )
    for k, reference in enumerate(situation.references):
        say(_change_text(situation, k, reference.comparison))
    say("{rows} rows written to {file}", rows=len(situation.tables[level]), file=str(out))


def _change_text(situation: Situation, place: int, comparison: Comparison) -> str:
    """Return what the figures were in the situation at a place of ``ComparedFigure.before``, and which that is."""
    figures = situation.headlines
    met = figures.met.before[place]
    return translate(
        "{situation}: need met {met}, weak grids {weak}, missing {missing}, to spare {spare}",
        situation=situation_text(comparison, situation.facts.made_at),
        met="–" if met is None else f"{met:.0%}",
        weak=_whole(ComparedFigure(figures.weak.before[place])),
        missing=_whole(ComparedFigure(figures.missing.before[place])),
        spare=_whole(ComparedFigure(figures.spare.before[place])),
    )


def _whole(figure: ComparedFigure) -> str:
    return translate("unknown") if figure.value is None else shown_text(figure.value)
