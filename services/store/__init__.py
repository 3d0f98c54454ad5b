"""The store: the only package that opens the live file or the database. Only ``services.context`` imports it."""

from services.store.sql import Store, StoreError
from services.store.transaction import Transaction

__all__ = ["Store", "StoreError", "Transaction"]
