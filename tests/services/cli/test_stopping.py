"""Whatever ends a command or the server in order leaves one whole file; a kill leaves the file and its log."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from services.store import Store
from tests.serving import fetch, serving_as_installed, sign_in

COMMAND = shutil.which("gridmuster", path=str(Path(sys.executable).parent)) or "gridmuster"
WITHIN_S = 300


def beside(path):
    return sorted(one.name for one in path.parent.iterdir() if one.name.startswith(path.name))


def _hear_signals():
    """Let a command end by a signal also where the tests themselves run in the background and pass it over."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def command_at_work(path):
    """Start the making of a demo, and wait until it has the file open."""
    command = [COMMAND, "demo", "--store", f"sqlite:///{path}"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=_hear_signals)  # noqa: PLW1509
    until = time.monotonic() + WITHIN_S
    while not path.with_name(path.name + "-wal").exists():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    return process


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], ids=str
)
def test_a_command_that_is_stopped_says_so_and_leaves_one_whole_file(tmp_path, number, code):
    path = tmp_path / "store.gpkg"
    process = command_at_work(path)
    process.send_signal(number)
    said = process.communicate(timeout=WITHIN_S)[1].decode()
    assert (process.returncode, said.strip()) == (code, "已停下；没有提示完成的，都没有保存")
    assert beside(path)[0] == "store.gpkg"
    assert not {"store.gpkg-wal", "store.gpkg-shm"} & set(beside(path))
    Store.open(f"sqlite:///{path}").close()


def test_a_command_that_was_killed_leaves_the_log_with_what_was_saved(tmp_path):
    path = tmp_path / "store.gpkg"
    process = command_at_work(path)
    process.kill()
    process.communicate(timeout=WITHIN_S)
    assert "store.gpkg-wal" in beside(path)
    Store.open(f"sqlite:///{path}").close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=str)
def test_a_server_that_is_stopped_while_people_look_leaves_one_whole_file(tmp_path, number):
    path = tmp_path / "store.gpkg"
    with serving_as_installed(tmp_path, "--demo", "--store", f"sqlite:///{path}") as server:
        assert fetch(f"{server.address}/", sign_in(server.address))[0] == 200
        assert "store.gpkg-wal" in beside(path)
        os.kill(server.pid, number)
    assert not {"store.gpkg-wal", "store.gpkg-shm"} & set(beside(path))
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (1,)


def test_the_file_is_a_geopackage_without_a_warning_after_each_command(tmp_path, program):
    look = [program("ogrinfo"), "-ro", "-al", "-so", str(tmp_path / "store.gpkg")]
    url = f"sqlite:///{tmp_path}/store.gpkg"
    for command in (
        ["migrate", "--store", url],
        ["demo", "--store", url],
        ["export", "grids", "--store", url, "--out", str(tmp_path / "g.geojson")],
        ["import", "grids", str(tmp_path / "g.geojson"), "--store", url],
        ["backup", "--store", url, "--out", str(tmp_path / "b")],
        ["doctor", "--store", url],
    ):
        subprocess.run([COMMAND, *command], capture_output=True, check=False)
        seen = subprocess.run(look, capture_output=True, text=True, check=True)
        assert (seen.stderr, "Warning" in seen.stdout) == ("", False), command
        assert beside(tmp_path / "store.gpkg")[0] == "store.gpkg"
        assert not {"store.gpkg-wal", "store.gpkg-shm"} & set(beside(tmp_path / "store.gpkg"))
