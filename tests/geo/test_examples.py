"""The examples in docstrings are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["assign", "crs", "datum", "optimise.duties.solve", "repair", "topology"])
def test_the_examples_of_a_module_are_true(module):
    result = doctest.testmod(importlib.import_module(f"geo.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
