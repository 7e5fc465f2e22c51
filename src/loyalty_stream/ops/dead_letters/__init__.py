"""Look at dead letters, and send them back to their raw topics."""
