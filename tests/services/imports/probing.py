"""A server of readers that, instead of reading a file, tries what its encoding says; run as a program by the tests."""

import os
import socket
import sys
from pathlib import Path

import pandas as pd

from services.imports.read.table import RawTable, SourceFacts
from services.imports.read.upload import FileFormat
from services.imports.sandbox.drivers import driver_names, keep_driver_of
from services.imports.sandbox.server import serve, table_response
from services.imports.sandbox.wire import Request


def attempt(request: Request) -> RawTable:
    """Return one cell: what came of the attempt."""
    what, _, value = request.encoding.partition(":")
    try:
        outcome = ATTEMPTS[what](value)
    except OSError as error:
        outcome = f"refused {error.errno}"
    frame = pd.DataFrame({"outcome": [outcome]}, dtype=object)
    return RawTable(frame, pd.RangeIndex(1).to_numpy(), SourceFacts(FileFormat.TEXT.value))


def hog(_value: str) -> str:
    kept = []
    while True:
        kept.append(bytearray(64 << 20))


def spin(_value: str) -> str:
    while True:
        pass


def drivers(value: str) -> str:
    keep_driver_of(FileFormat(value))
    return ",".join(driver_names())


def write(value: str) -> str:
    Path(value).write_bytes(b"x")
    return "written"


ATTEMPTS = {
    "open": lambda value: Path(value).read_bytes().decode(errors="replace")[:40],
    "write": write,
    "list": lambda value: ",".join(map(str, Path(value).iterdir())),
    "socket": lambda _value: str(socket.socket()),
    "fork": lambda _value: str(os.fork()),
    "environ": lambda _value: " ".join(sorted(os.environ)),
    "hog": hog,
    "spin": spin,
    "die": lambda _value: os.abort(),
    "raise": lambda value: {}[value],
    "drivers": drivers,
    "pid": lambda _value: str(os.getpid()),
}

if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as control:
        serve(control, table_response(attempt))
