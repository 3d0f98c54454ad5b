"""The guard in front of a real server: what a stranger gets, which is nothing, by every way in."""

import re

import pytest

from dashboard import server as served
from services import accounts
from tests.dashboard.auth.knocking import NAME, SCRIPT, said, wait_until_closed

OPEN_TO_ALL = {"/sign-in", "/sign-in/no-role", "/set-up/{token}", "/auth/auth.css", "/healthz"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def shown(account):
    """Return how the frame of a page names whoever is at it."""
    return f"<span>{account}</span>"


def paths():
    """Return an address of every route of the application, Streamlit's own included, and some that are none."""
    table = served.app._build_starlette_app().routes
    given = {route.path or "/" for route in table} - OPEN_TO_ALL
    filled = {re.sub(r"\{[^}]+\}", "x", path) for path in given}
    made = {"/situation", "/reinforce", "/static/js/index.js", "/app/static/x", "/assets/leaflet/leaflet.js"}
    crooked = {
        "/door/../screen",
        "/SIGN-IN",
        "/sign-in/",
        "/sign-in;x",
        "/favicon.png/..//situation",
        "/metrics/",
        "/sign-in/../screen",
        "//screen",
        "/healthz/../whoami",
        "/set-up/x/../../screen",
    }
    return sorted(filled | made | crooked)


@pytest.mark.parametrize("path", paths())
def test_a_stranger_gets_nothing(stranger, path):
    for method in METHODS:
        answer = stranger.ask(path, method, X_Forwarded_For=f"10.0.0.{METHODS.index(method)}")
        page = method == "GET"
        assert answer.status in ({303, 401} if page else {401}), (method, answer.status)
        assert answer.text in {"", "sign in first", "for administrators, or on the machine itself"}
        if answer.status == 303:
            assert answer.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("cookie", ["", "gm=", "gm=" + "x" * 43, 'gm="', "__Host-gm=x", "gm=../../etc", "gm=x; gm=y"])
def test_no_or_a_forged_cookie_opens_neither_page_nor_connection(stranger, cookie):
    forged = {"Cookie": cookie} if cookie else {}
    assert stranger.ask("/situation", **forged).status == 303
    assert not stranger.is_let_in(**forged)


def test_whoever_is_signed_in_gets_page_and_connection(planner):
    assert planner.ask("/").status == 200
    assert planner.is_let_in()


def test_nobody_becomes_somebody_else_by_a_header(planner, stranger, office):
    with office._store.read() as tx:
        keys = [row["token_hash"] for row in tx.accounts.read_open_sessions()]
    for name in ("x-gm-session", "X-Gm-Session", "X-GM-SESSION"):
        assert not stranger.is_let_in(**{name: keys[-1]})
        assert stranger.ask("/situation", **{name: keys[-1]}).status == 303
    admin = stranger.sign_in("demo-administrator")
    token = admin.headers["Cookie"].partition("=")[2]
    with planner.open_page(**{"X-Gm-Session": accounts.key_of(token)}) as page:
        heard = said(page)
    assert shown("demo-planner") in heard
    assert shown("demo-administrator") not in heard


@pytest.mark.parametrize("theirs", ['a={"x": [1]}', "b=x y z", "=", "c=\xe4\xb8", '"', "$Version=1"])
def test_cookies_of_other_programs_on_the_machine_keep_nobody_out(planner, theirs):
    cookie = planner.headers["Cookie"]
    assert planner.ask("/whoami", Cookie=f"{theirs}; {cookie}", **SCRIPT).status < 300
    assert planner.ask("/whoami", Cookie=f"{cookie}; {theirs}", **SCRIPT).status < 300


def test_without_tls_what_a_script_asks_for_is_no_page(stranger):
    assert stranger.ask("/situation", Accept="*/*").status == 401
    assert stranger.ask("/situation", Accept="text/html,*/*;q=0.8").status == 303


def test_the_log_tells_no_path_that_is_not_ours(stranger, log):
    for path in ("/set-up/tokentoken", "/13800001234", "/%1b%5b2Jx", "/a%0afake", "/Secret", "/situation"):
        stranger.ask(path)
    said = log.read_text()
    assert "part=/set-up" in said
    assert not re.search("13800001234|fake|Secret|tokentoken", said)


def test_the_number_of_another_persons_page_gives_nothing(planner, stranger):
    with planner.open_page() as page:
        number = re.search(r'session_id: "([^"]+)"', said(page))[1]
        assert not stranger.is_let_in(session=number)
        with stranger.sign_in("demo-administrator").open_page(session=number) as other:
            heard = said(other)
        assert shown("demo-planner") not in heard
    with stranger.sign_in("demo-administrator").open_page(session=number) as other:
        assert shown("demo-planner") not in said(other)


def test_the_cookie_can_be_read_by_no_script_and_is_sent_from_no_other_site(stranger):
    form = {"name": "demo-planner", "password": accounts.DEMO_PASSWORD}
    given = stranger.send("/sign-in", form).headers["Set-Cookie"]
    assert given.startswith("gm=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(given.split("; "))


def test_over_tls_the_cookie_belongs_to_this_host_and_never_leaves_tls(stranger):
    form = {"name": "demo-planner", "password": accounts.DEMO_PASSWORD}
    answer = stranger.send("/sign-in", form, X_Forwarded_Proto="https", X_Forwarded_For="10.1.1.1")
    given = answer.headers["Set-Cookie"]
    assert given.startswith("__Host-gm=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(given.split("; "))
    assert "Domain" not in given
    assert answer.headers["Strict-Transport-Security"]
    plain = given.partition(";")[0].replace("__Host-gm", "gm")
    assert stranger.ask("/situation", Cookie=plain, X_Forwarded_Proto="https").status == 303
    assert stranger.ask("/whoami", Cookie=given.partition(";")[0], X_Forwarded_Proto="https").status == 200


@pytest.mark.parametrize("host", [NAME, f"{NAME}:8443", NAME.upper(), "10.9.8.7", "localhost:1"])
def test_the_server_answers_to_its_names_also_over_websocket(planner, host):
    assert planner.ask("/whoami", Host=host).status == 200
    assert planner.is_let_in(Host=host, Origin=f"http://{host}")
    secure = dict(cookie.split("=", 1) for cookie in planner.headers["Cookie"].split("; "))
    behind = {"Cookie": f"__Host-gm={secure['gm']}", "X_Forwarded_Proto": "https"}
    assert planner.is_let_in(Host=host, Origin=f"https://{host}", **behind)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        (NAME, f"https://{NAME}"),
        (NAME, f"http://{NAME}:8080"),
        (f"{NAME}:8443", f"http://{NAME}"),
        (NAME, "http://10.9.8.7"),
        (NAME, f"ftp://{NAME}"),
        (NAME, f"http://{NAME}:port"),
        (NAME, ""),
    ],
)
def test_a_page_of_another_scheme_host_or_port_opens_no_connection(planner, host, origin):
    assert not planner.is_let_in(Host=host, Origin=origin)
    assert not planner.is_let_in(Host=host, Origin=origin, X_Forwarded_Host=origin.partition("//")[2])


@pytest.mark.parametrize("host", ["evil.example", f"{NAME}.evil.example", "", "a@b", f"{NAME}/x", "[::1"])
def test_it_answers_to_no_other_name(planner, host):
    assert planner.ask("/whoami", Host=host).status in {400, 421}
    assert planner.ask("/sign-in", Host=host).status in {400, 421}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"https://{NAME}.evil.example", "file://"])
def test_the_page_of_another_site_opens_no_connection(planner, origin):
    assert not planner.is_let_in(Origin=origin)


def test_whoever_comes_from_a_link_elsewhere_takes_one_step_inside_first(stranger):
    answer = stranger.ask("/situation?lang=en", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")
    assert answer.headers["Refresh"] == "0;url=/situation?lang=en"
    assert answer.status == 200


def test_signing_out_ends_an_open_page_and_empties_the_browser(planner):
    with planner.open_page() as page:
        answer = planner.ask("/sign-out", "POST")
        assert answer.headers["Clear-Site-Data"] == '"storage"'
        assert wait_until_closed(page) == 4401
    assert planner.ask("/whoami", **SCRIPT).status == 401
    assert not planner.is_let_in()


def test_signing_in_again_ends_the_session_that_the_browser_had(planner):
    with planner.open_page() as page:
        again = planner.sign_in("demo-secretary")
        assert wait_until_closed(page) == 4401
    assert planner.ask("/whoami", **SCRIPT).status == 401
    assert again.is_let_in()


def test_disabling_an_account_ends_its_open_pages(office, newcomer):
    browser = newcomer("leaver")
    with browser.open_page() as page:
        accounts.disable_account(office, "leaver")
        assert wait_until_closed(page) == 4401
    assert browser.ask("/whoami", **SCRIPT).status == 401


def test_taking_a_role_away_ends_the_pages_that_act_in_it(office, newcomer):
    browser = newcomer("demoted")
    (held,) = accounts.find_account(office, "demoted").grants
    with browser.open_page() as page:
        accounts.revoke_role(office, "demoted", held.id)
        assert wait_until_closed(page) == 4401
    assert not browser.is_let_in()


def test_an_account_without_a_role_sees_a_sentence_and_may_leave(newcomer):
    browser = newcomer("waiting", None)
    assert browser.ask("/situation").headers["Location"] == "/sign-in/no-role"
    assert not browser.is_let_in()
    assert "还没有角色" in browser.ask("/sign-in/no-role").text
    assert browser.ask("/sign-out", "POST").status == 303


def test_counts_are_for_administrators_and_this_machine(stranger, planner):
    away = {"X_Forwarded_For": "10.1.1.1"}
    assert "gridmuster_requests_total" in stranger.ask("/metrics").text
    for path in ("/metrics", "/_stcore/metrics"):
        assert stranger.ask(path, **away).status == 401
        assert planner.ask(path, **away).status == 403
    assert "gridmuster_sign_ins_total" in stranger.sign_in("demo-administrator").ask("/metrics", **away).text


def test_files_that_people_brought_run_nothing(planner):
    assert "sandbox" in planner.ask("/media/x").headers["Content-Security-Policy"]


@pytest.mark.parametrize("account", ["demo-administrator", "demo-liaison"])
def test_outlines_are_for_roles_that_see_the_situation(stranger, account):
    assert stranger.sign_in(account).ask("/geometry/grids/x.bin", **SCRIPT).status == 403
    assert stranger.sign_in("demo-planner").ask("/geometry/grids/x.bin", **SCRIPT).status == 404
