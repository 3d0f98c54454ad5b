import errno
import io
import os
from pathlib import Path

import pytest
from pptx import Presentation

from services.assignment import assign_members
from services.briefing import BriefingTemplate, SectionChoice, SectionName, save_template
from services.catalog.actions import Action
from services.cli import app
from services.cli.shell import Exit, run
from services.context import open_context
from services.demo.build import make_district
from services.demo.sizes import DemoSize
from services.demo.write import fill_store

WINDOW = "2026-11-27T20:00/2026-11-27T24:00"


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> str:
    """Return the address of a demo sub-district."""
    url = f"sqlite:///{tmp_path_factory.mktemp('store')}/demo.gpkg"
    context = open_context(url)
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    assign_members(context)
    return url


def brief(store: str, *arguments: object) -> int:
    return run(app, ["brief", "--store", store, *map(str, arguments)])


def titles(path) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in Presentation(io.BytesIO(path.read_bytes())).slides]


@pytest.mark.parametrize(
    ("name", "start", "more"),
    [
        ("a.pptx", b"PK", ("--sections", "data")),
        ("a.pdf", b"%PDF", ("--lang", "en")),
        ("a.PNG", b"\x89PNG", ("--sections", "hours")),
        ("atlas.pdf", b"%PDF", ("--sections", "situation", "--atlas")),
    ],
)
def test_every_kind_of_file_is_written(store, tmp_path, name, start, more):
    out = tmp_path / name
    assert brief(store, "--window", WINDOW, "--out", out, *more) == Exit.DONE
    assert out.read_bytes().startswith(start)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_sections_come_in_the_order_they_are_named(store, tmp_path, capsys):
    out = tmp_path / "a.pptx"
    assert brief(store, "--window", WINDOW, "--sections", "data，hours", "--out", out) == Exit.DONE
    said = [title for title in titles(out) if not title.endswith("（续）")]
    assert len(said) == 3
    assert "数据" in said[1]
    assert "2 节" in capsys.readouterr().out


def test_a_kept_briefing_is_written_again_word_for_word(store, tmp_path, capsys):
    first, second = tmp_path / "first.pptx", tmp_path / "second.pptx"
    assert (
        brief(store, "--window", WINDOW, "--mode", "lockdown", "--sections", "hours,data", "--freeze", "--out", first)
        == Exit.DONE
    )
    number = capsys.readouterr().out.split("编号 ")[1].split()[0]
    assert brief(store, "--snapshot", number, "--out", second) == Exit.DONE
    assert titles(first) == titles(second)
    assert brief(store, "--snapshot", number, "--sections", "hours", "--out", second) == Exit.DONE
    assert len(titles(second)) == 2


def test_the_briefing_to_compare_with_can_be_named(store, tmp_path, capsys):
    out = tmp_path / "a.pptx"
    assert brief(store, "--window", WINDOW, "--sections", "data", "--freeze", "--out", out) == Exit.DONE
    number = capsys.readouterr().out.split("编号 ")[1].split()[0]
    assert brief(store, "--window", "now", "--sections", "situation", "--compare", number, "--out", out) == Exit.DONE
    (_cover, slide) = Presentation(io.BytesIO(out.read_bytes())).slides
    words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert any(f"变化与第 {number} 号汇报" in said for said in words)


def test_a_template_says_which_sections_in_which_order_with_which_comments(store, tmp_path):
    shown = (
        SectionChoice(SectionName.DATA, "请各社区核对"),
        SectionChoice(SectionName.PLAN, is_shown=False),
        SectionChoice(SectionName.HOURS),
    )
    save_template(open_context(store), BriefingTemplate("每晚", shown))
    out = tmp_path / "a.pptx"
    assert brief(store, "--window", WINDOW, "--template", "每晚", "--out", out) == Exit.DONE
    slides = list(Presentation(io.BytesIO(out.read_bytes())).slides)
    said = [" ".join(s.text_frame.text for s in slide.shapes if s.has_text_frame) for slide in slides]
    assert "请各社区核对" in said[1]
    assert (titles(out)[1].startswith("数据"), "网格" in titles(out)[-1]) == (True, True)
    assert "还没有下达" not in " ".join(said)


def test_an_export_leaves_an_audit_row(store, tmp_path):
    brief(store, "--window", WINDOW, "--sections", "data", "--out", tmp_path / "a.pdf")
    with open_context(store).look(Action.VIEW_AUDIT) as tx:
        last = tx.records.read_audit(1).iloc[0]
    assert (last["action"], last["object"]) == ("export", "briefing")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--out", "a.docx"),
        ("--out", "no/such/folder/a.pdf"),
        ("--out", "a.png"),
        ("--out", "a.png", "--sections", "hours,data"),
        ("--out", "a.pdf", "--sections", "weather"),
        ("--out", "a.pdf", "--window", "yesterday"),
        ("--out", "a.pdf", "--lang", "fr"),
        ("--out", "a.pptx", "--atlas"),
        ("--out", "a.pdf", "--snapshot", "1", "--window", "tonight"),
        ("--out", "a.pdf", "--snapshot", "1", "--freeze"),
        ("--out", "a.pdf", "--snapshot", "1", "--compare", "1"),
        ("--out", "a.pdf", "--template", "每晚", "--sections", "data"),
        ("--out", "a.png", "--template", "每晚", "--sections", "data"),
        ("--out", "a.pdf", "--template", "每晚", "--snapshot", "1"),
    ],
    ids=lambda arguments: " ".join(arguments[1:]),
)
def test_a_wrong_call_is_said_in_one_sentence_and_writes_nothing(store, tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    assert brief(store, *arguments) == Exit.WRONG_CALL
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--snapshot", "999"),
        ("--plan", "999"),
        ("--compare", "999"),
        ("--atlas", "--sections", "data"),
        ("--sections", "data,data"),
        ("--template", "没有"),
    ],
    ids=" ".join,
)
def test_what_is_not_there_is_said_in_one_sentence(store, tmp_path, capsys, arguments):
    assert brief(store, "--out", tmp_path / "a.pdf", *arguments) == Exit.FAILED
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_file_of_yesterday(store, tmp_path, monkeypatch, capsys):
    out = tmp_path / "a.pdf"
    out.write_bytes(b"yesterday")

    class FullDisk(io.BytesIO):
        def write(self, _content):
            raise OSError(errno.ENOSPC, "No space left on device")

    open_handle = os.fdopen

    def open_full(handle, *given, **named):
        if Path(f"/proc/self/fd/{handle}").readlink().parent != tmp_path:
            return open_handle(handle, *given, **named)
        os.close(handle)
        return FullDisk()

    monkeypatch.setattr(os, "fdopen", open_full)
    assert brief(store, "--window", WINDOW, "--sections", "data", "--out", out) == Exit.FAILED
    assert "磁盘满了" in capsys.readouterr().err
    assert out.read_bytes() == b"yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def test_an_empty_store_gives_a_briefing_that_says_so(tmp_path):
    out, url = tmp_path / "a.pptx", f"sqlite:///{tmp_path}/empty.gpkg"
    open_context(url)
    assert brief(url, "--window", WINDOW, "--out", out) == Exit.DONE
    assert len(titles(out)) >= 7
