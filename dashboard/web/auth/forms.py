"""What the pages of the door share: rendering, languages, forms that only our own pages may send, safe ways on."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.web.auth.cookies import BROWSER, SESSION
from dashboard.web.auth.request import origin_in
from dashboard.web.headers import OWN_POLICY, security_headers
from services.i18n import LANGUAGES, Text, language_accepted, text, translate, use_language
from services.rules.passwords import SHORTEST

FOLDER: Final = Path(__file__).parent
_LONGEST_ADDRESS: Final = 64
_MOST_BYTES: Final = 16_384
"""No form of ours is longer."""
SAY: Final[Mapping[str, Text]] = {
    "account": text("Account"),
    "password": text("Password"),
    "code": text("Code of the second factor, where one is set"),
    "provider": text("Sign in with the office's account"),
    "demo": text("Demo accounts"),
    "demo_note": text("All data here is made up. Choose as whom you want to look at it."),
    "password_note": text(
        "At least {count} characters; several words that do not belong together are best.", count=SHORTEST
    ),
    "new_password": text("New password"),
    "again": text("The same again"),
    "sign_out": text("Sign out"),
    "second_note": text("Scan the square with an authenticator, then enter the code that it shows."),
    "code_picture": text("QR code for an authenticator"),
    "second_by_hand": text("Where there is no camera, type this secret:"),
    "own_password": text("Your password"),
    "code_now": text("The code that it shows"),
    "code_before": text("The code of the authenticator until now"),
    "sessions_note": text(
        "Where you are signed in now. What you do not recognise may be somebody else: end it, and change the password."
    ),
    "began": text("Signed in"),
    "seen": text("Last used"),
    "place": text("Network address"),
    "this_one": text("This one"),
    "end": text("End"),
    "end_others": text("End all others"),
    "open_authenticator": text("Open in an authenticator on this device"),
    "back": text("Back"),
    "on": text("Go on"),
}
_OTHER: Final = {"zh": ("en", "English"), "en": ("zh", "中文")}
_pages: Final = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined)


def admit(request: Request, token: str, browser: str, target: str) -> Response:
    """Return the answer that hands out the cookies of a new session and of the browser, and leads on."""
    answer = RedirectResponse(safe_next(target), 303)
    SESSION.give(answer, token, request.url.scheme)
    BROWSER.give(answer, browser, request.url.scheme)
    return answer


def route_without_head(path: str, answer: Callable[[Request], Awaitable[Response]], methods: Sequence[str]) -> Route:
    """Return a route on which asking for the head of the answer alone is refused: the answer is what it does."""

    async def answer_whole(request: Request) -> Response:
        if request.method == "HEAD":
            return Response(status_code=405, headers={"Allow": ", ".join(methods)})
        return await answer(request)

    return Route(path, answer_whole, methods=methods)


def render(
    request: Request,
    template: str,
    title: Text,
    *,
    status: int = 200,
    fault: str = "",
    note: str = "",
    **given: Any,
) -> Response:
    """Return a page of the door in the language of the request; what is given is escaped."""
    language = choose_language(request)
    other, other_name = _OTHER[language]
    shown = {"title": translate(title), "language": language, "other_language": other, "other_name": other_name}
    kept = request.query_params.get("next", "")
    body = _pages.get_template(template).render(
        **shown,
        say={name: translate(message) for name, message in SAY.items()},
        fault=fault,
        note=note,
        keep=f"&next={safe_next(kept)}" if kept else "",
        **given,
    )
    secure = request.url.scheme == "https"
    policy = security_headers(host=request.headers.get("host", ""), secure=secure, policy=OWN_POLICY)
    headers = {name.decode(): value.decode() for name, value in policy}
    return HTMLResponse(body, status, headers=headers | {"Cache-Control": "no-store"})


def render_message(
    request: Request,
    title: Text,
    way: tuple[str, str] = ("", ""),
    *,
    status: int = 200,
    fault: str = "",
    note: str = "",
    can_sign_out: bool = False,
) -> Response:
    """Return a page that says something, with one way on from there: its path and what the button says."""
    path, name = way
    shown = {"way": path, "way_name": name, "can_sign_out": can_sign_out}
    return render(request, "message.html", title, status=status, fault=fault, note=note, **shown)


def word(name: str) -> str:
    """Return one of the words that the pages share, in the language of the request."""
    return translate(SAY[name])


def choose_language(request: Request) -> str:
    """Return the language a request asks for, and use it from here on."""
    asked = request.query_params.get("lang", "")
    language = asked if asked in LANGUAGES else language_accepted(request.headers.get("accept-language", ""))
    use_language(language)
    return language


def safe_next(target: str) -> str:
    """Return a page of ours to go on to; anything that leads elsewhere is the first page.

    Examples
    --------
    >>> safe_next("/reinforce"), safe_next("//evil.example/"), safe_next("https://evil.example/a")
    ('/reinforce', '/', '/')
    """
    parts = urlsplit(target)
    is_own = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    is_page = bool(re.fullmatch(r"/[A-Za-z0-9_/-]*", parts.path)) and parts.path not in {"/sign-in", "/sign-out"}
    return parts.path if is_own and is_page else "/"


def own_path(path: str) -> str:
    """Return a path that was asked for; one that browsers take for the name of another machine is the first page.

    Examples
    --------
    >>> own_path("/data"), own_path("//evil.example/data")
    ('/data', '/')
    """
    return "/" if re.match(r"[/\\]{2}", path) or not path.startswith("/") else path


async def read_form(request: Request) -> FormData | None:
    """Return what was sent by a form of ours, or None for one that another site sent or that is too long."""
    length = request.headers.get("content-length", "")
    if not is_own(request) or not length.isdecimal() or int(length) > _MOST_BYTES:
        return None
    return await request.form(max_files=0, max_fields=12)


def is_own(request: Request) -> bool:
    """Return whether a request comes from a page of ours, as the browser says."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    sender = request.headers.get("origin") or request.headers.get("referer")
    return sender is None or _is_here(request, sender)


def is_link_of_ours(request: Request) -> bool:
    """Return whether a page of ours, and nothing else, led here; who says nothing about it does not count."""
    site = request.headers.get("sec-fetch-site")
    return site == "same-origin" if site is not None else _is_here(request, request.headers.get("referer", ""))


def _is_here(request: Request, address: str) -> bool:
    here = origin_in(f"{request.url.scheme}://{request.headers.get('host', '')}")
    return here is not None and origin_in(address) == here


def refuse() -> Response:
    """Return the answer to a form that is not ours."""
    return PlainTextResponse(translate(text("This form was not sent from here; open the page again.")), 403)


def address_of(request: Request) -> str:
    """Return where a request comes from."""
    return request.client.host[:_LONGEST_ADDRESS] if request.client else ""


def agent_of(request: Request) -> str:
    """Return how the browser names itself."""
    return request.headers.get("user-agent", "")


def browser_of(request: Request) -> str:
    """Return the cookie by which accounts know the browser, empty where it has none."""
    return BROWSER.value_in(request.headers.get("cookie", ""), request.url.scheme)
