"""Names of the single facts that a store holds."""

from typing import Final

FICTITIOUS_FACT: Final = "fictitious"
"""A store of the demo holds it: its persons, organisations and places are made up."""
