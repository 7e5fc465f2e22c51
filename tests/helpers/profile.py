"""How hard Hypothesis searches: moderately, and in CI the same way every time."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("moderate", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("moderate"), derandomize=True, print_blob=True)


def load() -> None:
    """Load the profile for this run."""
    settings.load_profile("ci" if in_ci() else "moderate")


def in_ci() -> bool:
    """Return whether this run is one of the CI's."""
    return os.environ.get("CI", "").lower() in {"1", "true"}
