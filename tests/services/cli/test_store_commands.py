"""``migrate`` and ``copy``: what they say, and how they end."""

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.cli.app import app
from services.cli.shell import Exit, run
from services.context import open_context


@pytest.fixture
def full(tmp_path):
    url = f"sqlite:///{tmp_path}/full.gpkg"
    assert run(app, ["demo", "--store", url]) == Exit.DONE
    return url


def test_migrate_says_from_which_version_to_which(tmp_path, capsys):
    store = ["--store", f"sqlite:///{tmp_path}/new.gpkg"]
    assert run(app, ["migrate", *store]) == Exit.DONE
    assert "已建立新的数据库" in capsys.readouterr().out
    assert run(app, ["migrate", *store]) == Exit.DONE
    assert "无须升级" in capsys.readouterr().out


def test_copy_reports_every_table_and_the_copy_is_used_like_the_source(full, store_url, capsys):
    assert run(app, ["copy", "--from", full, "--to", store_url]) == Exit.DONE
    said = capsys.readouterr().out
    assert "grids：200 行" in said
    assert "内容和图形全部一致" in said
    with open_context(store_url).look(Action.VIEW_COVERAGE) as tx:
        assert tx.count(Layer.GRIDS) == 200
    open_context(store_url)._store.close()


def test_copy_into_a_store_that_holds_something_fails(full, capsys):
    assert run(app, ["copy", "--from", full, "--to", full]) == Exit.FAILED
    assert "不是空的" in capsys.readouterr().err


def test_a_password_is_not_said(capsys):
    address = "postgresql+psycopg://clerk:canary-secret@127.0.0.1:1/base"
    assert run(app, ["migrate", "--store", address]) == Exit.FAILED
    assert run(app, ["copy", "--from", address, "--to", "nonsense"]) == Exit.FAILED
    told = capsys.readouterr()
    assert "127.0.0.1" in told.err
    assert "canary-secret" not in told.out + told.err
