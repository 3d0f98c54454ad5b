"""The norms of rosters as they stand in the data folder."""

import tomllib
from functools import lru_cache
from pathlib import Path

from geo.errors import Problem
from services.rules.norms import NormsError
from services.rules.roster.roster_norms import RosterNorms, parse_roster_norms
from services.settings import read_settings


def load_roster_norms(path: Path | None = None) -> RosterNorms:
    """Return the norms of a file (by default ``roster.toml`` of the data folder).

    Raises
    ------
    NormsError
        When the file is missing, is no TOML or states unusable norms; it names every fault.
    """
    path = path or read_settings().data_dir / "roster.toml"
    try:
        return _parse(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise NormsError((Problem(0, "", "no_file", path.name),)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NormsError((Problem(0, "", "syntax", str(error)),)) from error


@lru_cache(maxsize=4)
def _parse(content: str) -> RosterNorms:
    return parse_roster_norms(tomllib.loads(content))
