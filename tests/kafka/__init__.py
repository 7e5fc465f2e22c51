"""Give tests a real Kafka broker, the clients to look at it, and workers to run against it."""
