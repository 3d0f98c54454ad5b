"""Names of the single facts that a store holds."""

from typing import Final

FICTITIOUS_FACT: Final = "fictitious"
"""A store of the demo holds it: its persons, organisations and places are made up."""
DEMO_ENDED_FACT: Final = "demo_ended"
"""When real data came into a store that was a demo, ISO 8601; what was made up may still stand beside them."""
BACKUPS_FACT: Final = "backups"
"""The folder into which the newest backup was written."""
