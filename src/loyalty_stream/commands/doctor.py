"""`loyalty-stream doctor`."""

from typing import TYPE_CHECKING

import typer

from loyalty_stream.commands.output import JsonOption, print_json

if TYPE_CHECKING:
    from loyalty_stream.ops.doctor.finding import Finding

_MARKS = {"ok": ("ok", "green"), "warning": ("look", "yellow"), "problem": ("WRONG", "red"), "skipped": ("-", "white")}


def doctor(json: JsonOption = False) -> None:
    """Look at all that a worker needs, and say of what is wrong how to mend it: nothing is changed.

    This machine, the registry, Redis, the brokers, this user's rights, the topics, the workers, the clock. Exit code 1
    where something keeps a worker from its work.
    """
    from loyalty_stream.ops.doctor.finding import Verdict
    from loyalty_stream.ops.doctor.run import examine
    from loyalty_stream.runtime.settings import load_settings

    findings = []
    for finding in examine(load_settings()):
        findings.append(finding)
        if not json:
            _show(finding)
    problems = sum(finding.verdict is Verdict.PROBLEM for finding in findings)
    if json:
        print_json({"healthy": not problems, "findings": [finding._asdict() for finding in findings]})
    else:
        typer.echo(f"\n{problems} to mend." if problems else "\nNothing keeps a worker from its work.")
    if problems:
        raise typer.Exit(1)


def _show(finding: "Finding") -> None:
    mark, color = _MARKS[finding.verdict]
    typer.echo(typer.style(f"{mark:<6}", fg=color) + f"{finding.check:<20} {finding.found}")
    if finding.fix:
        typer.echo(f"{'':<27}-> {finding.fix}")
