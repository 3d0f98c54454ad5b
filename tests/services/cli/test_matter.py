"""``gridmuster matter``: asked, done and confirmed; sheets filled in, signed and put together."""

import pytest

from services.cli import app
from services.cli.shell import Exit, run
from services.modes import declare_mode
from services.rules.windows import DAY, Mode
from tests.services.planning.conftest import NOW, chinese, file_store, filled, now, office  # noqa: F401 - fixtures

AWAY = ("--field", "away=40", "--field", "away_risk=1", "--field", "left_today=3", "--field", "back_today=2")
WHISTLE = ("ask", "whistle", "缺6人守门", "--subject", "grids:G1", "--asker", "communities:C1", "--urgency", "day")


@pytest.fixture
def store(file_store):  # noqa: F811 - the fixture above
    return file_store


@pytest.fixture
def matter(office, monkeypatch):  # noqa: F811 - the fixture above
    """Return what runs a command at the hour of the tests."""
    monkeypatch.setattr("services.context.local_now", lambda: NOW)

    def command(*arguments):
        return run(app, ["matter", *map(str, arguments), "--store", f"sqlite:///{office.file}"])

    return command


def test_a_whistle_is_asked_taken_answered_and_confirmed(matter, capsys):
    assert matter("inbox") == Exit.DONE
    assert "没有要您办的事" in capsys.readouterr().out
    assert matter(*WHISTLE) == Exit.FAILED
    assert "请选择情形" in capsys.readouterr().err
    assert matter(*WHISTLE, "--cause", "emergency", "--field", "people=6") == Exit.DONE
    assert "事项 1 已发起" in capsys.readouterr().out
    assert matter("close", 1) == Exit.FAILED
    assert "待接单" in capsys.readouterr().err
    for done in (("take", 1), ("answer", 1, "派了6人"), ("close", 1, "--satisfied", "yes")):
        assert matter(*done) == Exit.DONE
    capsys.readouterr()
    assert matter("show", 1) == Exit.DONE
    told = capsys.readouterr().out
    assert "雅瑶社区 → 街道，关于 一格" in told
    assert "办结，满意" in told
    assert "缺多少人：6 人" in told
    assert "已办，答复 派了6人" in told
    assert matter("inbox") == Exit.DONE
    assert "吹哨" in capsys.readouterr().out


def test_sheets_are_filled_in_signed_and_put_together(office, matter, capsys):  # noqa: F811
    assert matter("fill", "ledger_away", "--zone", "C1", *AWAY) == Exit.FAILED
    assert "当前状态下不使用“常住人口外出台账”" in capsys.readouterr().err
    declare_mode(office, Mode.EMERGENCY, reason="疫情", approver="指挥", until=NOW + 20 * DAY)
    assert matter("sheets", "ledger_away", "subdistricts:S") == Exit.ROWS_REJECTED
    assert "0/1 已填报，0 已签，缺：雅瑶社区" in capsys.readouterr().out
    assert matter("fill", "ledger_away", "--zone", "C1", *AWAY) == Exit.DONE
    assert "常住人口外出台账 2026-11-25 雅瑶社区：已填报" in capsys.readouterr().out
    assert matter("sign", "ledger_away", "subdistricts:S") == Exit.DONE
    assert "外出总人数：40（1/1）" in capsys.readouterr().out
    assert matter("sheets", "ledger_away", "subdistricts:S") == Exit.DONE
    assert matter("rollup", "ledger_away", "subdistricts:S", "--from", "2026-11-24", "--until", "2026-11-25") == 0
    assert "已签的各期：2026-11-25" in capsys.readouterr().out
    assert matter("fill", "ledger_away", "--zone", "C1", "--field", "away") == Exit.WRONG_CALL


def test_a_daily_form_is_refused_in_routine_times_and_the_rule_is_named(matter, tmp_path, capsys):
    form = tmp_path / "daily.toml"
    form.write_text(
        '[daily]\nname="日报"\nsource="假定"\nsubjects=["communities"]\nowners=[]\nevery="day"\nissuer="街道"\n'
        'grounds="通知"\nmodes=["emergency"]\nfields=[{code="a",name="甲"}]\n',
        encoding="utf-8",
    )
    assert matter("kinds", "--check", form) == Exit.FAILED
    assert "比每周更勤的报表" in capsys.readouterr().err
    content = form.read_text("utf-8").replace('"day"', '"week"')
    form.write_text(content, encoding="utf-8")
    assert matter("kinds", "--declare", form) == Exit.DONE
    assert "已登记：daily" in capsys.readouterr().out
    assert matter("kinds") == Exit.DONE
    assert "日报" in capsys.readouterr().out
