"""Why a database cannot be reached or used, in a sentence of its own for each reason, and what to do.

What PostgreSQL's library says has no code while no connection stands, so it is told apart by its words, which a server
may say in Chinese.
"""

import re
from collections.abc import Mapping
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from services.i18n import Text, text

_NO_RIGHT: Final = "42501"
_PORT: Final = 5432


def reaching_fault(error: Exception, url: URL) -> Text | None:
    """Return what is told of a database that cannot be reached or used, None where the reason is none of these.

    Parameters
    ----------
    error
        What came of the first connection, or of the first statement on it.
    url
        The address; its password is in no sentence.
    """
    origin = error.orig if isinstance(error, DBAPIError) else error
    words = str(origin)
    facts = {
        "user": url.username or str(url.query.get("user", "?")),
        "database": url.database or "?",
        "host": url.host or str(url.query.get("host", "localhost")),
        "port": url.port or str(url.query.get("port", _PORT)),
    }
    if getattr(origin, "sqlstate", None) == _NO_RIGHT:
        return _no_right(words, facts)
    for pattern, sentence in _SENTENCES:
        if pattern.search(words):
            return Text(sentence.id, facts)
    return None


def _no_right(words: str, facts: Mapping[str, str | int]) -> Text:
    thing = _THING.search(words)
    return text(
        "The user {user} has no right to {thing} in the database {database}. Its administrator gives it: {command}",
        user=facts["user"],
        thing=thing[1] if thing else "public",
        database=facts["database"],
        command=f'psql -d {facts["database"]} -c "GRANT ALL ON SCHEMA public TO {facts["user"]}"',
    )


_THING: Final = re.compile(r"(?:for|对) ?(?:table|schema|relation|sequence|表|模式)? ?[\"“]?(\w+)")


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SENTENCES: Final[tuple[tuple[re.Pattern[str], Text], ...]] = (
    (
        _words(r"authentication failed|no password supplied|认证失败|没有提供(口令|密码)"),
        text(
            "The database at {host} does not let {user} in: the user or the password is wrong. Correct it in "
            "~/.pgpass (mode 600) or in the address."
        ),
    ),
    (
        _words(r"role .* does not exist|角色.*不存在|not permitted to log ?in|不允许.*登录"),
        text(
            "The database at {host} knows no user {user} who may sign in; its administrator makes one: "
            "createuser {user} --pwprompt"
        ),
    ),
    (
        _words(r"database .* does not exist|数据库.*不存在"),
        text(
            "There is no database {database} at {host}; correct the address, or make it: "
            "createdb -E UTF8 -T template0 -O {user} {database}"
        ),
    ),
    (
        _words(r"pg_hba\.conf|permission denied for database|对数据库.*权限"),
        text(
            "The database at {host} does not let {user} from this machine into {database}: its administrator adds "
            "a line to pg_hba.conf, or gives the right to connect (GRANT CONNECT)."
        ),
    ),
    (
        _words(
            r"could not translate host name|failed to resolve host|name or service not known|nodename nor servname"
            r"|无法.*主机名|no address associated"
        ),
        text(
            "There is no machine of the name {host}: correct the address of the database, or ask who looks after "
            "the network."
        ),
    ),
    (
        _words(r"\bSSL\b|certificate|\btls\b"),
        text(
            "The encrypted connection to the database at {host} did not come about: check sslmode and sslrootcert "
            "in the address, and the certificate of the server."
        ),
    ),
    (
        _words(r"too many (clients|connections)|connection slots|过多|连接.*保留"),
        text(
            "The database at {host} has no connection left: end programs that are not needed, or have "
            "max_connections raised."
        ),
    ),
    (
        _words(r"connection refused|no such file or directory|time(d)? ?out|no route to host|unreachable|拒绝连接"),
        text(
            "Nothing answers at {host}, port {port}: is PostgreSQL running, is the address right, and does the "
            "firewall let the port through?"
        ),
    ),
    (
        _words(r"starting up|shutting down|recovery mode|正在启动|正在关闭"),
        text("The database at {host} is just starting or stopping: try again in a minute."),
    ),
)
"""By what is told apart, in the order they are looked for."""
