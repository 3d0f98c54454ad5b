"""The small subdistrict and a board with a cold corner, as coverage is made from them."""

import numpy as np
import pandas as pd
import pytest

from geo.schema import Layer
from services.coverage import LayerFrames, coverage_tables, prepare
from services.i18n import use_language
from services.rules.windows import Mode
from tests.services.coverage.small_town import EVENING, NORMS, PEOPLE, layer, small_frames, square


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh")


@pytest.fixture(scope="module")
def small():
    return prepare(small_frames(), NORMS, version=7)


@pytest.fixture(scope="module")
def evening(small):
    return coverage_tables(small, Mode.EMERGENCY, EVENING)


@pytest.fixture(scope="module")
def town():
    """A board of 400 grids with one cold corner."""
    codes = [f"G{k:03d}" for k in range(400)]
    rows = [
        (code, code, "C1", square(100 * (k % 20), 100 * (k // 20)), {"residents": 540.0})
        for k, code in enumerate(codes)
    ]
    frames = small_frames()
    no_estates = frames.zones[Layer.ESTATES].iloc[:0]
    zones = dict(frames.zones) | {Layer.GRIDS: layer(rows, PEOPLE), Layer.ESTATES: no_estates}
    cold = [(k % 20 < 5) and (k // 20 < 5) for k in range(400)]
    counts = np.where(cold, 1, np.random.default_rng(0).poisson(9, 400) + 4)
    homes = np.repeat(codes, counts)
    people = pd.Index([f"M{k:05d}" for k in range(len(homes))])
    assigned = pd.DataFrame({"grid_code": homes, "estate_code": None}, index=people)
    return prepare(LayerFrames(zones, pd.DataFrame(index=people), assigned), NORMS), np.array(cold)
