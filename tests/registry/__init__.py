"""Give tests a real Schema Registry."""
