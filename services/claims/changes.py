"""Claims made and ended: one transaction each, so that of two who claim a building the second is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from geo.schema import Layer
from services.catalog.actions import Action
from services.claims.errors import UnknownClaimError
from services.claims.holders import find_holder, holder_codes, holder_key
from services.claims.model import ClaimDraft, HolderKind
from services.context import Transaction, Work
from services.i18n import text
from services.manual_assignment import UnknownPlaceError
from services.rostering import load_roster_norms
from services.rules.claims import CLAIMS, check_free, check_households, check_load, clean_claim_reason, read_blocks
from services.use_cases import use_case


@dataclass(frozen=True, slots=True)
class _Place:
    estate_code: str | None
    grid_code: str
    households: int | None

    @property
    def where(self) -> dict[str, str]:
        """What the claims of the place have in common; those of a grid are those of its estates too."""
        return {"estate_code": self.estate_code} if self.estate_code else {"grid_code": self.grid_code}


@use_case(Action.KEEP_CLAIMS, "claim")
def add_claim(work: Work, draft: ClaimDraft) -> int:
    """Let somebody take care of buildings; return the number of the claim.

    Raises
    ------
    UnknownPlaceError
        If there is no such estate or grid.
    OutsideAreaError
        If it lies outside the actor's area.
    BlocksError, BlocksHeldError
        If the words name anything but buildings, or buildings that are claimed and not shared; the same holder never
        claims a building twice.
    HouseholdCountError, ManyHouseholdsError
        If there is no household, or there are fewer in the estate than would be claimed.
    UnknownHolderError, ManyHoldersError
        If nobody of the area, or several, have this code or name.
    ClaimReasonError, PersonInTextError
        If a member takes care of many households for no reason, or a person may stand in it.
    """
    tx = work.tx
    place = _fetch_place(tx, draft)
    work.scope.require(Layer.GRIDS, [place.grid_code])
    blocks = read_blocks(draft.blocks)
    holder = draft.kind, find_holder(tx, work.scope, draft.kind, draft.holder)
    reason = clean_claim_reason(draft.reason)
    _check(tx, draft, place, blocks, holder)
    if draft.kind is HolderKind.MEMBER:
        own = sum(row["households"] for row in tx.claims.read_live(member_code=holder[1]))
        check_load(own + draft.households, int(load_roster_norms().claim.most.value), reason)
    number = tx.claims.add_claim(
        estate_code=place.estate_code,
        grid_code=place.grid_code,
        blocks=";".join(map(str, blocks)),
        households=draft.households,
        **holder_codes(*holder),
        shared=draft.is_shared,
        reason=reason,
        since=work.now.date().isoformat(),
        until=None,
        changed_at=work.at,
        changed_by=work.actor.name,
    )
    tx.touch(CLAIMS)
    work.target = f"claim:{number}"
    work.note(blocks=len(blocks), households=draft.households)
    return number


@use_case(
    Action.KEEP_CLAIMS,
    "claim:{claim_id}",
    title=text("End"),
    note=text("The blocks are free then; the number of households claimed goes down."),
    outcome=text("Claim {claim_id} has ended."),
    example="claim end 3",
)
def end_claim(work: Work, claim_id: Annotated[int, text("Number of the claim")]) -> None:
    """Let a claim end today.

    Raises
    ------
    UnknownClaimError
        If there is none of this number, or it has ended.
    OutsideAreaError
        If it lies outside the actor's area.
    """
    row = work.tx.claims.read_claim(claim_id)
    if row is None or row["until"] is not None:
        raise UnknownClaimError(claim_id)
    work.scope.require(Layer.GRIDS, [_home_grid(work.tx, row)])
    work.tx.claims.end_claim(
        claim_id, until=work.now.date().isoformat(), changed_at=work.at, changed_by=work.actor.name
    )
    work.tx.touch(CLAIMS)


def _fetch_place(tx: Transaction, draft: ClaimDraft) -> _Place:
    row = tx.plans.read_rows(draft.layer, [draft.place_code]).get(draft.place_code)
    is_estate = draft.layer is Layer.ESTATES
    if row is None or (is_estate and not row["parent_code"]):
        raise UnknownPlaceError(draft.place_code)
    return _Place(
        draft.place_code if is_estate else None,
        row["parent_code"] if is_estate else draft.place_code,
        row["households"],
    )


def _check(
    tx: Transaction, draft: ClaimDraft, place: _Place, blocks: tuple[int, ...], holder: tuple[HolderKind, str]
) -> None:
    """Hold a claim against the other live ones of its place."""
    rows = tx.claims.read_live(**place.where)
    beside = [row for row in rows if row["estate_code"] == place.estate_code]
    rivals = [row for row in beside if not draft.is_shared or holder_key(row) == holder]
    check_free(blocks, [blocks_of(row) for row in rivals])
    check_households(draft.households, sum(row["households"] for row in rows), place.households)


def _home_grid(tx: Transaction, row: Mapping[str, Any]) -> str:
    """Return the grid in which a claim lies now; of an estate that is gone, where it lay."""
    code = row["estate_code"]
    estate = tx.plans.read_rows(Layer.ESTATES, [code]).get(code) if code else None
    return str((estate and estate["parent_code"]) or row["grid_code"])


def blocks_of(row: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the numbers of the buildings of a claim, by its row."""
    return tuple(int(number) for number in row["blocks"].split(";"))
