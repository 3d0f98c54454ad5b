"""One server on the demo for all browser tests, Debian's Chromium, and no way out of this machine."""

from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import urlsplit

import pytest

from services.accounts import make_demo_accounts
from services.context import open_context
from tests.browser.demo_store import make_demo_store
from tests.browser.planning import Evening
from tests.browser.signing import let_in
from tests.dashboard.importing import add_doubts, fill_from_sample
from tests.serving import serving

CHROMIUM_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, program):
    return {**browser_type_launch_args, "executable_path": program("chromium"), "args": list(CHROMIUM_FLAGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Serve the demo."""
    with serving(tmp_path_factory.mktemp("demo"), "--demo") as running:
        yield running.address


@pytest.fixture(scope="session")
def clerk_server(tmp_path_factory):
    """Serve the sample with three members whose addresses are in doubt; tests may write into it."""
    folder = tmp_path_factory.mktemp("clerk")
    url = f"sqlite:///{folder / 'clerk.gpkg'}"
    context = open_context(url)
    fill_from_sample(context)
    add_doubts(context)
    make_demo_accounts(context)
    with serving(folder, "--store", url) as running:
        yield running.address


@pytest.fixture
def page(page):
    """Return a page that is let in as a planner wherever it goes."""
    return let_in(page)


@pytest.fixture(scope="session")
def planners_server(tmp_path_factory):
    """Serve a demo in which tests send teams."""
    folder = tmp_path_factory.mktemp("planners")
    url, _context = make_demo_store(folder)
    with serving(folder, "--store", url) as running:
        yield running.address


@pytest.fixture(scope="session")
def days():
    """Tell days to come, one after the other."""
    return count(1)


@pytest.fixture
def evening(planners_server, days):
    """Return an evening that no other test plans for."""
    day = datetime.now(UTC) + timedelta(days=next(days))
    return Evening(planners_server, f"window={day:%Y-%m-%d}T20:00/{day:%Y-%m-%d}T24:00&mode=emergency")


class Outside:
    """What a page asked other machines for, and what it said went wrong."""

    def __init__(self, page):
        self.requests, self.errors, self.dialogs = [], [], []
        page.route("**/*", self._route)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._dialog)

    def _route(self, route):
        address = urlsplit(route.request.url)
        if address.scheme in {"data", "blob"} or address.hostname == "127.0.0.1":
            route.continue_()
        else:
            self.requests.append(route.request.url)
            route.abort()

    def _dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def outside(page):
    """Block every other machine and note who was asked."""
    return Outside(page)
