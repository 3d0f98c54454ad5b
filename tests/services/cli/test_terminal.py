"""A terminal without Unicode is sent what it can show, and no command dies of a sign."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = shutil.which("gridmuster", path=str(Path(sys.executable).parent)) or "gridmuster"


def output_of(*arguments, encoding):
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run([COMMAND, *arguments], capture_output=True, env=environment, check=False)
    return done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding)


@pytest.mark.parametrize(("encoding", "sign"), [("gbk", "√"), ("ascii", "?")])
def test_the_doctor_speaks_in_any_terminal(tmp_path, encoding, sign):
    url = f"sqlite:///{tmp_path}/store.gpkg"
    assert output_of("migrate", "--store", url, encoding=encoding)[0] == 0
    _, said, fault = output_of("doctor", "--store", url, encoding=encoding)
    assert said.startswith(sign)
    assert fault == ""


@pytest.mark.parametrize("encoding", ["gbk", "latin-1"])
def test_help_is_shown_in_any_terminal(encoding):
    code, said, fault = output_of("--help", encoding=encoding)
    assert (code, fault) == (0, "")
    assert "backup" in said
