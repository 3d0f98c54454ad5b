"""What files are called: area, kind of paper, day and hour, in the words of the current language."""

import re
from datetime import datetime
from typing import Final

from babel.dates import format_date

from geo.schema import Layer
from services.briefing import Briefing, SectionName
from services.briefing.words import SECTION_NAMES, shorten, speaking
from services.i18n import Text, current_language, text, translate
from services.rules.classes import TITLES, MapLayer
from services.rules.layer_names import LAYER_NAMES

_REFUSED: Final = re.compile(
    r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]+'
)
"""What Windows, Linux or a browser refuse in a name, and marks that cannot be seen."""
_LONGEST_PART: Final = 30
"""Characters of each part: two of them, a number and a day stay below 255 bytes, which file systems take."""
_BRIEFING: Final = text("People and need")
_ORDERS: Final = text("Orders")
_RECORD: Final = text("Personal record")


def file_name(start: datetime, suffix: str, *parts: str | Text, has_hour: bool = True) -> str:
    """Return the name of a file, its parts joined; empty ones are left out.

    Parameters
    ----------
    start
        Day and hour of what it tells.
    suffix
        With its dot.
    parts
        Area first, then the kind of paper.
    has_hour
        Whether there may be several of one day.

    Examples
    --------
    >>> file_name(datetime(2026, 11, 29, 20), ".pptx", "云港街道", text("People and need"))
    '云港街道-力量汇报-11月29日20时.pptx'
    >>> file_name(datetime(2026, 11, 29), ".json", 'A/B:"C"', has_hour=False)
    'A-B-C-11月29日.json'
    """
    said = [translate(part) if isinstance(part, Text) else part for part in parts]
    return "-".join(part for part in map(_plain, (*said, _when(start, has_hour=has_hour))) if part) + suffix


def briefing_file_name(briefing: Briefing, suffix: str, section: SectionName | None = None) -> str:
    """Return the name of a file of a briefing or of a section of it, in the language of the briefing."""
    with speaking(briefing.language):
        part = "" if section is None else SECTION_NAMES[section]
        number = "" if briefing.number is None else _number(briefing.number)
        return file_name(briefing.start or briefing.made_at, suffix, briefing.area, _BRIEFING, part, number)


def kept_file_name(area: str | Text, start: datetime, number: int, suffix: str) -> str:
    """Return the same of a frozen briefing of which the head alone is known."""
    return file_name(start, suffix, area, _BRIEFING, _number(number))


def coverage_file_name(
    area: str | Text, level: Layer, start: datetime, suffix: str, layer: MapLayer | None = None
) -> str:
    """Return the name of a file of coverage at a level: of a table, or of a map of one layer."""
    said = LAYER_NAMES[level]
    table = text("Coverage of {level}", level=said)
    paper = table if layer is None else text("{layer} by {level}", layer=TITLES[layer], level=said)
    return file_name(start, suffix, area, paper)


def orders_file_name(area: str | Text, start: datetime, suffix: str) -> str:
    """Return the name of a file of the orders of a window."""
    return file_name(start, suffix, area, _ORDERS)


def record_file_name(code: str, day: datetime, suffix: str) -> str:
    """Return the name of a file of what is stored about one person, without the person's name."""
    return file_name(day, suffix, _RECORD, code, has_hour=False)


def _number(number: int) -> str:
    return translate("No. {number}", number=number)


def _when(start: datetime, *, has_hour: bool) -> str:
    day = format_date(start, translate("MMM d"), locale=current_language())
    if not has_hour:
        return day
    hour = text("{day} at {hour}.{minute}") if start.minute else text("{day} at {hour}")
    return translate(hour, day=day, hour=start.hour, minute=f"{start:%M}")


def _plain(part: str) -> str:
    """Return a part without what no name of a file may hold; line breaks become spaces."""
    return shorten(_REFUSED.sub("-", " ".join(part.split())), _LONGEST_PART).strip("-. ")
