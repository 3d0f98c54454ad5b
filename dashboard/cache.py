"""The caches of data: what is costly is made once a version and shared, read-only; ``drawn`` keeps what is drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final

import folium
import geopandas as gpd
import pandas as pd
import streamlit as st

from dashboard import maps, session
from dashboard.data.shelf import SHELF
from dashboard.lastseen import LastSeen, once
from dashboard.leaflet.packing import Packed, pack, short_labels
from dashboard.leaflet.teams import add_planning
from dashboard.reinforce.ground import pack_ground
from dashboard.screen.past import PastDay
from geo.schema import PARENT_LAYER, ZONE_LAYERS, Datum, Layer
from services import accounts, analysis, briefing, planning
from services.analysis import Basis, Headlines, Sent
from services.briefing import Briefing, BriefingRequest, Shared
from services.context import Context, open_context
from services.i18n import _, current_language
from services.modes import Declaration, current_mode
from services.planning import Board
from services.rules.areas import EVERYWHERE, Area, Scope, parse_area
from services.rules.classes import MapLayer, Scale, make_scale
from services.rules.roles import Action
from services.rules.windows import Mode, Window, hours_ahead, window_before
from services.settings import read_settings

ALL: Final = str(EVERYWHERE)
MAP_LAYERS: Final = (*ZONE_LAYERS, Layer.ROADS, Layer.WATER)
"""What the map draws; the other layers hold people and never leave the server as geometry."""
_COUNTED: Final = frozenset({layer.value for layer in Layer} | {"assignments"})
_LATELY_S: Final = 1.0
"""Pages that look for changes every few seconds share an answer of the store for so long."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The situation in a window and mode, inside an area. Shared: never change its frames."""

    tables: Mapping[Layer, pd.DataFrame]
    before: pd.DataFrame
    """The table of the grids in the window before."""
    headlines: Headlines
    ranking: pd.DataFrame
    """``analysis.underserved`` of the estates."""
    weak_grids: pd.DataFrame
    """``analysis.underserved`` of the grids."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of the situation: what counts for all that is made from a picture. For keys of caches."""

    source: str
    version: tuple[int, int]
    area: str
    mode: Mode
    window: Window


def shown(mode: Mode, window: Window) -> Shown:
    """Return the present key of a picture."""
    return Shown(_source(), shown_version(), _area(), mode, window)


def context() -> Context:
    """Return the door to the store for whoever is at this page; what is shared is made by ``session.server``."""
    return open_context(actor=session.actor())


def _area() -> str:
    """Return of what whoever is at this page is in charge: part of the key of everything that shows figures."""
    return str(session.actor().area)


def _of(area: str) -> Context:
    """Return the server's own context, limited to an area."""
    return session.server().within(parse_area(area))


def _scope(area: str) -> Scope:
    return _of(area).scope(Action.VIEW_COVERAGE)


def seen() -> LastSeen:
    """Return what the store of the settings said last."""
    return _seen(read_settings().store)


def versions() -> Mapping[str, int]:
    """Return at which version each part of the data changed last; while the store is lost, the last one known."""
    return once("versions", lambda: seen().ask("versions", _versions))


def versions_now() -> Mapping[str, int]:
    """Return the same, or raise ``StoreError`` when the store does not answer."""
    return seen().ask_now("versions", _versions)


def declared_mode() -> Declaration:
    """Return the declaration of a mode in force, or the last one known while the store is lost."""
    return seen().ask("mode", lambda: current_mode(session.server()))


def _versions() -> Mapping[str, int]:
    with session.server().look(Action.VIEW_COVERAGE) as tx:
        return tx.versions()


def data_version() -> int:
    """Return a number that grows with every change of the data that counts for coverage; 0 is an empty store."""
    return _newest(versions())


def _newest(parts: Mapping[str, int]) -> int:
    return max((version for part, version in parts.items() if part in _COUNTED), default=0)


def layer_frame(layer: Layer) -> gpd.GeoDataFrame:
    """Return a layer as it is now: of zones those in the area of whoever looks. It is shared: never change it."""
    return _layer_inside(layer, _area())


def packed(layer: Layer) -> Packed:
    """Return the binary of a map layer as it is now: of zones those in the area of whoever looks."""
    return _packed_of(layer, _area(), versions())


def _packed_of(layer: Layer, area: str, parts: Mapping[str, int]) -> Packed:
    area = area if layer in ZONE_LAYERS else ALL
    now = parts if area == ALL else {layer.value: _newest(parts)}
    parent = PARENT_LAYER.get(layer)
    of_parent = now.get(parent.value, 0) if parent else 0
    return _packed(read_settings().store, layer.value, now.get(layer.value, 0), of_parent, area)


def orders_version() -> int:
    """Return a number that grows with every order, recall and relief; 0 is none so far."""
    return once("orders", lambda: seen().ask("orders", lambda: planning.orders_version(session.server())))


def shown_version() -> tuple[int, int]:
    """Return what changes when any viewer is to see something new: the data, and the teams that were sent."""
    return data_version(), orders_version()


def shown_version_lately() -> tuple[int, int]:
    """Return the same as it was a second ago at most, and never older than what a page of this process has drawn."""
    parts = seen().ask_lately("versions", _versions, within_s=_LATELY_S)
    orders = seen().ask_lately("orders", lambda: planning.orders_version(session.server()), within_s=_LATELY_S)
    return _newest(parts), orders


def _source() -> str:
    """Return what coverage is made from besides the data: which store, and which state of the norms' file."""
    return once("source", _source_now)


def _source_now() -> str:
    settings = read_settings()
    norms = settings.data_dir / "norms.toml"
    return f"{settings.store} {norms.stat().st_mtime_ns if norms.is_file() else 0}"


def basis() -> Basis:
    """Return what coverage of the area of whoever looks is computed from."""
    return basis_of(_area())


def basis_of(area: str) -> Basis:
    """Return what coverage of an area (``services.rules.areas``, as text) is computed from."""
    return _basis(_source(), data_version(), area)


def picture(mode: Mode, window: Window) -> Picture:
    """Return the situation in a window."""
    return _picture(_source(), shown_version(), _area(), mode.value, window.start, window.end)


def cold_spots(mode: Mode, window: Window) -> pd.DataFrame:
    """Return the table of grids with cold spots; slower than the rest, so only made when it is shown."""
    return _cold_spots(_source(), shown_version(), _area(), mode.value, window.start, window.end)


def scale(layer: MapLayer, mode: Mode, window: Window) -> Scale:
    """Return the classes of a map layer."""
    return make_scale(layer, picture(mode, window).tables[Layer.GRIDS])


def weak_by_hour(mode: Mode, now: datetime) -> pd.DataFrame:
    """Return the number of weak grids in each of the next 72 hours: ``start end weak``."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return _weak_by_hour(_source(), shown_version(), _area(), mode.value, hour)


def reasons(ranking: pd.DataFrame) -> list[str]:
    """Return why each of some under-served zones stands in its ranking, in the current language."""
    norms = basis().norms
    return [analysis.reason_text(row, norms) for _code, row in ranking.iterrows()]


def board(mode: Mode, window: Window) -> Board:
    """Return what planning looks at in a window; its clock stands at the present."""
    there = _board(_source(), shown_version(), _area(), mode.value, window.start, window.end)
    return replace(there, now=session.server().clock())


def ground_url(mode: Mode, window: Window) -> str:
    """Return where the browser fetches what it needs to answer a drag over the map by itself."""
    return _ground_url(_source(), shown_version(), _area(), mode.value, window.start, window.end)


def live_briefing(request: BriefingRequest) -> Briefing:
    """Return the briefing as it is now; the same value while neither data nor orders, plan or minute have changed."""
    door = _of(_area())
    minute = door.clock().replace(second=0, microsecond=0)
    revision = planning.read_plan(door, request.plan_id).revision if request.plan_id is not None else 0
    told = (*shown_version(), revision)
    return _live_briefing(_source(), told, _area(), minute, repr(request), request)


def frozen_briefing(number: int, language: str) -> Briefing:
    """Return a frozen briefing, word for word."""
    return _frozen_briefing(read_settings().store, number, language, _area(), data_version())


def past_day(day: date, language: str) -> PastDay:
    """Return a day hour by hour; the same value while neither data nor orders, nor the hours begun, have changed."""
    now = session.server().clock()
    hour = now.replace(minute=0, second=0, microsecond=0) if day >= now.date() else datetime.combine(day, time.max)
    return _past_day(_source(), shown_version(), _area(), day, hour, language)


def area_names(areas: Iterable[Area]) -> Mapping[Area, str]:
    """Return what each of some areas is called, in the current language."""
    wanted = sorted({str(area) for area in areas})
    named = _area_names(read_settings().store, data_version(), current_language(), tuple(wanted))
    return {parse_area(area): name for area, name in named.items()}


def own_area_name() -> str:
    """Return what the area of whoever looks is called; empty for everything."""
    area = session.actor().area
    return area_names([area])[area] if area.layer else ""


def tiles() -> maps.Tiles:
    """Return the tile source of the settings."""
    settings = read_settings()
    return maps.Tiles(settings.tiles, Datum(settings.tiles_datum))


def static_map() -> maps.StaticMap:
    """Return the map that stays, in the current language."""
    parts = tuple(sorted(versions().items()))
    return _map_of(read_settings().store, _area(), parts, current_language(), tiles())


def planning_map() -> maps.StaticMap:
    """Return the map of the page that moves teams, in the current language."""
    return _planning_map(read_settings().store, _map_tokens(), current_language(), tiles())


@lru_cache(maxsize=32)
def _map_of(
    store: str, area: str, parts: tuple[tuple[str, int], ...], language: str, source: maps.Tiles
) -> maps.StaticMap:
    """Return the same; to find out the tokens of seven layers costs more than all that a page does with the map."""
    del area, parts  # they are the key
    return _static_map(store, _map_tokens(), language, source)


def _map_tokens() -> tuple[tuple[str, str], ...]:
    """Return the layers that hold something, each with the token of its geometry."""
    area, parts = _area(), versions()
    there = ((layer, _packed_of(layer, area, parts)) for layer in MAP_LAYERS)
    return tuple((layer.value, held.token) for layer, held in there if held.count)


def geometry_url(layer: str, token: str) -> str:
    """Return the address of the geometry of a map layer."""
    return f"/geometry/{layer}/{token}.bin"


@lru_cache(maxsize=8)
def _seen(store: str) -> LastSeen:
    del store
    return LastSeen()


@st.cache_resource(max_entries=32, show_spinner=False)
def _layer_frame(store: str, layer: str, version: int) -> gpd.GeoDataFrame:
    del store, version  # they are the key
    with session.server().look(Action.VIEW_COVERAGE) as tx:
        return tx.read_layer(Layer(layer))


def _layer_inside(layer: Layer, area: str) -> gpd.GeoDataFrame:
    store = read_settings().store
    if area == ALL or layer not in ZONE_LAYERS:
        return _layer_frame(store, layer.value, versions().get(layer.value, 0))
    return _zones_inside(store, layer.value, data_version(), area)


@st.cache_resource(max_entries=64, show_spinner=False)
def _zones_inside(store: str, layer: str, version: int, area: str) -> gpd.GeoDataFrame:
    del store, version
    return _scope(area).limit(Layer(layer), _layer_inside(Layer(layer), ALL))


@st.cache_resource(max_entries=64, show_spinner=False)
def _packed(store: str, layer: str, version: int, parent_version: int, area: str) -> Packed:
    del store, version, parent_version
    frame, parent = _layer_inside(Layer(layer), area), PARENT_LAYER.get(Layer(layer))
    return pack(frame, short_labels(frame, _layer_inside(parent, ALL) if parent else None))


@st.cache_resource(max_entries=24, show_spinner=False)
def _basis(source: str, version: int, area: str) -> Basis:
    if area != ALL:
        return analysis.basis_within(_basis(source, version, ALL), _scope(area))
    return analysis.load_basis(session.server())


@st.cache_resource(max_entries=64, show_spinner=False)
def _picture(source: str, version: tuple[int, int], area: str, mode: str, start: datetime, end: datetime) -> Picture:
    window = Window(start, end)
    if area != ALL:
        return _picture_inside(_picture(source, version, ALL, mode, start, end), area)
    now = basis_of(ALL)
    tables = analysis.coverage_tables(now, Mode(mode), window, _sent(window))
    earlier = window_before(window)
    before = analysis.coverage_tables(now, Mode(mode), earlier, _sent(earlier))[Layer.GRIDS]
    return _make_picture(now, tables, before)


def _picture_inside(whole: Picture, area: str) -> Picture:
    scope = _scope(area)
    return _make_picture(
        basis_of(area), analysis.tables_within(whole.tables, scope), scope.limit(Layer.GRIDS, whole.before)
    )


def _make_picture(now: Basis, tables: Mapping[Layer, pd.DataFrame], before: pd.DataFrame) -> Picture:
    headlines = analysis.headline_figures(tables[Layer.GRIDS], before)
    short = (analysis.underserved(now, tables[layer], layer) for layer in (Layer.ESTATES, Layer.GRIDS))
    return Picture(tables, before, headlines, *short)


@st.cache_resource(max_entries=16, show_spinner=False)
def _cold_spots(
    source: str, version: tuple[int, int], area: str, mode: str, start: datetime, end: datetime
) -> pd.DataFrame:
    if area != ALL:
        return _scope(area).limit(Layer.GRIDS, _cold_spots(source, version, ALL, mode, start, end))
    return analysis.add_cold_spots(basis_of(ALL), _picture(source, version, ALL, mode, start, end).tables[Layer.GRIDS])


@st.cache_resource(max_entries=64, show_spinner=False)
def _weak_by_hour(source: str, version: tuple[int, int], area: str, mode: str, now: datetime) -> pd.DataFrame:
    del source, version
    ahead = hours_ahead(now)
    orders = planning.orders_between(_of(area), Window(ahead[0].start, ahead[-1].end))
    sent = planning.sent_by_hour(orders, ahead) if orders else ()
    return analysis.count_weak_by_hour(basis_of(area), Mode(mode), now, sent=sent)


# 2 MB each for 2,000 grids, 0.4 MB for what the browser fetches: 64 are four windows of sixteen areas, 150 MB at most.
@st.cache_resource(max_entries=64, show_spinner=False)
def _board(source: str, version: tuple[int, int], area: str, mode: str, start: datetime, end: datetime) -> Board:
    del source, version
    return planning.load_board(_of(area), basis_of(area), Window(start, end), Mode(mode))


@st.cache_resource(max_entries=64, show_spinner=False)
def _ground_url(source: str, version: tuple[int, int], area: str, mode: str, start: datetime, end: datetime) -> str:
    return SHELF.put(pack_ground(_board(source, version, area, mode, start, end)), area)


@st.cache_resource(max_entries=16, show_spinner=False)
def _live_briefing(
    source: str, told: tuple[int, ...], area: str, minute: datetime, asked: str, _request: BriefingRequest
) -> Briefing:
    del told, minute, asked  # they are the key
    window = _request.window
    zones = {layer: _layer_inside(layer, area) for layer in ZONE_LAYERS}
    base = {layer: _layer_inside(layer, ALL) for layer in (Layer.ROADS, Layer.WATER)}
    tables = _picture(source, shown_version(), area, _request.mode.value, window.start, window.end).tables
    shared = Shared(basis_of(area), zones, base, tables)
    return briefing.make_briefing(_of(area), replace(_request, shared=shared))


@st.cache_resource(max_entries=8, show_spinner=False)
def _frozen_briefing(store: str, number: int, language: str, area: str, version: int) -> Briefing:
    del store, version
    return briefing.read_briefing(_of(area), number, language)


@st.cache_resource(max_entries=8, show_spinner=False)
def _past_day(source: str, version: tuple[int, int], area: str, day: date, hour: datetime, language: str) -> PastDay:
    del source, version, hour
    told = briefing.replay(_of(area), day, language=language, basis=basis_of(area))
    grids = _layer_inside(Layer.GRIDS, area)
    ordered = grids if tuple(grids.index) == told.codes else grids.reindex(list(told.codes))
    borders = tuple(_layer_inside(layer, area) for layer in (Layer.SUBDISTRICTS, Layer.COMMUNITIES))
    return PastDay(told, language, ordered, borders)


def _sent(window: Window) -> Sent:
    return planning.sent_during(session.server(), window)


@st.cache_resource(max_entries=256, show_spinner=False)
def _area_names(store: str, version: int, language: str, areas: tuple[str, ...]) -> Mapping[str, str]:
    del store, version, language
    named = accounts.name_areas(session.server(), map(parse_area, areas))
    return {str(area): name for area, name in named.items()}


@st.cache_resource(max_entries=8, show_spinner=False)
def _static_map(store: str, tokens: tuple[tuple[str, str], ...], language: str, source: maps.Tiles) -> maps.StaticMap:
    del store, language
    return maps.render_map(_paper(tokens, source))


@st.cache_resource(max_entries=8, show_spinner=False)
def _planning_map(store: str, tokens: tuple[tuple[str, str], ...], language: str, source: maps.Tiles) -> maps.StaticMap:
    del store, language
    return maps.render_map(add_planning(_paper(tokens, source)))


def _paper(tokens: tuple[tuple[str, str], ...], source: maps.Tiles) -> folium.Map:
    urls = {Layer(layer): geometry_url(layer, token) for layer, token in tokens}
    zones = [layer for layer in ZONE_LAYERS if layer in urls]
    zoom = 0.0
    levels: list[maps.LevelSource] = []
    for layer in zones:
        pixels = maps.PIXELS_WIDE.get(layer, 0.0)
        zoom = max(zoom, maps.first_zoom(layer_frame(layer).bounds, pixels)) if levels else 0.0
        levels.append(maps.LevelSource(layer, urls[layer], zoom))
    base: dict[Layer, str] = {layer: urls[layer] for layer in (Layer.ROADS, Layer.WATER) if layer in urls}
    shown = Layer.GRIDS if Layer.GRIDS in zones else zones[-1]
    west, south, east, north = (float(edge) for edge in layer_frame(shown).total_bounds)
    label = _("Map of the zones. Arrow keys move it, plus and minus zoom, Enter chooses what lies under the cross.")
    return maps.make_map(levels, base, (west, south, east, north), label, source)
