"""How every use case of packages is called for one of two communities."""

from datetime import date, datetime, time

from services import rostering
from services.catalog.actions import Action
from services.rostering import PackageOffer
from services.rules.roster.packages import PackagePost
from services.rules.roster.pairings import PairingKind
from services.rules.windows import Window

LOOK, KEEP, ANSWER = Action.VIEW_PACKAGES, Action.KEEP_PACKAGES, Action.ANSWER_PACKAGE
DAY = Window(datetime(2026, 12, 1), datetime(2026, 12, 2))


def offer_to(side):
    """Return an offer of a post of a community to the unit there."""
    post = PackagePost(side.post, time(8), time(22))
    return PackageOffer(
        unit_code=side.unit, community_code=side.community, start=date(2026, 11, 30), days=7, posts=(post,)
    )


def package_cases(refused, limited, free):
    """Return the cases, made by the functions of ``permission_cases``."""
    of_unit = {"of_a_person": True}
    return {
        "rostering.packages.offer_package": refused(
            KEEP, lambda c, s, w: rostering.offer_package(c, offer_to(s), event_id="asked")
        ),
        "rostering.packages.accept_package": refused(
            ANSWER, lambda c, s, w: rostering.accept_package(c, s.offered), **of_unit
        ),
        "rostering.packages.decline_package": refused(
            ANSWER, lambda c, s, w: rostering.decline_package(c, s.offered), **of_unit
        ),
        "rostering.packages.withdraw_package": refused(
            ANSWER, lambda c, s, w: rostering.withdraw_package(c, s.package), **of_unit
        ),
        "rostering.packages.release_seats": refused(
            ANSWER, lambda c, s, w: rostering.release_seats(c, s.package, DAY), **of_unit
        ),
        "rostering.packages.split_package": refused(
            ANSWER, lambda c, s, w: rostering.split_package(c, s.package, 4, 2), **of_unit
        ),
        "rostering.packages.name_batch": refused(
            ANSWER, lambda c, s, w: rostering.name_batch(c, s.package, 1, [s.member]), **of_unit
        ),
        "rostering.packages.leave_batch": refused(
            ANSWER, lambda c, s, w: rostering.leave_batch(c, s.package, 1, s.member), **of_unit
        ),
        "rostering.package_seats.seat_batches": refused(
            Action.KEEP_ROSTER,
            lambda c, s, w: rostering.seat_batches(c, s.roster, s.package, w.coverage_inputs, event_id="asked"),
        ),
        "rostering.package_duties.seat_unit_members": refused(
            ANSWER,
            lambda c, s, w: rostering.seat_unit_members(
                c, s.package, s.package_shift, [s.homeless], w.coverage_inputs, event_id="asked", reason="x"
            ),
            **of_unit,
        ),
        "rostering.package_duties.take_out_unit_duty": refused(
            ANSWER,
            lambda c, s, w: rostering.take_out_unit_duty(
                c, s.package, s.package_shift, s.package_duty, event_id="asked"
            ),
            **of_unit,
        ),
        "rostering.package_duties.find_batch_candidates": refused(
            ANSWER,
            lambda c, s, w: rostering.find_batch_candidates(c, s.package, s.package_shift, w.coverage_inputs),
            **of_unit,
        ),
        "rostering.package_duties.read_package_seats": refused(
            LOOK, lambda c, s, w: rostering.read_package_seats(c, s.package), **of_unit
        ),
        "rostering.pairings.pair_unit": refused(
            KEEP,
            lambda c, s, w: rostering.pair_unit(c, rostering.Pairing(unit_code=s.unit, community_code=s.community)),
        ),
        "rostering.pairings.end_pairing": refused(
            KEEP,
            lambda c, s, w: rostering.end_pairing(c, s.unit, s.community, PairingKind.PAIRED, date(2026, 1, 1)),
        ),
        "rostering.pairings.list_pairings": limited(
            LOOK,
            lambda c, s, w: rostering.list_pairings(c),
            lambda found: {each.pairing.community_code for each in found},
        ),
        "rostering.package_view.list_packages": limited(
            LOOK,
            lambda c, s, w: rostering.list_packages(c),
            lambda found: {f"package:{each.package.id}" for each in found},
        ),
        "rostering.package_view.read_unit_names": free(KEEP, lambda c, s, w: rostering.read_unit_names(c)),
        "rostering.package_view.read_offer_posts": refused(
            KEEP, lambda c, s, w: rostering.read_offer_posts(c, s.community)
        ),
    }
