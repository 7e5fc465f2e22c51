"""Look at everything that a worker needs, and say of what is wrong how to mend it."""
