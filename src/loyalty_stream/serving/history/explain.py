"""Explain a customer's points with those of all who were merged into them; where entries come from is given."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from loyalty_stream.serving.history.entries import Sought
from loyalty_stream.serving.history.steps import (
    AccountHistory,
    Explanation,
    MergedIn,
    Victim,
    account_histories,
    merges,
)

Fill = Callable[[Sought], str]
"""Find what is sought, and tell where: `view` or `topics`."""
POINTS: Final = "points"
CUSTOMERS: Final = "customers"


def explain(
    picture: Mapping[str, Any], fill: Fill, program_id: str | None = None, currency: str | None = None
) -> Explanation:
    """Return the steps of a customer's accounts, of one programme and currency where given."""
    key: str = picture["key"]
    merged_ids = picture.get(CUSTOMERS, {}).get("merged_customer_ids", ())
    domains = (POINTS, CUSTOMERS) if merged_ids else (POINTS,)
    sought = Sought(key, {domain: all_of(picture, domain) for domain in domains})
    sources = [fill(sought)]
    victims = merges(key, sought.entries(CUSTOMERS))
    accounts = picture.get(POINTS, {}).get("accounts", ())
    histories, others = account_histories(sought.entries(POINTS), accounts, victims)

    def chosen(all_: Sequence[AccountHistory]) -> list[AccountHistory]:
        return [each for each in all_ if program_id in {None, each.program_id} and currency in {None, each.currency}]

    merged, named = [], set()
    for victim, theirs in _in_turn(list(victims.values()), merged_ids, lambda each: sources.append(fill(each))):
        steps, _ = account_histories(theirs.entries(POINTS), (), {})
        merged.append(MergedIn(victim.key, victim.at, theirs.has_all(POINTS), chosen(steps)))
        named.add(victim.key)
    prefix = key.rpartition(picture["customer_id"])[0]
    merged += [
        MergedIn(f"{prefix}{each}", None, complete=False, accounts=[])
        for each in merged_ids
        if f"{prefix}{each}" not in named
    ]
    return Explanation(
        key,
        picture.get("merged_into"),
        "topics" if "topics" in sources else "view",
        not sought.lacking(),
        chosen(histories),
        others,
        merged,
    )


def all_of(picture: Mapping[str, Any], domain: str) -> range:
    """Return the seqs of all entries that a domain's row counts."""
    return range(1, picture.get(domain, {}).get("seq", 0) + 1)


def _in_turn(
    victims: Sequence[Victim], merged_ids: Sequence[str], fill: Callable[[Sought], None]
) -> Iterator[tuple[Victim, Sought]]:
    """Yield victims, and theirs, each with what is found of their points.

    Whether a victim had victims is asked only while somebody is missing of whom the table knows.
    """
    left, known = deque(victims), len(victims)
    while left:
        victim = left.popleft()
        wanted = [POINTS] * victim.had_points + [CUSTOMERS] * (known < len(merged_ids))
        sought = Sought(victim.key, dict.fromkeys(wanted))
        if wanted:
            fill(sought)
        theirs = merges(victim.key, sought.entries(CUSTOMERS))
        left.extend(theirs.values())
        known += len(theirs)
        yield victim, sought
