"""Drop → changed map on screen, measured in Chromium at 200 and 2,000 grids: ``python -m tests.bench.bench_drag``.

The inputs are the demo at the sizes sub-district and district (made up, ``services.demo``). Two times are told for
each drop: until the frame with the new colours, figures and arc is on screen, and until the server has answered and
what it says is on screen.
"""

import shutil
import tempfile
from itertools import takewhile
from pathlib import Path

import numpy as np
from playwright.sync_api import Frame, Page, sync_playwright

from services.accounts import make_demo_accounts
from services.assignment import assign_members
from services.context import open_context
from services.demo import DemoSize, fill_store, make_district
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.planning import CONFIRMED, PICK, QUERY, lift
from tests.browser.signing import let_in
from tests.browser.waiting import map_frame
from tests.serving import serving

DROPS = 25
WATCH = """() => { window.gmShown = 0; window.gmDropped = 0; window.gmPainted = 0;
  const tick = () => { if (window.gmDropped && map.gmBoard.moves.length > window.gmBefore)
      requestAnimationFrame(() => { window.gmPainted = performance.now(); });
    else requestAnimationFrame(tick); };
  window.gmBefore = map.gmBoard.moves.length; requestAnimationFrame(tick); }"""
ZOOM_IN = """row => { const level = map.gmZones.levels.find(level => level.name === "grids");
  map.setView(level.shapes.anchor(row), Math.max(map.getZoom(), level.minZoom + 0.5), {animate: false}); }"""
IN_SIGHT = "if (at.x < 230 || at.x > size.x - 330 || at.y < 90 || at.y > size.y - 60) return false;"
ANYWHERE = PICK.replace(IN_SIGHT, "").replace("grid:", "row: i, grid:", 1)
AT = """code => map.latLngToContainerPoint(
  map.gmZones.levels.find(level => level.name === "grids").shapes.anchor(map.gmBoard.row.get(code)))"""
QUESTION = "document.querySelector('.gm-menu button')"
"""The first of the grids that a drop near a border asks about; times count from the answer."""
TIMES = "[window.gmPainted - window.gmDropped, window.gmShown - window.gmDropped]"


def main() -> None:
    """Print the table."""
    print(
        f"{'grids':>6} {'teams':>6} {'drops':>6} {'painted p50':>12} {'p95':>8} {'confirmed p50':>14} {'p95':>8}   ms"
    )
    for size in (DemoSize.SUBDISTRICT, DemoSize.DISTRICT):
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), size)


def _measure(folder: Path, size: DemoSize) -> None:
    url = f"sqlite:///{folder / 'bench.gpkg'}"
    context = open_context(url)
    fill_store(context, make_district(size))
    assign_members(context)
    make_demo_accounts(context)
    with serving(folder, "--store", url) as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS))
        page = let_in(browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN"))
        page.goto(f"{server.address}/reinforce?{QUERY}")
        frame = map_frame(page)
        frame.wait_for_function(CONFIRMED, timeout=60_000)
        frame.evaluate(ZOOM_IN, frame.evaluate(ANYWHERE)["row"])
        frame.wait_for_function("map.gmZones.state.level?.name === 'grids'")
        found = (_drop(page, frame) for _ in range(DROPS))
        times = np.array(list(takewhile(bool, found)))
        many = frame.evaluate("[map.gmBoard.codes.length, map.gmBoard.ground.teams.length]")
        browser.close()
    painted, confirmed = (np.percentile(times[:, k], [50, 95]) for k in (0, 1))
    print(
        f"{many[0]:>6} {many[1]:>6} {len(times):>6} {painted[0]:>12.0f} {painted[1]:>8.0f} "
        f"{confirmed[0]:>14.0f} {confirmed[1]:>8.0f}"
    )


def _drop(page: Page, frame: Frame) -> list[float]:
    """Return both times, nothing when no move is left that may be made in sight."""
    pick = frame.evaluate(PICK)
    if pick is None:
        return []
    lift(page, frame, pick)
    _follow(page, frame, pick["grid"])
    frame.evaluate(WATCH)
    page.mouse.up()
    frame.wait_for_function(f"window.gmPainted || {QUESTION}", timeout=20_000)
    if frame.evaluate(f"!!{QUESTION}"):
        frame.evaluate(f"{QUESTION}.click()")
    frame.wait_for_function(f"window.gmPainted && {CONFIRMED}", timeout=20_000)
    times: list[float] = frame.evaluate(TIMES)
    return times


def _follow(page: Page, frame: Frame, code: str) -> None:
    """Hold the team over its grid where that is now: lifting it may have brought the map to what it can reach."""
    at, shown = frame.evaluate(AT, code), page.locator("iframe[src*='folium']").bounding_box()
    assert shown is not None
    page.mouse.move(shown["x"] + at["x"], shown["y"] + at["y"], steps=3)


if __name__ == "__main__":
    main()
