"""The page of the screen: HTML of our own with the words of a language in it, and the addresses of its scripts."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from dashboard.map.assets import LEAFLET_CSS, LEAFLET_JS, asset_url
from dashboard.wall.query import WallQuery
from services.i18n import Text, _, text

FOLDER: Final = Path(__file__).parent / "page"
SCRIPTS: Final = ("core.js", "sheet.js", "shapes.js", "fills.js")
"""Of ``dashboard/map/js``: what draws on a map of Leaflet."""
SUFFIXES: Final = {".js": "text/javascript", ".css": "text/css"}
HTML_LANGUAGE: Final = {"zh": "zh-CN", "en": "en"}

WORDS: Final[Mapping[str, Text]] = {
    "live": text("Live"),
    "off": text("Connection lost"),
    "frozen": text("Snapshot {number}"),
    "replay": text("Replay"),
    "paused": text("paused"),
    "held": text("held while the map is used"),
    "madeAt": text("As of {time}"),
    "fresh": text("Data: less than a minute old"),
    "minutes": text("Data: {number} min old"),
    "hoursOld": text("Data: {number} h old"),
    "days": text("Data: {number} days old"),
    "ageUnknown": text("Age of the data unknown"),
    "late": text("These figures are of {time}: the server has made no new ones since."),
    "overdue": text("New data were due by {time} and have not come. The situation may have changed."),
    "lost": text("No connection to the server. The last picture stays; it goes on by itself."),
    "refused": text("The server asks to sign in again. The last picture stays."),
    "nothing": text("There is nothing to show."),
    "loading": text("Loading…"),
    "making": text("The figures are being worked out; for a whole city this takes about a minute."),
    "more": text("and {number} more"),
    "unit": text("Unit: {unit}"),
    "ratio": text("Coverage"),
    "share_met": text("Need met"),
    "need": text("Need"),
    "supply": text("Available"),
    "met": text("Met"),
    "gap": text("Missing"),
    "surplus": text("Spare"),
    "map": text("Map. Drag, zoom, or click a zone for its figures."),
    "zoomIn": text("Zoom in"),
    "zoomOut": text("Zoom out"),
    "controls": text("Steer the screen"),
    "before": text("◀ Back"),
    "next": text("Next ▶"),
    "pause": text("Pause"),
    "play": text("Go on"),
    "turn": text("Turns every"),
    "seconds": text("{number} s"),
    "light": text("Light"),
    "dark": text("Dark"),
    "full": text("Whole screen"),
    "weekdays": text("Sun Mon Tue Wed Thu Fri Sat"),
}
_OTHER_LANGUAGE: Final = {"zh": "English", "en": "中文"}


@cache
def release() -> str:
    """Return a token of everything the page is made of; another one tells open screens to load themselves anew."""
    parts = [path.read_bytes() for path in sorted(FOLDER.iterdir())]
    return hashlib.sha256(b"".join(parts) + "".join(map(asset_url, SCRIPTS)).encode()).hexdigest()[:12]


def assets_url() -> str:
    """Return the address below which our files lie."""
    return f"/screen/assets/{release()}"


def render_page(query: WallQuery) -> str:
    """Return the page, in the current language."""
    words = {name: translate_open(word) for name, word in WORDS.items()}
    words["otherLanguage"] = _OTHER_LANGUAGE[query.language]
    scripts = "\n".join(f'<script defer src="{asset_url(name)}"></script>' for name in SCRIPTS)
    filled = {
        "{lang}": HTML_LANGUAGE[query.language],
        "{theme}": query.theme,
        "{release}": release(),
        "{title}": escape(_("Briefing")),
        "{leaflet_css}": LEAFLET_CSS,
        "{leaflet_js}": LEAFLET_JS,
        "{assets}": assets_url(),
        "{scripts}": scripts,
        "{words}": json.dumps(words, ensure_ascii=False).replace("<", "\\u003c"),
    }
    page = (FOLDER / "screen.html").read_text(encoding="utf-8")
    for mark, value in filled.items():
        page = page.replace(mark, value)
    return page


def translate_open(word: Text) -> str:
    """Return a text in the current language with its parameters still in braces; the browser fills them in."""
    return _(word.id)


def read_asset(name: str) -> tuple[bytes, str] | None:
    """Return one of our files and its media type, or nothing if there is none of that name."""
    path = FOLDER / name
    media_type = SUFFIXES.get(path.suffix)
    if media_type is None or path.parent != FOLDER or not path.is_file():
        return None
    return path.read_bytes(), media_type
