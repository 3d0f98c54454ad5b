"""Help is in the language of the reader and has an example for every command; nothing in it is left in the other."""

import re

import pytest
import typer

from services.cli import app
from services.cli.help_words import ENGLISH, EXAMPLES
from services.cli.shell import run
from services.cli.wording import speaking
from services.i18n import use_language
from tests.declared import declared_use_cases

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def commands_of(command, path=()):
    yield path, command
    for name, part in getattr(command, "commands", {}).items():
        yield from commands_of(part, (*path, name))


def test_every_help_has_its_english():
    lacking = [
        (path, thing.help)
        for path, command in commands_of(typer.main.get_command(app))
        for thing in (command, *command.params)
        if thing.help and CHINESE.search(thing.help) and thing.help not in ENGLISH
    ]
    assert lacking == []


def test_no_english_is_left_over():
    there = {
        thing.help for _, command in commands_of(typer.main.get_command(app)) for thing in (command, *command.params)
    }
    assert set(ENGLISH) - there == set()


def test_english_help_has_no_chinese_and_chinese_has_no_english_sentence():
    use_language("en")
    for path, command in commands_of(speaking(app)):
        helps = [thing.help for thing in (command, *command.params) if thing.help]
        assert [said for said in helps if CHINESE.search(said)] == [], path


def test_every_command_has_an_example_that_names_things_it_knows():
    use_language("zh")
    leaves = {" ".join(path): part for path, part in commands_of(speaking(app)) if not hasattr(part, "commands")}
    examples = EXAMPLES | {case.command: case.example for case in declared_use_cases()}
    assert set(examples) - {""} == set(leaves)
    for name, command in leaves.items():
        assert command.epilog == f"例：gridmuster {examples[name]}"
        words = examples[name].removeprefix(name).split()
        command.make_context(name, words, resilient_parsing=False)


@pytest.mark.parametrize(("language", "word"), [("zh", "例："), ("en", "Example: ")])
def test_help_shows_its_example(monkeypatch, capsys, language, word):
    monkeypatch.setenv("GRIDMUSTER_LANGUAGE", language)
    assert run(app, ["migrate", "--help"]) == 0
    assert f"{word}gridmuster migrate" in capsys.readouterr().out


@pytest.mark.parametrize(("port", "part"), [("99999", "不能大于 65535"), ("0", "不能小于 1"), ("-1", "不能小于 1")])
def test_a_port_that_is_none_is_told(capsys, port, part):
    assert run(app, ["serve", "--port", port]) == 2
    assert part in capsys.readouterr().err


def test_an_address_that_this_machine_lacks_is_told(monkeypatch, capsys):
    monkeypatch.setenv("GRIDMUSTER_HOSTS", "a.example")
    assert run(app, ["serve", "--host", "203.0.113.1"]) == 1
    assert "这台机器没有地址 203.0.113.1" in capsys.readouterr().err
