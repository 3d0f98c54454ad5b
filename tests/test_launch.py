"""The program starts as users start it, from any folder, and serves its page."""

import json
import re
import socket

from services.cli import app
from services.cli.shell import Exit, run
from services.store import Store
from tests.serving import fetch, header_of, serving_as_installed, sign_in


def test_serve_demo_makes_a_store_and_serves_the_page(tmp_path):
    with serving_as_installed(tmp_path, "--demo") as server:
        assert (tmp_path / "var" / "demo.gpkg").is_file()
        cookie = sign_in(server.address)
        status, page = fetch(f"{server.address}/", cookie)
        assert status == 200
        assert "/static/js/index" in page
        assert fetch(f"{server.address}/assets/leaflet/leaflet.js", cookie)[0] == 200
        frame = f"{server.address}/component/streamlit_folium.st_folium/index.html"
        assert fetch(frame, cookie)[0] == 200
        assert header_of(frame, "Cache-Control", cookie) == "private, max-age=300"


def test_a_new_store_prints_the_address_that_makes_the_first_administrator(tmp_path):
    with serving_as_installed(tmp_path, "--store", f"sqlite:///{tmp_path / 'mine.gpkg'}") as server:
        way = re.search(r"http://\S+/set-up/[\w-]+", server.log.read_text())[0]
        assert 'name="new"' in fetch(way)[1]
        assert "yanshi" not in fetch(f"{server.address}/sign-in")[1]


def test_serve_demo_leaves_a_store_with_data_as_it_is(tmp_path):
    seen = []
    for _ in range(2):
        with serving_as_installed(tmp_path, "--demo"):
            pass
        store = Store.open(f"sqlite:///{tmp_path / 'var' / 'demo.gpkg'}")
        with store.read() as tx:
            seen.append(tx.data_version())
        store.close()
    assert seen[0] == seen[1] > 0


def test_serve_opens_the_store_it_is_given(tmp_path):
    with serving_as_installed(tmp_path, "--store", f"sqlite:///{tmp_path / 'mine.gpkg'}") as server:
        assert json.loads(fetch(f"{server.address}/healthz")[1]) == {"status": "ok"}


def test_a_port_in_use_is_said_before_anything_begins(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(app, ["serve", "--demo", "--port", str(port)]) == Exit.FAILED
    assert f"端口 {port} 已被别的程序占用" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
