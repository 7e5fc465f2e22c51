"""What happened to a customer, from derived events: entries, steps of a balance, balances of the past. Pure."""
