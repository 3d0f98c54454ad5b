"""Hold names in product code to the glossary of ``docs/conventions.md``: prints what breaks it, ends with 1 if anything does.

Of modules, classes, functions and fields that other modules see, and of the parameters of such functions:

- none is called by a word that the glossary gives up for another (last column of its table), whole or as a part of a
  module's or class's name;
- none is a participle standing for a thing (``found``, ``wanted``); those that are terms of the field are listed;
- no two classes, and no two type aliases, share a name.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

GLOSSARY: Final = Path("docs/conventions.md")
PACKAGES: Final = ("geo", "services", "dashboard")
PARTICIPLES: Final = frozenset(
    [
        "asked",
        "begun",
        "broken",
        "changed",
        "chosen",
        "closed",
        "compared",
        "computed",
        "counted",
        "covered",
        "declared",
        "described",
        "done",
        "drawn",
        "dropped",
        "examined",
        "expected",
        "filled",
        "formed",
        "found",
        "given",
        "held",
        "hidden",
        "joined",
        "kept",
        "known",
        "lacking",
        "lent",
        "lost",
        "made",
        "marked",
        "named",
        "noted",
        "opened",
        "packed",
        "painted",
        "picked",
        "placed",
        "proposed",
        "ranked",
        "refused",
        "replaced",
        "reported",
        "said",
        "sealed",
        "searched",
        "seen",
        "served",
        "settled",
        "shared",
        "shown",
        "signed",
        "sorted",
        "spoken",
        "staged",
        "started",
        "stated",
        "stopped",
        "stored",
        "sued",
        "taken",
        "thrown",
        "told",
        "touched",
        "tried",
        "used",
        "waited",
        "walked",
        "wanted",
        "worked",
        "written",
    ]
)
TERMS: Final = {
    "expected": "a value that statistics expect",
    "seen": "the figures a planner saw, stored under this name with every move",
    "filled": "posts that are filled, stored under this name with every team",
    "replaced": "a count of rows, printed under this name by commands",
    "counted": "people who are counted at home, a term of docs/adr/0008",
    "chosen": "told to the browser under this name",
}
"""Participles that stay, and why."""


def glossary() -> dict[str, str]:
    """Return the words that are given up, and the word in their place."""
    rows = re.findall(r"^\| `([^|]+)` \|[^|]*\| ([^|]+) \|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    return {word: name for name, words in rows for word in re.findall(r"`([^`]+)`", words)}


def names_of(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield line, kind and name of what other modules see of one."""
    yield 1, "module", path.parent.name if path.stem == "__init__" else path.stem
    yield from _names(ast.parse(path.read_text(encoding="utf-8")).body, kind="constant")


def _names(body: list[ast.stmt], *, kind: str) -> Iterator[tuple[int, str, str]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield node.lineno, "class", node.name
            if not node.name.startswith("_"):
                yield from _names(node.body, kind="field")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("_") or node.name == "__init__":
                yield node.lineno, "function", node.name
                for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                    yield each.lineno, "parameter", each.arg
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.lineno, kind, node.target.id
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and kind == "constant":
            alias = node.targets[0].id
            yield node.lineno, "class" if re.fullmatch(r"[A-Z][a-z]\w*", alias) else kind, alias


def parts(name: str) -> set[str]:
    """Return the words of a name in snake or camel case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def main() -> int:
    """Print each name that breaks a rule."""
    given_up, faults, classes = glossary(), [], {}
    listed = subprocess.run(
        ["git", "ls-files", *(f"{p}/*.py" for p in PACKAGES)], capture_output=True, text=True, check=True
    )
    for path in map(Path, listed.stdout.split()):
        for line, kind, name in names_of(path):
            place = f"{path}:{line}: {kind} {name}"
            words = parts(name) if kind in {"module", "class"} else {name}
            faults += [f"{place}: say {given_up[word]}, not {word}" for word in words & given_up.keys()]
            if name in PARTICIPLES - TERMS.keys():
                faults.append(f"{place}: a participle is no noun; what is it?")
            if kind == "class" and classes.setdefault(name, path) != path:
                faults.append(f"{place}: {classes[name]} has one of that name")
    print("\n".join(faults) or "Names: kept")  # noqa: T201 - this is its output
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
