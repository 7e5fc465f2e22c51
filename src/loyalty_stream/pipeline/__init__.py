"""Take a raw record to its effects: decode, normalise, route, reduce, emit. Pure, no I/O."""
