"""Write for people what is known of a customer, and what a published record says. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

Json = Mapping[str, Any]

SHOWN_MAX: Final = 6


def moment(milliseconds: int) -> str:
    """Return a moment as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def customer_lines(picture: Json) -> list[str]:
    """Return a customer's picture, a few lines for each domain that knows them."""
    lines = [f"{picture['key']} (partition {picture['partition']})"]
    for domain, show in _DOMAINS.items():
        if domain in picture:
            lines.append(f"{domain} (seq {picture[domain]['seq']})")
            lines.extend(f"  {line}" for line in show(picture[domain]))
    return lines


def fields_text(data: Json) -> str:
    """Return fields as `name=value`, without those that are empty; records in a list are counted beyond the second."""
    return " ".join(f"{name}={_value(value)}" for name, value in data.items() if value not in (None, [], ""))


def _value(value: object) -> str:
    if isinstance(value, list):
        shown = [_value(part) for part in value[:2]]
        more = [f"… {len(value) - 2} more"] if len(value) > 2 else []  # noqa: PLR2004 - the two that are shown
        return f"[{', '.join(shown + more)}]"
    if isinstance(value, Mapping):
        return f"{{{fields_text(value)}}}"
    return str(value)


def derived_text(event: Json) -> str:
    """Return a derived event on one line."""
    head = f"{event['type']} of {event['key']}, seq {event['seq']}, {moment(event['occurred_at'])}"
    return f"{head}: {fields_text(event['data'])}"


def _points(state: Json) -> Iterator[str]:
    for account in state["accounts"]:
        balances = ", ".join(f"{name} {account[name]}" for name in ("active", "pending", "lifetime"))
        yield f"programme {account['program_id']}, {account['currency']}: {balances}"
        lots = [f"lot of {lot['remaining']} {_until(lot['expires_on'], 'without expiry')}" for lot in account["lots"]]
        yield from (f"  {line}" for line in _few(lots))


def _tiers(state: Json) -> Iterator[str]:
    for membership in state["memberships"]:
        until = _until(membership["expires_on"], "without end")
        yield f"programme {membership['program_id']}: tier {membership['tier'] or 'none'} {until}"


def _coupons(state: Json) -> Iterator[str]:
    newest_first = list(reversed(state["coupons"]))
    yield from _few([f"{each['coupon_id']}: {each['state']}, used {each['uses']} times" for each in newest_first])


def _streaks(state: Json) -> Iterator[str]:
    for streak in state["streaks"]:
        value = "" if streak["value"] is None else f" at {streak['value']}"
        levels = f", levels {', '.join(streak['levels'])}" if streak["levels"] else ""
        yield f"{streak['streak_name']}: {streak['state']}{value}{levels}"
    newest_first = list(reversed(state.get("targets", ())))
    yield from _few([_target(each) for each in newest_first])
    yield from _few([f"badge {each['badge_id']}: earned {each['earns']} times" for each in state.get("badges", ())])


def _target(target: Json) -> str:
    progress = "" if target["achieved"] is None else f" at {target['achieved']} of {target['defined'] or 'unknown'},"
    words = [word for word, holds in (("achieved", target["met"]), ("closed", target["closed"])) if holds]
    return f"target {target['target_id']}:{progress} {', '.join(words) or 'open'}"


def _promotions(state: Json) -> Iterator[str]:
    lines: list[str] = []
    for promotion in state["promotions"]:
        name = promotion["promotion_id"]
        lines += [f"{name}: issual {issual['issual_id']} {issual['state']}" for issual in promotion["issuals"]]
        lines += [f"{name}: earn {earn['earned_id']} {earn['state']}" for earn in promotion["earns"]]
    yield from _few(lines)


def _customers(state: Json) -> Iterator[str]:
    if state["added_at"] is not None:
        yield f"added {moment(state['added_at'])}"
    newest_first = list(reversed(state["transactions"]))
    yield from _few([f"transaction {each['transaction_id']}: {each['status'] or 'recorded'}" for each in newest_first])


def _partners(state: Json) -> Iterator[str]:
    for membership in state["memberships"]:
        name = f"partner programme {membership['partner_program_id']}"
        tier = f", tier {membership['partner_tier']}" if membership["partner_tier"] else ""
        until = f" {_until(membership['expires_on'], 'without end')}" if membership["state"] == "linked" else ""
        yield f"{name}: {membership['state']}{until}{tier}"


def _rewards(state: Json) -> Iterator[str]:
    if "grants" in state:
        yield from _few([f"reward {each['reward_id']}: given {each['times']} times" for each in state["grants"]])
    else:
        yield from _fields(state)


def _fields(state: Json) -> Iterator[str]:
    yield fields_text({name: value for name, value in state.items() if name != "seq"})


def _until(day: str | None, never: str) -> str:
    return never if day is None else f"until {day}"


def _few(lines: Sequence[str]) -> list[str]:
    shown = list(lines[:SHOWN_MAX])
    return [*shown, f"… and {len(lines) - SHOWN_MAX} more"] if len(lines) > SHOWN_MAX else shown


_DOMAINS: Final[dict[str, Callable[[Json], Iterator[str]]]] = {
    "points": _points,
    "tiers": _tiers,
    "coupons": _coupons,
    "streaks": _streaks,
    "promotions": _promotions,
    "customers": _customers,
    "partners": _partners,
    "rewards": _rewards,
    "cards": _fields,
    "requests": _fields,
    "executions": _fields,
}
