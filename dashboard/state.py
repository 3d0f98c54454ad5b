"""What a person is looking at: the only use of ``st.session_state`` and of the query parameters.

The address holds the whole view, so that it can be sent to someone. What is at its default is left out.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import streamlit as st

from dashboard.addresses import parse_number
from geo.schema import ZONE_LAYERS, Layer
from services.i18n import LANGUAGES
from services.rules.classes import MapLayer
from services.rules.windows import Mode, NamedWindow

AUTO: Final = "auto"
_VIEW: Final = "view"
_GO: Final = "go"
_LAST_PICK: Final = "last_pick"


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
    lang: str = ""
    """Empty follows the browser."""

    @property
    def zone_level(self) -> Layer | None:
        """The level of what is chosen."""
        level = self.zone.partition(":")[0]
        return Layer(level) if level in set(ZONE_LAYERS) else None

    @property
    def zone_code(self) -> str:
        """The code of what is chosen."""
        return self.zone.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Go:
    """Whether the map is to go to what is chosen; ``number`` grows with every new choice."""

    number: int = 0
    visit: bool = True


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
        lang=view.lang if view.lang in LANGUAGES else "",
    )


def format_view(view: View) -> dict[str, str]:
    """Return the query parameters of a view, without what is at its default."""
    default = asdict(View())
    return {name: value for name, value in asdict(view).items() if value != default[name]}


def read_view() -> View:
    """Return the view of the address, or the last one of this session when the address says nothing."""
    query = st.query_params.to_dict()
    says_something = any(name in query for name in asdict(View()))
    view: View = parse_view(query) if says_something else st.session_state.get(_VIEW, View())
    write_view(view)
    return view


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


def change_view(**changes: str) -> None:
    """Change parts of the view; meant for callbacks."""
    write_view(replace(st.session_state.get(_VIEW, View()), **changes))


def choose_zone(level: str, code: str) -> None:
    """Choose a zone from outside the map: the map goes there."""
    _choose(level, code, visit=True)


def choose_word(word: str) -> None:
    """Choose a zone told as ``level:code``; a colon alone is none."""
    level, _colon, code = word.partition(":")
    choose_zone(level, code)


def take_pick(key: str) -> None:
    """Take what was clicked on the map ``key``; the map is there already and does not move."""
    value = st.session_state.get(key)
    feature = value.get("last_active_drawing") if isinstance(value, dict) else None
    picked: dict[str, Any] = (feature or {}).get("properties") or {}
    if not picked.get("code") or picked.get("seq") == st.session_state.get(_LAST_PICK):
        return
    st.session_state[_LAST_PICK] = picked.get("seq")
    _choose(str(picked.get("level")), str(picked["code"]), visit=False)


def read_go() -> Go:
    """Return whether the map is to go to what is chosen."""
    go: Go = st.session_state.get(_GO, Go())
    return go


def preset(key: str, value: Any) -> None:
    """Give a widget its value before it is drawn, so that it shows the view and not what it was left at."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def widget_value(key: str) -> Any:
    """Return the value of a widget inside its callback."""
    return st.session_state.get(key)


def keep(name: str, value: Any) -> None:
    """Keep something of this session that is no widget; it is never copied, so it may be large."""
    st.session_state[name] = value


def kept(name: str) -> Any:
    """Return what was kept, or None."""
    return st.session_state.get(name)


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
    number = read_go().number + 1
    st.session_state[_GO] = Go(number, visit)
    change_view(zone=f"{level}:{code}" if code else "")
