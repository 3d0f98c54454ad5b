"""``gridmuster import``: exit codes, the report, and a look that leaves nothing behind."""

import json
import re
from pathlib import Path

import pytest

from services.cli import app
from services.cli.shell import Exit, run

MEMBERS = "编号,姓名,手机,经度,纬度\nM1,张三丰,13812345678,113.21,23.41\n"
BROKEN = MEMBERS + "M2,李四,13912345678,1132.5,23.4\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRIDMUSTER_STORE", raising=False)
    return tmp_path


def call(*arguments: str) -> int:
    return run(app, ["import", *arguments])


def test_a_good_file_is_written_and_the_exit_code_is_0(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "m.csv").write_text(MEMBERS)
    assert call("members", "m.csv", "--datum", "wgs84") == Exit.DONE
    assert "新增 1 行" in capsys.readouterr().out
    assert (folder / "gridmuster.gpkg").exists()


def test_rejected_rows_give_3_and_the_report_names_them(folder: Path):
    (folder / "m.csv").write_bytes(BROKEN.encode("gbk"))
    assert call("members", "m.csv", "--datum", "wgs84", "--report", "r.json") == Exit.ROWS_REJECTED
    report = json.loads((folder / "r.json").read_text())
    assert (report["rows_read"], report["rows_accepted"], report["rows_rejected"]) == (2, 1, 1)
    problem = report["problems"][0]
    assert {key: problem[key] for key in ("row", "column", "code", "value")} == {
        "row": 3,
        "column": "经度",
        "code": "out_of_range",
        "value": "1132.5",
    }
    assert "180" in problem["message"]


def test_a_look_makes_no_store(folder: Path):
    (folder / "m.csv").write_text(MEMBERS)
    assert call("members", "m.csv", "--dry-run") == Exit.DONE
    assert [path.name for path in folder.iterdir()] == ["m.csv"]


def test_without_a_datum_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "m.csv").write_text(MEMBERS)
    assert call("members", "m.csv") == Exit.FAILED
    assert "请说明坐标系" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("members", "nothing.csv", "--dry-run"), Exit.FAILED),
        (("nonsense", "m.csv"), Exit.WRONG_CALL),
        (("members", "m.csv", "--datum", "mars"), Exit.WRONG_CALL),
        (("members", "m.csv", "--dry-run", "--column", "name"), Exit.WRONG_CALL),
    ],
)
def test_faults_of_the_call(folder: Path, arguments: tuple[str, ...], code: Exit):
    (folder / "m.csv").write_text(MEMBERS)
    assert call(*arguments) == code


@pytest.mark.shared
def test_huadu_from_end_to_end(folder: Path, shared_data: Path):
    huadu = shared_data / "huadu"
    assert call("districts", str(huadu / "guangzhou_districts_gcj02.geojson"), "--datum", "gcj02") == Exit.DONE
    assert call("subdistricts", str(huadu / "huadu_gcj02.geojson"), "--report", "r.json") == Exit.DONE
    report = json.loads((folder / "r.json").read_text())
    assert report["datum"]["used"] == "gcj02"
    assert (report["topology"]["overlaps"], report["topology"]["gaps"]) == (17, 49)


@pytest.mark.shared
def test_no_file_of_the_torture_folder_ends_in_the_unforeseen(
    folder: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]
):
    for path in sorted(shared_data.glob("torture/geojson_invalid/*/*.geojson")):
        assert call("grids", str(path), "--dry-run") in {Exit.DONE, Exit.FAILED, Exit.ROWS_REJECTED}
        said = capsys.readouterr()
        assert said.out + said.err, path.name
        assert "Traceback" not in said.err
        assert "请反馈" not in said.err


def test_a_file_of_something_else_is_told_once_by_its_headers(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "x.csv").write_text("日期,金额\n2026.3.5,1\n2026.3.6,2\n")
    assert call("units", "x.csv", "--dry-run") == Exit.ROWS_REJECTED
    told = capsys.readouterr()
    assert "日期、金额" in told.err
    assert "既没有编号" not in told.out


def test_a_look_says_what_is_new_and_what_is_not_used(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "u.csv").write_text("单位名称,备注\n甲局,一\n")
    assert call("units", "u.csv", "--dry-run") == Exit.DONE
    told = capsys.readouterr().out
    assert "新增 1" in told
    assert "备注" in told
    assert "什么也没有写入" in told


def test_what_the_system_refuses_is_said_in_chinese(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "m.csv").write_text(MEMBERS)
    assert call("members", "m.csv", "--dry-run", "--report", "nowhere/r.json") == Exit.FAILED
    assert "没有这个文件或文件夹（nowhere/r.json）" in capsys.readouterr().err


def test_what_no_store_keeps_is_named_by_row_and_column(
    store_url: str, folder: Path, capsys: pytest.CaptureFixture[str]
):
    (folder / "t.csv").write_text("编码,名称,人数\nT1,甲\x00队,5\nT2,乙队,3000000000\nT3,丙队,4\n")
    assert call("teams", "t.csv", "--store", store_url) == Exit.ROWS_REJECTED
    told = capsys.readouterr()
    assert re.search("2.*名称.*文字里有存不下的字符", told.out)
    assert re.search("3.*人数.*数字大得不合理", told.out)
    assert "新增 2 行" in told.out
    assert told.err == ""


def test_a_slip_in_the_address_of_a_store_makes_no_store(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert run(app, ["export", "grids", "--out", "x.gpkg", "--store", "sqlite:///typo.gpkg"]) == Exit.FAILED
    assert "typo.gpkg 没有数据库" in capsys.readouterr().err
    assert not list(folder.iterdir())
