"""The documents say what the program has: commands, settings, links."""

import importlib
import importlib.util
import re
import shlex
import subprocess
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
import typer

from services.cli import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")


def test_every_command_is_documented():
    text = (ROOT / "docs/user/commands.md").read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands
    assert [name for name in commands if f"gridmuster {name}" not in text] == []


def test_every_setting_is_documented():
    read = set(re.findall(r"GRIDMUSTER_[A-Z_]+", (ROOT / "services/settings.py").read_text(encoding="utf-8")))
    text = (ROOT / "docs/user/settings.md").read_text(encoding="utf-8")
    assert sorted(name for name in read if f"`{name}`" not in text) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", ["docs/architecture.md", "docs/conventions.md", "CONTRIBUTING.md"])
def test_modules_and_files_that_are_named_are_there(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    names = re.findall(r"`((?:geo|services|dashboard)(?:\.\w+)+)`", text)
    paths = re.findall(r"`((?:geo|services|dashboard|tests|docs|data)/[\w./]+)`", text)
    assert [name for name in names if not _is_there(name)] == []
    assert [path for path in paths if not list(ROOT.glob(f"{path}*"))] == []


def _is_there(name):
    """Tell whether a module is there, or a module that holds the last part of the name."""
    module, _, last = name.rpartition(".")
    with suppress(ModuleNotFoundError):
        if importlib.util.find_spec(name):  # a page's script is not imported: it would run
            return True
    return hasattr(importlib.import_module(module), last)


def test_the_tree_names_no_machine_and_no_index():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    forbidden = [("/" + "work/"), ("pypi" + ".org/simple"), ("files.python" + "hosted")]
    found = []
    for name in listed.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            content = path.read_bytes()
            found += [f"{name}: {word}" for word in forbidden if word.encode() in content]
    assert found == []


GUIDES = sorted((ROOT / "docs/user").rglob("*.md"))
COMMAND_LINE = re.compile(r"^(?:gridmuster|gm) .+$", re.MULTILINE)
FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DEPLOYED = sorted((ROOT / "docs/user/deploy").iterdir())


def command_lines(document):
    """Return the command lines in the blocks of a guide, those over several lines as one."""
    blocks = [block.replace("\\\n", " ") for block in FENCE.findall(document.read_text(encoding="utf-8"))]
    return [line.split("  #")[0] for block in blocks for line in COMMAND_LINE.findall(block)]


def faults_of(line):
    """Return what a command line says that the program does not know, without running it."""
    _name, *words = shlex.split(line.split(" | ")[0].rstrip("…"))
    command, context = typer.main.get_command(app), None
    while hasattr(command, "commands") and words and words[0] in command.commands:
        context = command.make_context(words[0], [], parent=context, resilient_parsing=True)
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    if hasattr(command, "commands"):
        return [] if not words or words[0] in known else [f"no command {words[0]}"]
    return [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]


@pytest.mark.parametrize("document", GUIDES, ids=lambda path: path.stem)
def test_every_command_line_of_the_guides_is_known_to_the_program(document):
    assert {line: faults for line in command_lines(document) if (faults := faults_of(line))} == {}


def test_a_made_up_option_or_command_is_found_out():
    assert faults_of("gridmuster backup --nowhere x") == ["--nowhere"]
    assert faults_of("gm nothing") == ["no command nothing"]
    assert faults_of("gridmuster user nobody") == ["no command nobody"]


def test_what_systemd_starts_is_known_to_the_program():
    started = [
        line.rpartition("/bin/")[2]
        for unit in DEPLOYED
        for line in unit.read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    ]
    assert len(started) == 4
    assert {line: faults for line in started if (faults := faults_of(line))} == {}


def test_every_example_file_is_named_in_the_guide_for_administrators():
    text = (ROOT / "docs/user/administrator.md").read_text(encoding="utf-8")
    named = {".service": "*.service", ".timer": "*.timer"}
    assert [path.name for path in DEPLOYED if f"deploy/{named.get(path.suffix, path.name)}" not in text] == []


def test_the_settings_of_the_example_are_settings_of_the_program():
    text = (ROOT / "docs/user/settings.md").read_text(encoding="utf-8")
    example = (ROOT / "docs/user/deploy/gridmuster.env").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"^(\w+)=", example, re.MULTILINE) if f"`{name}`" not in text] == []


def pins(name):
    return set(re.findall(r"^([a-z0-9._-]+==\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))


def test_a_server_gets_the_versions_that_were_tested():
    assert pins("requirements-server.lock") <= pins("requirements.lock")


def test_everything_the_program_needs_is_brought_to_a_server():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[\[<>=~!; ]", one)[0].lower().replace("_", "-") for one in wanted} | {"setuptools"}
    assert names - {pin.partition("==")[0] for pin in pins("requirements-server.lock")} == set()
