"""What the maps of a briefing draw, as bytes: a head in JSON and the outlines in WKB, compressed together.

Frames that several maps share are kept once. Coordinates are rounded to multiples of ``STEP`` degrees (0.1 m), a power
of two: the numbers then end in zeros and take half the room.
"""

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.schema import STORED_CRS, Layer
from services.briefing.mapping import say_words
from services.briefing.model import Arc, MapPart, MapWords
from services.i18n import Text
from services.rules.classes import MapLayer, Scale

STEP: Final = 2.0**-20
_KEPT: Final = ("name", "gap", "kind")
"""Columns that drawing needs besides the outline."""
_TEXTS: Final = frozenset({"name", "kind", "status"})
_LENGTH: Final = struct.Struct("<I")


@dataclass
class _FrameTable:
    """Frames being kept, each once."""

    heads: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)

    def put(self, frame: gpd.GeoDataFrame) -> int:
        """Return where a frame is kept."""
        if id(frame) not in self.places:
            outlines = _to_wkb(frame)
            head = _columns(frame, [name for name in _KEPT if name in frame.columns])
            self.places[id(frame)] = len(self.heads)
            self.heads.append(head | {"lengths": [len(wkb) for wkb in outlines]})
            self.bodies.append(b"".join(outlines))
        return self.places[id(frame)]


def maps_to_bytes(parts: Mapping[str, MapPart]) -> bytes:
    """Return maps by the name of their section as bytes, without the words of any language."""
    table = _FrameTable()
    maps = {name: _map_head(part, table) for name, part in parts.items()}
    head = json.dumps({"maps": maps, "frames": table.heads}, ensure_ascii=False, allow_nan=False).encode()
    return zlib.compress(b"".join([_LENGTH.pack(len(head)), head, *table.bodies]), 6)


def maps_from_bytes(data: bytes) -> dict[str, MapPart]:
    """Return maps by the name of their section; their words are missing (``with_words``).

    Raises
    ------
    zlib.error, KeyError, ValueError
        If the bytes are not what ``maps_to_bytes`` made.
    """
    plain = zlib.decompress(data)
    (length,) = _LENGTH.unpack_from(plain)
    head = json.loads(plain[_LENGTH.size : _LENGTH.size + length])
    frames, at = [], _LENGTH.size + length
    for one in head["frames"]:
        frames.append(_frame(one, plain, at))
        at += sum(one["lengths"])
    return {name: _map(one, frames) for name, one in head["maps"].items()}


def said_in(part: MapPart) -> dict[str, Any]:
    """Return the words of a map in the language it was made in: ``mapping.said_scale`` has said its labels."""
    return {
        "labels": [label.id for label in part.scale.labels],
        "arcs": [arc.label for arc in part.arcs],
        "legend": asdict(part.words),
    }


def with_words(part: MapPart, stored_words: Mapping[str, Any]) -> MapPart:
    """Return a map with its words; a legend that was not kept yet is said in the current language."""
    words = MapWords(**stored_words["legend"]) if "legend" in stored_words else part.words
    scale = replace(part.scale, labels=tuple(Text(label) for label in stored_words["labels"]))
    arcs = tuple(replace(arc, label=label) for arc, label in zip(part.arcs, stored_words["arcs"], strict=True))
    return replace(part, scale=scale, arcs=arcs, words=words)


def _map_head(part: MapPart, table: _FrameTable) -> dict[str, Any]:
    return {
        "level": part.level.value,
        "scale": {
            "layer": part.scale.layer.value,
            "limits": list(part.scale.limits),
            "colours": list(part.scale.colours),
        },
        "table": _columns(part.table, list(part.table.columns)),
        "zones": table.put(part.zones),
        "borders": [table.put(frame) for frame in part.borders],
        "marks": None if part.marks is None else table.put(part.marks),
        "base": {layer.value: table.put(frame) for layer, frame in part.base.items()},
        "arcs": [[*arc.start, *arc.end] for arc in part.arcs],
    }


def _map(head: Mapping[str, Any], frames: Sequence[gpd.GeoDataFrame]) -> MapPart:
    kept, level = head["scale"], Layer(head["level"])
    scale = Scale(MapLayer(kept["layer"]), tuple(kept["limits"]), tuple(kept["colours"]), (), level)
    return MapPart(
        level=level,
        scale=scale,
        words=say_words(scale),
        table=_completed(_table(head["table"])),
        zones=frames[head["zones"]],
        borders=tuple(frames[k] for k in head["borders"]),
        marks=None if head["marks"] is None else frames[head["marks"]],
        base={Layer(layer): frames[k] for layer, k in head["base"].items()},
        arcs=tuple(Arc((a, b), (c, d), "") for a, b, c, d in head["arcs"]),
    )


def _columns(frame: pd.DataFrame, names: Sequence[str]) -> dict[str, Any]:
    values = {name: [None if pd.isna(v) else v for v in frame[name].tolist()] for name in names}
    return {"codes": [str(code) for code in frame.index], "columns": values}


def _table(kept: Mapping[str, Any]) -> pd.DataFrame:
    index = pd.Index(kept["codes"], dtype="str", name="code")
    columns = {
        name: pd.Series(values, index=index, dtype="str" if name in _TEXTS else "float64")
        for name, values in kept["columns"].items()
    }
    return pd.DataFrame(columns, index=index)


def _completed(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with what is met, which snapshots of former versions do not say."""
    if "met" in table.columns or "gap" not in table.columns:
        return table
    met = table["need"] - table["gap"]
    return table.assign(met=met, share_met=met / table["need"].where(table["need"] > 0))


def _frame(kept: Mapping[str, Any], plain: bytes, at: int) -> gpd.GeoDataFrame:
    ends = at + np.cumsum(kept["lengths"], dtype=np.int64)
    starts = ends - np.asarray(kept["lengths"], dtype=np.int64)
    wkb = [plain[start:end] or None for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    shapes = np.asarray(shapely.from_wkb(np.array(wkb, dtype=object)))
    return gpd.GeoDataFrame(_table(kept).assign(geom=shapes), geometry="geom", crs=STORED_CRS)


def _to_wkb(frame: gpd.GeoDataFrame) -> list[bytes]:
    shapes: NDArray[np.object_] = np.asarray(frame.geometry.values, dtype=object)
    rounded = shapely.transform(shapes, lambda xy: np.round(xy / STEP) * STEP)
    return [wkb or b"" for wkb in shapely.to_wkb(rounded, include_srid=False).tolist()]
