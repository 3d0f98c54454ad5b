"""A private PostgreSQL with PostGIS for tests: a cluster in a temporary folder, a fresh database on demand."""

import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from services.store import Store
from tests.serving import free_port

TEMPLATE = "gridmuster_template"
PASSWORD = "canary-Pa55word"
SETTINGS = """
fsync = off
full_page_writes = off
max_connections = 100
shared_buffers = 64MB
wal_level = minimal
max_wal_senders = 0
autovacuum = off
listen_addresses = '127.0.0.1'
"""


@dataclass
class Cluster:
    """A running cluster: reached by its socket without a password, over the loopback with one."""

    folder: Path
    binaries: Path
    port: int
    user: str | None
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def copying(self) -> str:
        """How a template is copied: as files, half the work of the log of every page (since PostgreSQL 15)."""
        version = self.binaries.parent.name
        return "STRATEGY file_copy" if version.isdigit() and int(version) >= 15 else ""

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}&port={self.port}"

    def dsn(self, database: str) -> str:
        return f"host={self.folder} port={self.port} user=postgres dbname={database}"

    def url_with_password(self, database: str) -> str:
        return f"postgresql+psycopg://postgres:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries / program, *arguments],
            check=False,
            stdout=(self.folder / "run.log").open("ab"),
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            user=self.user,
            group=None if self.user is None else pwd.getpwnam(self.user).pw_gid,
            extra_groups=None if self.user is None else [],
        )
        assert done.returncode == 0, (self.folder / "run.log").read_text()

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder}"
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-o", options, "-w", "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "-w", "stop")

    def execute(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(
            f"host={self.folder} port={self.port} user=postgres dbname={database}", autocommit=True
        ) as c:
            c.execute(statement)

    def new_database(self, template: str = TEMPLATE) -> str:
        """Make a database with everything the template has and return its name."""
        name = f"t{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} {self.copying}")
        return name

    @contextlib.contextmanager
    def database(self, template: str = TEMPLATE) -> Iterator[str]:
        """Make a database with everything the template has, give its address, and drop it in the end."""
        name = self.new_database(template)
        yield self.url(name)
        self.drop(name)

    def file_of(self, database: str, table: str) -> Path:
        """Return the file in which the rows of a table lie."""
        with psycopg.connect(self.dsn(database)) as connection:
            (path,) = connection.execute("SELECT pg_relation_filepath(%s)", [table]).fetchone() or ("",)
        return self.folder / "data" / path

    def drop(self, database: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def find_binaries() -> Path | None:
    """Return the folder of the server's programs, None where PostgreSQL or PostGIS is not installed."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        shared = Path("/usr/share/postgresql", folder.parent.name, "extension", "postgis.control")
        if (folder / "initdb").exists() and shared.exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextlib.contextmanager
def running_cluster(binaries: Path) -> Iterator[Cluster]:
    """Start a cluster; the server does not run as root, so root lends it to another user."""
    user = ("postgres" if _is_user("postgres") else "nobody") if os.geteuid() == 0 else None
    room = "/dev/shm" if shutil.disk_usage("/dev/shm").free > 1 << 30 else None
    folder = Path(tempfile.mkdtemp(prefix="gm-pg-", dir=room))
    if user:
        shutil.chown(folder, user)
    cluster = Cluster(folder, binaries, free_port(), user)
    try:
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o644)
        # An order of texts that is not that of code points, so that a query which relies on the default is found out.
        order = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh-CN")
        access = ("--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={folder}/password")
        cluster.run("initdb", "-D", f"{folder}/data", "-U", "postgres", "-N", "--data-checksums", *order, *access)
        with (folder / "data" / "postgresql.conf").open("a") as configuration:
            configuration.write(SETTINGS)
        cluster.start()
        cluster.execute(f"CREATE DATABASE {TEMPLATE}")
        Store.open(cluster.url(TEMPLATE)).close()
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.stop()
        shutil.rmtree(folder)


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
