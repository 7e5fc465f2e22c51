"""How hard Hypothesis searches: moderately, and in CI the same way every time."""

from hypothesis import HealthCheck, settings

from tests.lacking import in_ci

settings.register_profile("moderate", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("moderate"), derandomize=True, print_blob=True)


def load() -> None:
    """Load the profile for this run."""
    settings.load_profile("ci" if in_ci() else "moderate")
