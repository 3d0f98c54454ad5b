"""What every answer tells the browser: run nothing from elsewhere, show it in no other page, send it nowhere."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

import streamlit

SERVER_SCRIPT: Final = (
    "<script>window.__streamlit={BACKEND_BASE_URL:location.origin,"
    "HOST_CONFIG:{allowedOrigins:[location.origin],useExternalAuthToken:false}}</script>"
)
"""Told where its server is, Streamlit connects at once; else it asks first, below the path of the page, in vain."""
_INDEX: Final = Path(streamlit.__file__).parent / "static" / "index.html"
_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def inline_scripts(page: str) -> str:
    """Return the scripts inside a page as a policy names them: by what they are (CSP 3, 2.3.1), not by where.

    Examples
    --------
    >>> inline_scripts("<script>1</script>")
    "'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='"
    """
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(page))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        # Components of Streamlit are modules made of text (blob:); its protobuf counts in WebAssembly. No script
        # inside the page runs but the one in Streamlit's own file and ours that says where the server is.
        "script-src 'self' 'wasm-unsafe-eval' blob: "
        + inline_scripts(SERVER_SCRIPT + _INDEX.read_text(encoding="utf-8")),
        # Streamlit, its tables and st.html put styles into the page.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:{tiles}",
        "font-src 'self' data:",
        "connect-src 'self' {sockets}",
        "worker-src 'self'",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
MAPS: Final = "/component/"
MAP_FRAME: Final = f"{MAPS}streamlit_folium.st_folium/index.html"
_DIGESTED: Final = re.compile(r"/component/[\w.]+/static/(js|css)/\w+\.[0-9a-f]{8}\.(js|css)")
MAPS_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        # streamlit-folium runs the map's script as text and evaluates what is drawn anew; nothing else stands here.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:{tiles}",
        "connect-src 'self'",
        "frame-ancestors 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
"""Of the frame that holds a map."""
OWN_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; object-src 'none'"
)
"""Of the pages of the door, which need no script at all."""
FILES: Final = ("/media/", "/download/", "/geometry/", "/preview/", "/_stcore/upload_file")
FILES_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; sandbox"
"""Of files that people brought or take away: opened as a page, they run nothing and are nobody."""
FIXED: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_SECURE: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def policy_of(path: str) -> str:
    """Return the policy of an answer that brings none of its own."""
    if path.startswith(FILES):
        return FILES_POLICY
    return MAPS_POLICY if path.startswith(MAPS) else POLICY


def lifetime_of(path: str) -> bytes:
    """Return for how long a browser keeps what a part of Streamlit's or of folium's lies at, empty as they say.

    A name with a digest of the content is kept for good; the frame that names such files for minutes, so that a map
    does not wait for a server that is working out the page.
    """
    if _DIGESTED.fullmatch(path):
        return b"private, max-age=31536000, immutable"
    return b"private, max-age=300" if path == MAP_FRAME else b""


def security_headers(*, host: str, secure: bool, policy: str = POLICY, tiles: str = "") -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer.

    Parameters
    ----------
    host
        As the browser named it; its WebSocket has to be named for browsers that do not count it as ``'self'``.
    secure
        Whether it came over TLS.
    policy
        One of those above.
    tiles
        Origin of the tile source, where there is one.
    """
    sockets = f"{'wss' if secure else 'ws'}://{host}" if host else ""
    filled = policy.format(tiles=f" {tiles}" if tiles else "", sockets=sockets)
    return [*FIXED, *([_SECURE] if secure else []), (b"content-security-policy", filled.encode("latin1", "ignore"))]
