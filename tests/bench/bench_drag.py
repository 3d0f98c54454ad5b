"""Drop → changed map on screen, measured in Chromium at 200 and 2,000 grids: ``python -m tests.bench.bench_drag``.

The inputs are the demo at the sizes sub-district and district (made up, ``services.demo``). Two times are told for
each drop: from letting go until the frame with the new colours, figures and arc is on screen, as the browser tells it
(Event Timing, in steps of 8 ms, 16 at least), and until the server has answered and what it says is there. Beside them
stands how long one empty canvas of the map's size takes from a key to the screen: Chromium paints by software here.
"""

import os
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

DROPS = 12
LOOKS = 8
"""At the empty canvas."""
FRAMES = """() => { window.gmFrames = [];
  new PerformanceObserver(list => gmFrames.push(...list.getEntries())).observe({type: "event", durationThreshold: 16});
}"""
WATCH = "() => { window.gmShown = 0; window.gmDropped = 0; window.gmFrames.length = 0; }"
CANVAS = """() => { const sheet = document.querySelector(".leaflet-overlay-pane canvas"), canvas = sheet.cloneNode();
  canvas.style.zIndex = 9999; document.body.append(canvas); canvas.style.position = "absolute";
  const pen = canvas.getContext("2d"); let n = 0;
  document.addEventListener("keydown", window.gmFill = () => { pen.fillStyle = n++ % 2 ? "#fff" : "#eee";
    pen.fillRect(0, 0, canvas.width, canvas.height); window.gmDropped = performance.now(); });
  window.gmClean = () => { canvas.remove(); document.removeEventListener("keydown", window.gmFill); }; }"""
ZOOM_IN = """row => { const level = map.gmZones.levels.find(level => level.name === "grids");
  map.setView(level.shapes.anchor(row), Math.max(map.getZoom(), level.minZoom + 0.5), {animate: false}); }"""
IN_SIGHT = "if (at.x < 230 || at.x > size.x - 330 || at.y < 90 || at.y > size.y - 60) return false;"
ANYWHERE = PICK.replace(IN_SIGHT, "").replace("grid:", "row: i, grid:", 1)
AT = """code => map.latLngToContainerPoint(
  map.gmZones.levels.find(level => level.name === "grids").shapes.anchor(map.gmBoard.row.get(code)))"""
QUESTION = "document.querySelector('.gm-menu button')"
"""The first of the grids that a drop near a border asks about; times count from the answer."""
FRAME = "gmFrames.find(one => one.processingStart <= gmDropped && gmDropped <= one.processingEnd)"
PAINTED = f"({FRAME} || {{duration: 16}}).duration"
CONFIRMED_AFTER = "window.gmShown - window.gmDropped"


def main() -> None:
    """Print the table."""
    print(
        f"{'grids':>6} {'teams':>6} {'drops':>6} {'painted p50':>12} {'p95':>8} {'empty p50':>10} "
        f"{'confirmed p50':>14} {'p95':>8} {'load':>6}   ms"
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
        frame.evaluate(FRAMES)
        found = (_drop(page, frame) for _ in range(DROPS))
        times = np.array(list(takewhile(bool, found)))
        empty = np.median(_paint_nothing(page, frame))
        many = frame.evaluate("[map.gmBoard.codes.length, map.gmBoard.ground.teams.length]")
        browser.close()
    painted, confirmed = (np.percentile(times[:, k], [50, 95]) for k in (0, 1))
    print(
        f"{many[0]:>6} {many[1]:>6} {len(times):>6} {painted[0]:>12.0f} {painted[1]:>8.0f} {empty:>10.0f} "
        f"{confirmed[0]:>14.0f} {confirmed[1]:>8.0f} {os.getloadavg()[0]:>6.1f}"
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
    frame.wait_for_function(f"window.gmDropped || {QUESTION}", timeout=20_000)
    if frame.evaluate(f"!!{QUESTION}"):
        page.keyboard.press("Enter")
    frame.wait_for_function(f"window.gmDropped && {CONFIRMED}", timeout=20_000)
    return [frame.evaluate(PAINTED), frame.evaluate(CONFIRMED_AFTER)]


def _paint_nothing(page: Page, frame: Frame) -> list[float]:
    """Return how long an empty canvas of the map's size takes from a key to the screen."""
    frame.evaluate(CANVAS)
    frame.locator(".leaflet-container").focus()
    times = []
    for _ in range(LOOKS):
        frame.evaluate(WATCH)
        page.keyboard.press("F8")
        page.wait_for_timeout(200)
        times.append(frame.evaluate(PAINTED))
    frame.evaluate("gmClean()")
    return times


def _follow(page: Page, frame: Frame, code: str) -> None:
    """Hold the team over its grid where that is now: lifting it may have brought the map to what it can reach."""
    at, shown = frame.evaluate(AT, code), page.locator("iframe[src*='folium']").bounding_box()
    assert shown is not None
    page.mouse.move(shown["x"] + at["x"], shown["y"] + at["y"], steps=3)


if __name__ == "__main__":
    main()
