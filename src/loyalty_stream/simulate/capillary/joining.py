"""What the vendor makes of two customers that are one from now on: the survivor goes on with all of the victim's."""

from loyalty_stream.simulate.account import ZERO
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.profiles import TRANSACTIONS_MAX
from loyalty_stream.simulate.capillary.targets import TARGETS_MAX


def can_join(survivor: Customer, victim: Customer) -> bool:
    """Tell whether the right answer of a merge is sure.

    It is not where both have a membership of one partner programme, where so much comes together that a worker forgets
    some of it, where a total would be negative, or where an event of the victim's that is heard of after the merge
    would have told of units that the victim had before our stream. Primary members of groups take no part: what they
    get is heard of at any time.
    """
    if survivor is victim or survivor.silent or victim.silent or not (survivor.living and victim.living):
        return False
    if any(account.opened for account in victim.currencies.values()):
        return False
    if not survivor.partners.keys().isdisjoint(victim.partners):
        return False
    if any(account.active < ZERO or account.lifetime < ZERO for account in victim.accounts.values()):
        return False
    if any(account.active < ZERO or account.lifetime < ZERO for account in survivor.accounts.values()):
        return False
    return (
        survivor.transactions_made + victim.transactions_made <= TRANSACTIONS_MAX
        and survivor.targets_made + victim.targets_made <= TARGETS_MAX
    )


def join(survivor: Customer, victim: Customer) -> None:
    """Give the survivor all that is the victim's.

    An event of the victim's may be heard of after the survivor's later ones. So the survivor ends no streak of the
    victim's, changes none of its transactions, and converts or takes back none of the units that it was issued; and no
    totals of units come after a merge: the first one would be adopted before all that it counts is known.
    """
    survivor.programs = survivor.org.programs[: max(len(survivor.programs), len(victim.programs))]
    for program_id, theirs in victim.accounts.items():
        mine = survivor.accounts.get(program_id)
        if mine is None:
            survivor.accounts[program_id] = theirs
        else:
            mine.join(theirs)
    for place, theirs in victim.currencies.items():
        theirs.pending = ZERO
        mine = survivor.currencies.setdefault(place, theirs)
        if mine is not theirs:
            mine.join(theirs)
        mine.silent = True
    for account in (*survivor.accounts.values(), *survivor.currencies.values()):
        account.drift = account.drift_lifetime = ZERO
    _join_things(survivor, victim)
    survivor.chain = max(survivor.chain, victim.chain + 1)
    victim.survivor = survivor


def _join_things(survivor: Customer, victim: Customer) -> None:
    survivor.issuances += victim.issuances
    survivor.redemptions += victim.redemptions
    for program_id, tier in victim.tiers.items():
        survivor.tiers[program_id] = max(tier, survivor.tiers.get(program_id, tier))
    survivor.coupons += victim.coupons
    survivor.early_coupons += victim.early_coupons
    for run in victim.streaks:
        run.inherited = True
    survivor.streaks += victim.streaks
    survivor.issuals += victim.issuals
    survivor.targets += victim.targets
    survivor.targets_made += victim.targets_made
    survivor.transactions_made += victim.transactions_made
    survivor.partners |= victim.partners
    survivor.requests += victim.requests
    survivor.added = survivor.added or victim.added
