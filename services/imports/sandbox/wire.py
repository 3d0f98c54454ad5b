"""What goes between the program and the reader of a file, as JSON, plain numbers and WKB: nothing that could run."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, get_type_hints

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import TypeAdapter

from geo.schema import Layer
from services.errors import ServiceError
from services.i18n import DEFAULT_LANGUAGE, Text, catalogue
from services.imports.read.table import RawTable, Unreadable
from services.imports.read.upload import Upload
from services.imports.sandbox.confinement import ResourceLimits
from services.imports.sandbox.line import FrameKind, FrameSocket, FrameSocketError

_APART: Final = frozenset({"frame", "rows", "geometry"})
"""What of a table does not go in its head."""
_HINTS: Final = get_type_hints(RawTable)
_FACTS: Final[Mapping[str, TypeAdapter[Any]]] = {
    field.name: TypeAdapter(_HINTS[field.name]) for field in fields(RawTable) if field.name not in _APART
}
_TEXT: Final = TypeAdapter(Text)
_MISSING: Final = -1


class FaultError(Exception):
    """The reader met an exception that nobody foresaw; the message is its class and place."""


class RefusalError(Exception):
    """The reader says why the file cannot be used."""

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


_MALFORMED: Final = (ValueError, KeyError, TypeError, shapely.errors.ShapelyError)


@dataclass(frozen=True, slots=True)
class Request:
    """A file and how it is to be read; see ``services.imports.sandbox.process.read_table``."""

    upload: Upload
    layer: Layer
    encoding: str
    layer_name: str | None
    sheet: str | None


def send_request(line: FrameSocket, request: Request, limits: ResourceLimits) -> None:
    """Send the limits first, for the reader to lock itself in, then the file and how it is to be read."""
    send_limits(line, limits)
    upload = request.upload
    head = {
        "name": upload.name,
        "companions": list(upload.companions),
        "layer": request.layer.value,
        "encoding": request.encoding,
        "layer_name": request.layer_name,
        "sheet": request.sheet,
    }
    line.send(FrameKind.DATA, _json(head))
    for content in (upload.data, *upload.companions.values()):
        line.send(FrameKind.DATA, content)


def send_limits(line: FrameSocket, limits: ResourceLimits) -> None:
    """Send what the work may take."""
    line.send(FrameKind.DATA, _json(asdict(limits)))


def receive_limits(line: FrameSocket) -> ResourceLimits:
    """Return what reading the file may take."""
    return ResourceLimits(**json.loads(line.receive()[1]))


def receive_request(line: FrameSocket) -> Request:
    """Return the file and how it is to be read."""
    head = json.loads(line.receive()[1])
    data = bytes(line.receive()[1])
    companions = {name: bytes(line.receive()[1]) for name in head.pop("companions")}
    upload = Upload(head.pop("name"), data, companions)
    return Request(upload, Layer(head.pop("layer")), **head)


def send_table(line: FrameSocket, table: RawTable) -> None:
    """Send a table: its head, the numbers of its rows, its columns one by one, its shapes."""
    facts = {name: getattr(table, name) for name in _FACTS}
    columns = [table.frame.iloc[:, place].tolist() for place in range(table.frame.shape[1])]
    line.send(
        FrameKind.DATA, _json({"columns": list(table.headers), "shapes": table.geometry is not None, "facts": facts})
    )
    line.send(FrameKind.DATA, table.rows.astype("<i8").tobytes())
    for column in columns:
        line.send(FrameKind.DATA, write_cells(column))
    if table.geometry is not None:
        lengths, content = _write_shapes(table.geometry)
        line.send(FrameKind.DATA, lengths)
        line.send(FrameKind.DATA, content)


def send_refusal(line: FrameSocket, reason: Text) -> None:
    """Send why a file cannot be used."""
    line.send(FrameKind.REFUSAL, _json(reason))


def receive_table(line: FrameSocket) -> RawTable:
    """Return the table that the reader sends; what it sends is checked, and none of it runs.

    Raises
    ------
    RefusalError
        If the reader says that the file cannot be used.
    FaultError
        If it failed.
    FrameSocketError
        If it ended, or sends what is no table.
    ServiceError
        If the waiting is ended.
    """
    try:
        return _receive_table(line)
    except ServiceError:
        raise
    except _MALFORMED as error:
        raise FrameSocketError from error


def _receive_table(line: FrameSocket) -> RawTable:
    head = json.loads(receive_content(line))
    rows = np.frombuffer(receive_content(line), dtype="<i8").astype(np.int64)
    names = [str(name) for name in head["columns"]]
    cells = {place: pd.Series(_column(line, len(rows)), dtype=object) for place in range(len(names))}
    frame = pd.DataFrame(cells, index=pd.RangeIndex(len(rows)), dtype=object).set_axis(names, axis=1)
    geometry = _read_shapes(receive_content(line), receive_content(line), len(rows)) if head["shapes"] else None
    facts = {name: adapter.validate_python(head["facts"][name]) for name, adapter in _FACTS.items()}
    return RawTable(frame=frame, rows=rows, geometry=geometry, **facts)


def receive_content(line: FrameSocket) -> bytearray:
    """Return the next frame.

    Raises
    ------
    RefusalError
        If the reader says instead why the file cannot be used.
    FaultError
        If it says that it failed.
    FrameSocketError
        If it refuses with a text that is none of ours.
    """
    kind, content = line.receive()
    if kind is FrameKind.FAULT:
        raise FaultError(content.decode("ascii", "replace")[:500])
    if kind is FrameKind.REFUSAL:
        reason = _TEXT.validate_python(json.loads(content))
        if not is_ours(reason):
            raise FrameSocketError
        raise RefusalError(reason)
    return content


def is_ours(reason: Text) -> bool:
    """Return whether a text is one of the program, since filling in a foreign one could take for ever."""
    inner = (value for value in reason.params.values() if isinstance(value, Text))
    return reason.id in catalogue(DEFAULT_LANGUAGE) and all(map(is_ours, inner))


def _column(line: FrameSocket, count: int) -> list[object]:
    cells = read_cells(receive_content(line))
    if len(cells) != count:
        raise FrameSocketError
    return cells


def _write_shapes(shapes: NDArray[np.object_]) -> tuple[bytes, bytes]:
    """Return the length of each shape as WKB, -1 for None, and the shapes one after the other."""
    known = shapes[~shapely.is_missing(shapes)]
    coordinates = shapely.get_coordinates(known)
    if np.isnan(coordinates).any():
        # A point of two NaN would come back as an empty one.
        shapes = shapely.transform(shapes, _infinite_for_nan)
    parts: Sequence[bytes | None] = shapely.to_wkb(shapes).tolist()
    lengths = np.array([_MISSING if part is None else len(part) for part in parts], dtype="<i8")
    return lengths.tobytes(), b"".join(part for part in parts if part is not None)


def _infinite_for_nan(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(positions).all(axis=1, keepdims=True), np.inf, positions)


def _read_shapes(lengths: bytearray, content: bytearray, count: int) -> NDArray[np.object_]:
    sizes = np.frombuffer(lengths, dtype="<i8").tolist()
    if len(sizes) != count or sum(size for size in sizes if size >= 0) != len(content):
        raise FrameSocketError
    parts = np.full(count, None, dtype=object)
    place, view = 0, memoryview(content)
    for row, size in enumerate(sizes):
        if size >= 0:
            parts[row] = bytes(view[place : place + size])
            place += size
    shapes: NDArray[np.object_] = shapely.from_wkb(parts)
    return shapes


def _json(value: object) -> bytes:
    return json.dumps(value, default=_plain).encode("ascii")


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value.item() if isinstance(value, np.generic) else dict(value) if isinstance(value, Mapping) else str(value)


def write_cells(cells: Sequence[object]) -> bytes:
    """Return cells as JSON in UTF-8; what JSON has no word for is an object with one key.

    Half characters (surrogates) are kept.

    >>> write_cells(["甲", 1, 2.5, None, date(2026, 1, 2)]).decode()
    '["甲",1,2.5,null,{"date":"2026-01-02"}]'
    """
    content = json.dumps(cells, ensure_ascii=False, separators=(",", ":"), default=_tag_cell)
    return content.encode("utf-8", "surrogatepass")


def read_cells(content: bytes | bytearray) -> list[object]:
    """Return the cells that ``write_cells`` wrote.

    Raises
    ------
    ValueError
        If it did not.
    """
    try:
        return list(json.loads(content.decode("utf-8", "surrogatepass"), object_hook=_cell))
    except (TypeError, KeyError, IndexError, ArithmeticError, RecursionError) as error:
        raise ValueError(type(error).__name__) from error


def _tag_cell(value: object) -> object:
    if isinstance(value, Unreadable):
        return {"unreadable": [value.text, value.code]}
    if value is pd.NaT or value is pd.NA:
        return None
    for kinds, tag, spell in _SPELLINGS:
        if isinstance(value, kinds):
            return {tag: spell(value)}
    return value.item() if isinstance(value, np.generic) else str(value)


_SPELLINGS: Final[Sequence[tuple[type, str, Callable[[Any], object]]]] = (
    (pd.Timestamp, "datetime", lambda value: value.to_pydatetime(warn=False).isoformat()),
    (datetime, "datetime", datetime.isoformat),
    (date, "date", date.isoformat),
    (time, "time", time.isoformat),
    (timedelta, "seconds", timedelta.total_seconds),
    (Decimal, "decimal", str),
    (bytes, "bytes", bytes.hex),
)
"""From the narrower to the wider: a moment is a day too."""


def _cell(tagged: dict[str, Any]) -> object:
    ((tag, value),) = tagged.items()
    return _MAKERS[tag](value)


_MAKERS: Final[Mapping[str, Callable[[Any], object]]] = MappingProxyType(
    {
        "datetime": datetime.fromisoformat,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
        "seconds": lambda value: timedelta(seconds=value),
        "decimal": Decimal,
        "bytes": bytes.fromhex,
        "unreadable": lambda value: Unreadable(str(value[0]), str(value[1])),
    }
)
