"""What can be wrong with a call (exceptions) and with data (values)."""

from collections.abc import Sequence
from dataclasses import dataclass, field


class GeoError(Exception):
    """Base of every error that ``geo`` raises."""


class CrsMismatchError(GeoError, ValueError):
    """Two inputs that must share a projected CRS do not."""

    def __init__(self, left: object, right: object) -> None:
        super().__init__(f"both inputs must be in one projected CRS in metres, got {left} and {right}")


class ShapeMismatchError(GeoError, ValueError):
    """Two arrays that must be of one length are not."""

    def __init__(self, **lengths: int) -> None:
        super().__init__("arrays differ in length: " + ", ".join(f"{k} {v}" for k, v in lengths.items()))


class NotProjectedError(GeoError, ValueError):
    """Data that must be in metres are in degrees."""

    def __init__(self, crs: object) -> None:
        super().__init__(f"data must be in a projected CRS in metres, got {crs}")


class NotLonlatError(GeoError, ValueError):
    """Bounds that must be degrees are not."""

    def __init__(self, bounds: object) -> None:
        super().__init__(f"bounds must be west, south, east, north in degrees, got {bounds}")


class NoCoordinatesError(GeoError, ValueError):
    """A place was asked for, and the data have no coordinates."""

    def __init__(self) -> None:
        super().__init__("the data have no coordinates")


class InvalidZonesError(GeoError, ValueError):
    """Zones that must be valid polygons are not: ``geo.validate`` repairs them."""

    def __init__(self, codes: Sequence[str]) -> None:
        shown = ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")
        super().__init__(f"{len(codes)} zones are not valid polygons, repair them first: {shown}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in one row of somebody's data.

    ``row`` is numbered as the user sees it in the file; ``column`` is the header (empty where the fault is in the
    whole row); ``code`` names the kind of fault, ``value`` is what stood there, shortened; ``params`` are what
    the message of that code needs besides. The message itself is made where people read it.
    """

    row: int
    column: str
    code: str
    value: str = ""
    params: dict[str, str | int | float] = field(default_factory=dict)
