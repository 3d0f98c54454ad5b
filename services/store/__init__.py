"""The store: the only package that opens the live file or the database. Only ``services.context`` imports it."""

from services.store.errors import StoreError, StoreLostError
from services.store.sql import Migrated, Store
from services.store.transaction import Transaction
from services.store.whole import Fingerprint

__all__ = ["Fingerprint", "Migrated", "Store", "StoreError", "StoreLostError", "Transaction"]
