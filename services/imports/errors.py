"""What stops an import as a whole. Faults of single rows are values (``findings``)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from services.errors import ServiceError
from services.i18n import Text, text

DAMAGED: Final[Text] = text(
    "The file is damaged or not complete; save it again where it was made, or in another format, and import that"
)


def broken_off(name: str) -> Text:
    """Return the sentence on a file that ends in the middle."""
    return text(
        "{name} is not complete: it ends in the middle, as after a download or a copy that was broken off. Download or"
        " copy it again",
        name=name,
    )


class ImportFileError(ServiceError, ValueError):
    """The file as a whole cannot be used; the text says why and what to do."""


class CancelledError(ServiceError, RuntimeError):
    """The user stopped the import; nothing was written."""


class NeedDatumError(ServiceError, LookupError):
    """Nobody said in which datum the coordinates are, and there is nothing to compare them with."""


class TakeBackError(ServiceError, ValueError):
    """An import cannot be taken back as a whole."""


@contextmanager
def library_errors_explained() -> Iterator[None]:
    """Turn whatever a library raises over a file into one sentence of ours.

    Raises
    ------
    ImportFileError
        In place of it.
    ServiceError
        As it was raised: it is ours.
    MemoryError
        As it was raised: the machine lacks it.
    OSError
        As it was raised where the machine says so (no room on the disk).
    """
    try:
        yield
    except (ServiceError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise ImportFileError(DAMAGED) from error
