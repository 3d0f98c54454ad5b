"""Every address of the application, asked for by a stranger and by every role, for the own area and for another.

The table is written by hand. A route without a line in it fails the test, and so does a line without a route.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

import pytest

from dashboard import cache
from dashboard import server as served
from dashboard.map.assets import asset_url
from dashboard.streamlit import session
from dashboard.wall.page import release
from geo.schema import Layer
from services import accounts
from services.catalog.actions import Role
from services.rules.areas import EVERYWHERE, Area
from services.rules.roles import Actor
from services.store import Store
from tests.dashboard.auth.conftest import PASSWORD
from tests.dashboard.auth.knocking import Browser, said
from tests.services.permission_world import make_world
from tests.serving import serving

STRANGER = "stranger"
VISITORS = (STRANGER, "district", "commander", "planner", "secretary", "liaison", "screen", "administrator")
ROLES = {
    "district": Role.DISTRICT_COMMANDER,
    "commander": Role.SUBDISTRICT_COMMANDER,
    "planner": Role.PLANNER,
    "secretary": Role.SECRETARY,
    "liaison": Role.LIAISON,
    "screen": Role.SCREEN,
    "administrator": Role.ADMINISTRATOR,
}
"""The district and the administrator have everything, the liaison a unit, the others one community."""
NEIGHBOUR = "neighbour"
"""A screen of the other community, which is shown what the others must not get."""
COLLEAGUE = "colleague"
"""A planner of the other community, who is given links to files that the others must not get."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# Forms are sent as another site would send them (403), so that nothing happens; files go to a page that is not there.
TABLE = """
method   route                                        address                     out dis com pla sec lia scr adm
GET      /whoami                                      =                           401 200 200 200 200 200 200 200
HEAD     /whoami                                      =                           401 200 200 200 200 200 200 200
GET      /sign-in                                     =                           200 200 200 200 200 200 200 200
HEAD     /sign-in                                     =                           200 200 200 200 200 200 200 200
POST     /sign-in                                     =                           403 403 403 403 403 403 403 403
GET      /sign-in/no-role                             =                           403 403 403 403 403 403 403 403
HEAD     /sign-in/no-role                             =                           403 403 403 403 403 403 403 403
GET      /sign-out                                    =                           401 200 200 200 200 200 200 200
HEAD     /sign-out                                    =                           401 405 405 405 405 405 405 405
POST     /sign-out                                    =                           401 403 403 403 403 403 403 403
GET      /set-up/{token}                              /set-up/x                   303 303 303 303 303 303 303 303
HEAD     /set-up/{token}                              /set-up/x                   303 303 303 303 303 303 303 303
POST     /set-up/{token}                              /set-up/x                   403 403 403 403 403 403 403 403
GET      /password                                    =                           401 200 200 200 200 200 200 200
HEAD     /password                                    =                           401 200 200 200 200 200 200 200
POST     /password                                    =                           401 403 403 403 403 403 403 403
GET      /second                                      =                           401 200 200 200 200 200 200 200
HEAD     /second                                      =                           401 200 200 200 200 200 200 200
POST     /second                                      =                           401 403 403 403 403 403 403 403
GET      /sessions                                    =                           401 200 200 200 200 200 200 200
HEAD     /sessions                                    =                           401 200 200 200 200 200 200 200
POST     /sessions                                    =                           401 403 403 403 403 403 403 403
GET      /auth/auth.css                               =                           200 200 200 200 200 200 200 200
HEAD     /auth/auth.css                               =                           200 200 200 200 200 200 200 200
GET      /auth/connection.js                          =                           401 200 200 200 200 200 200 200
HEAD     /auth/connection.js                          =                           401 200 200 200 200 200 200 200
GET      /auth/page.js                                =                           401 200 200 200 200 200 200 200
HEAD     /auth/page.js                                =                           401 200 200 200 200 200 200 200
GET      /auth/session_check.js                        =                            401 200 200 200 200 200 200 200
HEAD     /auth/session_check.js                        =                            401 200 200 200 200 200 200 200
GET      /metrics                                     =                           401 403 403 403 403 403 403 200
HEAD     /metrics                                     =                           401 403 403 403 403 403 403 200
GET      /assets/leaflet                              /assets/leaflet/leaflet.js  401 200 200 200 200 200 200 200
HEAD     /assets/leaflet                              /assets/leaflet/leaflet.js  401 200 200 200 200 200 200 200
GET      /assets/gridmuster/{token}/{name}            {script}                    401 200 200 200 200 200 200 200
HEAD     /assets/gridmuster/{token}/{name}            {script}                    401 200 200 200 200 200 200 200
GET      /geometry/{layer}/{version}.bin              {own_grids}                 401 404 200 200 200 403 200 403
HEAD     /geometry/{layer}/{version}.bin              {own_grids}                 401 404 200 200 200 403 200 403
GET      /geometry/{layer}/{version}.bin              {other_grids}               401 404 404 404 404 403 404 403
GET      /geometry/{layer}/{version}.bin              {all_grids}                 401 200 404 404 404 403 404 403
GET      /preview/{token}.bin                         /preview/x.bin              401 404 404 404 404 404 404 404
HEAD     /preview/{token}.bin                         /preview/x.bin              401 404 404 404 404 404 404 404
GET      /download/{token}                            /download/x                 401 410 410 410 410 410 410 410
HEAD     /download/{token}                            /download/x                 401 410 410 410 410 410 410 410
GET      /download/{token}                            {district_link}             401 200 410 410 410 410 410 410
GET      /download/{token}                            {planner_link}              401 410 410 200 410 410 410 410
HEAD     /download/{token}                            {planner_link}              401 410 410 200 410 410 410 410
GET      /download/{token}                            {neighbour_link}            401 410 410 410 410 410 410 410
GET      /healthz                                     =                           200 200 200 200 200 200 200 200
HEAD     /healthz                                     =                           200 200 200 200 200 200 200 200
GET      /screen                                      =                           401 200 200 200 200 403 200 403
HEAD     /screen                                      =                           401 200 200 200 200 403 200 403
GET      /screen/briefing.json                        =                           401 200 200 200 200 403 200 403
HEAD     /screen/briefing.json                        =                           401 200 200 200 200 403 200 403
GET      /screen/briefing.json                        ?replay=2026-11-25          401 200 200 200 200 403 200 403
GET      /screen/briefing.json                        ?snapshot={own.briefing}    401 200 200 200 200 403 200 403
GET      /screen/briefing.json                        ?snapshot={other.briefing}  401 200 403 403 403 403 403 403
GET      /screen/briefing.json                        ?plan={own.draft}           401 200 200 200 403 403 403 403
GET      /screen/briefing.json                        ?plan={other.draft}         401 200 403 403 403 403 403 403
GET      /screen/briefing.json                        ?plan={own.sent}            401 200 200 200 200 403 200 403
GET      /screen/briefing.json                        ?plan={other.sent}          401 200 403 403 403 403 403 403
GET      /screen/shapes/{token}.bin                   {own_shapes}                401 200 200 200 200 403 200 403
HEAD     /screen/shapes/{token}.bin                   {own_shapes}                401 200 200 200 200 403 200 403
GET      /screen/shapes/{token}.bin                   {other_shapes}              401 200 404 404 404 403 404 403
GET      /screen/assets/{release}/{name}              {screen_script}             401 200 200 200 200 200 200 200
HEAD     /screen/assets/{release}/{name}              {screen_script}             401 200 200 200 200 200 200 200
GET      /_stcore/health                              =                           401 200 200 200 200 200 200 200
HEAD     /_stcore/health                              =                           401 200 200 200 200 200 200 200
OPTIONS  /_stcore/health                              =                           401 204 204 204 204 204 204 204
GET      /_stcore/metrics                             =                           401 403 403 403 403 403 403 200
HEAD     /_stcore/metrics                             =                           401 403 403 403 403 403 403 200
OPTIONS  /_stcore/metrics                             =                           401 403 403 403 403 403 403 204
GET      /_stcore/host-config                         =                           401 200 200 200 200 200 200 200
HEAD     /_stcore/host-config                         =                           401 200 200 200 200 200 200 200
GET      /media/{file_id:path}                        /media/x                    401 404 404 404 404 404 404 404
HEAD     /media/{file_id:path}                        /media/x                    401 404 404 404 404 404 404 404
OPTIONS  /media/{file_id:path}                        /media/x                    401 204 204 204 204 204 204 204
PUT      /_stcore/upload_file/{session_id}/{file_id}  /_stcore/upload_file/a/b    401 403 403 404 404 403 403 403
DELETE   /_stcore/upload_file/{session_id}/{file_id}  /_stcore/upload_file/a/b    401 403 403 404 404 403 403 403
OPTIONS  /_stcore/upload_file/{session_id}/{file_id}  /_stcore/upload_file/a/b    401 204 204 204 204 204 204 204
GET      /component/{path:path}                       {map_frame}                 401 200 200 200 200 200 200 200
HEAD     /component/{path:path}                       {map_frame}                 401 200 200 200 200 200 200 200
OPTIONS  /component/{path:path}                       {map_frame}                 401 204 204 204 204 204 204 204
GET      /_stcore/bidi-components/{path:path}         /_stcore/bidi-components/x  401 404 404 404 404 404 404 404
HEAD     /_stcore/bidi-components/{path:path}         /_stcore/bidi-components/x  401 404 404 404 404 404 404 404
OPTIONS  /_stcore/bidi-components/{path:path}         /_stcore/bidi-components/x  401 204 204 204 204 204 204 204
SOCKET   /_stcore/stream                              =                           no  yes yes yes yes yes yes yes
GET      /auth/login                                  =                           401 302 302 302 302 302 302 302
HEAD     /auth/login                                  =                           401 302 302 302 302 302 302 302
GET      /auth/logout                                 =                           401 302 302 302 302 302 302 302
HEAD     /auth/logout                                 =                           401 302 302 302 302 302 302 302
GET      /oauth2callback                              =                           401 302 302 302 302 302 302 302
HEAD     /oauth2callback                              =                           401 302 302 302 302 302 302 302
POST     /_stcore/agent/interact                      =                           401 403 403 403 403 403 403 403
GET      /_stcore/agent/openapi.json                  =                           401 200 200 200 200 200 200 200
HEAD     /_stcore/agent/openapi.json                  =                           401 200 200 200 200 200 200 200
POST     /_stcore/agent/mcp                           =                           401 400 400 400 400 400 400 400
GET      /                                            =                           401 200 200 200 200 200 200 200
HEAD     /                                            =                           401 200 200 200 200 200 200 200
GET      /                                            /situation                  401 200 200 200 200 200 200 200
GET      /                                            /app/static/x               401 200 200 200 200 200 200 200
GET      /                                            /favicon.png                200 200 200 200 200 200 200 200
"""
"""What Streamlit answers below ``/`` is its one page, in which scripts then ask for everything over the socket."""
UPLOADS = "/_stcore/upload_file/{session_id}/{file_id}"
OTHERWISE = {
    "/metrics": {"planner": "403"},
    "/_stcore/metrics": {"planner": "403"},
    UPLOADS: {"planner": "404", "administrator": "403"},
}
"""What is answered to methods that a route does not offer, where it is not 405."""
WITHOUT_SIGN_IN = {"/sign-in", "/sign-in/no-role", "/set-up/{token}", "/auth/auth.css", "/healthz"}


@dataclass(frozen=True)
class Line:
    method: str
    route: str
    address: str
    expected: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.route} {self.address}"


def lines():
    """Return the lines of the table."""
    rows = [row.split() for row in TABLE.strip().splitlines()[1:]]
    return [Line(method, route, address, tuple(expected)) for method, route, address, *expected in rows]


def routes():
    """Return the methods of every route of the application, Streamlit's own included, by its path."""
    offered = defaultdict(set)
    for route in served.app._build_starlette_app().routes:
        methods = getattr(route, "methods", None)
        is_socket = type(route).__name__ == "WebSocketRoute"
        offered[route.path or "/"] |= methods or ({"SOCKET"} if is_socket else {"GET", "HEAD"})
    return offered


@dataclass(frozen=True)
class Walk:
    browsers: dict[str, Browser]
    addresses: dict[str, object]

    def ask(self, visitor, method, address):
        """Return what a visitor is answered: a status, or whether a socket opens."""
        browser = self.browsers[visitor]
        if method == "SOCKET":
            return "yes" if browser.is_let_in() else "no"
        site = {"Sec_Fetch_Site": "cross-site"} if is_form(method, address) else {}
        return str(browser.ask(address, method, **site).status)

    def fill(self, line):
        """Return the address of a line."""
        if line.address == "=":
            return line.route
        filled = line.address.format(**self.addresses)
        return line.route + filled if filled.startswith("?") else filled


def is_form(method, address):
    return method == "POST" or address == "/sign-out"


def areas_of(world):
    own = {"liaison": Area(Layer.UNITS, world.own.unit), "district": EVERYWHERE, "administrator": EVERYWHERE}
    return {visitor: own.get(visitor, world.own.area) for visitor in ROLES}


def make_accounts(world):
    """Make an account for every visitor that has one."""
    people = {visitor: (ROLES[visitor], area) for visitor, area in areas_of(world).items()}
    people |= {NEIGHBOUR: (Role.SCREEN, world.other.area), COLLEAGUE: (Role.PLANNER, world.other.area)}
    for name, (role, area) in people.items():
        accounts.create_account(world.office, name)
        accounts.grant_role(world.office, name, role, area)
        accounts.change_own_password(world.office, name, PASSWORD)


def shapes_shown(browser):
    """Return where the outlines lie that a screen is shown."""
    zones = browser.ask("/screen/briefing.json").json()["sections"][0]["map"]["zones"]
    return f"/screen/shapes/{zones}.bin"


def file_link(browser):
    """Return where the first file lies that the page 汇报 offers."""
    with browser.open_page() as page:
        return re.search(r"/download/[\w-]+", said(page, "briefing"))[0]


def geometry_of(area):
    """Return where the grids of an area lie."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "actor", lambda: Actor("someone", Role.SCREEN, area))
        return cache.geometry_url("grids", cache.packed_layer(Layer.GRIDS).token)


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("walk")
    url = f"sqlite:///{folder / 'store.gpkg'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRIDMUSTER_STORE", url)
        world = make_world(Store.open(url))
        make_accounts(world)
        with serving(folder, "--store", url) as running:
            # As a script asks, and not from the machine itself, which may see counts.
            stranger = Browser(running.address, {"Sec-Fetch-Dest": "empty", "X-Forwarded-For": "10.0.0.9"})
            browsers = {name: stranger.sign_in(name, PASSWORD) for name in (*ROLES, NEIGHBOUR, COLLEAGUE)}
            addresses = {
                "own": world.own,
                "other": world.other,
                "own_shapes": shapes_shown(browsers["screen"]),
                "other_shapes": shapes_shown(browsers[NEIGHBOUR]),
                "district_link": file_link(browsers["district"]),
                "planner_link": file_link(browsers["planner"]),
                "neighbour_link": file_link(browsers[COLLEAGUE]),
                "own_grids": geometry_of(world.own.area),
                "other_grids": geometry_of(world.other.area),
                "all_grids": geometry_of(EVERYWHERE),
                "script": asset_url("core.js"),
                "screen_script": f"/screen/assets/{release()}/main.js",
                "map_frame": "/component/streamlit_folium.st_folium/index.html",
            }
            yield Walk(browsers | {STRANGER: stranger}, addresses)


def test_every_route_and_method_has_a_line_and_every_line_a_route():
    written = defaultdict(set)
    for line in lines():
        written[line.route].add(line.method)
    offered = routes()
    for agent in ("interact", "openapi.json", "mcp"):  # offers every method, to refuse most itself
        offered[f"/_stcore/agent/{agent}"] &= written[f"/_stcore/agent/{agent}"]
    assert dict(written) == dict(offered)


@pytest.mark.parametrize("line", lines(), ids=lambda line: line.name)
def test_role_and_area_decide(walk, line):
    address = walk.fill(line)
    answers = {visitor: walk.ask(visitor, line.method, address) for visitor in VISITORS}
    assert answers == dict(zip(VISITORS, line.expected, strict=True))


@pytest.mark.parametrize("route", sorted({line.route for line in lines() if line.method != "SOCKET"}))
def test_other_methods_do_nothing(walk, route):
    line = next(line for line in lines() if line.route == route)
    known = {line.method for line in lines() if line.route == route}
    for method in set(METHODS) - known:
        for visitor in (STRANGER, "planner", "administrator"):
            usual = "405" if visitor != STRANGER or route in WITHOUT_SIGN_IN else "401"
            expected = OTHERWISE.get(route, {}).get(visitor, usual)
            assert walk.ask(visitor, method, walk.fill(line)) == expected, (visitor, method)


@pytest.mark.parametrize("visitor", ["liaison", "administrator"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_is_a_sentence(walk, visitor, language):
    browser = walk.browsers[visitor]
    page = browser.ask(f"/screen?lang={language}", Sec_Fetch_Dest="document").text
    words = {"zh": "汇报”页不对“", "en": "“Briefing” is not for the role"}[language]
    assert words in page
    assert words in browser.ask(f"/screen?lang={language}").text
    problem = browser.ask(f"/screen/briefing.json?lang={language}").json()["problem"]
    assert ("您的角色" if language == "zh" else "Your role") in problem
