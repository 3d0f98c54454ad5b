"""Make the pictures of ``docs/user/pictures`` from the demo: ``python -m tests.browser.pictures``."""

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.phone import rest, telephone
from tests.browser.planning import CONFIRMED, QUERY, press
from tests.browser.signing import let_in
from tests.browser.waiting import map_frame, until
from tests.serving import serving

FOLDER = Path(__file__).parents[2] / "docs" / "user" / "pictures"
COLOURS = 256
WAIT_MS = 60_000


def main() -> None:
    """Write one picture after the other: a plan is proposed, reviewed and sent in between."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), "--demo") as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS))
        page = let_in(browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN"))
        page.goto(f"{server.address}/?window=tonight&layer=chance")
        until(map_frame(page), "document.querySelector('.gm-legend')?.innerText.includes('80')")
        _keep(page, "chance")
        _show_plan(page, server.address)
        _show_orders(browser, page, server.address)
        browser.close()


def _show_plan(page: Page, address: str) -> None:
    page.goto(f"{address}/reinforce?{QUERY}")
    until(map_frame(page), CONFIRMED)
    _keep(page, "worklist")
    press(page, ".st-key-propose button")
    accept = page.locator(".st-key-accept-all button")
    accept.wait_for(timeout=WAIT_MS)
    accept.scroll_into_view_if_needed()
    _keep(page, "proposal")
    press(page, ".st-key-accept-all button")
    press(page, ".st-key-commit button")
    expect(page.locator(".st-key-send-out button").first).to_be_enabled(timeout=WAIT_MS)
    page.locator("[role=dialog] canvas").first.wait_for(timeout=WAIT_MS)
    expect(page.locator("[role=dialog] [data-testid=stSkeleton]")).to_have_count(0, timeout=WAIT_MS)
    _keep(page, "review")
    press(page, ".st-key-send-out button")
    page.locator(".st-key-send-out").wait_for(state="hidden", timeout=WAIT_MS)


def _show_orders(browser: Browser, page: Page, address: str) -> None:
    page.goto(f"{address}/orders")
    until(map_frame(page), "window.map && map.gmOrders && map.gmOrders.places.length")
    _keep(page, "board")
    _keep(telephone(browser, address, "demo-secretary"), "board-phone")


def _keep(page: Page, name: str) -> None:
    """Write what a page shows once it is at rest, in few colours."""
    page.locator("iframe[src*='folium']").first.wait_for(timeout=WAIT_MS)
    page.wait_for_load_state("networkidle")
    rest(page)
    map_frame(page).locator("canvas").first.wait_for()
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        FOLDER / f"{name}.png", optimize=True
    )


if __name__ == "__main__":
    main()
