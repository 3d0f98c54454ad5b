"""The pages of the door: signing in and out, a new password, the second factor, the first administrator.

They are plain forms without any script.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import structlog
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.web.auth.cookies import SESSION
from dashboard.web.auth.forms import (
    FOLDER,
    address_of,
    admit,
    agent_of,
    browser_of,
    choose_language,
    is_link_of_ours,
    is_own,
    read_form,
    refuse,
    render,
    render_message,
    route_without_head,
    safe_next,
    word,
)
from dashboard.web.auth.middleware import STATE, TOKEN
from dashboard.web.auth.qr import draw_code
from dashboard.web.auth.session_check import SessionCheck
from dashboard.web.metrics import SIGN_INS, metrics
from services import accounts
from services.accounts import DEMO_PASSWORD, Account, ClosedError, OpenSession, SignedIn
from services.catalog.actions import ROLE_NAMES
from services.clock import zone_note
from services.context import Context
from services.errors import ServiceError
from services.i18n import Text, text, translate, use_language
from services.rules.passwords import SHORTEST

HASHED_AT_ONCE: Final = 2
"""Passwords that are checked at the same time."""
_CHANGED_WORD: Final = "changed"
_CHANGED: Final = text("The password is changed. Sign in with it; you have been signed out everywhere.")
_log = structlog.get_logger("dashboard.web.auth")


class AuthPages:
    """The routes of the door, on one store."""

    def __init__(
        self, server_context: Callable[[], Context], session_check: SessionCheck, *, has_provider: bool = False
    ) -> None:
        self._office = server_context
        self._has_provider = has_provider
        self._watch = session_check
        # Each takes 64 MB and a processor for a moment: a hundred at once wait here, and the pages of others do not.
        self._hashing = CapacityLimiter(HASHED_AT_ONCE)

    def routes(self) -> list[Route]:
        """Return every address of the door."""
        both = ["GET", "POST"]
        return [
            Route("/sign-in", self.sign_in, methods=both),
            Route("/sign-in/no-role", self.no_role),
            route_without_head("/sign-out", self.sign_out, methods=both),
            Route("/set-up/{token}", self.set_up, methods=both),
            Route("/password", self.password, methods=both),
            Route("/second", self.second, methods=both),
            Route("/sessions", self.sessions, methods=both),
            Route("/auth/auth.css", _style),
            Route("/auth/connection.js", _script),
            Route("/auth/page.js", _script),
            Route("/auth/session_check.js", _script),
            Route("/metrics", metrics),
        ]

    async def sign_in(self, request: Request) -> Response:
        """Show the form, or check what was typed into it."""
        language = choose_language(request)
        if request.method != "POST":
            return await self._sign_in_page(request, wanted=request.query_params.get("next", ""))
        form = await read_form(request)
        if form is None:
            return refuse()
        name, password, code, wanted = (str(form.get(key, "")) for key in ("name", "password", "code", "next"))

        def check() -> str:
            use_language(language)
            whence = {"address": address_of(request), "agent": agent_of(request), "cookie": browser_of(request)}
            return accounts.sign_in(self._office(), name, password, code=code, **whence)

        try:
            token = await to_thread.run_sync(check, limiter=self._hashing)
        except ServiceError as error:
            return await self._not_let_in(request, error, name=name, wanted=wanted)
        await self._end(SESSION.value_in(request.headers.get("cookie", ""), request.url.scheme))
        who = await self._watch.who(token)
        SIGN_INS.labels("done").inc()
        account_id = who.account.id if who else 0
        _log.info("signed_in", account=account_id)
        return admit(request, token, self._browser_cookie(request, account_id), wanted)

    def _browser_cookie(self, request: Request, account_id: int) -> str:
        office = self._office()
        return accounts.add_account(office.cipher, browser_of(request), account_id, office.clock().date())

    async def _not_let_in(self, request: Request, error: ServiceError, *, name: str, wanted: str) -> Response:
        """Say that it was wrong (the same whatever was wrong), or that sign-in is closed for a while."""
        outcome = "closed" if isinstance(error, ClosedError) else "refused"
        SIGN_INS.labels(outcome).inc()
        _log.warning("not_signed_in", outcome=outcome)
        status = 429 if outcome == "closed" else 403
        fault = translate(error.text)
        return await self._sign_in_page(request, fault=fault, name=name, wanted=wanted, status=status)

    async def _sign_in_page(
        self, request: Request, *, fault: str = "", name: str = "", wanted: str = "", status: int = 200
    ) -> Response:
        shown = await to_thread.run_sync(lambda: _offers(self._office()))
        given: dict[str, Any] = {"name": name, "next": safe_next(wanted), "offered": shown}
        given["provider"] = self._has_provider
        given["demo_password"] = DEMO_PASSWORD if shown else ""
        note = translate(_CHANGED) if _CHANGED_WORD in request.query_params else ""
        return render(request, "sign_in.html", text("Sign in"), status=status, fault=fault, note=note, **given)

    @staticmethod
    async def no_role(request: Request) -> Response:
        """Say that an account holds no role yet."""
        note = text("This account holds no role yet; ask the administrator to give it one.")
        choose_language(request)
        return render_message(request, text("No role yet"), status=403, note=translate(note), can_sign_out=True)

    async def sign_out(self, request: Request) -> Response:
        """End the session; a link that is not ours only leads to the button that does."""
        choose_language(request)
        if request.method == "GET" and not is_link_of_ours(request):
            return render_message(request, text("Sign out"), ("/", word("back")), can_sign_out=True)
        if not is_own(request):
            return refuse()
        await self._end(str(request.scope.get(TOKEN, "")))
        answer = RedirectResponse("/sign-in", 303, headers={"Clear-Site-Data": '"storage"'})
        SESSION.take(answer)
        return answer

    async def _end(self, token: str) -> None:
        """End a session where there is one: a browser holds one at a time."""
        if token:
            await to_thread.run_sync(lambda: accounts.sign_out(self._office(), token))
            self._watch.forget(token)

    async def set_up(self, request: Request) -> Response:
        """Make the first administrator, once."""
        choose_language(request)
        token = request.path_params["token"]
        fault, name = "", ""
        if request.method == "POST":
            form = await read_form(request)
            if form is None:
                return refuse()
            name = str(form.get("name", ""))
            fault = await self._try(form, lambda new: accounts.finish_setup(self._office(), token, name, new))
            if not fault:
                return RedirectResponse("/sign-in", 303)
        elif await to_thread.run_sync(lambda: accounts.is_set_up(self._office())):
            return RedirectResponse("/sign-in", 303)
        given: dict[str, Any] = {"action": request.url.path, "name": name, "ask_name": True, "is_demanded": False}
        return _password_page(request, text("The first administrator"), fault, **given)

    async def password(self, request: Request) -> Response:
        """Change the own password."""
        choose_language(request)
        fault = ""
        if request.method == "POST":
            form = await read_form(request)
            if form is None:
                return refuse()
            fault = await self._change(request, form)
            if not fault:
                return RedirectResponse(f"/sign-in?{_CHANGED_WORD}", 303)
        is_demanded = request.scope[STATE].account.must_change
        demand = text("This password was given to you. Choose one of your own first; then everything else opens.")
        given: dict[str, Any] = {"action": "/password", "name": "", "ask_name": False, "is_demanded": is_demanded}
        given["note"] = translate(demand) if is_demanded else ""
        return _password_page(request, text("Change the password"), fault, **given)

    async def _change(self, request: Request, form: FormData) -> str:
        old, name = str(form.get("password", "")), request.scope[STATE].account.name

        def change(new: str) -> None:
            self._check(request, name, old)
            accounts.change_own_password(self._office(), name, new, former=old)

        fault = await self._try(form, change)
        self._watch.forget_account(request.scope[STATE].account.id)
        return fault

    async def _try(self, form: FormData, change: Callable[[str], None]) -> str:
        """Return what is wrong with a new password, or nothing once it is set."""
        new = str(form.get("new", ""))
        if new != str(form.get("again", "")):
            return translate(text("The two passwords differ."))
        try:
            await to_thread.run_sync(lambda: change(new), limiter=self._hashing)
        except ServiceError as error:
            return translate(error.text)
        return ""

    async def second(self, request: Request) -> Response:
        """Set a second factor for the own account."""
        choose_language(request)
        who: SignedIn = request.scope[STATE]
        account = who.account
        if request.method != "POST":
            return _second_page(request, who, accounts.begin_totp(account.name))
        form = await read_form(request)
        if form is None:
            return refuse()
        secret = str(form.get("secret", ""))
        try:
            address = accounts.totp_address(account.name, secret)
        except ServiceError as error:
            return _second_page(request, who, accounts.begin_totp(account.name), translate(error.text))
        try:
            ended = await to_thread.run_sync(lambda: self._confirm(request, account, form), limiter=self._hashing)
        except ServiceError as error:
            return _second_page(request, who, address, translate(error.text))
        self._watch.forget_account(account.id)
        message = text(
            "From now on the code is asked for at every sign-in. Signed out in other browsers: {count}.", count=ended
        )
        return render_message(request, text("Second factor set"), ("/", word("back")), note=translate(message))

    def _confirm(self, request: Request, account: Account, form: FormData) -> int:
        """Keep a second factor, for who knows the password and the second factor until now, where there are any.

        Other sessions end; their number is returned.
        """
        secret, code, before, password = (str(form.get(key, "")) for key in ("secret", "code", "before", "password"))
        office = self._office()
        accounts.require_code(secret, code, office.clock())  # a slip here must not use up the code until now
        if account.has_password:
            self._check(request, account.name, password, code=before)
        key = accounts.key_of(str(request.scope[TOKEN]))
        return accounts.confirm_totp(office, account.name, secret, code, key=key)

    def _check(self, request: Request, name: str, password: str, code: str | None = None) -> None:
        whence = {"address": address_of(request), "cookie": browser_of(request)}
        accounts.check_own_password(self._office(), name, password, code=code, **whence)

    async def sessions(self, request: Request) -> Response:
        """Show where the own account is signed in, and end one of these sessions or all others."""
        language = choose_language(request)
        fault, note = "", ""
        if request.method == "POST":
            form = await read_form(request)
            if form is None:
                return refuse()
            try:
                ended = await to_thread.run_sync(lambda: self._end_sessions(request, form), limiter=self._hashing)
                note = translate(text("{count} sessions were ended.", count=ended))
                self._watch.forget_account(request.scope[STATE].account.id)
            except ServiceError as error:
                fault = translate(error.text)

        def read() -> list[OpenSession]:
            use_language(language)
            return accounts.list_own_sessions(self._office(), accounts.key_of(str(request.scope[TOKEN])))

        given = {"sessions": await to_thread.run_sync(read), "zone": translate(zone_note(self._office().clock()))}
        status = 403 if fault else 200
        return render(request, "sessions.html", text("My sessions"), status=status, fault=fault, note=note, **given)

    def _end_sessions(self, request: Request, form: FormData) -> int:
        self._check(request, request.scope[STATE].account.name, str(form.get("password", "")))
        key = accounts.key_of(str(request.scope[TOKEN]))
        return accounts.end_own_sessions(self._office(), key, str(form.get("end", "")))


def _offers(office: Context) -> list[dict[str, str]]:
    """Return the demo accounts as the sign-in page shows them, in the language of this thread."""
    offered = [account for account in accounts.offered_accounts(office) if account.grants]
    names = accounts.name_areas(office, [account.grants[0].area for account in offered])
    return [
        {
            "name": account.name,
            "role": translate(ROLE_NAMES[account.grants[0].role]),
            "area": names[account.grants[0].area],
        }
        for account in offered
    ]


def _password_page(request: Request, title: Text, fault: str, **given: Any) -> Response:
    status = 403 if fault else 200
    return render(request, "password.html", title, fault=fault, status=status, shortest=SHORTEST, **given)


def _second_page(request: Request, who: SignedIn, address: str, fault: str = "") -> Response:
    account = who.account
    secret = re.findall(r"secret=([A-Z2-7]+)", address)[0]
    given: dict[str, Any] = {"secret": secret, "grouped": " ".join(re.findall(".{1,4}", secret)), "address": address}
    given |= {"code": draw_code(address), "ask_password": account.has_password, "ask_before": account.has_totp}
    given["is_demanded"] = who.lacks_second
    demand = text("Your role takes a second factor. Set it here first; then everything else opens.")
    note = translate(demand) if who.lacks_second else ""
    title, status = text("Set a second factor"), 403 if fault else 200
    return render(request, "second.html", title, fault=fault, note=note, status=status, **given)


async def _style(_request: Request) -> Response:
    return Response((FOLDER / "auth.css").read_bytes(), media_type="text/css")


async def _script(request: Request) -> Response:
    return Response((FOLDER / Path(request.url.path).name).read_bytes(), media_type="text/javascript")
