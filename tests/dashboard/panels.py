"""A page that runs without a browser, and what stands in its panels (``dashboard.kit.html_tree``)."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboard.frame.shell import PAGES

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


def script_of(path):
    """Return the script of the page with an address, as ``AppTest.switch_page`` takes it."""
    return f"pages/{next(entry.file for entry in PAGES if entry.path == path)}"


def open_page(**query):
    """Open 态势 with an address."""
    page = AppTest.from_file(str(APP), default_timeout=200)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def parts_of(page, key):
    """Return the tree of a panel, empty where there is none."""
    for element in page.get("bidi_component"):
        if element.proto.id.endswith(f"-{key}"):
            told = json.loads(element.proto.json)
            return told.get("parts", told)
    return []


def said(part):
    """Return the words of a part, of parts, or of a tree."""
    if isinstance(part, str):
        return part
    inside = part[2] if len(part) > 1 and isinstance(part[0], str) else part
    return " ".join(map(said, inside))


def choices(parts):
    """Return what can be chosen: the word of each button, and what it says."""
    found = {}
    for part in parts:
        if isinstance(part, list):
            if part[0] == "button":
                found[part[3]["choose"]] = said(part)
            found |= choices(part[2])
    return found
