"""Two servers on one PostGIS store: what one commits the other shows; both outlive a restart of the database."""

import contextlib
import json
import time

import pytest

from services.accounts import make_demo_accounts
from services.assignment import assign_members
from services.catalog.actions import Action
from services.context import Context
from services.demo import DemoSize, fill_store, make_district
from services.store import Store
from tests.acting import act
from tests.serving import fetch, serving, sign_in

SEEN_WITHIN_S = 6.0
BETWEEN_S = 0.2


@pytest.fixture(scope="module")
def shared(cluster):
    """A store of its own on the cluster, filled."""
    name = cluster.new_database()
    store = Store.open(cluster.url(name))
    context = Context(store)
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    assign_members(context)
    make_demo_accounts(context)
    yield cluster.url(name), context
    store.close()
    cluster.drop(name)


@pytest.fixture(scope="module")
def servers(shared, tmp_path_factory):
    with contextlib.ExitStack() as stack:
        folders = [tmp_path_factory.mktemp("server") for _ in range(2)]
        yield [stack.enter_context(serving(folder, "--store", shared[0])) for folder in folders]


def health(server):
    return fetch(f"{server.address}/healthz")[0]


@pytest.fixture(scope="module")
def cookies(servers):
    """Return the cookie of a screen for each server, by its address."""
    return {server.address: sign_in(server.address, "demo-screen") for server in servers}


def shown_version(server, cookies):
    """Return which data a screen at a server shows."""
    return json.loads(fetch(f"{server.address}/screen/briefing.json", cookies[server.address])[1])["data_version"]


def told(server, cookies):
    """Return the version a server tells every open page, and whether it says that the store is lost."""
    status, body = fetch(f"{server.address}/whoami", cookies[server.address])
    answer = json.loads(body) if status == 200 else {"version": None, "lost": None}
    return answer["version"], answer["lost"] is not None


def wait_for(condition, within_s):
    """Wait until it is so and return whether it came to be; who asks too often is refused."""
    until = time.monotonic() + within_s
    while not (so := condition()) and time.monotonic() < until:
        time.sleep(BETWEEN_S)
    return so


def test_both_serve_the_same_data(servers, cookies):
    first, second = (shown_version(server, cookies) for server in servers)
    assert first == second > 0


def test_a_session_that_began_at_one_holds_at_the_other(servers, cookies):
    foreign = dict.fromkeys(cookies, cookies[servers[0].address])
    assert shown_version(servers[1], foreign) > 0


def test_what_is_committed_elsewhere_is_seen_by_every_process_within_six_seconds(servers, shared, cookies):
    _url, context = shared
    before = shown_version(servers[0], cookies)
    with act(context, Action.IMPORT) as work:
        work.tx.touch("grids")
    for server in servers:
        assert wait_for(lambda server=server: shown_version(server, cookies) > before, SEEN_WITHIN_S)


def test_what_is_committed_elsewhere_is_told_to_open_pages_within_six_seconds(servers, shared, cookies):
    _url, context = shared
    for server in servers:
        assert wait_for(lambda server=server: told(server, cookies)[0], SEEN_WITHIN_S)
    with act(context, Action.COMMIT_PLAN) as work:
        work.tx.touch("orders")
        version = work.tx.versions()["orders"]
    for server in servers:
        assert wait_for(lambda server=server: told(server, cookies) == (version, False), SEEN_WITHIN_S)


def test_both_say_that_the_database_is_lost_and_work_again_when_it_is_back(servers, cluster, cookies):
    version = told(servers[0], cookies)[0]
    cluster.stop()
    try:
        assert [health(server) for server in servers] == [503, 503]
        for server in servers:
            assert wait_for(lambda server=server: told(server, cookies) == (version, True), SEEN_WITHIN_S)
    finally:
        cluster.start()
    for server in servers:
        assert wait_for(lambda server=server: health(server) == 200, 2 * SEEN_WITHIN_S)
        assert wait_for(lambda server=server: told(server, cookies) == (version, False), SEEN_WITHIN_S)
