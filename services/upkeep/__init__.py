"""Keeping a store in order: copying it from one kind to the other."""

from services.upkeep.copying import Copied, CopyError, CopyRefusedError, OtherKeyError, copy_store

__all__ = ["Copied", "CopyError", "CopyRefusedError", "OtherKeyError", "copy_store"]
