"""Hold the words every part shares: amounts, keys, events, outcomes and reasons. Pure, no I/O."""
