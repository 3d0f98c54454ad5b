"""Which policy goes with which answer, and that no page lets scripts inside it run."""

import re
from pathlib import Path

import pytest
import streamlit
import streamlit_folium

from dashboard.web.headers import (
    FILES,
    FILES_POLICY,
    MAP_FRAME,
    MAPS,
    MAPS_POLICY,
    OWN_POLICY,
    POLICY,
    SERVER_SCRIPT,
    inline_scripts,
    lifetime_of,
    policy_of,
    security_headers,
)


def scripts(policy):
    """Return what a policy lets run."""
    told = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    return set(told.get("script-src", told["default-src"]).split())


@pytest.mark.parametrize(
    "path", ["/", "/situation", "/screen", "/sign-in", "/component", "/componentx/a", "/x/component/a"]
)
def test_a_page_runs_no_script_that_stands_inside_it_but_streamlits_own_and_the_one_that_names_its_server(path):
    allowed = scripts(policy_of(path))
    assert not allowed & {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "http:", "https:"}
    assert {source for source in allowed if source.startswith("'sha256-")} == {
        *inline_scripts(SERVER_SCRIPT).split(),
        *inline_scripts((Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")).split(),
    }


@pytest.mark.parametrize("path", [f"{folder.rstrip('/')}/x" for folder in FILES])
def test_a_file_runs_nothing_at_all(path):
    assert scripts(policy_of(path)) == {"'none'"}


def test_the_frame_of_a_map_sends_nothing_elsewhere():
    policy = policy_of(f"{MAPS}streamlit_folium.st_folium/index.html")
    assert policy.startswith("default-src 'none'")
    assert "connect-src 'self';" in policy
    assert "form-action 'none'" in policy


@pytest.mark.parametrize("policy", [POLICY, MAPS_POLICY, OWN_POLICY, FILES_POLICY])
def test_every_policy_shuts_out_plug_ins_and_a_foreign_base(policy):
    assert {"object-src 'none'", "base-uri 'none'"} <= set(policy.split("; "))
    assert policy.startswith("default-src '")


def test_over_tls_browsers_are_told_never_to_come_without_and_elsewhere_not():
    secure, plain = (dict(security_headers(host="wangge.oa", secure=is_secure)) for is_secure in (True, False))
    told = secure[b"strict-transport-security"].decode()
    assert int(told.partition(";")[0].removeprefix("max-age=")) >= 31_536_000
    assert told.endswith("includeSubDomains")
    assert b"strict-transport-security" not in plain


def test_what_a_map_is_made_of_is_kept_and_what_a_page_is_made_of_is_as_streamlit_says():
    build = Path(streamlit_folium.__file__).parent / "frontend" / "build"
    script = re.search(r"static/js/main\.\w+\.js", (build / "index.html").read_text("utf-8"))[0]
    assert b"immutable" in lifetime_of(f"{MAPS}streamlit_folium.st_folium/{script}")
    assert lifetime_of(MAP_FRAME) == b"private, max-age=300"
    for path in (
        "/",
        "/situation",
        f"{MAPS}streamlit_folium.st_folium/bootstrap.min.css",
        "/static/js/index.12345678.js",
    ):
        assert lifetime_of(path) == b""
