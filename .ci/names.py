"""Hold names in product code to the glossary of ``docs/conventions.md``: print what breaks it, and end with 1 then.

Of modules, classes, functions and fields that other modules see, and of the parameters of such functions:

- none is called by a word that the glossary gives up for another (last column of its table);
- none is a participle that stands for a thing (``found``, ``wanted``), but for those that the page names as terms;
- no two classes, and no two type aliases, share a name.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

GLOSSARY: Final = Path("docs/conventions.md")
PACKAGES: Final = ("geo", "services", "dashboard")


def read_glossary() -> tuple[dict[str, str], set[str]]:
    """Return what to say instead of words that are not to be used, and the words that stay all the same."""
    text = GLOSSARY.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^|]+)` \|[^|]*\| ([^|;]+)(?:;[^|]*)? \|$", text, re.MULTILINE)
    instead = {word: f"say {name}" for name, words in rows for word in re.findall(r"`([^`]+)`", words)}
    (participles,) = re.findall(r"^Participles that are no names: (.*)$", text, re.MULTILINE)
    (terms,) = re.findall(r"^Words that stay: (.*)$", text, re.MULTILINE)
    instead |= dict.fromkeys(re.findall(r"`([^`]+)`", participles), "a participle is no noun; what is it?")
    return instead, set(re.findall(r"`([^`]+)`", terms))


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


def snake_case(name: str) -> str:
    """Return a name as a variable would have it: ``_FilledPost`` as ``filled_post``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip("_")).lower()


def main() -> int:
    """Print each name that breaks a rule."""
    instead, terms = read_glossary()
    faults: list[str] = []
    classes: dict[str, Path] = {}
    for path in sorted(path for package in PACKAGES for path in Path(package).rglob("*.py")):
        for line, kind, name in names_of(path):
            word, place = snake_case(name), f"{path}:{line}: {kind} {name}"
            if word in instead and word not in terms and not name.startswith("_"):
                faults.append(f"{place}: {instead[word]}")
            if kind == "class" and classes.setdefault(name, path) != path:
                faults.append(f"{place}: {classes[name]} has one of that name")
    sys.stdout.write("\n".join(faults or ["Names: as the glossary has them."]) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
