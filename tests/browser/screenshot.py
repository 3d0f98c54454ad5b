"""Make ``docs/screenshot.png`` from the running program: ``python -m tests.browser.screenshot``."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.signing import let_in
from tests.serving import serving

TARGET = Path(__file__).parents[2] / "docs" / "screenshot.png"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), "--demo") as server, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS))
        page = let_in(browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN"))
        page.goto(f"{server.address}/?window=tonight")
        frame = page.frame_locator("iframe[src*='folium']")
        frame.locator("canvas").first.wait_for()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    main()
