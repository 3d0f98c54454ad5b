"""Telephone numbers as most people see them: the store keeps them sealed, here they come out masked."""

from collections.abc import Collection

from geo.schema import Layer
from services.context import Transaction
from services.rules.people import mask_phone


def masked_phones(tx: Transaction, layer: Layer, codes: Collection[str]) -> dict[str, str]:
    """Return the telephone numbers of some rows masked (138****1234), by ``code``; rows without one are left out."""
    return {code: mask_phone(phone) for code, phone in tx.sealed.open_phones(layer, codes).items()}
