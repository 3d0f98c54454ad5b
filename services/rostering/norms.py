"""The norms of rosters as they stand in the data folder."""

from pathlib import Path

from services.coverage import read_norms
from services.rules.roster.roster_norms import RosterNorms, parse_roster_norms
from services.settings import read_settings


def load_roster_norms(path: Path | None = None) -> RosterNorms:
    """Return the norms of a file (by default ``roster.toml`` of the data folder).

    Raises
    ------
    NormsError
        When the file is missing, is no TOML or states unusable norms; it names every fault.
    """
    return read_norms(path or read_settings().data_dir / "roster.toml", parse_roster_norms)
