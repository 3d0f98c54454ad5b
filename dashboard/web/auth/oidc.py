"""The office's own sign-in (OpenID Connect): authorization code with PKCE, the answer checked in every part.

OpenID Connect Core 1.0, 3.1; PKCE is RFC 7636. Nothing is asked of any host but the issuer's, and no redirect of it is
followed.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.errors import ServiceError
from services.i18n import text
from services.settings import Settings

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""What an ID token may be signed with: never ``none``, never a secret that both sides know."""
LEEWAY_S: Final = 60
"""Clocks of an office differ by this much."""
_WAIT_S: Final = 5.0
_VERIFIER_BYTES: Final = 48


class ProviderError(ServiceError, RuntimeError):
    """The office's sign-in did not answer, or not as it should; ``reason`` is for the log and holds no values."""

    def __init__(self, reason: str) -> None:
        super().__init__(text("The office's sign-in did not work. Try again, or sign in with account and password."))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Attempt:
    """What has to be remembered while somebody is away at the provider."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    target: str
    """The page to go on to."""
    begun_at: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The sign-in that the settings name."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)

    def begin(self, redirect: str, target: str, now: float) -> tuple[str, Attempt]:
        """Return where to send the browser, and what to remember.

        Raises
        ------
        ProviderError
            If the provider does not say where its pages are.
        """
        drawn = (secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(_VERIFIER_BYTES))
        attempt = Attempt(*drawn, target, now)
        with self._session(redirect) as session:
            address, _ = session.create_authorization_url(
                self._described(session)["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(address), attempt

    def finish(self, code: str, redirect: str, attempt: Attempt, now: float) -> str:
        """Return the subject that the provider vouches for.

        Raises
        ------
        ProviderError
            If the code is refused or anything about the ID token is not as it should be.
        """
        with self._session(redirect) as session:
            described = self._described(session)
            try:
                token = session.fetch_token(
                    described["token_endpoint"],
                    code=code,
                    code_verifier=attempt.verifier,
                    grant_type="authorization_code",
                )
            except (OAuthError, requests.RequestException, ValueError) as error:
                raise ProviderError(f"token: {type(error).__name__}") from error
            keys = _fetch_json(session, described["jwks_uri"])
        return self._subject(token, keys, attempt.nonce, now)

    def _subject(self, token: dict[str, Any], keys: dict[str, Any], nonce: str, now: float) -> str:
        """Return the subject of an ID token whose signature, issuer, audience, nonce and times are right.

        Raises
        ------
        ProviderError
            If any is wrong.
        """
        try:
            read = jwt.decode(str(token.get("id_token", "")), KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]  # what comes is checked there
            claims = CodeIDToken(
                read.claims,
                read.header,
                {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self.client_id}},
                {"nonce": nonce, "client_id": self.client_id, "access_token": token.get("access_token")},
            )
            claims.validate(now=int(now), leeway=LEEWAY_S)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderError(f"ID token: {type(error).__name__}") from error
        return str(claims["sub"])

    def _described(self, session: OAuth2Session) -> dict[str, Any]:
        described = _fetch_json(session, get_well_known_url(self.issuer, external=True))
        if described.get("issuer") != self.issuer:
            raise ProviderError("discovery: another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if _place(str(described.get(name, ""))) != _place(self.issuer):
                raise ProviderError(f"discovery: {name} lies elsewhere")
        return described

    def _session(self, redirect: str) -> OAuth2Session:
        session = OAuth2Session(
            self.client_id,
            self.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if self.client_secret else "none",
            scope="openid",
            redirect_uri=redirect,
            code_challenge_method="S256",
            default_timeout=_WAIT_S,
        )
        session.trust_env, session.max_redirects = False, 0
        return session


def provider_of(settings: Settings) -> Provider | None:
    """Return the sign-in that the settings name, or None."""
    if not (settings.oidc_issuer and settings.oidc_client_id):
        return None
    return Provider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)


def _fetch_json(session: OAuth2Session, address: str) -> dict[str, Any]:
    try:
        answer = session.get(address, withhold_token=True)
        answer.raise_for_status()
        content = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderError(f"answer: {type(error).__name__}") from error
    if not isinstance(content, dict):
        raise ProviderError("answer: no description")
    return content


def _place(address: str) -> tuple[str, str]:
    """Return scheme and host of an address: the issuer's keys come from the issuer."""
    parts = urlsplit(address)
    return parts.scheme, parts.netloc
