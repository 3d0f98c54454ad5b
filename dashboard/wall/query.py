"""What a screen was asked to show: its address, read and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from dashboard.streamlit.query_values import parse_day, parse_name, parse_number
from services.briefing.model import SectionName
from services.i18n import DEFAULT_LANGUAGE, LANGUAGES, language_accepted
from services.rules.windows import Mode, NamedWindow

THEMES: Final = ("dark", "light")
_COMMENT: Final = "say-"
"""What stands before the name of a section in the parameter that holds its comment."""


@dataclass(frozen=True, slots=True)
class WallQuery:
    """An address of the screen."""

    snapshot: int | None = None
    """The number of a frozen briefing; None follows the data."""
    replay: date | None = None
    """A day to be stepped through hour by hour."""
    hour: int | None = None
    """The hour of the day at which a replay stands; None: it steps through all."""
    window: str = NamedWindow.NOW.value
    """As ``services.rules.windows.parse_window`` reads it."""
    mode: Mode | None = None
    """None is the declared mode."""
    plan: int | None = None
    compare: int | None = None
    """The number of the frozen briefing to compare with."""
    template: str = ""
    """The name of a template; empty for ``sections``."""
    sections: tuple[SectionName, ...] = tuple(SectionName)
    comments: tuple[tuple[SectionName, str], ...] = ()
    """What the officer added to sections; of no use beside a template."""
    language: str = DEFAULT_LANGUAGE
    theme: str = "dark"


def parse_wanted(query: Mapping[str, str], accepts: str = "") -> WallQuery:
    """Return what an address asks for; what is not understood is at its default.

    Parameters
    ----------
    query
        The query of the address.
    accepts
        The languages that the browser asks for (``Accept-Language``), where the address names none.
    """
    mode, theme, language = query.get("mode", ""), query.get("theme", ""), query.get("lang", "")
    named = [part for part in query.get("sections", "").split(",") if part in set(SectionName)]
    return WallQuery(
        snapshot=parse_number(query.get("snapshot", "")),
        replay=parse_day(query.get("replay", "")),
        window=query.get("window") or NamedWindow.NOW.value,
        mode=Mode(mode) if mode in set(Mode) else None,
        plan=parse_number(query.get("plan", "")),
        compare=parse_number(query.get("compare", "")),
        template=parse_name(query.get("template", "")),
        sections=tuple(SectionName(name) for name in dict.fromkeys(named)) or tuple(SectionName),
        comments=tuple(
            (name, query[_COMMENT + name.value]) for name in SectionName if query.get(_COMMENT + name.value)
        ),
        language=language if language in LANGUAGES else language_accepted(accepts),
        theme=theme if theme in THEMES else "dark",
    )


def screen_url(wall_query: WallQuery) -> str:
    """Return the address of a screen, without what is at its default.

    >>> screen_url(WallQuery(snapshot=3))
    '/screen?snapshot=3'
    """
    standard = WallQuery()
    fields: dict[str, str | int | None] = {
        "snapshot": wall_query.snapshot,
        "replay": wall_query.replay.isoformat() if wall_query.replay else None,
        "hour": wall_query.hour,
        "window": wall_query.window if wall_query.window != standard.window else None,
        "mode": wall_query.mode.value if wall_query.mode else None,
        "plan": wall_query.plan,
        "compare": wall_query.compare,
        "template": wall_query.template or None,
        "sections": ",".join(wall_query.sections) if wall_query.sections != standard.sections else None,
        "lang": wall_query.language if wall_query.language != standard.language else None,
        "theme": wall_query.theme if wall_query.theme != standard.theme else None,
    }
    fields |= {_COMMENT + name.value: comment for name, comment in wall_query.comments if comment}
    query = urlencode({name: value for name, value in fields.items() if value is not None}, safe=",/:")
    return f"/screen?{query}" if query else "/screen"
