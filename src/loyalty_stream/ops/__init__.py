"""Operate a running system: topics, health, dead letters, the embedded broker."""
