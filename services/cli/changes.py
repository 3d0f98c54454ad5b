"""What an import would change in the store, as the command line says it."""

from collections.abc import Mapping

from services.export.columns import COLUMNS
from services.i18n import translate
from services.imports import StagedImport


def change_facts(staged_import: StagedImport) -> list[tuple[str, str]]:
    """Return label and text for what would be replaced, added and lost of stored rows; nothing where nothing would."""
    changes = staged_import.changes
    if not changes.changed_rows:
        return []
    rows = translate("{changed} of {stored}", changed=changes.changed_rows, stored=staged_import.rows_replacing)
    counted = (
        (translate("Values replaced"), changes.changed),
        (translate("Values added"), changes.filled),
        (translate("Values lost"), changes.emptied),
    )
    facts = [(label, _by_field(counts)) for label, counts in counted if counts]
    return [(translate("Stored rows that change"), rows), *facts]


def _by_field(counts: Mapping[str, int]) -> str:
    return "、".join(f"{translate(COLUMNS[field].header)} {count}" for field, count in counts.items())
