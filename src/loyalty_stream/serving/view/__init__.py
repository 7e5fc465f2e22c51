"""Keep Redis a copy of the committed tables, for readers that want an answer at once (ADR 18)."""
