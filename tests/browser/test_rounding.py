"""The browser rounds what is dragged as the program rounds what is stored."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.coverage import Status, compare_need_and_supply
from services.rules.rounding import FIGURES, round_table, shown_text

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parents[2] / "dashboard" / "map" / "js" / "rounding.js"
SHOWN = """zones => zones.map(([need, supply]) => {
  const {need: n, met, gap, surplus} = GM.balanceOf(need, supply);
  return [n, met, gap, surplus, GM.shownText(gap), GM.isWeak(supply - need)];
})"""
NEAR_LIMITS = (0.05, 0.1, 0.5, 0.95, 1.0, 9.94, 9.95, 10.0, 24.5, 25.5, 1234.5)


def test_the_browser_rounds_as_the_program(page):
    chance = np.random.default_rng(28)
    zones = np.array([(a, b) for a in NEAR_LIMITS for b in (0.0, *NEAR_LIMITS, a - 0.1, a - 0.05)])
    zones = np.vstack([zones, chance.gamma(1.5, 20, (500, 2))]).round(3)
    page.evaluate(f"window.GM = {{}}; {SCRIPT.read_text(encoding='utf-8')}")
    shown = page.evaluate(SHOWN, zones.tolist())
    coverage = compare_need_and_supply(*zones.T)
    told = round_table(pd.DataFrame({name: getattr(coverage, name) for name in ("need", "met", "surplus")}))
    np.testing.assert_allclose([row[:4] for row in shown], told[list(FIGURES)], atol=1e-9)
    assert [row[4] for row in shown] == told["gap"].map(shown_text).tolist()
    assert [row[5] for row in shown] == (coverage.status == Status.WEAK).tolist()
