"""What every answer tells the browser: run nothing from elsewhere, show it in no other page, send it nowhere."""

from typing import Final

POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        # Streamlit's page, its st.html and folium's map bring scripts inside the page. Only the chart that compares
        # drafts (Vega) may compile expressions; the other pages run without 'unsafe-eval'.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:{tiles}",
        "font-src 'self' data:",
        "connect-src 'self' {sockets}",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
    )
)
OWN_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Of the pages of the door, which need no script at all."""
FILES: Final = ("/media/", "/download/", "/geometry/", "/preview/", "/_stcore/upload_file")
FILES_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Of files that people brought or take away: opened as a page, they run nothing and are nobody."""
FIXED: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_SECURE: Final = (b"strict-transport-security", b"max-age=31536000")


def security_headers(*, host: str, secure: bool, policy: str = POLICY, tiles: str = "") -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer.

    Parameters
    ----------
    host
        As the browser named it; its WebSocket has to be named for browsers that do not count it as ``'self'``.
    secure
        Whether it came over TLS.
    policy
        ``POLICY`` or ``OWN_POLICY``.
    tiles
        Origin of the tile source, where there is one.
    """
    sockets = f"{'wss' if secure else 'ws'}://{host}" if host else ""
    filled = policy.format(tiles=f" {tiles}" if tiles else "", sockets=sockets)
    return [*FIXED, *([_SECURE] if secure else []), (b"content-security-policy", filled.encode("latin1", "ignore"))]
