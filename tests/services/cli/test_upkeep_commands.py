"""``backup``, ``restore``, ``audit`` and ``doctor``: what they say, and how they end."""

import json

import pytest

from services.catalog.actions import Action
from services.cli.app import app
from services.cli.shell import Exit, run
from services.context import Context, open_context
from tests.acting import act
from tests.serving import free_port


@pytest.fixture
def store(store_url):
    context = open_context(store_url)
    for k in range(3):
        with act(Context(context._store), Action.PLAN, f"plan:{k}"):
            pass
    yield context._store
    context._store.close()


def test_a_backup_and_the_way_back(store, store_url, tmp_path, capsys):
    assert run(app, ["backup", "--store", store_url, "--out", str(tmp_path / "b")]) == Exit.DONE
    said = capsys.readouterr().out
    assert "已重新读出并核对无误" in said
    assert "备份里没有密钥" in said
    store.close()
    (backup,) = [path for path in (tmp_path / "b").iterdir() if path.suffix != ".json"]
    assert run(app, ["restore", str(backup), "--store", store_url]) == Exit.FAILED
    assert "加 --replace" in capsys.readouterr().err
    assert run(app, ["restore", str(backup), "--store", store_url, "--replace"]) == Exit.DONE
    assert "原来的数据留在" in capsys.readouterr().out
    assert run(app, ["audit", "verify", "--store", store_url, "--backups", str(tmp_path / "b")]) == Exit.DONE
    assert "审计记录完整，共 4 行" in capsys.readouterr().out


def test_a_backup_needs_a_place(store, store_url, capsys):
    assert run(app, ["backup", "--store", store_url]) == Exit.WRONG_CALL
    assert "GRIDMUSTER_BACKUPS" in capsys.readouterr().err


def test_audit_verify_names_the_row_that_was_changed(store, store_url, capsys):
    with store.write() as tx:
        tx._connection.exec_driver_sql("UPDATE audit SET actor = 'x' WHERE id = 2")
    assert run(app, ["audit", "verify", "--store", store_url]) == Exit.FAILED
    assert "第 2 行写入后被改动" in capsys.readouterr().err


def test_audit_list_shows_what_is_asked_for(store, store_url, capsys):
    asked = ["audit", "list", "--store", store_url, "--action", "plan", "--actor", "local", "--since", "2020-01-01"]
    assert run(app, [*asked, "--limit", "2"]) == Exit.DONE
    said = capsys.readouterr().out
    assert "方案 2" in said
    assert "plan:0" not in said
    assert "拟订方案" in said
    assert "列出 2 行，共 3 行" in said
    assert "时间均为北京时间（UTC+8）" in said


def test_doctor_speaks_json_and_its_exit_code_says_whether_all_is_well(store, store_url, capsys):
    assert run(app, ["doctor", "--store", store_url, "--json"]) == Exit.FAILED
    findings = {one["check"]: one for one in json.loads(capsys.readouterr().out)}
    assert findings["backup"] | {"what": ""} == {
        "check": "backup",
        "severity": "fault",
        "what": "",
        "advice": "请每晚运行：gridmuster backup --out FOLDER",
    }
    assert findings["audit"]["severity"] == "fine"
    assert "北京时间（UTC+8）" in findings["time_zone"]["what"]


def test_every_command_refuses_a_damaged_file(tmp_path, capsys):
    (tmp_path / "store.gpkg").write_bytes(b"nothing" * 1000)
    url = f"sqlite:///{tmp_path}/store.gpkg"
    for command in (
        ["serve", "--port", str(free_port())],
        ["audit", "verify"],
        ["backup", "--out", str(tmp_path / "b")],
        ["migrate"],
        ["plan", "list"],
    ):
        assert run(app, [*command, "--store", url]) == Exit.FAILED
        assert "已损坏" in capsys.readouterr().err
