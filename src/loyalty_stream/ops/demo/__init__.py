"""Run the whole thing where there is nothing: broker, topics, worker, simulated events, and compare the outcome."""
