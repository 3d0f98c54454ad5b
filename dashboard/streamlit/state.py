"""What a person is looking at: the only use of ``st.session_state`` and of the query parameters.

The address holds the whole view, so that it can be sent to someone. What is at its default is left out.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from dashboard.streamlit.query_values import parse_number
from geo.schema import WIDE_LAYERS, ZONE_LAYERS, Layer
from services.i18n import LANGUAGES
from services.planning import Presence
from services.rules.classes import MapLayer
from services.rules.windows import Mode, NamedWindow

AUTO: Final = "auto"
_VIEW: Final = "view"
_GO: Final = "go"
_LAST_PICK: Final = "last_pick"
_UNREAD: Final = "unread"
_LIST: Final = "list"
_WEAK: Final = "weak"


@dataclass(frozen=True, slots=True)
class View:
    """A view of the situation."""

    window: str = NamedWindow.NOW.value
    """A name, or ``start/end`` as ``services.rules.windows.parse_window`` reads it."""
    mode: str = ""
    """The lens; empty is the declared mode."""
    layer: str = MapLayer.RATIO.value
    level: str = AUTO
    """A level of zones, or by zoom."""
    zone: str = ""
    """``level:code`` of what is chosen, or empty."""
    within: str = ""
    """``level:code`` of the wide zone in which a grid or estate was chosen, or empty."""
    presence: str = ""
    """Whose people count where they were sent to (``services.planning.Presence``); empty is everybody sent."""
    lang: str = ""
    """Empty follows the browser."""

    @property
    def zone_level(self) -> Layer | None:
        """The level of what is chosen."""
        return _level_of(self.zone)

    @property
    def zone_code(self) -> str:
        """The code of what is chosen."""
        return self.zone.partition(":")[2]

    @property
    def area(self) -> str:
        """``level:code`` of the wide zone that figures, lists and the map tell of; empty is everything."""
        return self.zone if self.zone_level in WIDE_LAYERS else self.within

    @property
    def area_level(self) -> Layer | None:
        """The level of the area."""
        return _level_of(self.area)

    @property
    def area_code(self) -> str:
        """The code of the area; empty is everything."""
        return self.area.partition(":")[2]


@dataclass(frozen=True, slots=True)
class MapTarget:
    """Whether the map is to go to what is chosen; ``number`` grows with every new choice."""

    number: int = 0
    visit: bool = True


def _level_of(word: str) -> Layer | None:
    level = word.partition(":")[0]
    return Layer(level) if level in set(ZONE_LAYERS) else None


def parse_view(query: Mapping[str, str]) -> View:
    """Return the view of an address; what is not understood is at its default."""
    known = {name: query[name] for name in asdict(View()) if query.get(name)}
    view = View(**known)
    return replace(
        view,
        mode=view.mode if view.mode in set(Mode) else "",
        layer=view.layer if view.layer in set(MapLayer) else View().layer,
        level=view.level if view.level in {AUTO, *ZONE_LAYERS} else AUTO,
        zone=view.zone if view.zone_level and view.zone_code else "",
        within=view.within if _is_needed(view) else "",
        presence=view.presence if view.presence == Presence.ARRIVED else "",
        lang=view.lang if view.lang in LANGUAGES else "",
    )


def _is_needed(view: View) -> bool:
    """Return whether a view says, besides what is chosen, in which wide zone that is."""
    chosen = view.zone_level is not None and view.zone_level not in WIDE_LAYERS and bool(view.zone_code)
    return chosen and _level_of(view.within) in WIDE_LAYERS and bool(view.within.partition(":")[2])


def format_view(view: View) -> dict[str, str]:
    """Return the query parameters of a view, without what is at its default."""
    default = asdict(View())
    return {name: value for name, value in asdict(view).items() if value != default[name]}


def read_view() -> View:
    """Return the view of the address, or the last one of this session when the address says nothing."""
    query = st.query_params.to_dict()
    says_something = any(name in query for name in asdict(View()))
    view: View = parse_view(query) if says_something else st.session_state.get(_VIEW, View())
    if strange := unread_parts(query, view):
        st.session_state[_UNREAD] = strange
    write_view(view)
    return view


def unread_parts(query: Mapping[str, str], view: View) -> dict[str, str]:
    """Return what an address says that its view (``parse_view``) does not hold, by name."""
    held = asdict(view)
    return {name: query[name] for name in held if query.get(name) and query[name] != held[name]}


def unread() -> Mapping[str, str]:
    """Return what the address said that no view can hold, until something else is chosen."""
    parts: Mapping[str, str] = st.session_state.get(_UNREAD, {})
    return parts


def note_unread(name: str, value: str) -> None:
    """Note that a part of the address cannot be shown to whoever looks."""
    st.session_state[_UNREAD] = {**unread(), name: value}


def write_view(view: View) -> None:
    """Keep a view in this session and in the address; other parameters (the place of the map) stay."""
    st.session_state[_VIEW] = view
    wanted = format_view(view)
    for name in asdict(view):
        if name in wanted:
            if st.query_params.get(name) != wanted[name]:
                st.query_params[name] = wanted[name]
        elif name in st.query_params:
            del st.query_params[name]


def change_view(**changes: str | None) -> None:
    """Change parts of the view; meant for callbacks. What could not be read of the address is done with.

    A part that is None stays: that is what a widget says (``widget_value``) whose value a run cut short took away.
    """
    st.session_state.pop(_UNREAD, None)
    said = {name: value for name, value in changes.items() if value is not None}
    write_view(replace(st.session_state.get(_VIEW, View()), **said))


def choose_zone(level: str, code: str) -> None:
    """Choose a zone from outside the map: the map goes there."""
    _choose(level, code, visit=True)


def choose_word(word: str) -> None:
    """Choose a zone told as ``level:code``; a colon alone is none."""
    level, _colon, code = word.partition(":")
    choose_zone(level, code)


def map_report(key: str) -> dict[str, Any]:
    """Return what the map ``key`` told last (``GM.report``), empty for nothing."""
    value = widget_value(key)
    feature = value.get("last_active_drawing") if isinstance(value, dict) else None
    report: dict[str, Any] = (feature or {}).get("properties") or {}
    return report


def take_pick(key: str) -> None:
    """Take what was clicked on the map ``key``; the map is there already and does not move."""
    picked = map_report(key)
    if not picked.get("code") or picked.get("seq") == st.session_state.get(_LAST_PICK):
        return
    st.session_state[_LAST_PICK] = picked.get("seq")
    _choose(str(picked.get("level")), str(picked["code"]), visit=False)


def map_choice(view: View) -> dict[str, Any]:
    """Return what a map is told of what is chosen, and whether it is to go there."""
    go, level = _read_go(), view.zone_level
    return {
        "key": f"{view.zone}/{go.number}",
        "name": level.value if level else "",
        "code": view.zone_code,
        "go": go.visit and bool(level or go.number),
    }


def _read_go() -> MapTarget:
    go: MapTarget = st.session_state.get(_GO, MapTarget())
    return go


def preset(key: str, value: Any) -> None:
    """Give a widget its value before it is drawn, so that it shows the view and not what it was left at."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def widget_value(key: str) -> Any:
    """Return the value of a widget inside its callback; None, which is no choice, where a run cut short took it."""
    return st.session_state.get(key)


def keep(name: str, value: Any) -> None:
    """Keep something of this session that is no widget; it is never copied, so it may be large."""
    st.session_state[name] = value


def saved_value(name: str) -> Any:
    """Return what was kept, or None."""
    return st.session_state.get(name)


def address_of_weak(path: str, view: View) -> str:
    """Return the address of a page that opens its list of weak grids for a view (``take_weak``)."""
    return f"/{path}?{urlencode(format_view(view) | {_LIST: _WEAK})}"


def take_weak() -> bool:
    """Return whether the address asks for the list of weak grids; it asks once."""
    return st.query_params.pop(_LIST, "") == _WEAK


def read_plan_id() -> int | None:
    """Return the number of the plan in the address, or None."""
    return parse_number(st.query_params.get("plan", ""))


def write_plan_id(plan_id: int | None) -> None:
    """Keep the number of a plan in the address."""
    if plan_id is None:
        st.query_params.pop("plan", None)
    elif st.query_params.get("plan") != str(plan_id):
        st.query_params["plan"] = str(plan_id)


def forget(*names: str) -> None:
    """Let go of what was kept."""
    for name in names:
        st.session_state.pop(name, None)


def begin_anew() -> None:
    """Let go of everything this session and its address hold, but the language: somebody else's work begins."""
    language = View(lang=st.session_state.get(_VIEW, View()).lang)
    st.session_state.clear()
    st.query_params.clear()
    write_view(language)


def _choose(level: str, code: str, *, visit: bool) -> None:
    number = _read_go().number + 1
    st.session_state[_GO] = MapTarget(number, visit)
    before: View = st.session_state.get(_VIEW, View())
    is_narrow = bool(code) and level not in set(WIDE_LAYERS)
    change_view(zone=f"{level}:{code}" if code else "", within=before.area if is_narrow else "")
