"""The audit trail in words: what a row is about, and what it tells of it, in the language of the reader."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from geo.schema import Layer
from services.catalog.actions import ROLE_NAMES
from services.i18n import Text, text, translate
from services.rules.layer_names import LAYER_NAMES
from services.rules.matters.machine import STATE_NAMES, VERB_NAMES
from services.rules.norm_texts import DAY_PART_NAMES
from services.rules.order_steps import ORDER_STEP_NAMES
from services.rules.roster.packages import PACKAGE_STATE_NAMES
from services.rules.roster.pairings import PAIRING_KIND_NAMES
from services.rules.windows import MODE_NAMES
from services.skills import PROOF_NAMES

_NUMBERED: Final[Mapping[str, Text]] = {
    "plan": text("plan {value}"),
    "order": text("order {value}"),
    "team": text("team {value}"),
    "account": text("account {value}"),
    "backup": text("backup {value}"),
    "restore": text("restored {value}"),
    "roster": text("roster {value}"),
    "claim": text("claim {value}"),
    "package": text("package {value}"),
    "matter": text("matter {value}"),
    "orders": text("orders of plan {value}"),
    "briefing": text("briefing no. {value}"),
    "search": text("a search for persons ({value})"),
}
_NAMED: Final[Mapping[str, Text]] = {
    "plan": text("a new plan"),
    "roster": text("a new roster"),
    "claim": text("a new claim"),
    "package": text("a new package"),
    "matter": text("a new matter"),
    "sheet": text("a sheet"),
    "kind": text("a kind of matter"),
    "orders": text("orders"),
    "calls": text("calls for volunteers"),
    "briefing": text("a briefing"),
    "briefing template": text("a template of briefings"),
    "demo": text("the demo"),
    "demo accounts": text("accounts of the demo"),
    "setup": text("first set-up"),
    "attempt": text("an attempt to sign in"),
    "clean-up": text("clean-up"),
    "copy": text("copy of the store"),
    "coverage": text("coverage figures"),
    "limit": text("limit of the hour"),
    **{layer.value: name for layer, name in LAYER_NAMES.items()},
    **{mode.value: name for mode, name in MODE_NAMES.items()},
}
_DETAILS: Final[Mapping[str, Text]] = {
    "absences": text("{value} absences"),
    "account": _NUMBERED["account"],
    "added": text("{value} moves added"),
    "answered_for": text("entered for the unit by somebody else"),
    "area": text("area {value}"),
    "attempts": text("{value} attempts"),
    "batch": text("import no. {value}"),
    "blocks": text("{value} blocks"),
    "batch_number": text("batch {value}"),
    "batches": text("{value} batches"),
    "bytes": text("{value} bytes"),
    "changed": text("changed: {value}"),
    "contacts": text("contacts: {value}"),
    "claims": text("{value} claims"),
    "copy": text("copy: plan {value}"),
    "zones": text("grids and estates: {value}"),
    "meeting_points_removed": text("meeting point removed: {value}"),
    "accounts": text("{value} accounts"),
    "data_version": text("data version {value}"),
    "deleted": text("{value} deleted"),
    "dissolved": text("dissolved"),
    "chains": text("{value} texts of chains"),
    "doubts": text("{value} in doubt"),
    "duties": text("{value} duties"),
    "duty_step": text("step: {value}"),
    "empty": text("{value} places empty"),
    "entries": text("{value} entries"),
    "estate": text("estate {value}"),
    "free_times": text("{value} free times"),
    "format": text("format {value}"),
    "grant": text("grant no. {value}"),
    "grid": text("grid {value}"),
    "grids": text("{value} grids"),
    "households": text("{value} households"),
    "inserted": text("{value} rows added"),
    "kept_rows": text("{value} kept rows"),
    "kind": text("kind: {value}"),
    "kinds": text("{value} kinds of matters"),
    "matter_state": text("state: {value}"),
    "matters": text("{value} matters"),
    "members": text("{value} members"),
    "missing": text("{value} zones missing"),
    "mode": text("mode: {value}"),
    "new": text("{value} new"),
    "newest": text("newest row {value}"),
    "number": text("no. {value}"),
    "numbers": text("order nos. {value}"),
    "orders": text("{value} orders"),
    "outdated": text("{value} outdated"),
    "people": text("{value} people"),
    "unit": text("unit {value}"),
    "community": text("community {value}"),
    "pairing": text("pairing: {value}"),
    "period": text("period {value}"),
    "plan": _NUMBERED["plan"],
    "progress": text("state: {value}"),
    "reason": text("reason: {value}"),
    "refused": text("{value} refused"),
    "removed": text("{value} removed"),
    "repeated": text("asked again, done once"),
    "replaced": text("{value} rows replaced"),
    "replaced_rows": text("{value} replaced rows"),
    "role": text("role: {value}"),
    "rows": text("{value} rows"),
    "package": _NUMBERED["package"],
    "package_state": text("package: {value}"),
    "roster": _NUMBERED["roster"],
    "seats": text("{value} seats"),
    "skill": text("skill: {value}"),
    "proof": text("seen: {value}"),
    "shifts": text("{value} shifts"),
    "events": text("{value} entries of a calendar"),
    "sections": text("{value} sections"),
    "sessions": text("{value} sessions ended"),
    "sheets": text("{value} sheets signed"),
    "sign_up": text("chain no. {value}"),
    "step": text("step: {value}"),
    "tables": text("{value} tables"),
    "team": _NUMBERED["team"],
    "undone": text("undone"),
    "unlocated": text("{value} in no grid"),
    "until": text("until {value}"),
    "verb": text("step: {value}"),
}
_VALUES: Final[Mapping[str, Text]] = {
    "signed in": text("signed in"),
    "code checked": text("second factor checked"),
    "code refused": text("wrong second factor"),
    "sessions ended": text("ended sign-ins"),
    "signed out": text("signed out"),
    "acts as": text("acts in another role"),
    "refused": text("refused"),
    "linked": text("linked with the office's sign-in"),
    "unlinked": text("link with the office's sign-in removed"),
    "password changed": text("password changed"),
    "password reset": text("password reset"),
    "second factor set": text("second factor set"),
    "second factor removed": text("second factor removed"),
    "set-up address made": text("set-up address made"),
    "first administrator": text("first administrator made"),
    "created": text("account made"),
    "enabled": text("account enabled"),
    "disabled": text("account disabled"),
    "granted": text("role granted"),
    "revoked": text("role revoked"),
    "exported": text("data handed over"),
    "ended": text("the demo ended"),
    "limit reached": text("limit reached"),
    "all": text("all areas"),
    **{role.value: name for role, name in ROLE_NAMES.items()},
    **{mode.value: name for mode, name in MODE_NAMES.items()},
}
_SAID: Final[Mapping[str, Mapping[str, Text]]] = {
    "progress": {step.value: name for step, name in ORDER_STEP_NAMES.items()},
    "outside": {"0": text("in the own area"), "1": text("outside the own area")},
    "step": {
        "send": text("a team sent"),
        "take_back": text("a team taken back"),
        "clear": text("everything taken back"),
        "settings": text("settings changed"),
        "pin": text("a move held fast"),
        "unpin": text("a move let go of"),
        "accept": text("a proposal taken over"),
        "drop": text("moves of a changed situation dropped"),
    },
    "verb": {verb.value: name for verb, name in VERB_NAMES.items()},
    "matter_state": {state.value: name for state, name in STATE_NAMES.items()},
    "package_state": {state.value: name for state, name in PACKAGE_STATE_NAMES.items()},
    "pairing": {kind.value: name for kind, name in PAIRING_KIND_NAMES.items()},
    "proof": {proof.value: name for proof, name in PROOF_NAMES.items()},
    "duty_step": {
        "put": text("people put into shifts"),
        "take_out": text("people taken out of shifts"),
        "move": text("moved to another shift"),
        "swap": text("two people swapped"),
        "state": text("noted how far it is agreed"),
        "proposal": text("a proposal taken over"),
        "publish": text("asked to confirm"),
        "sign_up": text("a chain taken in"),
    },
    "changed": {
        "name": text("Full name"),
        "phone": text("Phone"),
        "address": text("Home"),
        "keep_until": text("Kept until"),
        **{f"available_{part.value}": name for part, name in DAY_PART_NAMES.items()},
    },
}
"""Values that are words of ours, by detail; several stand with blanks between."""
_SAID_WHOLE: Final = frozenset({"what", "mode", "role", "area"})
"""Details whose value is a word of ours."""


def object_words(target: str) -> str:
    """Return what a row is about; codes stay as they are.

    >>> from services.i18n import use_language
    >>> use_language("en")
    >>> object_words("plan:12"), object_words("D0000001")
    ('plan 12', 'D0000001')
    """
    kind, separator, value = target.partition(":")
    if separator and kind in _NUMBERED:
        return translate(_NUMBERED[kind].id, value=value)
    if separator and kind in set(Layer):
        return f"{translate(LAYER_NAMES[Layer(kind)])} {value}"
    if target in _NAMED:
        return translate(_NAMED[target])
    parts = target.split()
    if parts and parts[0] in _NAMED:
        return " ".join(translate(_NAMED[part]) if part in _NAMED else part for part in parts)
    return target


def object_asked(words: str) -> str:
    """Return what to look for in the store where somebody asks in the words of ``object_words``."""
    for kind, name in _NUMBERED.items():
        found = re.fullmatch(re.escape(translate(name.id, value="\0").strip()).replace("\0", "(.*)"), words.strip())
        if found:
            return f"{kind}:{found[1].strip()}"
    return next((key for key, name in _NAMED.items() if translate(name) == words.strip()), words.strip())


def detail_words(detail: str) -> str:
    """Return the details of a row on one line; what is of another version stays as it is.

    >>> from services.i18n import use_language
    >>> use_language("en")
    >>> detail_words('{"rows": 3, "batch": 7}')
    '3 rows · import no. 7'
    """
    try:
        told = json.loads(detail)
    except json.JSONDecodeError:
        return detail
    if not isinstance(told, dict):
        return detail
    return " · ".join(_detail(name, value) for name, value in told.items() if value != "")


def _detail(name: str, value: Any) -> str:
    said = f"{value:,}" if isinstance(value, int) and _is_count(name) else str(value)
    if name in _SAID_WHOLE:
        said = translate(_VALUES[said]) if said in _VALUES else object_words(said)
    if name in _SAID:
        said = "、".join(translate(_SAID[name][part]) if part in _SAID[name] else part for part in said.split())
    if name == "until":
        said = said.replace("T", " ")
    if name in {"what", "outside"}:
        return said
    if name in _DETAILS:
        return translate(_DETAILS[name].id, value=said)
    return f"{translate(LAYER_NAMES[Layer(name)])} {said}" if name in set(Layer) else f"{name} {said}"


def _is_count(name: str) -> bool:
    """Return whether a detail is how many there are of something, not which."""
    return name in set(Layer) or (name in _DETAILS and _DETAILS[name].id.startswith("{value} "))
