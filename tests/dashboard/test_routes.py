"""Our own addresses: what they hand out, what they refuse, how long browsers may keep it."""

import asyncio
import gzip
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette

from dashboard import cache
from dashboard.map.assets import LEAFLET_CSS, LEAFLET_JS, asset_url
from dashboard.streamlit import session
from dashboard.web.downloads import MOST_A_SESSION, TICKET_LIFE_S, Download, Owner, Tickets
from dashboard.web.routes import FOREVER, ROUTES, issue_download
from geo.schema import Layer
from services.catalog.actions import Role
from services.errors import ServiceError
from services.i18n import current_language, text, use_language
from services.rules.areas import Area
from services.rules.roles import Actor


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def fetch(path, method="GET", **headers):
    """Ask our routes without a server."""
    sent = []

    async def receive():
        await asyncio.Event().wait()  # nobody hangs up

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
    }
    scope["headers"] = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    asyncio.run(Starlette(routes=list(ROUTES))(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}, body)


def geometry_path(layer):
    return cache.geometry_url(layer.value, cache.packed_layer(layer).token)


@pytest.mark.parametrize("layer", cache.MAP_LAYERS)
def test_the_current_geometry_is_compressed_and_kept_for_good(demo, layer):
    answer = fetch(geometry_path(layer))
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == FOREVER
    assert len(gzip.decompress(answer.body)) > 24


def test_who_has_the_geometry_is_not_sent_it_again(demo):
    tag = fetch(geometry_path(Layer.GRIDS)).headers["etag"]
    again = fetch(geometry_path(Layer.GRIDS), if_none_match=tag)
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/geometry/grids/0123456789abcdef.bin", "/geometry/members/1.bin", "/geometry/x/1.bin"]
)
def test_other_versions_and_layers_with_people_do_not_exist(demo, path):
    assert fetch(path).status == 404


@pytest.mark.parametrize("name", ["core.js", "zones.js", "gridmuster.css"])
def test_an_asset_is_found_under_the_token_of_its_content_alone(name):
    assert fetch(asset_url(name)).headers["cache-control"] == FOREVER
    assert fetch(f"/assets/gridmuster/000000000000/{name}").status == 404


def test_scripts_in_a_row_are_one_file(demo):
    core, zones = (fetch(asset_url(name)).body for name in ("core.js", "zones.js"))
    assert fetch(asset_url("core+zones.js")).body == core + b"\n" + zones
    assert fetch(asset_url("core.js").replace("core.js", "core+zones.js")).status == 404


def test_a_map_asks_for_two_scripts_and_no_more(demo):
    links = cache.planning_map().js_links
    assert links[0] == LEAFLET_JS
    assert len(links) == 2
    assert b"GM.teams" in fetch(links[1]).body


@pytest.mark.parametrize(
    "name",
    ["packing.py", "../server.py", "..%2Fserver.py", "nothing.js", "core+nothing.js", "core+..%2Fserver.js", "+.js"],
)
def test_nothing_but_scripts_and_styles_is_an_asset(name):
    assert fetch(f"/assets/gridmuster/000000000000/{name}").status == 404


@pytest.mark.parametrize("path", [LEAFLET_JS, LEAFLET_CSS])
def test_leaflet_comes_from_here(path):
    assert fetch(path).status == 200


def test_health_says_that_all_is_well_and_no_more(demo):
    assert json.loads(fetch("/healthz").body) == {"status": "ok"}


def test_changes_cannot_be_asked_for(demo):
    assert fetch("/healthz", method="POST").status == 405


def test_a_download_works_as_often_as_it_is_fetched_and_is_never_kept():
    address = issue_download("网格.csv", "text/csv", lambda: b"a,b")
    for _click in range(100):
        answer = fetch(address)
        assert (answer.status, answer.body, answer.headers["cache-control"]) == (200, b"a,b", "no-store")


def test_a_download_is_named_in_chinese_and_in_ascii_for_old_programs():
    answer = fetch(issue_download("云港 街道;'\"%.csv", "text/csv", lambda: b""))
    plain, encoded = answer.headers["content-disposition"].removeprefix("attachment; filename=").split("; ")
    assert plain == '"gridmuster.csv"'
    assert unquote(encoded.removeprefix("filename*=UTF-8''")) == "云港 街道;'\"%.csv"
    assert re.fullmatch(r"[\w%*'=.-]+", encoded)


def test_asking_for_the_head_of_a_download_tells_what_it_is_and_does_not_make_it():
    made = []
    address = issue_download("网格.csv", "text/csv", lambda: made.append(1) or b"a,b")
    head = fetch(address, method="HEAD")
    assert (head.status, head.body, made) == (200, b"", [])
    assert "filename*=UTF-8" in head.headers["content-disposition"]
    assert fetch(address).body == b"a,b"


def test_a_download_is_made_only_when_it_is_fetched():
    made = []
    address = issue_download("x", "text/csv", lambda: made.append(1) or b"")
    assert made == []
    fetch(address)
    assert made == [1]


def test_the_same_file_has_the_same_address_however_often_the_page_runs():
    def issue(part, language="zh"):
        use_language(language)
        return issue_download("x", "text/csv", partial(bytes.join, part, (b"a",)))

    assert issue(b"1") == issue(b"1")
    assert len({issue(b"1"), issue(b"2"), issue(b"1", "en")}) == 3
    assert issue_download("x", "text/csv", partial(max, [b"a"])) != issue_download(
        "x", "text/csv", partial(max, [b"a"])
    )


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "这个链接已失效"), ("en", "This link is over")])
def test_a_link_that_is_over_says_so_on_a_page_with_a_way_back(language, words):
    answer = fetch("/download/nothing", accept_language=language)
    assert (answer.status, answer.headers["content-type"]) == (410, "text/html; charset=utf-8")
    assert words in answer.body.decode()
    assert 'href="/"' in answer.body.decode()


SESSION = Owner("s", Actor("wen", Role.PLANNER))


class Clocked:
    """Downloads under a clock that tests set."""

    def __init__(self):
        self.now = 0.0
        self.tickets = Tickets(lambda: self.now)

    def issue(self, name, owner=SESSION, identity=None):
        return self.tickets.issue(Download(name, "text/csv", bytes, owner, identity)).rpartition("/")[2]


def test_a_link_lives_as_long_as_a_session_and_longer_where_it_is_issued_again():
    clocked = Clocked()
    token, other = clocked.issue("x", identity=1), clocked.issue("y")
    clocked.now = TICKET_LIFE_S - 1
    assert clocked.tickets.look_up(token, SESSION).name == "x"
    assert clocked.issue("x", identity=1) == token
    clocked.now = TICKET_LIFE_S + 1
    assert clocked.tickets.look_up(token, SESSION) is not None
    assert clocked.tickets.look_up(other, SESSION) is None
    clocked.issue("z", owner=replace(SESSION, session="t"))
    assert len(clocked.tickets) == 2


@pytest.mark.parametrize(
    "other",
    [
        replace(SESSION, session="t"),
        replace(SESSION, actor=Actor("wen", Role.LIAISON)),
        replace(SESSION, actor=Actor("wen", Role.PLANNER, Area(Layer.COMMUNITIES, "C1"))),
    ],
    ids=["session", "role", "area"],
)
def test_a_link_is_for_one_session_in_one_role_and_area(other):
    clocked = Clocked()
    token = clocked.issue("x", identity=1)
    assert clocked.tickets.look_up(token, other) is None
    assert clocked.issue("x", owner=other, identity=1) != token
    assert clocked.tickets.look_up(token, SESSION) is not None


def test_a_link_is_over_for_whoever_acts_in_another_role_since(monkeypatch):
    monkeypatch.setattr(session, "actor", lambda: Actor("wen", Role.PLANNER))
    address = issue_download("x", "text/csv", lambda: b"a,b")
    assert fetch(address).status == 200
    monkeypatch.setattr(session, "actor", lambda: Actor("wen", Role.LIAISON))
    assert fetch(address).status == 410


def test_the_links_fetched_or_issued_last_are_kept():
    clocked = Clocked()
    first, second = clocked.issue("first", identity=1), clocked.issue("second")
    clocked.tickets.look_up(first, SESSION)
    for k in range(MOST_A_SESSION - 1):
        clocked.issue(str(k))
    assert clocked.tickets.look_up(first, SESSION) is not None
    assert clocked.tickets.look_up(second, SESSION) is None
    assert len(clocked.tickets) == MOST_A_SESSION


def test_the_exports_of_the_page_can_be_fetched(demo):
    from dashboard.frame.downloads import EXPORTS, make_file
    from services.rules.classes import MapLayer
    from services.rules.windows import Mode, parse_window

    window = parse_window("2026-11-27T20:00/2026-11-27T24:00", datetime(2026, 11, 27))
    starts = {".png": b"\x89PNG", ".xlsx": b"PK", ".gpkg": b"SQLite format 3"}
    for export in EXPORTS:
        make = partial(make_file, export.kind, Layer.GRIDS, MapLayer.RATIO, Mode.ROUTINE, window)
        answer = fetch(issue_download("x", export.media_type, make))
        assert answer.status == 200
        assert answer.body.startswith(starts[export.kind.value])


def test_a_download_is_made_in_the_language_of_its_page():
    use_language("en")
    address = issue_download("x", "text/plain", lambda: current_language().encode())
    use_language("zh")
    assert fetch(address).body == b"en"


def test_a_download_that_is_refused_says_why():
    def refuse():
        raise ServiceError(text("No data"))

    answer = fetch(issue_download("x", "text/csv", refuse))
    assert answer.status == 409
    assert "无数据" in answer.body.decode()
    assert 'href="/"' in answer.body.decode()
