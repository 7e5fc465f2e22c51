"""Name programmes for a metric label, few and never a card."""

from loyalty_stream.pipeline.totals import OTHER_PROGRAM, PROGRAM_PREFIXES


class Programs:
    """Give the first programmes a name of their own, and one name to all others."""

    def __init__(self, named_max: int) -> None:
        """Know none yet."""
        self._named_max = named_max
        self._named: dict[tuple[str, str, str], str] = {}
        self._other_shown = False

    def label(self, vendor: str, org_id: str, program_id: str) -> tuple[str, bool]:
        """Return the label of a programme, and whether that label is new."""
        key = (vendor, org_id, program_id)
        label = self._named.get(key)
        if label is not None:
            return label, False
        if len(self._named) < self._named_max and program_id.startswith(PROGRAM_PREFIXES.get(vendor, "")):
            label = self._named[key] = ":".join(key)
            return label, True
        is_new, self._other_shown = not self._other_shown, True
        return OTHER_PROGRAM, is_new
