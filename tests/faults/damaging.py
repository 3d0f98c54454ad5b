"""A file of a store with a byte that is not what was written, and what the program makes of it."""

import random
import shutil
from collections import Counter
from pathlib import Path

from .children import Done, run_command

LOOKS = (("audit", "verify"), ("coverage", "--out", "o.csv", "--window", "2026-11-25T18:00/2026-11-25T22:00"))


HEADER = (0, 17)
"""Bytes of the header that are tried first: the name of the format and the size of a page."""


def look(path: Path, folder: Path) -> tuple[list[Done], bytes]:
    """Check the trail of a store and export its coverage, as somebody at the command line would."""
    out = folder / "o.csv"
    out.unlink(missing_ok=True)
    done = [run_command(folder, *words, "--store", f"sqlite:///{path}") for words in LOOKS]
    return done, out.read_bytes() if out.exists() else b""


def flip_bytes(path: Path, folder: Path, times: int, seed: int = 0) -> Counter[str]:
    """Change one byte of a store at many places, one at a time, and count what came of it.

    ``same``: everything as before. ``refused``: a sentence. ``changed``: a value of the data is another one, which no
    file of this kind notices; the trail is whole then.
    """
    chance, sound = random.Random(seed), path.read_bytes()
    (clean, table), found = look(path, folder), Counter[str]()
    assert all(done.code == 0 for done in clean), clean
    for k in range(times):
        spoilt = bytearray(sound)
        place = HEADER[k] if k < len(HEADER) else chance.randrange(len(sound))
        spoilt[place] ^= 1 << chance.randrange(8)
        copy = folder / f"flipped{k}.gpkg"
        copy.write_bytes(spoilt)
        found[judge(copy, folder, clean[0].said, table, f"bit in byte {place}")] += 1
        for left in folder.glob(f"flipped{k}.gpkg*"):
            left.unlink()
    return found


def judge(path: Path, folder: Path, trail: str, table: bytes, what: str) -> str:
    """Return what came of a damaged store, and fail where it is no sentence or nonsense."""
    done, seen = look(path, folder)
    for one in done:
        assert one.code in {0, 1}, f"{what}: {one}"
        assert one.said.strip(), what
        assert "Traceback" not in one.said, f"{what}: {one.said}"
        assert "unexpected" not in one.said, f"{what}: {one.said}"
    if any(one.code for one in done):
        return "refused"
    assert done[0].said == trail, f"{what}: the trail is said to be whole, with {done[0].said}"
    return "same" if seen == table else "changed"


def copy_of(path: Path, folder: Path, name: str) -> Path:
    """Copy a store with everything that lies beside it."""
    for part in path.parent.glob(f"{path.name}*"):
        shutil.copy(part, folder / part.name.replace(path.name, name))
    return folder / name
