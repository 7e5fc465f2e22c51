"""Write an explanation for a terminal. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from loyalty_stream.serving.readable import moment

Json = Mapping[str, Any]
_WARNINGS: Final = frozenset({"BalanceDriftDetected", "EventConflictDetected", "PointsTransferUnmatched"})


def explanation_lines(told: Json) -> list[str]:
    """Return what `/v1/customers/{key}/explain` tells, a few lines for each step, the oldest first."""
    lines = [told["key"]]
    if told["merged_into"] is not None:
        lines.append(f"merged into {told['merged_into']}, who has all of it now")
    if not told["complete"]:
        lines.append("the first steps could not be read any more")
    for each in told["merged"]:
        when = "" if each["at"] is None else f" on {moment(each['at'])}"
        rest = "" if each["complete"] else "; the first steps could not be read any more"
        lines += ["", f"merged in{when}: {each['key']}{rest}"]
        for account in each["accounts"]:
            lines += _account(account)
    for account in told["accounts"]:
        lines += ["", *_account(account)]
        now = ", ".join(f"{name} {amount}" for name, amount in account["now"].items())
        agreement = "as the steps say" if account["agrees"] else "WHICH IS NOT WHAT THE STEPS LEAD TO"
        lines.append(f"  now: {now}, {agreement}")
    if told["others"]:
        lines += ["", "of no single account", *_steps(told["others"])]
    return lines


def _account(account: Json) -> list[str]:
    return [f"programme {account['program_id']}, {account['currency']}", *_steps(account["steps"])]


def _steps(steps: Sequence[Json]) -> Iterator[str]:
    seq_width = max((len(str(step["seq"])) for step in steps), default=0)
    deltas = [_signed(step) for step in steps]
    balances = ["" if step["balance"] is None else step["balance"]["active"] for step in steps]
    delta_width, balance_width = max(map(len, deltas), default=0), max(map(len, balances), default=0)
    for step, delta, balance in zip(steps, deltas, balances, strict=True):
        mark = "! " if step["type"] in _WARNINGS else ""
        head = f"{step['seq']:>{seq_width}}  {moment(step['occurred_at'])}  {delta:>{delta_width}}"
        yield f"  {head}  {balance:>{balance_width}}  {mark}{step['what']}"
        indent = " " * (seq_width + 4)
        yield f"{indent}{_cause(step['cause'])}"
        yield from (f"{indent}lot {_lot(lot)}" for lot in step["lots"])
        yield from (f"{indent}{note}" for note in step["notes"])


def _signed(step: Json) -> str:
    amount = "" if step["delta"] is None else step["delta"]["active"]
    return amount if amount in {"", "0"} or amount.startswith("-") else f"+{amount}"


def _cause(cause: Json) -> str:
    name = cause["event_name"] if cause["event_id"] is None else f"{cause['event_name']} {cause['event_id']}"
    return f"{name} at {cause['topic']} {cause['partition']}:{cause['offset']}"


def _lot(lot: Json) -> str:
    until = "" if lot["expires_on"] is None else f" until {lot['expires_on']}"
    return f"{lot['lot_id']}: {lot['change'].replace('_', ' ')} {lot['amount']}, holds {lot['remaining']}{until}"
