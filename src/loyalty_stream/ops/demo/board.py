"""Show how far it is while it runs: a live table on a terminal, plain lines elsewhere."""

import time
from collections import Counter
from typing import Final, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from loyalty_stream.ops.demo.figures import Figures

_LINE_EVERY_SECONDS: Final = 1.0
_RATE_OVER_SECONDS: Final = 1.0


class Board:
    """The display, as a context."""

    def __init__(self, console: Console, events: int) -> None:
        """Take where to show it, and how many events there will be."""
        self._console = console
        self._events = events
        self._live = Live(console=console, refresh_per_second=8, transient=False) if console.is_terminal else None
        self._started = self._shown = time.monotonic()
        self._past: list[tuple[float, int]] = [(self._started, 0)]

    def __enter__(self) -> Self:
        """Start showing."""
        self._started = self._shown = time.monotonic()
        self._past = [(self._started, 0)]
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last state to be read."""
        if self._live is not None:
            self._live.stop()

    def show(self, figures: Figures, made: int, *, last: bool = False) -> None:
        """Show the figures as they are now."""
        now = time.monotonic()
        head = self._head(figures, made, now)
        if self._live is not None:
            self._live.update(_tables(head, figures))
        elif last or now - self._shown >= _LINE_EVERY_SECONDS:
            self._shown = now
            derived = " ".join(f"{domain} {count}" for domain, count in sorted(figures.derived.items()))
            dead, repairs = sum(figures.dead_letters.values()), sum(figures.repairs.values())
            dialects = ", ".join(f"{dialect} {count}" for dialect, count in sorted(figures.dialects.items()))
            self._console.print(
                f"{head} | {dialects} | derived: {derived} | dead letters {dead}, repairs {repairs}", soft_wrap=True
            )

    def _head(self, figures: Figures, made: int, now: float) -> str:
        self._past.append((now, figures.settled))
        while len(self._past) > 2 and now - self._past[1][0] > _RATE_OVER_SECONDS:  # noqa: PLR2004 - two make a rate
            self._past.pop(0)
        since, before = self._past[0]
        rate = (figures.settled - before) / max(now - since, 0.001)
        lag = made - figures.settled
        return (
            f"{now - self._started:4.1f} s  {figures.settled:,} of {self._events:,} events  {rate:,.0f}/s  lag {lag:,}"
        )


def _tables(head: str, figures: Figures) -> RenderableType:
    columns = Table.grid(padding=(0, 4))
    columns.add_row(
        _counts("processed", figures.dialects),
        _counts("derived events", figures.derived),
        _counts("dead letters", figures.dead_letters),
        _counts("repairs", figures.repairs),
    )
    return Group(Text(head, style="bold"), columns)


def _counts(title: str, counts: Counter[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, show_header=False, title_style="bold cyan")
    table.add_column()
    table.add_column(justify="right")
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(name, f"{count:,}")
    return table
