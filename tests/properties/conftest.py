"""Load the Hypothesis profile."""

from tests.helpers import profile

profile.load()
