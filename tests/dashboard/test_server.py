"""The settings we rely on exist, and the server collects garbage itself."""

import asyncio
import gc
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dashboard import server

SETTINGS = Path(__file__).parents[2] / ".streamlit" / "config.toml"


def options():
    for section, values in tomllib.loads(SETTINGS.read_text(encoding="utf-8")).items():
        for name, value in values.items():
            yield f"{section}.{name}", value


@pytest.fixture(scope="module")
def settings_seen(tmp_path_factory):
    """Return what the settings are in a server that is started in another folder."""
    script = (
        "import json; from dashboard import server; from streamlit import config;"
        f"print(json.dumps({{n: config.get_option(n) for n in {[name for name, _ in options()]!r}}}))"
    )
    command = [sys.executable, "-c", script]
    answer = subprocess.run(command, cwd=tmp_path_factory.mktemp("elsewhere"), capture_output=True, check=True)
    return json.loads(answer.stdout.decode().splitlines()[-1])


@pytest.mark.parametrize(("name", "value"), list(options()))
def test_streamlit_knows_every_setting_and_takes_it_from_the_project_wherever_it_is_started(name, value, settings_seen):
    assert settings_seen[name] == value


def test_streamlit_does_not_collect_after_every_run(settings_seen):
    assert settings_seen["runner.postScriptGC"] is False


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
