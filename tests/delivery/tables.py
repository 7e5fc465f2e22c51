"""Compare table rows with the simulator's answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from loyalty_stream.domains.campaigns.state import Campaign, CampaignsState
from loyalty_stream.domains.cards.state import CardState
from loyalty_stream.domains.coupons.state import CouponsState
from loyalty_stream.domains.customers.state import CustomersState
from loyalty_stream.domains.executions.state import ExecutionState
from loyalty_stream.domains.partners.state import PartnersState
from loyalty_stream.domains.points.state import PointsState
from loyalty_stream.domains.promotions.state import PromotionsState
from loyalty_stream.domains.requests.state import RequestState
from loyalty_stream.domains.rewards.state import RewardsState
from loyalty_stream.domains.streaks.state import StreaksState
from loyalty_stream.domains.tiers.state import TiersState
from loyalty_stream.pipeline.internal import HELD, INTERNAL_STATES, PER_PARTITION
from loyalty_stream.pipeline.table import decode_row
from loyalty_stream.pipeline.totals import Program, program_of
from loyalty_stream.serving.liability import liabilities, liability
from loyalty_stream.simulate import Answer
from loyalty_stream.simulate import campaigns as right
from loyalty_stream.simulate.answer import CouponTerms, GrantTerms
from tests.helpers.totals import assert_totals

Table = dict[tuple[str, ...], object]
LEFT_OUT = {"tier_terms", "coupon_terms", "grant_terms", "profiles"}  # what a simulation may say nothing of


def assert_tables(rows: Sequence[Mapping[bytes, bytes]], answer: Answer) -> None:
    """Compare what is kept of all customers, rewards, cards, requests, campaigns, applications and executions.

    What programmes owe is compared with the rows, and with what the answer's accounts come to.
    """
    assert_totals(rows)
    _assert_owed(rows, answer)
    found = _tables(rows)
    assert found.keys() == _answers(answer).keys()
    for name, expected in _answers(answer).items():
        wrong = {key: (found[name].get(key), value) for key, value in expected.items() if found[name].get(key) != value}
        assert not wrong, f"{len(wrong)} {name} are wrong (found, expected): {dict(list(wrong.items())[:3])}"
        strange = found[name].keys() - expected.keys()
        if name in LEFT_OUT:
            strange = {key for key in strange if _vendor(key) in set(map(_vendor, expected))}
        assert not strange, f"{len(strange)} {name} are of nobody: {list(strange)[:3]}"


def _assert_owed(rows: Sequence[Mapping[bytes, bytes]], answer: Answer) -> None:
    """Compare what a reader is told of each programme with the sum of the simulator's own accounts."""
    right: dict[tuple[Program, str], list[Decimal]] = {}
    for (key, program_id, currency), own in answer.accounts.items():
        vendor, org_id, _ = key.split(":", 2)
        place = (program_of(vendor, org_id, program_id), currency)
        sums = right.setdefault(place, [Decimal(0)] * 3)
        right[place] = [held + more for held, more in zip(sums, (own.active, own.pending, own.lifetime), strict=True)]
    found = {}
    every = [row for table in rows for row in table.items()]
    for program in liabilities(every):
        picture = liability(program, every, date(2027, 1, 31))
        assert picture is not None
        for purse in picture["currencies"]:
            found[program, purse["currency"]] = [Decimal(purse[name]) for name in ("active", "pending", "lifetime")]
    assert {place: sums for place, sums in found.items() if any(sums)} == {
        place: sums for place, sums in right.items() if any(sums)
    }


def _vendor(key: tuple[str, ...]) -> str:
    return key[0].partition(":")[0]


def _answers(answer: Answer) -> dict[str, Table]:
    return {
        "points": {key: (own.active, own.pending, own.lifetime) for key, own in answer.accounts.items()},
        "tiers": {key: None if tier is None else str(tier) for key, tier in answer.tiers.items()},
        "coupons": {key: (coupon.state, coupon.uses) for key, coupon in answer.coupons.items()},
        "streaks": {(*key,): state for key, state in answer.streaks.items()},
        "promotions": {(*key,): state for key, state in answer.promotions.items()},
        "targets": {key: (own.achieved, own.met, own.closed) for key, own in answer.targets.items()},
        "badges": {(*key,): earns for key, earns in answer.badges.items()},
        "customers": {(*key,): status for key, status in answer.transactions.items()},
        "partners": {(*key,): state for key, state in answer.partners.items()},
        "grants": {(*key,): times for key, times in answer.grants.items()},
        "offers": {(key,): (offer.price, offer.enabled) for key, offer in answer.offers.items()},
        "cards": {(key,): status for key, status in answer.cards.items()},
        "requests": {(key,): state for key, state in answer.requests.items()},
        "tier_terms": {key: (term.expires_on, term.computed_expires_on) for key, term in answer.tier_terms.items()},
        "coupon_terms": dict(answer.coupon_terms.items()),
        "grant_terms": dict(answer.grant_terms.items()),
        "profiles": {(*key,): added_at for key, added_at in answer.profiles.items()},
        "segments": {(*key,): is_in for key, is_in in answer.segments.items()},
        "consents": {(*key,): is_given for key, is_given in answer.consents.items()},
        "messages": {(*key,): count for key, count in answer.messages.items()},
        "campaigns": {(key,): campaign for key, campaign in answer.campaigns.items()},
        "applications": {(key,): application for key, application in answer.applications.items()},
        "executions": {(key,): execution for key, execution in answer.executions.items()},
    }


def _tables(rows: Sequence[Mapping[bytes, bytes]]) -> dict[str, Table]:
    tables: dict[str, Table] = {name: {} for readers in _READERS.values() for name in readers}
    seen: set[bytes] = set()
    for partition in rows:
        for row_key, encoded in partition.items():
            domain, _, key = row_key.decode().partition("|")
            assert row_key not in seen or domain in PER_PARTITION, f"{row_key!r} lies on two partitions"
            seen.add(row_key)
            assert domain != HELD, f"{key} still waits for a merge"
            if domain in INTERNAL_STATES:
                continue
            state = decode_row(row_key, encoded).state
            for name, read in _READERS[domain].items():
                tables[name].update(read(key, state))
    return tables


Entries = Iterator[tuple[tuple[str, ...], object]]


def _points(key: str, state: PointsState) -> Entries:
    for own in state.accounts.values():
        assert sum(lot.remaining for lot in own.lots) == own.active, f"{key}: the ledger does not balance"
        yield (key, own.program_id, own.currency), (own.active, own.pending, own.lifetime)


def _tiers(key: str, state: TiersState) -> Entries:
    for program_id, membership in state.programs.items():
        yield (key, program_id), membership.tier


def _tier_terms(key: str, state: TiersState) -> Entries:
    for program_id, own in state.programs.items():
        yield (key, program_id), tuple(day and day.isoformat() for day in (own.expires_on, own.computed_expires_on))


def _coupons(key: str, state: CouponsState) -> Entries:
    for coupon_id, coupon in state.coupons.items():
        yield (key, coupon_id), (coupon.state, coupon.uses)


def _coupon_terms(key: str, state: CouponsState) -> Entries:
    for coupon_id, coupon in state.coupons.items():
        yield (key, coupon_id), CouponTerms(*(getattr(coupon, name) for name in CouponTerms.__struct_fields__))


def _streaks(key: str, state: StreaksState) -> Entries:
    for streak_key, streak in state.streaks.items():
        group, period, name = streak_key.split("|", 2)
        yield (key, group, period, name), streak.state


def _promotions(key: str, state: PromotionsState) -> Entries:
    for promotion in state.promotions.values():
        for issual_id, issual in promotion.issuals.items():
            yield (key, "issual", issual_id), issual.state
        for earned_id, earn in promotion.earns.items():
            yield (key, "earned", earned_id), earn.state


def _targets(key: str, state: StreaksState) -> Entries:
    for target_key, target in state.targets.items():
        period, target_id = target_key.split("|", 1)
        yield (key, period, target_id), (target.achieved, target.met, target.closed)


def _badges(key: str, state: StreaksState) -> Entries:
    for badge_id, badge in state.badges.items():
        yield (key, badge_id), badge.earns


def _customers(key: str, state: CustomersState) -> Entries:
    for transaction_id, transaction in state.transactions.items():
        yield (key, transaction_id), transaction.status


def _profiles(key: str, state: CustomersState) -> Entries:
    if state.added_at is not None:
        yield (key,), state.added_at


def _segments(key: str, state: CustomersState) -> Entries:
    for segment_id, standing in state.segments.items():
        yield (key, segment_id), standing.holds


def _consents(key: str, state: CustomersState) -> Entries:
    for consent_id, standing in state.consents.items():
        yield (key, consent_id), standing.holds


def _messages(key: str, state: CustomersState) -> Entries:
    for place, count in state.messages.items():
        channel, outcome = place.split("|", 1)
        yield (key, channel, outcome), count


def _partners(key: str, state: PartnersState) -> Entries:
    for partner_program_id, membership in state.memberships.items():
        yield (key, partner_program_id), membership.state


def _grants(key: str, state: RewardsState) -> Entries:
    for reward_id, grant in state.grants.items():
        yield (key, reward_id), grant.times


def _grant_terms(key: str, state: RewardsState) -> Entries:
    for reward_id, grant in state.grants.items():
        yield (key, reward_id), GrantTerms(grant.issued_at, grant.points_price)


def _offers(key: str, state: RewardsState) -> Entries:
    if state.offer is not None:
        yield (key,), (state.offer.price, state.offer.enabled)


def _cards(key: str, state: CardState) -> Entries:
    yield (key,), state.status


def _requests(key: str, state: RequestState) -> Entries:
    yield (key,), state.state


def _campaigns(key: str, state: CampaignsState) -> Entries:
    """Yield a campaign of which anything was stated: a tier's term may have been asked of one before."""
    if state.application is None and state.campaign != Campaign():
        yield (key,), _campaign(state.campaign)


def _campaign(campaign: Campaign) -> right.Campaign:
    document = campaign.document
    schedule = None if document is None else document.schedule
    return right.Campaign(
        state=campaign.state,
        vendor_state=campaign.vendor_state,
        version_at=campaign.version_at,
        deleted_at=campaign.deleted_at,
        name=None if document is None else document.name,
        ruleset_id=campaign.ruleset_id,
        priority_set=campaign.priority_set,
        priority_position=campaign.priority_position,
        switched_on=None if schedule is None else schedule.active,
        starts_at=None if schedule is None else schedule.starts_at_ms,
        expires_at=None if schedule is None else schedule.expires_at_ms,
        gauges={} if document is None else {each.name: each.value for each in document.gauges},
        limits=tuple(
            right.Limit(each.action, each.amount, each.period, each.used)
            for each in (() if document is None else document.limits)
        ),
        near=campaign.near,
    )


def _applications(key: str, state: CampaignsState) -> Entries:
    application = state.application
    if application is not None:
        yield (
            (key,),
            right.Application(
                tuple((each.set_name, each.position, each.campaign_id) for each in application.positions),
                {
                    program_id: tuple((tier.tier_id, tier.name, tier.points_min) for tier in tiers)
                    for program_id, tiers in application.programs.items()
                },
                application.version_at,
            ),
        )


def _executions(key: str, state: ExecutionState) -> Entries:
    yield (key,), right.Execution(state.status or "", state.updated_at)


_READERS: dict[str, dict[str, Any]] = {
    "points": {"points": _points},
    "tiers": {"tiers": _tiers, "tier_terms": _tier_terms},
    "coupons": {"coupons": _coupons, "coupon_terms": _coupon_terms},
    "streaks": {"streaks": _streaks, "targets": _targets, "badges": _badges},
    "promotions": {"promotions": _promotions},
    "customers": {
        "customers": _customers,
        "profiles": _profiles,
        "segments": _segments,
        "consents": _consents,
        "messages": _messages,
    },
    "partners": {"partners": _partners},
    "rewards": {"grants": _grants, "grant_terms": _grant_terms, "offers": _offers},
    "cards": {"cards": _cards},
    "requests": {"requests": _requests},
    "clearing": {},
    "campaigns": {"campaigns": _campaigns, "applications": _applications},
    "executions": {"executions": _executions},
}
