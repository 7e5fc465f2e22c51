"""Keep loyalty customers' balances exact: vendors' events in, tables and derived events out."""
