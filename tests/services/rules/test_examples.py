"""Every example in a docstring of the rules is true."""

import doctest
import importlib
import pkgutil

import pytest

import services.rules

MODULES = [module.name for module in pkgutil.walk_packages(services.rules.__path__, "services.rules.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0, f"{found.failed} of {found.attempted} examples of {name} are wrong"
