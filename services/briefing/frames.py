"""The frames that maps draw, to be kept: tables as JSON, outlines as WKB, compressed together with what names them.

Frames that several maps share are kept once. Coordinates are rounded to multiples of ``STEP`` degrees (0.1 m), a power
of two: the numbers then end in zeros and take half the room.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.schema import STORED_CRS

STEP: Final = 2.0**-20
_KEPT: Final = ("name", "gap", "kind")
"""Columns that drawing needs besides the outline."""
_TEXTS: Final = frozenset({"name", "kind", "status"})
_LENGTH: Final = struct.Struct("<I")


@dataclass
class FrameTable:
    """Frames being kept, each once."""

    heads: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)

    def put(self, frame: gpd.GeoDataFrame) -> int:
        """Return where a frame is kept."""
        if id(frame) not in self.places:
            outlines = _to_wkb(frame)
            head = write_table(frame[[name for name in _KEPT if name in frame.columns]])
            self.places[id(frame)] = len(self.heads)
            self.heads.append(head | {"lengths": [len(wkb) for wkb in outlines]})
            self.bodies.append(b"".join(outlines))
        return self.places[id(frame)]


def pack_maps(maps: Mapping[str, Any], frames: FrameTable) -> bytes:
    """Return maps, in which outlines are numbers of frames, and those frames as bytes."""
    head = json.dumps({"maps": maps, "frames": frames.heads}, ensure_ascii=False, allow_nan=False).encode()
    return zlib.compress(b"".join([_LENGTH.pack(len(head)), head, *frames.bodies]), 6)


def unpack_maps(data: bytes) -> tuple[dict[str, Any], list[gpd.GeoDataFrame]]:
    """Return maps and frames as they were packed.

    Raises
    ------
    zlib.error, KeyError, ValueError
        If the bytes are not what ``pack_maps`` made.
    """
    plain = zlib.decompress(data)
    (length,) = _LENGTH.unpack_from(plain)
    head = json.loads(plain[_LENGTH.size : _LENGTH.size + length])
    frames, at = [], _LENGTH.size + length
    for one in head["frames"]:
        frames.append(_frame(one, plain, at))
        at += sum(one["lengths"])
    return head["maps"], frames


def write_table(frame: pd.DataFrame) -> dict[str, Any]:
    """Return codes and columns of a table; what is not known is null."""
    values = {name: [None if pd.isna(v) else v for v in frame[name].tolist()] for name in frame.columns}
    return {"codes": [str(code) for code in frame.index], "columns": values}


def read_table(form: Mapping[str, Any]) -> pd.DataFrame:
    """Return the table that was written; what is met is added, which former versions did not say."""
    index = pd.Index(form["codes"], dtype="str", name="code")
    columns = {
        name: pd.Series(values, index=index, dtype="str" if name in _TEXTS else "float64")
        for name, values in form["columns"].items()
    }
    table = pd.DataFrame(columns, index=index)
    if "met" in table.columns or not {"need", "gap"} <= set(table.columns):
        return table
    met = table["need"] - table["gap"]
    return table.assign(met=met, share_met=met / table["need"].where(table["need"] > 0))


def _frame(form: Mapping[str, Any], plain: bytes, at: int) -> gpd.GeoDataFrame:
    ends = at + np.cumsum(form["lengths"], dtype=np.int64)
    starts = ends - np.asarray(form["lengths"], dtype=np.int64)
    wkb = [plain[start:end] or None for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    shapes = np.asarray(shapely.from_wkb(np.array(wkb, dtype=object)))
    return gpd.GeoDataFrame(read_table(form).assign(geom=shapes), geometry="geom", crs=STORED_CRS)


def _to_wkb(frame: gpd.GeoDataFrame) -> list[bytes]:
    shapes: NDArray[np.object_] = np.asarray(frame.geometry.values, dtype=object)
    rounded = shapely.transform(shapes, lambda xy: np.round(xy / STEP) * STEP)
    return [wkb or b"" for wkb in shapely.to_wkb(rounded, include_srid=False).tolist()]
