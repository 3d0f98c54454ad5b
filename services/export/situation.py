"""The coverage of one window with all that its exports need, and each export of it by the suffix of its file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import geopandas as gpd
import pandas as pd

from geo.coverage import Status
from geo.schema import Layer
from services import coverage, planning
from services.accounts import read_imprint
from services.briefing.mapping import mixed_marks, part_of
from services.catalog.actions import Action
from services.catalog.layers import BASE_LAYERS
from services.context import Context
from services.coverage import ComparisonFrame, CoverageInputs, Headlines
from services.errors import ServiceError
from services.export.facts import SourceLines, facts_line, record_export
from services.export.figures import MapPicture, coverage_png
from services.export.tables import coverage_xlsx, write_csv
from services.export.vector import coverage_gpkg, with_outlines, write_geojson, write_parquet
from services.i18n import text, translate
from services.planning import Precedents
from services.rules.areas import Scope
from services.rules.classes import LIKELY, MapLayer, Scale, make_scales, map_values
from services.rules.fact_names import FICTITIOUS_FACT
from services.rules.layer_names import LAYER_NAMES
from services.rules.norms import norms_version
from services.rules.privacy import hide_few_members, sees_small_counts
from services.rules.roles import Actor
from services.rules.rounding import round_alone, shown_text, sum_balance
from services.rules.windows import Mode, Window


class CoverageFile(StrEnum):
    """What a coverage table can be written as, by suffix."""

    CSV = ".csv"
    XLSX = ".xlsx"
    GPKG = ".gpkg"
    GEOJSON = ".geojson"
    PARQUET = ".parquet"
    PNG = ".png"


class NoZonesError(ServiceError, LookupError):
    """Coverage of a level was asked for that the store does not hold."""

    def __init__(self, level: Layer) -> None:
        super().__init__(
            text(
                "The store holds no {level} yet: import them first, or make a demo with “gridmuster demo”",
                level=level.value,
            )
        )


@dataclass(frozen=True)
class Situation:
    """The coverage of one window and mode. Frames are shared: do not change them."""

    coverage_inputs: CoverageInputs
    tables: Mapping[Layer, pd.DataFrame]
    """Coverage table of every level; the grids' with cold spots."""
    past: Precedents
    """What is known of earlier days and of the orders of the window."""
    references: tuple[ComparisonFrame, ...]
    """What the headlines are compared with."""
    headlines: Headlines
    ranking: pd.DataFrame
    """``coverage.underserved`` of the estates."""
    zones: Mapping[Layer, gpd.GeoDataFrame]
    base: Mapping[Layer, gpd.GeoDataFrame]
    """Roads and water."""
    facts: SourceLines


def look_at(context: Context, window: Window, mode: Mode) -> Situation:
    """Return the coverage of the actor's area in a window from what the store holds now, with the teams sent by orders.

    Raises
    ------
    NormsError
        If the norms cannot be used.
    RefusedError
        If the actor's role does not allow it.
    """
    scope = context.scope(Action.VIEW_COVERAGE)
    situation = situation_within(_look_at_everything(context.unlimited(), window, mode), scope)
    people = planning.count_order_people(planning.read_order_steps(context, window))
    facts = replace(situation.facts, imprint=read_imprint(context), order_people=people if people.teams else None)
    return replace(situation, facts=facts)


def situation_within(situation: Situation, scope: Scope) -> Situation:
    """Return what of a situation lies inside an area; its headlines are of the grids inside."""
    if scope.is_everything:
        return situation
    coverage_inputs, tables = (
        coverage.inputs_within(situation.coverage_inputs, scope),
        coverage.tables_within(situation.tables, scope),
    )
    references = planning.references_of(coverage_inputs, situation.facts.mode, situation.past)
    return replace(
        situation,
        coverage_inputs=coverage_inputs,
        tables=tables,
        references=references,
        headlines=coverage.headline_figures(tables[Layer.GRIDS], [each.grids for each in references]),
        ranking=coverage.underserved(coverage_inputs, tables[Layer.ESTATES], Layer.ESTATES),
        zones=coverage.zones_within(situation.zones, scope),
    )


def _look_at_everything(context: Context, window: Window, mode: Mode) -> Situation:
    with context.look(Action.VIEW_COVERAGE) as tx:
        base = {layer: tx.read_layer(layer) for layer in BASE_LAYERS}
        fictitious = tx.records.read_fact(FICTITIOUS_FACT) is not None
    coverage_inputs, frames = coverage.load_whole(context)
    tables = coverage.coverage_tables(coverage_inputs, mode, window, planning.sent_during(context, window))
    past = planning.read_precedents(context, coverage_inputs.norms, window)
    references = planning.references_of(coverage_inputs, mode, past)
    headlines = coverage.headline_figures(tables[Layer.GRIDS], [each.grids for each in references])
    ranking = coverage.underserved(coverage_inputs, tables[Layer.ESTATES], Layer.ESTATES)
    if len(tables[Layer.GRIDS]):
        tables[Layer.GRIDS] = coverage.add_cold_spots(coverage_inputs, tables[Layer.GRIDS])
    norms, imprint = norms_version(coverage_inputs.norms), read_imprint(context)
    facts = SourceLines(window, mode, norms, coverage_inputs.version, context.clock(), imprint, fictitious)
    return Situation(coverage_inputs, tables, past, references, headlines, ranking, frames.zones, base, facts)


def export_coverage(
    context: Context, situation: Situation, kind: CoverageFile, level: Layer, layer: MapLayer = MapLayer.RATIO
) -> bytes:
    """Return the coverage of a level inside the actor's area as a file's bytes and leave an audit row.

    Raises
    ------
    NoZonesError
        If there are no zones of the level.
    RefusedError
        If the actor's role does not allow exports.
    TooManyRowsError
        If the table has more rows than a spreadsheet.
    """
    situation = situation_within(situation, context.scope(Action.EXPORT))
    situation = _told_to(context.actor, situation)
    table = situation.tables[level]
    if table.empty:
        raise NoZonesError(level)
    content = _render(situation, kind, level, layer)
    record_export(context, f"coverage {level}", format=kind.value, rows=len(table), bytes=len(content))
    return content


def _told_to(actor: Actor, situation: Situation) -> Situation:
    """Return a situation whose tables tell the members there are, or nothing of one or two."""
    tables = {
        layer: coverage.with_exact_members(situation.coverage_inputs, layer, table)
        if sees_small_counts(actor)
        else hide_few_members(table)
        for layer, table in situation.tables.items()
    }
    return replace(situation, tables=tables)


def make_picture(situation: Situation, level: Layer, layer: MapLayer = MapLayer.RATIO) -> MapPicture:
    """Return what ``coverage_png`` draws of a level."""
    scale, table = make_scales(layer, situation.tables)[level], situation.tables[level]
    marks = mixed_marks(situation.ranking, situation.zones[Layer.ESTATES])
    part = part_of(scale, table, situation.zones, situation.base, marks=marks)
    return MapPicture(part, conclusion(table, level, scale), situation.facts)


def conclusion(table: pd.DataFrame, level: Layer, scale: Scale) -> str:
    """Return what a map of a coverage table says, in one sentence of the current language."""
    values, name = map_values(scale.layer, table, scale.level), translate(LAYER_NAMES[level])
    match scale.layer:
        case MapLayer.DENSITY if scale.limits:
            limit = scale.limits[0]
            said = text(
                "{count} of {all} {level} have fewer than {limit} members per 1,000 residents", limit=f"{limit:g}"
            )
            return translate(said, count=int((values < limit).sum()), all=len(table), level=name)
        case MapLayer.CHANCE:
            said = text("{count} of {all} {level} have enough people with a chance under {percent}%")
            percents = round(100 * LIKELY)
            return translate(said, count=int((values < LIKELY).sum()), all=len(table), level=name, percent=percents)
        case MapLayer.REACH:
            said = text("{count} of {all} {level} have fewer people within reach than they need")
            return translate(said, count=int((values < 1).sum()), all=len(table), level=name)
        case MapLayer.COLD:
            said = text("{cold} {level} lie in cold spots, {hot} in hot spots")
            return translate(said, cold=int((values == 0).sum()), hot=int((values == 2).sum()), level=name)
        case MapLayer.CALLABLE:
            said = text("{people} people could still be called, who have time then and are on no roster")
            return translate(said, people=shown_text(round_alone(float(table["callable"].sum()))))
    return _balance_sentence(table, name)


def _balance_sentence(table: pd.DataFrame, level: str) -> str:
    weak = int((table["status"] == Status.WEAK).sum())
    balance = sum_balance(table)
    spare = shown_text(balance.surplus)
    if not weak:
        return translate("No {level} short of people, {spare} to spare", level=level, spare=spare)
    return translate(
        "{weak} of {count} {level} short of people: {missing} missing, {spare} to spare",
        weak=weak,
        count=len(table),
        level=level,
        missing=shown_text(balance.gap),
        spare=spare,
    )


def _render(situation: Situation, kind: CoverageFile, level: Layer, layer: MapLayer) -> bytes:
    table = situation.tables[level]
    match kind:
        case CoverageFile.CSV:
            return write_csv(table)
        case CoverageFile.XLSX:
            return coverage_xlsx(table, situation.facts, level)
        case CoverageFile.GPKG:
            reference, note = situation.tables[Layer.GRIDS], facts_line(situation.facts)
            return coverage_gpkg({level: table}, situation.zones, reference=reference, note=note)
        case CoverageFile.GEOJSON:
            return write_geojson(with_outlines(table, situation.zones[level]))
        case CoverageFile.PARQUET:
            return write_parquet(with_outlines(table, situation.zones[level]))
        case CoverageFile.PNG:
            return coverage_png(make_picture(situation, level, layer))
