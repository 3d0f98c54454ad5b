"""Shapes built from their texts or bytes, each on its own where not all can be."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Build = Callable[..., Any]


def build_shapes(cells: Sequence[object] | NDArray[np.object_], build: Build) -> NDArray[np.object_]:
    """Return ``(n,)`` shapes; None where nothing is stated, or where ``build`` cannot make a shape of it.

    What the library has no shape for (arcs, surfaces) makes it give up all of them; then each is tried alone.

    Parameters
    ----------
    cells
        ``(n,)`` texts or bytes, None where there is nothing.
    build
        ``shapely.from_wkt`` or ``shapely.from_wkb``.

    Raises
    ------
    MemoryError
        If the machine lacks it.
    """
    try:
        return np.asarray(build(cells, on_invalid="ignore"), dtype=object)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever the library raises, it is this shape's
        shapes = np.full(len(cells), None, dtype=object)
        shapes[:] = [_built(one, build) for one in cells]
        return shapes


def _built(stated: object, build: Build) -> shapely.Geometry | None:
    """Return one shape, None where it cannot be built.

    Raises
    ------
    MemoryError
        If the machine lacks it.
    """
    try:
        shape: shapely.Geometry | None = build(stated, on_invalid="ignore")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever the library raises, it is this shape's
        return None
    return shape
