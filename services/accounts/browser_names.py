"""What a browser is called: short words from how it names itself, enough to tell one's own from a stranger's."""

import re
from typing import Final

_LONGEST: Final = 512
_BROWSERS: Final = (
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("WeChat", r"MicroMessenger/(\d+)"),
    ("QQ Browser", r"M?QQBrowser/(\d+)"),
    ("360", r"(?:QihooBrowser|360SE|360EE)(?:/(\d+))?"),
    ("Sogou", r"(?:MetaSr|SE) (\d+)"),
    ("Opera", r"(?:OPR|Opera)/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS|HeadlessChrome)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari/"),
)
"""Those that call themselves by the names of others too come first."""
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("HarmonyOS", "HarmonyOS|OpenHarmony"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("macOS", "Mac OS X"),
    ("UOS", "UOS|Uos"),
    ("Linux", "Linux"),
)


def name_browser(agent: str) -> str:
    """Return browser and system of a ``User-Agent`` as far as they are known, empty where neither is.

    Examples
    --------
    >>> name_browser("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36")
    'Chrome 120 · Windows'
    >>> name_browser("curl/8.5")
    ''
    """
    shown = agent[:_LONGEST]
    browser = next(((name, hit[1]) for name, form in _BROWSERS if (hit := re.search(form, shown))), ("", ""))
    system = next((name for name, form in _SYSTEMS if re.search(form, shown)), "")
    words = (" ".join(part for part in browser if part), system)
    return " · ".join(word for word in words if word)
