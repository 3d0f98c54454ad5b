"""A briefing as the store keeps it: every word as JSON, what the maps draw as compressed WKB.

The words and the maps are sealed with one digest, so that a damaged snapshot is noticed rather than shown.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import shapely

from services.briefing.history import Headline
from services.briefing.model import (
    Briefing,
    Chart,
    ChartKind,
    KeyFigure,
    MapPart,
    Section,
    SectionName,
    Series,
    Table,
    TableColumn,
    Tone,
)
from services.briefing.stored_maps import maps_from_bytes, maps_to_bytes, said_in, with_words
from services.briefing.words import speaking

FORMAT: Final = 1
"""Grows when snapshots are written in a form that earlier programs cannot read."""
_DAMAGE: Final = (KeyError, IndexError, TypeError, ValueError, AttributeError, zlib.error, shapely.errors.ShapelyError)


class UnknownFormatError(ValueError):
    """What was kept has another format."""


class DamagedError(ValueError):
    """What was kept is not what was written."""


@dataclass(frozen=True, slots=True)
class StoredBriefing:
    """A briefing in every language, as the store keeps it."""

    body: str
    maps: bytes


def to_kept(briefings: Mapping[str, Briefing], headline: Headline) -> StoredBriefing:
    """Return what is kept of one briefing said in several languages; its maps are kept once."""
    first = next(iter(briefings.values()))
    parts = {section.name.value: section.map for section in first.sections if section.map is not None}
    maps = maps_to_bytes(parts)
    content = {
        "headline": asdict(headline),
        "made_at": first.made_at.isoformat(),
        "data_version": first.data_version,
        "data_at": first.data_at.isoformat() if first.data_at else None,
        "languages": {language: _said(briefing) for language, briefing in briefings.items()},
    }
    body = {"format": FORMAT, "sha256": _digest(content, maps), "content": content}
    return StoredBriefing(json.dumps(body, ensure_ascii=False, allow_nan=False), maps)


def from_kept(stored_briefing: StoredBriefing, language: str, number: int) -> Briefing:
    """Return a briefing as it was frozen; a language in which it was not kept means the first one it was kept in.

    Raises
    ------
    UnknownFormatError
        If it was written in another format.
    DamagedError
        If it is not what was written.
    """
    try:
        body = json.loads(stored_briefing.body)
        found = body["format"]
    except _DAMAGE as error:
        raise DamagedError from error
    if found != FORMAT:
        raise UnknownFormatError(str(found))
    try:
        return _read(body, stored_briefing.maps, language, number)
    except DamagedError:
        raise
    except _DAMAGE as error:
        raise DamagedError from error


def _read(body: Mapping[str, Any], maps: bytes, language: str, number: int) -> Briefing:
    content = body["content"]
    if _digest(content, maps) != body["sha256"]:
        raise DamagedError("digest")
    spoken = language if language in content["languages"] else next(iter(content["languages"]))
    said = content["languages"][spoken]
    with speaking(spoken):
        parts = maps_from_bytes(maps)
    data_at = content["data_at"]
    return Briefing(
        language=spoken,
        made_at=datetime.fromisoformat(content["made_at"]),
        data_version=content["data_version"],
        data_at=None if data_at is None else datetime.fromisoformat(data_at),
        sections=tuple(_section(kept, parts) for kept in said["sections"]),
        number=number,
        **{name: said[name] for name in _HEAD},
    )


_HEAD: Final = ("title", "window", "mode", "mark", "source")


def _said(briefing: Briefing) -> dict[str, Any]:
    head = {name: getattr(briefing, name) for name in _HEAD}
    return head | {"sections": [_say_section(section) for section in briefing.sections]}


def _say_section(section: Section) -> dict[str, Any]:
    return {
        "name": section.name.value,
        "title": section.title,
        "lead": section.lead,
        "comment": section.comment,
        "figures": [asdict(figure) for figure in section.figures],
        "table": section.table and asdict(section.table),
        "chart": section.chart and asdict(section.chart),
        "map": section.map and said_in(section.map),
    }


def _section(kept: Mapping[str, Any], parts: Mapping[str, MapPart]) -> Section:
    return Section(
        name=SectionName(kept["name"]),
        title=kept["title"],
        lead=kept["lead"],
        comment=kept["comment"],
        figures=tuple(KeyFigure(**figure | {"tone": Tone(figure["tone"])}) for figure in kept["figures"]),
        table=_table(kept["table"]) if kept["table"] else None,
        chart=_chart(kept["chart"]) if kept["chart"] else None,
        map=with_words(parts[kept["name"]], kept["map"]) if kept["map"] else None,
    )


def _table(kept: Mapping[str, Any]) -> Table:
    columns = tuple(TableColumn(**column) for column in kept["columns"])
    return Table(columns, tuple(tuple(row) for row in kept["rows"]), kept["left_out"])


def _chart(kept: dict[str, Any]) -> Chart:
    series = tuple(Series(one["name"], tuple(one["values"])) for one in kept["series"])
    return Chart(**kept | {"kind": ChartKind(kept["kind"]), "labels": tuple(kept["labels"]), "series": series})


def _digest(content: Mapping[str, Any], maps: bytes) -> str:
    words = json.dumps(content, sort_keys=True, ensure_ascii=True).encode()
    return sha256(words + b"\0" + maps).hexdigest()
