"""Replay raw events into a shadow beside production, and compare the two (ADR 16)."""
