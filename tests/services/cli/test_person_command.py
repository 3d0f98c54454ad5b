"""``gridmuster person``, ``cleanup`` and ``key``: what they print, write and keep."""

import json
import stat

import pandas as pd
import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.cli.app import app
from services.cli.shell import Exit, run
from services.context import open_context
from tests.acting import act

PHONE = "13812345678"


@pytest.fixture
def store(tmp_path):
    url = f"sqlite:///{tmp_path}/store.gpkg"
    row = {"name": "张三丰", "phone": PHONE, "community_code": "C1", "address": "云港花园3栋502"}
    with act(open_context(url), Action.IMPORT) as work:
        work.tx.upsert(Layer.MEMBERS, pd.DataFrame([row], index=pd.Index(["M1"], name="code")))
    return url


def call(*arguments, store):
    return run(app, [*arguments, "--store", store])


def test_find_prints_masked(store, capsys):
    assert call("person", "find", PHONE, store=store) == Exit.DONE
    said = capsys.readouterr().out
    assert "M1  张**  138****5678  云港花园***" in said
    assert PHONE not in said


def test_show_prints_in_clear(store, capsys):
    assert call("person", "show", "M1", "--reason", "核对姓名", store=store) == Exit.DONE
    assert PHONE in capsys.readouterr().out


@pytest.mark.parametrize("reason", [[], ["--reason", "x"]])
def test_show_wants_a_reason_in_words(store, capsys, reason):
    assert call("person", "show", "M1", *reason, store=store) == Exit.FAILED
    told = capsys.readouterr()
    assert "请用文字写明理由" in told.err
    assert PHONE not in told.out + told.err


def test_export_writes_a_file_for_its_owner_alone_and_never_over_another(store, tmp_path):
    out = tmp_path / "m1.json"
    assert call("person", "export", "M1", "--out", str(out), store=store) == Exit.DONE
    assert json.loads(out.read_text())["member"]["phone"] == PHONE
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert call("person", "export", "M1", "--out", str(out), store=store) == Exit.FAILED


def test_correct_says_what_changed(store, capsys):
    done = call("person", "correct", "M1", "--name", "张三峰", "--available", "evening=0.5", store=store)
    assert done == Exit.DONE
    assert "name available_evening" in capsys.readouterr().out


def test_a_part_of_the_day_nobody_knows_is_a_wrong_call(store):
    assert call("person", "correct", "M1", "--available", "noon=1", store=store) == Exit.WRONG_CALL


def test_erase_asks_first(store, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", __import__("io").StringIO("n\n"))
    assert call("person", "erase", "M1", "--reason", "本人要求", store=store) != Exit.DONE
    assert call("person", "erase", "M1", "--reason", "本人要求", "--yes", store=store) == Exit.DONE
    assert call("person", "show", "M1", "--reason", "核对姓名", store=store) == Exit.FAILED
    assert "没有编号为 M1 的人员" in capsys.readouterr().err


def test_cleanup_reports_counts(store, capsys):
    call("person", "correct", "M1", "--keep-until", "2020-01-01", store=store)
    assert call("cleanup", store=store) == Exit.DONE
    assert "人员 1 人" in capsys.readouterr().out


def test_a_key_is_made_once(tmp_path):
    out = tmp_path / "key"
    assert run(app, ["key", "--out", str(out)]) == Exit.DONE
    assert run(app, ["key", "--out", str(out)]) == Exit.FAILED
