"""The program starts as users start it, from any folder, and serves its page."""

import json

from tests.serving import fetch, serving


def test_serve_demo_makes_a_store_and_serves_the_page(tmp_path):
    with serving(tmp_path, "--demo") as server:
        assert (tmp_path / "var" / "demo.gpkg").is_file()
        assert json.loads(fetch(f"{server.address}/healthz")[1])["data_version"] > 0
        status, page = fetch(f"{server.address}/")
        assert status == 200
        assert "<title>" in page
        assert fetch(f"{server.address}/assets/leaflet/leaflet.js")[0] == 200
        assert fetch(f"{server.address}/component/streamlit_folium.st_folium/index.html")[0] == 200


def test_serve_demo_leaves_a_store_with_data_as_it_is(tmp_path):
    with serving(tmp_path, "--demo") as server:
        before = fetch(f"{server.address}/healthz")[1]
    with serving(tmp_path, "--demo") as server:
        assert fetch(f"{server.address}/healthz")[1] == before


def test_serve_opens_the_store_it_is_given(tmp_path):
    with serving(tmp_path, "--store", f"sqlite:///{tmp_path / 'mine.gpkg'}") as server:
        assert json.loads(fetch(f"{server.address}/healthz")[1]) == {"status": "ok", "data_version": 0}
