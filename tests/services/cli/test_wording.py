"""Help and faults of calling are said in Chinese, whatever is called."""

import re

import pytest
import typer

from services.cli import app
from services.cli.shell import Exit, run


def commands(command, path=()):
    """Yield the path of every command and group."""
    yield path
    for name, part in getattr(command, "commands", {}).items():
        yield from commands(part, (*path, name))


ALL = sorted(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_the_help_of_every_command_is_chinese(path, capsys):
    assert run(app, [*path, "--help"]) == Exit.DONE
    told = capsys.readouterr().out
    assert "用法：" in told
    assert not re.search("Usage|Options|Arguments|Commands|Show this|default:|env var|required", told)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["import"], "缺少 layer，应是其中之一：districts"),
        (["import", "houses", "x.csv"], "layer 不能是 houses，应是其中之一：districts"),
        (["import", "grids"], "缺少 file"),
        (["import", "grids", "a", "b"], "多写了：b"),
        (["import", "grids", "a", "--sheet"], "--sheet 后面缺少内容"),
        (["import", "grids", "a", "--dry-run=1"], "--dry-run 后面不带内容"),
        (["import", "grids", "a", "--colum", "b"], "没有选项 --colum，是不是 --column"),
        (["import", "grids", "a", "--column", "b"], "列要写成"),
        (["nothing"], "没有命令 nothing"),
        (["imprt"], "没有命令 imprt，是不是 import"),
        (["serve", "--port", "x"], "--port 应是整数"),
        (["plan", "propose", "--reach", "-3"], "--reach 不能小于 0"),
        (["plan", "propose", "--floor", "x"], "--floor 应是数字"),
        (["roster", "confirm", "1", "--day", "x"], "--day 应是日期"),
        (["roster", "new", "--area", "all", "--start", "明天"], "--start 应是日期"),
        (["audit", "list", "--since", "yesterday"], "--since 应是日期或时间"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(call, said, capsys):
    assert run(app, call) == Exit.WRONG_CALL
    told = capsys.readouterr().err
    assert said in told
    assert not re.search("Error|Usage|Invalid|Missing|No such", told)


def test_without_a_command_the_help_is_shown(capsys):
    assert run(app, []) == Exit.WRONG_CALL
    told = capsys.readouterr()
    assert "用法：" in told.out + told.err
