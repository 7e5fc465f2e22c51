"""Give tests a real Redis."""
