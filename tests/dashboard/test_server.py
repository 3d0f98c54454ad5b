"""The settings we rely on exist, and the server collects garbage itself."""

import asyncio
import gc
import tomllib
from pathlib import Path

import pytest
from streamlit import config

from dashboard import server

SETTINGS = Path(__file__).parents[2] / ".streamlit" / "config.toml"


def options():
    for section, values in tomllib.loads(SETTINGS.read_text(encoding="utf-8")).items():
        for name, value in values.items():
            yield f"{section}.{name}", value


@pytest.mark.parametrize(("name", "value"), list(options()))
def test_streamlit_knows_every_setting_and_takes_it_from_the_project(name, value, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert config.get_option(name) == value


def test_streamlit_does_not_collect_after_every_run():
    assert config.get_option("runner.postScriptGC") is False


def test_garbage_is_collected_on_a_timer(monkeypatch):
    collected = asyncio.Event()
    monkeypatch.setattr(server, "COLLECT_EVERY_S", 0.0)

    async def wait():
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(gc, "collect", lambda: loop.call_soon_threadsafe(collected.set))
        task = asyncio.create_task(server._collect())
        await asyncio.wait_for(collected.wait(), 5)
        task.cancel()

    asyncio.run(wait())
