"""A briefing as the store keeps it: every word as JSON, what the maps draw as compressed WKB.

The form is ``BRIEFING_FORM``, but maps are kept once for all languages and only their words in each. The words and the
maps are sealed with one digest, so that a damaged snapshot is noticed rather than shown.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

import shapely
from pydantic import TypeAdapter

from services.briefing.frames import FrameTable, pack_maps, unpack_maps
from services.briefing.history import Headline
from services.briefing.mapping import say_words
from services.briefing.model import BRIEFING_FORM, MAP_FORM, Briefing, MapPart
from services.briefing.words import speaking
from services.rules.classes import Scale

FORMAT: Final = 1
"""Grows when snapshots are written in a form that earlier programs cannot read."""
_OF_ALL_LANGUAGES: Final = {"made_at", "data_version", "data_at"}
_WORDS: Final = {"title", "window", "mode", "mark", "source", "sections", "area", "maker"}
_DRAWN: Final = dict.fromkeys(("level", "table", "zones", "borders", "marks", "base"), True) | {
    "scale": {"layer", "limits", "colours"}
}
_SCALE_FORM: Final = TypeAdapter(Scale)
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
    first, frames = next(iter(briefings.values())), FrameTable()
    maps = {section.name.value: _draw(section.map, frames) for section in first.sections if section.map is not None}
    packed = pack_maps(maps, frames)
    content = {
        "headline": asdict(headline),
        **BRIEFING_FORM.dump_python(first, mode="json", include=_OF_ALL_LANGUAGES),
        "languages": {language: _say(briefing) for language, briefing in briefings.items()},
    }
    body = {"format": FORMAT, "sha256": _digest(content, packed), "content": content}
    return StoredBriefing(json.dumps(body, ensure_ascii=False, allow_nan=False), packed)


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
        if body["format"] == FORMAT:
            return _read(body, stored_briefing.maps, language, number)
    except _DAMAGE as error:
        raise DamagedError from error
    raise UnknownFormatError(str(body["format"]))


def _read(body: Mapping[str, Any], packed: bytes, language: str, number: int) -> Briefing:
    content = body["content"]
    if _digest(content, packed) != body["sha256"]:
        raise DamagedError("digest")
    spoken = language if language in content["languages"] else next(iter(content["languages"]))
    said = content["languages"][spoken]
    maps, frames = unpack_maps(packed)
    with speaking(spoken):
        sections = [
            kept | {"map": kept["map"] and _whole_map(maps[kept["name"]], kept["map"])} for kept in said["sections"]
        ]
    form = content | said | {"sections": sections, "language": spoken, "number": number}
    return BRIEFING_FORM.validate_python(form, context=frames)


def _say(briefing: Briefing) -> dict[str, Any]:
    without_maps = {"sections": {"__all__": {"map"}}}
    said: dict[str, Any] = BRIEFING_FORM.dump_python(briefing, mode="json", include=_WORDS, exclude=without_maps)
    for section, form in zip(briefing.sections, said["sections"], strict=True):
        form["map"] = section.map and said_in(section.map)
    return said


def said_in(part: MapPart) -> dict[str, Any]:
    """Return the words of a map in the language it was made in: ``mapping.said_scale`` has said its labels."""
    return {
        "labels": [label.id for label in part.scale.labels],
        "arcs": [arc.label for arc in part.arcs],
        "legend": asdict(part.words),
    }


def _draw(part: MapPart, frames: FrameTable) -> dict[str, Any]:
    """Return a map without the words of any language."""
    drawn: dict[str, Any] = MAP_FORM.dump_python(part, mode="json", include=_DRAWN, context=frames.put)
    return drawn | {"arcs": [[*arc.start, *arc.end] for arc in part.arcs]}


def _whole_map(drawn: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form of a map from both its parts; a legend that was not kept yet is said in the current language."""
    labels = [{"id": label} for label in said["labels"]]
    scale = _SCALE_FORM.validate_python(drawn["scale"] | {"labels": labels, "level": drawn["level"]})
    arcs = [
        {"start": ends[:2], "end": ends[2:], "label": label}
        for ends, label in zip(drawn["arcs"], said["arcs"], strict=True)
    ]
    return {**drawn, "scale": scale, "arcs": arcs, "words": said.get("legend") or say_words(scale)}


def _digest(content: Mapping[str, Any], maps: bytes) -> str:
    words = json.dumps(content, sort_keys=True, ensure_ascii=True).encode()
    return sha256(words + b"\0" + maps).hexdigest()
