"""The use cases of the program, all of them: declared when their modules are loaded."""

import importlib
import pkgutil

import services
from services.use_cases import UseCase, use_cases


def declared_use_cases() -> list[UseCase]:
    """Return every use case that ``services`` declares; those of tests are left out."""
    for found in pkgutil.walk_packages(services.__path__, "services."):
        if not found.name.endswith("__main__") and not found.name.startswith("services.store."):
            importlib.import_module(found.name)
    return [case for case in use_cases() if case.module.startswith("services.")]
