"""``gridmuster form read|fill``."""

import json

import pytest

from services.cli import app
from services.cli.shell import Exit, run
from tests.services.workbooks.conftest import as_file, opened
from tests.services.workbooks.test_forms import blank
from tests.services.workbooks.test_template import ledger

ZONES = [{"code": "01", "name": "雅瑶社区"}, {"code": "02", "name": "合和社区"}]


@pytest.fixture
def form(tmp_path):
    """Return what runs a command on a workbook with values."""

    def command(what, book, values=None):
        (tmp_path / "表样.xlsx").write_bytes(as_file(book))
        arguments = ["form", what, str(tmp_path / "表样.xlsx")]
        if values is not None:
            (tmp_path / "values.json").write_text(json.dumps(values), encoding="utf-8")
            arguments += ["--values", str(tmp_path / "values.json"), "--out", str(tmp_path / "out.xlsx")]
        return run(app, arguments)

    command.out = tmp_path / "out.xlsx"
    return command


def test_a_blank_form_is_told(form, capsys):
    assert form("read", blank()) == Exit.DONE
    told = capsys.readouterr().out
    assert "表头在第 3 至 4 行" in told
    assert "雅瑶社区、合和 社区、红棉；空行 1 行" in told
    assert "zone.residents" in told
    assert "由社区填" in told


def test_a_blank_form_is_filled_by_its_headers(form):
    values = {"zones": ZONES, "values": {"01": {"人口·外出人数": 12, "F": True}, "02": {"column_d": 3}}}
    assert form("fill", blank(), values) == Exit.DONE
    sheet = opened(form.out.read_bytes())["表样"]
    assert [sheet[cell].value for cell in ("D5", "F5", "D6", "D9")] == [12, "是", 3, 15]


def test_a_workbook_with_marks_is_filled_by_them(form, capsys):
    values = {"zones": ZONES, "values": {"01": {"外出人数": 12}}, "day": "2026-11-29", "reporter": "云港街道"}
    assert form("fill", ledger(), values) == Exit.DONE
    assert "【备注】" in capsys.readouterr().out
    assert opened(form.out.read_bytes())["外出台账"]["A7"].value.startswith("缺报：合和社区（已报1/2）")


def test_values_that_fit_no_column_or_are_none_are_refused(form, capsys):
    assert form("fill", blank(), {"zones": ZONES, "values": {"01": {"没有": 1}}}) == Exit.WRONG_CALL
    assert "没有“没有”这一栏" in capsys.readouterr().err
    assert form("fill", blank(), {"zones": [{"code": "01"}]}) == Exit.WRONG_CALL
    assert "zones.0.name" in capsys.readouterr().err
    assert not form.out.exists()
