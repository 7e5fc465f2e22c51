"""Serve what is known of a customer to people and other programs."""
