"""Rewrite every `expected.json` from what the code does now, for review: `python -m tests.golden.update [NAME...]`."""

import sys

from tests.golden.cases import all_cases, dumped, run


def main(parts: list[str]) -> None:
    """Rewrite the cases whose name holds one of the parts, or all; print those that changed."""
    for case in all_cases():
        if parts and not any(part in case.name for part in parts):
            continue
        path = case.folder / "expected.json"
        text = dumped(run(case).document)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            sys.stdout.write(f"{case.name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
