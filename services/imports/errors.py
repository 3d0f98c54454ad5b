"""What stops an import as a whole. Faults of single rows are values (``findings``)."""

from services.errors import ServiceError


class ImportFileError(ServiceError, ValueError):
    """The file as a whole cannot be used; the text says why and what to do."""


class CancelledError(ServiceError, RuntimeError):
    """The user stopped the import; nothing was written."""


class NeedDatumError(ServiceError, LookupError):
    """Nobody said in which datum the coordinates are, and there is nothing to compare them with."""


class TakeBackError(ServiceError, ValueError):
    """An import cannot be taken back as a whole."""
