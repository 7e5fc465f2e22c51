"""Import files that vendors export: each row a raw record, exactly once, whatever is killed (ADR 13)."""
