"""Make ``data/sample`` anew: ``python -m tests.sample [FOLDER]``."""

import sys
from pathlib import Path
from typing import Final

from services.demo.build import make_district
from services.demo.files import write_files
from services.demo.sizes import DemoSize
from services.settings import read_settings
from tests.dirty import write_dirty

SAMPLE_SIZE: Final = DemoSize.SUBDISTRICT
SAMPLE_SEED: Final = 1


def write_sample(folder: Path) -> list[Path]:
    """Write the sample files, and in ``dirty/`` their spoiled versions; return all of them."""
    data = make_district(SAMPLE_SIZE, SAMPLE_SEED)
    return [*write_files(data, folder), *write_dirty(data, folder / "dirty")]


if __name__ == "__main__":
    write_sample(Path(sys.argv[1]) if len(sys.argv) > 1 else read_settings().data_dir / "sample")
