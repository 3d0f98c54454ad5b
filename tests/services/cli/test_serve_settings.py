"""Settings of ``gridmuster serve`` that say whom it trusts: a slip is told before anything is served."""

import pytest
import uvicorn

from services.cli.app import app
from services.cli.shell import Exit, run
from tests.serving import free_port


@pytest.fixture
def serve(tmp_path, monkeypatch, capsys):
    """Return a function that serves with settings, and returns exit code, complaint and what the server was given."""
    given = {}
    monkeypatch.setattr(uvicorn, "run", lambda *_, **options: given.update(options))

    def call(**settings):
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        code = run(app, ["serve", "--port", str(free_port()), "--store", f"sqlite:///{tmp_path / 'served.gpkg'}"])
        return code, capsys.readouterr().err, given

    return call


def test_only_this_machine_says_from_where_a_request_came(serve):
    code, _, given = serve()
    assert (code, given["forwarded_allow_ips"]) == (Exit.DONE, ["127.0.0.1", "::1"])


def test_a_proxy_elsewhere_has_to_be_named(serve):
    assert serve(GRIDMUSTER_PROXIES="10.1.2.3, 10.9.0.0/24")[2]["forwarded_allow_ips"][2:] == [
        "10.1.2.3",
        "10.9.0.0/24",
    ]


@pytest.mark.parametrize("proxies", ["nginx", "*", "10.1.2", "10.1.2.3;10.1.2.4"])
def test_what_is_no_address_is_trusted_by_nobody(serve, proxies):
    code, complaint, given = serve(GRIDMUSTER_PROXIES=proxies)
    assert code == Exit.WRONG_CALL
    assert f"“{proxies}”" in complaint
    assert given == {}


def test_a_role_that_is_none_is_told(serve):
    code, complaint, given = serve(GRIDMUSTER_SECOND_FACTOR="planner, boss")
    assert code != Exit.DONE
    assert "“boss”" in complaint
    assert given == {}
