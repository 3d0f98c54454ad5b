"""The documents say what the program has: commands, settings, links."""

import re
import subprocess
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
