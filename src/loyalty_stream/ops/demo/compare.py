"""Compare what tables hold and topics carry with what the simulation says. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, Final

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.amounts import ZERO, amount_text
from loyalty_stream.ops.demo.compare_campaigns import expected_application, expected_campaign, found_campaign
from loyalty_stream.simulate import Answer

Facts = dict[str, Any]
"""What is said of one key, a customer's or a campaign's for instance: a fact's name to its value, text or numbers."""

UNKNOWN: Final = "unknown"


def expected_facts(answer: Answer) -> dict[str, Facts]:
    """Return what the simulation says of each customer, and of all else that has a key."""
    facts: dict[str, Facts] = defaultdict(dict)
    for (key, program_id, currency), account in answer.accounts.items():
        balances = (account.active, account.pending, account.lifetime)
        if any(balance != ZERO for balance in balances):
            facts[key][f"account {program_id} {currency}"] = " ".join(map(amount_text, balances))
    for (key, program_id), tier in answer.tiers.items():
        facts[key][f"tier {program_id}"] = None if tier is None else str(tier)
    for (key, coupon_id), coupon in answer.coupons.items():
        facts[key][f"coupon {coupon_id}"] = f"{coupon.state} {coupon.uses}"
    for (key, kind, promotion_id), promotion in answer.promotions.items():
        facts[key][f"promotion {kind} {promotion_id}"] = promotion
    return _with_profiles(_with_others(_with_streaks(facts, answer), answer), answer)


def _with_streaks(facts: dict[str, Facts], answer: Answer) -> dict[str, Facts]:
    """Add streaks, targets and badges."""
    for (key, group, period, name), state in answer.streaks.items():
        facts[key][f"streak {group} {period} {name}"] = state
    for (key, period, target_id), target in answer.targets.items():
        achieved = None if target.achieved is None else amount_text(target.achieved)
        facts[key][f"target {period} {target_id}"] = _target(achieved, met=target.met, closed=target.closed)
    for (key, badge_id), earns in answer.badges.items():
        facts[key][f"badge {badge_id}"] = earns
    return facts


def _with_others(facts: dict[str, Facts], answer: Answer) -> dict[str, Facts]:
    """Add transactions, partner programmes and rewards, and what is kept under keys that are no customer's."""
    for (key, transaction_id), status in answer.transactions.items():
        facts[key][f"transaction {transaction_id}"] = status or UNKNOWN
    for (key, partner_program_id), partner in answer.partners.items():
        facts[key][f"partner {partner_program_id}"] = partner
    for (key, reward_id), times in answer.grants.items():
        facts[key][f"grant {reward_id}"] = times
    for key, offer in answer.offers.items():
        facts[key]["offer"] = _offer(amount_text(offer.price), enabled=offer.enabled)
    for key, status in answer.cards.items():
        facts[key]["card"] = status
    for key, state in answer.requests.items():
        facts[key]["request"] = state
    for key, execution in answer.executions.items():
        facts[key]["execution"] = f"{execution.status}, updated at {execution.updated_at}"
    for key, campaign in answer.campaigns.items():
        facts[key] |= expected_campaign(campaign)
    for key, application in answer.applications.items():
        facts[key] |= expected_application(application)
    return facts


def _with_profiles(facts: dict[str, Facts], answer: Answer) -> dict[str, Facts]:
    """Add segments, consents and messages."""
    for kind, table in (("segment", answer.segments), ("consent", answer.consents)):
        for (key, name), holds in table.items():
            if holds:
                facts[key][f"{kind} {name}"] = True
    for (key, channel, outcome), count in answer.messages.items():
        facts[key][f"message {channel} {outcome}"] = count
    return facts


def found_facts(picture: Mapping[str, Any]) -> Facts:
    """Return the same facts as a picture says them; an account without points says nothing."""
    facts: Facts = {}
    for account in picture.get("points", {}).get("accounts", ()):
        balances = " ".join(account[name] for name in ("active", "pending", "lifetime"))
        if balances != "0 0 0":
            facts[f"account {account['program_id']} {account['currency']}"] = balances
    for membership in picture.get("tiers", {}).get("memberships", ()):
        facts[f"tier {membership['program_id']}"] = membership["tier"]
    for coupon in picture.get("coupons", {}).get("coupons", ()):
        facts[f"coupon {coupon['coupon_id']}"] = f"{coupon['state']} {coupon['uses']}"
    for promotion in picture.get("promotions", {}).get("promotions", ()):
        for issual in promotion["issuals"]:
            facts[f"promotion issual {issual['issual_id']}"] = issual["state"]
        for earn in promotion["earns"]:
            facts[f"promotion earned {earn['earned_id']}"] = earn["state"]
    for partner in picture.get("partners", {}).get("memberships", ()):
        facts[f"partner {partner['partner_program_id']}"] = partner["state"]
    profile = _of_profile(picture.get("customers", {}))
    return facts | profile | _of_streaks(picture.get("streaks", {})) | _of_others(picture)


def _of_profile(profile: Mapping[str, Any]) -> Facts:
    """Return a customer's transactions, segments, consents and messages."""
    facts: Facts = {f"segment {segment_id}": True for segment_id in profile.get("segments", ())}
    facts |= {f"consent {consent_id}": True for consent_id in profile.get("consents", ())}
    for message in profile.get("messages", ()):
        facts[f"message {message['channel']} {message['outcome']}"] = message["count"]
    for transaction in profile.get("transactions", ()):
        facts[f"transaction {transaction['transaction_id']}"] = transaction["status"] or UNKNOWN
    return facts


def _of_streaks(streaks: Mapping[str, Any]) -> Facts:
    facts: Facts = {}
    for streak in streaks.get("streaks", ()):
        name = f"streak {streak['target_group_id']} {streak['target_period_id']} {streak['streak_name']}"
        facts[name] = streak["state"]
    for target in streaks.get("targets", ()):
        name = f"target {target['target_period_id']} {target['target_id']}"
        facts[name] = _target(target["achieved"], met=target["met"], closed=target["closed"])
    for badge in streaks.get("badges", ()):
        facts[f"badge {badge['badge_id']}"] = badge["earns"]
    return facts


def _of_others(picture: Mapping[str, Any]) -> Facts:
    """Return what a customer was given, or what is kept of that which is no customer: a key has one of them."""
    rewards = picture.get("rewards", {})
    facts: Facts = {f"grant {grant['reward_id']}": grant["times"] for grant in rewards.get("grants", ())}
    if "price" in rewards:
        facts["offer"] = _offer(rewards["price"], enabled=rewards["enabled"])
    if "cards" in picture:
        facts["card"] = picture["cards"]["status"]
    if "requests" in picture:
        facts["request"] = picture["requests"]["state"]
    if "executions" in picture:
        execution = picture["executions"]
        facts["execution"] = f"{execution['status']}, updated at {execution['updated_at']}"
    if "campaigns" in picture:
        facts |= found_campaign(picture["campaigns"])
    return facts


def _target(achieved: str | None, *, met: bool | None, closed: bool) -> str:
    """Return how a target stands; whether it is met is not known before the vendor says so."""
    words = {True: "met", False: "not met", None: "open"}
    return f"{words[met]} at {achieved or UNKNOWN}{', closed' if closed else ''}"


def _offer(price: str | None, *, enabled: bool | None) -> str:
    return f"{price or UNKNOWN} {'enabled' if enabled else 'disabled'}"


def differences(key: str, expected: Facts, found: Facts) -> list[str]:
    """Return a line for each fact of a customer that is not as it must be."""
    return [
        f"{key}, {name}: {found.get(name, 'nothing')} instead of {expected.get(name, 'nothing')}"
        for name in sorted({*expected, *found})
        if expected.get(name) != found.get(name)
    ]


def sequence_gaps(key: str, picture: Mapping[str, Any], received: Mapping[tuple[str, str], int]) -> list[str]:
    """Return a line for each topic of which not as many derived events of a customer were received as `seq` says."""
    seqs: Counter[str] = Counter()
    for domain in DOMAINS:
        seqs[domain.topic_name] += picture.get(domain.name, {}).get("seq", 0)
    return [
        f"{key}, {topic}: {received.get((key, topic), 0)} derived events received, seq is {seq}"
        for topic, seq in seqs.items()
        if received.get((key, topic), 0) != seq
    ]
