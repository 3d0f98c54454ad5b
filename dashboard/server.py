"""The ASGI application: Streamlit, our own routes, and a lifespan that collects garbage on a timer."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from dashboard.frame.error_message import quieten_streamlit, report_fault
from dashboard.live.change_notifier import ChangeNotifier
from dashboard.map.bridge import COMPONENT
from dashboard.streamlit.patches import limit_runs, lose_no_click, make_component_known, read_config_of
from dashboard.streamlit.run_limiter import LIMITER
from dashboard.streamlit.session import server as office
from dashboard.wall.routes import SCREEN_ROUTES
from dashboard.web.auth.middleware import AuthMiddleware
from dashboard.web.auth.oidc import provider_of
from dashboard.web.auth.oidc_routes import OidcRoutes
from dashboard.web.auth.pages import AuthPages
from dashboard.web.auth.rate_limits import RateLimiter
from dashboard.web.auth.session_check import SessionCheck
from dashboard.web.routes import ROUTES
from dashboard.web.uploads import StreamlitUploadStore, UploadLimits, UploadRecord, Uploads, sweep
from services.logs import use_local_times
from services.settings import read_settings

COLLECT_EVERY_S: Final = 30.0
"""Streamlit would collect after every script run (``runner.postScriptGC``), which costs seconds under load."""
_watch: Final = SessionCheck(office)
_pulse: Final = ChangeNotifier()
_ledger: Final = UploadRecord(StreamlitUploadStore())


async def _collect() -> None:
    while True:
        await asyncio.sleep(COLLECT_EVERY_S)
        await asyncio.to_thread(gc.collect)


def _caps() -> UploadLimits:
    settings = read_settings()
    return UploadLimits(settings.upload_mb, settings.upload_person_mb, settings.upload_all_mb)


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[None]:
    # Imported before there was a runtime, the map's component is known to none.
    make_component_known(COMPONENT)
    gc.freeze()
    tasks = [
        asyncio.create_task(_collect()),
        asyncio.create_task(sweep(_ledger)),
        asyncio.create_task(_watch.sweep()),
        asyncio.create_task(_pulse.beat()),
    ]
    yield
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


read_config_of(Path(__file__).parents[1])
names: Final = (*config.get_option("server.allowedHosts"), *read_settings().hosts)
config.set_option("server.allowedHosts", list(names))
config.set_option("server.maxUploadSize", read_settings().upload_mb)
quieten_streamlit()
use_local_times()
lose_no_click()
limit_runs(LIMITER.turn)

# Seeing the folder pages/, Streamlit would show the first visitor who opens /data a page without our frame.
PagesManager.uses_pages_directory = False

provider: Final = provider_of(read_settings())
auth_routes: Final = [
    *AuthPages(office, _watch, has_provider=provider is not None).routes(),
    *(OidcRoutes(office, provider).routes() if provider else ()),
]

app: Final = st.App(
    Path(__file__).parent / "app.py",
    routes=[_pulse.route(), *auth_routes, *ROUTES, *SCREEN_ROUTES],
    lifespan=_lifespan,
    middleware=[
        Middleware(AuthMiddleware, session_check=_watch, limits=RateLimiter(), names=names),
        Middleware(Uploads, ledger=_ledger, caps=_caps),
    ],
    on_script_error=report_fault,
)
