"""Find the files that ship beside the code: Avro schemas and the list of topics."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]
"""Where `src/` stands when the package runs from a source checkout."""


def resource(name: str) -> Path:
    """Return the path of a shipped file or folder, given relative to the project's root (`avro/derived/points.avsc`).

    An installed wheel carries them in `_data`; a source checkout has them where they are written.

    Raises:
        FileNotFoundError: Neither place has it.

    """
    for root in (_PACKAGE / "_data", _CHECKOUT):
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(f"{name!r} is not part of this installation; reinstall with `pip install loyalty-stream`")
