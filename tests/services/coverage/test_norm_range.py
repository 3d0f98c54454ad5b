"""How totals and ranks of the small town depend on what the norms assume."""

import numpy as np
import pytest

from geo.schema import Layer
from services.coverage import DRAWS, LayerFrames, SentPeople, coverage_tables, find_norm_range, prepare
from services.coverage import norm_range as module
from services.rules.norm_draws import draw_norms
from services.rules.windows import Mode
from tests.services.coverage.small_town import EVENING, NORMS, small_frames


@pytest.fixture(scope="module")
def drawn(small):
    return find_norm_range(small, Mode.EMERGENCY, EVENING)


def tables_of(norms, sent=None):
    frames = small_frames()
    inputs = prepare(LayerFrames(frames.zones, frames.members, frames.assignments), norms)
    return coverage_tables(inputs, Mode.EMERGENCY, EVENING, sent or SentPeople({}, {}))


@pytest.mark.parametrize("layer", [Layer.GRIDS, Layer.ESTATES])
def test_a_draw_gives_what_coverage_gives_with_its_norms(drawn, layer):
    rng = np.random.default_rng(module.SEED)
    for k in range(3):
        table = tables_of(draw_norms(NORMS, rng))[layer]
        np.testing.assert_allclose(drawn.need[layer][k], table["need"])
        np.testing.assert_allclose(drawn.supply[layer][k], table["supply"])


def test_the_total_lies_within_its_range(drawn, evening):
    low, high = drawn.total(evening[Layer.GRIDS])
    assert low < evening[Layer.GRIDS]["gap"].sum() < high


def test_who_is_sent_stays_sent(drawn, evening):
    helped = tables_of(NORMS, SentPeople({"G2": 100.0, "G3": 100.0}, {"G1": 1_000.0}))[Layer.GRIDS]
    assert drawn.total(helped.loc[["G2", "G3"]]) == (0.0, 0.0)
    assert drawn.total(helped.loc[["G1"]])[1] > 0


def test_who_is_always_among_the_first_is_steady(drawn, evening):
    grids = evening[Layer.GRIDS]
    mixed = np.array([False, True, False, False, False])
    assert drawn.steadiness(Layer.GRIDS, grids, mixed)[["G2", "G4", "G5"]].tolist() == [1, 0, 0]
    always = drawn.steadiness(Layer.GRIDS, grids, mixed) * DRAWS
    assert (always == always.round()).all()
