"""The only reader of the environment."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

PROJECT_DIR: Final = Path(__file__).parents[1]
DEFAULT_STORE: Final = "sqlite:///gridmuster.gpkg"
DEFAULT_TIME_ZONE: Final = "Asia/Shanghai"
LOOKUPS_PER_HOUR: Final = 120
UNMASKS_PER_HOUR: Final = 30
REPORT_MINUTES: Final = 15
UPLOAD_MB: Final = 50
UPLOAD_PERSON_MB: Final = 200
UPLOAD_ALL_MB: Final = 1000


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person who installs the program may decide, each from one environment variable."""

    store: str
    """``GRIDMUSTER_STORE``: address of the store."""
    data_dir: Path
    """``GRIDMUSTER_DATA``: folder with ``norms.toml`` and ``sample/``."""
    tiles: str
    """``GRIDMUSTER_TILES``: address of a tile source ({z}/{x}/{y}) inside the network; empty for none."""
    tiles_datum: str
    """``GRIDMUSTER_TILES_DATUM``: datum of that source, ``wgs84`` or ``gcj02``."""
    language: str
    """``GRIDMUSTER_LANGUAGE``: language of the command line, ``zh`` or ``en``."""
    time_zone: str = DEFAULT_TIME_ZONE
    """``GRIDMUSTER_TIME_ZONE``: time zone of the district, by its name in the IANA database."""
    key: str = ""
    """``GRIDMUSTER_KEY``: the key that seals telephone numbers and codes, 32 bytes in base64; never in a log."""
    key_file: str = ""
    """``GRIDMUSTER_KEY_FILE``: a file that holds the key; by default beside the embedded store."""
    backups: str = ""
    """``GRIDMUSTER_BACKUPS``: folder of the backups; by default the one that was used last for the embedded store."""
    hosts: tuple[str, ...] = ()
    """``GRIDMUSTER_HOSTS``: names and addresses under which browsers reach the server, beside those of this machine."""
    keep_days: int | None = None
    """``GRIDMUSTER_KEEP_DAYS``: so many days after the last import that named them, the clean-up erases members."""
    undo_days: int = 180
    """``GRIDMUSTER_UNDO_DAYS``: after so many days an import cannot be taken back any more."""
    roster_days: int = 400
    """``GRIDMUSTER_ROSTER_DAYS``: so many days after a roster ended it no longer tells who stood there."""
    lookups_per_hour: int = LOOKUPS_PER_HOUR
    """``GRIDMUSTER_LOOKUPS_PER_HOUR``: so many different searches for persons an account may make within an hour."""
    unmasks_per_hour: int = UNMASKS_PER_HOUR
    """``GRIDMUSTER_UNMASKS_PER_HOUR``: so many different persons an account may see in clear within an hour."""
    received_minutes: int = REPORT_MINUTES
    """``GRIDMUSTER_RECEIVED_MINUTES``: an order that nobody has received after so many minutes shows as overdue."""
    arrived_minutes: int = REPORT_MINUTES
    """``GRIDMUSTER_ARRIVED_MINUTES``: so does a team that is not there so many minutes after it could have been."""
    import_hours: int | None = None
    """``GRIDMUSTER_IMPORT_HOURS``: an import is expected so many hours after the last; None: none is."""
    upload_mb: int = UPLOAD_MB
    """``GRIDMUSTER_UPLOAD_MB``: size of a file that may be uploaded."""
    upload_person_mb: int = UPLOAD_PERSON_MB
    """``GRIDMUSTER_UPLOAD_PERSON_MB``: how much of one account may wait in memory for being read."""
    upload_all_mb: int = UPLOAD_ALL_MB
    """``GRIDMUSTER_UPLOAD_ALL_MB``: how much of all together may."""
    oidc_issuer: str = ""
    """``GRIDMUSTER_OIDC_ISSUER``: address of the office's own sign-in (OpenID Connect); empty for none."""
    oidc_client_id: str = ""
    """``GRIDMUSTER_OIDC_CLIENT_ID``: under which the program is known there."""
    oidc_client_secret: str = field(default="", repr=False)
    """``GRIDMUSTER_OIDC_CLIENT_SECRET``, or the content of ``GRIDMUSTER_OIDC_CLIENT_SECRET_FILE``."""
    second_factor: tuple[str, ...] = ()
    """``GRIDMUSTER_SECOND_FACTOR``: roles that must have a second factor, or ``all`` of them."""
    proxies: tuple[str, ...] = ()
    """``GRIDMUSTER_PROXIES``: addresses of proxies on other machines, which say from where and how a request came."""
    plain_http: bool = False
    """``GRIDMUSTER_PLAIN_HTTP``: ``yes`` lets other machines sign in without TLS."""


def read_settings() -> Settings:
    """Return the settings as the environment has them now."""
    return Settings(
        store=os.environ.get("GRIDMUSTER_STORE", DEFAULT_STORE),
        data_dir=Path(os.environ.get("GRIDMUSTER_DATA", PROJECT_DIR / "data")),
        tiles=os.environ.get("GRIDMUSTER_TILES", ""),
        tiles_datum=os.environ.get("GRIDMUSTER_TILES_DATUM", "wgs84"),
        language=os.environ.get("GRIDMUSTER_LANGUAGE", "zh"),
        time_zone=read_time_zone(),
        key=os.environ.get("GRIDMUSTER_KEY", ""),
        key_file=os.environ.get("GRIDMUSTER_KEY_FILE", ""),
        hosts=_names("GRIDMUSTER_HOSTS"),
        second_factor=_names("GRIDMUSTER_SECOND_FACTOR"),
        proxies=_names("GRIDMUSTER_PROXIES"),
        plain_http=os.environ.get("GRIDMUSTER_PLAIN_HTTP", "").strip().lower() == "yes",
        keep_days=_whole("GRIDMUSTER_KEEP_DAYS"),
        undo_days=_whole("GRIDMUSTER_UNDO_DAYS") or 180,
        roster_days=_whole("GRIDMUSTER_ROSTER_DAYS") or 400,
        lookups_per_hour=_whole("GRIDMUSTER_LOOKUPS_PER_HOUR") or LOOKUPS_PER_HOUR,
        unmasks_per_hour=_whole("GRIDMUSTER_UNMASKS_PER_HOUR") or UNMASKS_PER_HOUR,
        received_minutes=_whole("GRIDMUSTER_RECEIVED_MINUTES") or REPORT_MINUTES,
        arrived_minutes=_whole("GRIDMUSTER_ARRIVED_MINUTES") or REPORT_MINUTES,
        import_hours=_whole("GRIDMUSTER_IMPORT_HOURS"),
        upload_mb=_whole("GRIDMUSTER_UPLOAD_MB") or UPLOAD_MB,
        upload_person_mb=_whole("GRIDMUSTER_UPLOAD_PERSON_MB") or UPLOAD_PERSON_MB,
        upload_all_mb=_whole("GRIDMUSTER_UPLOAD_ALL_MB") or UPLOAD_ALL_MB,
        oidc_issuer=os.environ.get("GRIDMUSTER_OIDC_ISSUER", ""),
        oidc_client_id=os.environ.get("GRIDMUSTER_OIDC_CLIENT_ID", ""),
        oidc_client_secret=_secret("GRIDMUSTER_OIDC_CLIENT_SECRET"),
        backups=os.environ.get("GRIDMUSTER_BACKUPS", ""),
    )


def read_time_zone() -> str:
    """Return the name of the district's time zone as the environment has it now; it may name none."""
    return os.environ.get("GRIDMUSTER_TIME_ZONE", "").strip() or DEFAULT_TIME_ZONE


_BARE: Final = ("LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PYTHONHOME", "TMPDIR", "TZ")


def bare_environment() -> dict[str, str]:
    """Return the environment for a process that is to know nothing of the store, its key or anybody's password."""
    path = filter(None, (str(PROJECT_DIR), os.environ.get("PYTHONPATH")))
    return {name: os.environ[name] for name in _BARE if name in os.environ} | {"PYTHONPATH": os.pathsep.join(path)}


def _names(name: str) -> tuple[str, ...]:
    """Return a setting as names in small letters, those between its commas."""
    return tuple(part.strip().lower() for part in os.environ.get(name, "").split(",") if part.strip())


def _whole(name: str) -> int | None:
    """Return a setting as a whole number, None where it says none."""
    stated = os.environ.get(name, "").strip()
    return int(stated) if stated.isdecimal() and int(stated) else None


def _secret(name: str) -> str:
    """Return a secret from the environment, or from the file that ``<name>_FILE`` names."""
    file = os.environ.get(f"{name}_FILE", "")
    return Path(file).read_text(encoding="utf-8").strip() if file else os.environ.get(name, "")
