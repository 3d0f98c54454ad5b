"""Where our scripts and styles lie, and the addresses under which browsers may keep them for good."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

import xstatic.pkg.leaflet  # type: ignore[import-untyped]  # has no types

ASSET_DIR: Final = Path(__file__).parent / "js"
LEAFLET_DIR: Final = Path(xstatic.pkg.leaflet.BASE_DIR)
LEAFLET_JS: Final = "/assets/leaflet/leaflet.js"
LEAFLET_CSS: Final = "/assets/leaflet/leaflet.css"


_OURS: Final = "/assets/gridmuster/"


@lru_cache(maxsize=256)
def read_asset(name: str) -> bytes:
    """Return the content of one of our assets, or of several in a row: ``core+zones.js``.

    Raises
    ------
    FileNotFoundError
        One of them is no asset.
    """
    names = [f"{part}{Path(name).suffix}" for part in Path(name).stem.split("+")]
    if not set(names) <= {path.name for path in ASSET_DIR.iterdir()}:
        raise FileNotFoundError(name)
    return b"\n".join((ASSET_DIR / part).read_bytes() for part in names)


def asset_url(name: str) -> str:
    """Return the address of an asset, or of several in a row, with a token of their content in it."""
    return f"{_OURS}{hashlib.sha256(read_asset(name)).hexdigest()[:12]}/{name}"


def join_scripts(urls: Iterable[str]) -> tuple[str, ...]:
    """Return addresses of scripts with ours as one at the end: streamlit-folium fetches one after the other."""
    links = tuple(urls)
    ours = [link.rpartition("/")[2].removesuffix(".js") for link in links if link.startswith(_OURS)]
    return (
        *(link for link in links if not link.startswith(_OURS)),
        *([asset_url(f"{'+'.join(ours)}.js")] if ours else []),
    )
