"""Compare what tables hold and topics carry with what the simulation says. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.amounts import ZERO, amount_text
from loyalty_stream.simulate import Answer

Facts = dict[str, Any]
"""What is said of one customer: a fact's name to its value, all text or numbers."""


def expected_facts(answer: Answer) -> dict[str, Facts]:
    """Return what the simulation says of each customer."""
    facts: dict[str, Facts] = defaultdict(dict)
    for (key, program_id, currency), account in answer.accounts.items():
        balances = (account.active, account.pending, account.lifetime)
        if any(balance != ZERO for balance in balances):
            facts[key][f"account {program_id} {currency}"] = " ".join(map(amount_text, balances))
    for (key, program_id), tier in answer.tiers.items():
        facts[key][f"tier {program_id}"] = str(tier)
    for (key, coupon_id), coupon in answer.coupons.items():
        facts[key][f"coupon {coupon_id}"] = f"{coupon.state} {coupon.uses}"
    for (key, group, period, name), state in answer.streaks.items():
        facts[key][f"streak {group} {period} {name}"] = state
    for (key, kind, promotion_id), promotion in answer.promotions.items():
        facts[key][f"promotion {kind} {promotion_id}"] = promotion
    return facts


def found_facts(picture: Mapping[str, Any]) -> Facts:
    """Return the same facts as a customer's picture says them; an account without points says nothing."""
    facts: Facts = {}
    for account in picture.get("points", {}).get("accounts", ()):
        balances = " ".join(account[name] for name in ("active", "pending", "lifetime"))
        if balances != "0 0 0":
            facts[f"account {account['program_id']} {account['currency']}"] = balances
    for membership in picture.get("tiers", {}).get("memberships", ()):
        facts[f"tier {membership['program_id']}"] = membership["tier"]
    for coupon in picture.get("coupons", {}).get("coupons", ()):
        facts[f"coupon {coupon['coupon_id']}"] = f"{coupon['state']} {coupon['uses']}"
    for streak in picture.get("streaks", {}).get("streaks", ()):
        name = f"streak {streak['target_group_id']} {streak['target_period_id']} {streak['streak_name']}"
        facts[name] = streak["state"]
    for promotion in picture.get("promotions", {}).get("promotions", ()):
        for issual in promotion["issuals"]:
            facts[f"promotion issual {issual['issual_id']}"] = issual["state"]
        for earn in promotion["earns"]:
            facts[f"promotion earned {earn['earned_id']}"] = earn["state"]
    return facts


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
