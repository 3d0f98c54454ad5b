"""Rows as the store hands them out."""

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
"""Values by column."""
