"""The routes of the office's own sign-in: away to the provider, and back.

The cookie of a session is ``SameSite=Strict`` and would not be sent on the way back, so what has to be remembered
travels sealed in a second cookie that lives for ten minutes; the page after it is opened from a page of ours.
"""

import json
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Final

import structlog
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.web.auth.cookies import SESSION, Cookie
from dashboard.web.auth.forms import (
    address_of,
    agent_of,
    choose_language,
    render_message,
    route_without_head,
    safe_next,
    word,
)
from dashboard.web.auth.oidc import Attempt, Provider, ProviderError
from dashboard.web.auth.responses import step_inside
from dashboard.web.metrics import SIGN_INS
from services import accounts
from services.accounts import SignInError
from services.clock import seconds_of
from services.context import Context
from services.errors import ServiceError
from services.field_encryption import PREFIX
from services.i18n import Text, text, translate

AWAY_S: Final = 600
_AWAY: Final = Cookie("gm-away", re.compile(rf"{PREFIX}[\w+/=-]+"), "lax", timedelta(seconds=AWAY_S))
_BACK: Final = "/sign-in/oidc/callback"
_log = structlog.get_logger("dashboard.web.auth")


class OidcRoutes:
    """The two routes, on one store and one provider."""

    def __init__(self, server_context: Callable[[], Context], provider: Provider) -> None:
        self._office = server_context
        self._provider = provider

    def routes(self) -> list[Route]:
        """Return both addresses."""
        return [route_without_head(way, answer, ["GET"]) for way, answer in self._answers().items()]

    def _answers(self) -> dict[str, Callable[[Request], Awaitable[Response]]]:
        return {"/sign-in/oidc": self.leave, _BACK: self.come_back}

    async def leave(self, request: Request) -> Response:
        """Send the browser to the provider."""
        choose_language(request)
        wanted, now = safe_next(request.query_params.get("next", "")), self._now()
        try:
            to, attempt = await to_thread.run_sync(lambda: self._provider.begin(_redirect(request), wanted, now))
        except ProviderError as error:
            return _refused(request, error.text, error.reason)
        answer = RedirectResponse(to, 303, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
        _AWAY.give(answer, self._office().cipher.seal(json.dumps(asdict(attempt))), request.url.scheme)
        return answer

    async def come_back(self, request: Request) -> Response:
        """Check what the provider sent the browser back with, and begin a session."""
        choose_language(request)
        attempt = self._attempt(request)
        state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
        if attempt is None or not code or not secrets.compare_digest(attempt.state.encode(), state.encode()):
            return _refused(request, ProviderError("").text, "state")
        try:
            token = await to_thread.run_sync(lambda: self._begin(request, code, attempt))
        except ProviderError as error:
            return _refused(request, error.text, error.reason)
        except ServiceError as error:
            return _refused(request, error.text, "account")
        SIGN_INS.labels("outside").inc()
        answer = step_inside(request.scope, attempt.target)
        SESSION.give(answer, token, request.url.scheme)
        _AWAY.take(answer)
        return answer

    def _begin(self, request: Request, code: str, attempt: Attempt) -> str:
        subject = self._provider.finish(code, _redirect(request), attempt, self._now())
        try:
            whence = {"address": address_of(request), "agent": agent_of(request)}
            return accounts.sign_in_subject(self._office(), subject, **whence)
        except SignInError as error:
            raise UnlinkedError(subject) from error

    def _attempt(self, request: Request) -> Attempt | None:
        """Return what was remembered, or None if it is too old or not ours."""
        sealed = _AWAY.value_in(request.headers.get("cookie", ""), request.url.scheme)
        if not sealed:
            return None
        try:
            attempt = Attempt(**json.loads(self._office().cipher.open(sealed)))
        except (ServiceError, ValueError, TypeError):
            return None
        return attempt if 0 <= self._now() - attempt.begun_at <= AWAY_S else None

    def _now(self) -> float:
        return seconds_of(self._office().clock())


class UnlinkedError(ServiceError, PermissionError):
    """Somebody whom the provider knows and who has no account here."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            text(
                "The office knows you, but no account here belongs to you (or it is closed). "
                "Give the administrator this identity: {subject}",
                subject=subject[:128],
            )
        )


def _redirect(request: Request) -> str:
    """Return the address that the provider sends the browser back to; the guard has checked the host name."""
    return f"{request.url.scheme}://{request.url.netloc}{_BACK}"


def _refused(request: Request, why: Text, reason: str) -> Response:
    SIGN_INS.labels("outside_refused").inc()
    _log.warning("outside_sign_in_refused", reason=reason)
    answer = render_message(request, text("Sign in"), ("/sign-in", word("back")), status=403, fault=translate(why))
    _AWAY.take(answer)
    return answer
