"""Hold every count and every customer's state against what the simulation says."""

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console

from loyalty_stream.domains import DOMAINS
from loyalty_stream.ops.demo.compare import differences, expected_facts, found_facts, sequence_gaps
from loyalty_stream.ops.demo.figures import Figures
from loyalty_stream.ops.demo.listener import Listener
from loyalty_stream.ops.state import WorkerClient
from loyalty_stream.ops.status import identity
from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.serving.customer import CustomerKey
from loyalty_stream.simulate import Answer
from loyalty_stream.simulate.options import Dialect

Pictures = Mapping[str, dict[str, Any]]

_SHOWN_MAX: Final = 20
_TYPICAL_LINES: Final = 25


class Check:
    """Compare one run with its right answer."""

    def __init__(self, answer: Answer, client: WorkerClient, listener: Listener) -> None:
        """Take the right answer, the worker to ask, and what was heard on the topics."""
        self._answer = answer
        self._client = client
        self._listener = listener
        self._expected = expected_facts(answer)

    def pictures(self) -> Pictures:
        """Ask the worker for everyone and everything that the simulation or a derived event knows."""
        keys = {*self._expected, *(key for key, _topic in self._listener.derived)}
        found = {key: self._client.customer(CustomerKey.parse(key)) for key in sorted(keys)}
        return {key: picture or {} for key, picture in found.items()}

    def typical(self, pictures: Pictures) -> dict[str, Any] | None:
        """Return the picture of a customer who knows the most domains, and neither too little nor too much of them."""
        most = max(map(_domains_of, pictures.values()), default=0)
        whole = [picture for picture in pictures.values() if most and _domains_of(picture) == most]
        return min(whole, key=lambda picture: abs(_facts_of(picture) - _TYPICAL_LINES), default=None)

    def report(
        self, console: Console, tally: Tally, figures: Figures, pictures: Pictures, made: Mapping[Dialect, int]
    ) -> bool:
        """Print each comparison and return whether all hold; `made` is how many records of each dialect there were."""
        answer = self._answer
        console.print("\n[bold]Every record accounted for[/bold]")
        console.print(f"  {identity(tally)}", soft_wrap=True)
        console.print("\n[bold]Compared with what the simulation made[/bold]")
        lines = [
            _line("consumed", tally.consumed, answer.consumed),
            _line("of each dialect", dict(figures.dialects), dict(made)),
            _line("applied", tally.applied, answer.applied),
            _line("duplicates", tally.duplicate, answer.duplicate),
            _line("ignored", tally.ignored, answer.ignored),
            _line("dead-lettered", tally.dead_lettered, answer.dead_lettered),
            _line("dead letters by reason", dict(figures.dead_letters), dict(answer.dead_letters)),
            _line("dead letters in the topic", self._listener.dead_letters, answer.dead_lettered),
            _line("derived events in the topics", self._listener.received, figures.derived.total(), "published"),
        ]
        wrong = [text for is_right, text in lines if not is_right]
        for is_right, text in lines:
            console.print(f"  {'[green]✓[/green]' if is_right else '[red]✗[/red]'} ", end="")
            console.print(text, markup=False, soft_wrap=True)
        wrong += self._report_customers(console, pictures)
        return not wrong

    def _report_customers(self, console: Console, pictures: Pictures) -> list[str]:
        wrong: list[str] = []
        facts = 0
        for key, picture in pictures.items():
            found = found_facts(picture)
            facts += len(found)
            wrong += differences(key, self._expected.get(key, {}), found)
            if key not in self._answer.erased:  # else no row is left that counts
                wrong += sequence_gaps(key, picture, self._listener.derived)
        text = (
            f"{len(pictures):,} customers, rewards, cards, requests, campaigns and executions: {facts:,} facts of "
            "them, from balances to states, and each seq without a gap"
        )
        text = f"  [red]✗[/red] {text}: {len(wrong)} differences" if wrong else f"  [green]✓[/green] {text}"
        console.print(text, soft_wrap=True)
        for line in wrong[:_SHOWN_MAX]:
            console.print(f"      {line}", markup=False, soft_wrap=True)
        if len(wrong) > _SHOWN_MAX:
            console.print(f"      … and {len(wrong) - _SHOWN_MAX} more")
        return wrong


def _line(name: str, found: object, expected: object, who: str = "simulated") -> tuple[bool, str]:
    if found == expected:
        if isinstance(found, dict):
            return True, f"{name}: " + ", ".join(f"{reason} {count}" for reason, count in sorted(found.items()))
        return True, f"{name}: {found} ({who}: {expected})"
    return False, f"{name}: {found}, {who}: {expected}"


def _domains_of(picture: Mapping[str, Any]) -> int:
    return sum(domain.name in picture for domain in DOMAINS)


def _facts_of(picture: Mapping[str, Any]) -> int:
    return len(found_facts(picture))
