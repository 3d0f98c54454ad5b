"""Where our scripts and styles lie, and the addresses under which browsers may keep them for good."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import xstatic.pkg.leaflet  # type: ignore[import-untyped]  # has no types

ASSET_DIR: Final = Path(__file__).parent / "js"
LEAFLET_DIR: Final = Path(xstatic.pkg.leaflet.BASE_DIR)
LEAFLET_JS: Final = "/assets/leaflet/leaflet.js"
LEAFLET_CSS: Final = "/assets/leaflet/leaflet.css"


@cache
def asset_url(name: str) -> str:
    """Return the address of one of our assets with a token of its content in it."""
    token = hashlib.sha256((ASSET_DIR / name).read_bytes()).hexdigest()[:12]
    return f"/assets/gridmuster/{token}/{name}"
