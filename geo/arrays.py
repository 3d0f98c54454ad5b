"""What arrays hold, as the signatures of all packages name it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Positions = NDArray[np.intp]
"""Positions of rows, from 0."""
Flags = NDArray[np.bool_]
Geometries = NDArray[Any]
"""Shapely geometries, None where a row has none (shapely has no type of its own for them)."""
Bounds = tuple[float, float, float, float]
"""West, south, east, north, or left, lower, right, upper."""
