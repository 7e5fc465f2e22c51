"""Say in a short sentence what a derived event of the points domain did. Pure."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from loyalty_stream.domains.points.derived import BalanceReason
from loyalty_stream.model.amounts import amount_text
from loyalty_stream.serving.history.balance import Triple, triple

Data = Mapping[str, Any]
_POINTS: Final = "points"


def what(kind: str, data: Data) -> str:
    """Return the sentence; of a type that has none, its name."""
    return _SENTENCES[kind](data) if kind in _SENTENCES else kind


def _changed(data: Data) -> str:
    delta, currency = triple(data, "delta_"), data["currency"]
    if not any(delta):
        return f"moved the expiry of {_amount(_moved(data), currency)}" if _moved(data) else "moved points among lots"
    return _REASONS[data["reason"]](delta, currency)


def _moved(data: Data) -> Decimal:
    return sum((Decimal(lot["amount"]) for lot in data["lots"] if lot["change"] == "expiry_moved"), Decimal(0))


def _issued(delta: Triple, currency: str) -> str:
    parts = [f"issued {_amount(delta[0], currency)}"] if delta[0] or not delta[1] else []
    parts += [f"promised {_amount(delta[1], currency)}"] if delta[1] else []
    return " and ".join(parts)


def _issue_reversed(delta: Triple, currency: str) -> str:
    parts = [f"{_amount(-delta[0], currency)} issued before"] if delta[0] or not delta[1] else []
    parts += [f"{_amount(-delta[1], currency)} promised before"] if delta[1] else []
    return f"took back {' and '.join(parts)}"


def _baselined(delta: Triple, currency: str) -> str:
    parts = [
        f"{name} {amount_text(amount) if amount < 0 else f'+{amount_text(amount)}'}"
        for name, amount in zip(("active", "pending", "lifetime"), delta, strict=True)
        if amount
    ]
    unit = "" if currency == _POINTS else f" of {currency}"
    return f"adopted the vendor's total{unit}: {', '.join(parts)}"


def _all_of(delta: Triple, currency: str) -> str:
    parts = [_amount(abs(delta[0]), currency)] if delta[0] or not delta[1] else []
    parts += [f"{_amount(abs(delta[1]), currency)} promised"] if delta[1] else []
    return " and ".join(parts)


def _taken(verb: str) -> Callable[[Triple, str], str]:
    return lambda delta, currency: f"{verb} {_amount(-delta[0], currency)}"


def _given(verb: str, more: str = "") -> Callable[[Triple, str], str]:
    return lambda delta, currency: f"{verb} {_amount(delta[0], currency)}{more}"


def _amount(amount: Decimal, currency: str) -> str:
    return f"{amount_text(amount)} {currency if currency == _POINTS else f'of {currency}'}"


_REASONS: Final[dict[BalanceReason, Callable[[Triple, str], str]]] = {
    "issued": _issued,
    "converted": _given("made", " of what was promised current"),
    "redeemed": _taken("redeemed"),
    "expired": _taken("expired"),
    "transferred_out": _taken("gave away"),
    "transferred_in": _given("received"),
    "issue_reversed": _issue_reversed,
    "redemption_reversed": _given("gave back", " redeemed before"),
    "merged_out": lambda delta, currency: f"handed over {_all_of(delta, currency)} to another customer in a merge",
    "merged_in": lambda delta, currency: f"took over {_all_of(delta, currency)} of another customer in a merge",
    "baselined": _baselined,
    "adjusted": lambda delta, currency: f"adjusted by {'+' if delta[0] > 0 else ''}{_amount(delta[0], currency)}",
}
_SENTENCES: Final[dict[str, Callable[[Data], str]]] = {
    "BalanceChanged": _changed,
    "BalanceDriftDetected": lambda data: (
        f"the vendor's {data['field']} total is {data['theirs']}, ours {data['ours']}: {data['difference']} apart"
    ),
    "BalanceDriftResolved": lambda data: f"the vendor's {data['field']} total is {data['theirs']} as ours again",
    "PointsExpiringSoon": lambda data: (
        f"{_amount(Decimal(data['amount']), data['currency'])} will expire"
        + (f" on {data['expires_on']}" if data["expires_on"] else "")
    ),
    "PointsTransferSettled": lambda data: f"both legs of a transfer of {data['amount']} points are booked",
    "PointsTransferUnmatched": lambda data: f"a transfer of {data['amount']} points lacks its other leg",
    "EventConflictDetected": lambda _: "the same event came again with another content, and was not applied",
}
