"""Compare the registry's subjects with the schemas of this version, and make them so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from loyalty_stream.pipeline.avro import Schema
from loyalty_stream.runtime.registry import Registry

COMPATIBILITY: Final = "BACKWARD_TRANSITIVE"
"""A new schema reads what any earlier one has written: whoever reads may always read a topic from its beginning."""


@dataclass(frozen=True)
class Unregistered:
    """A subject without this version's schema."""

    subject: str

    def __str__(self) -> str:
        """Say what is wrong and the command that mends it."""
        return f"subject {self.subject} lacks this version's schema. Register it: loyalty-stream topics apply"

    @property
    def done(self) -> str:
        """What was done about it."""
        return f"{self.subject}: registered"


@dataclass(frozen=True)
class WrongCompatibility:
    """A subject that takes schemas which cannot read what was written before, or refuses ones that can."""

    subject: str
    found: str | None

    def __str__(self) -> str:
        """Say what is wrong and the command that mends it."""
        return (
            f"subject {self.subject} has compatibility {self.found or 'of the registry'} where {COMPATIBILITY} is"
            " needed. Set it: loyalty-stream topics apply"
        )

    @property
    def done(self) -> str:
        """What was done about it."""
        return f"{self.subject}: set compatibility {COMPATIBILITY} (was {self.found or 'that of the registry'})"


SubjectDifference: TypeAlias = Unregistered | WrongCompatibility


def plan(registry: Registry, wanted: Mapping[str, Schema]) -> list[SubjectDifference]:
    """Return how the registry's subjects differ from the wanted ones; none means that all is well."""
    found: list[SubjectDifference] = []
    for subject, schema in wanted.items():
        if registry.id_of(subject, schema) is None:
            found.append(Unregistered(subject))
        if (level := registry.compatibility(subject)) != COMPATIBILITY:
            found.append(WrongCompatibility(subject, level))
    return found


def apply(registry: Registry, wanted: Mapping[str, Schema]) -> list[SubjectDifference]:
    """Register what is missing, set what is set otherwise, and return what was changed.

    Raises:
        RegistryError: The registry does not answer, or refuses a schema.

    """
    found = plan(registry, wanted)
    levels = [difference.subject for difference in found if isinstance(difference, WrongCompatibility)]
    _set_compatibility(registry, levels)  # before: what is registered next has to be compatible
    for difference in found:
        if isinstance(difference, Unregistered):
            registry.register(difference.subject, wanted[difference.subject])
    _set_compatibility(registry, levels)  # after: Apicurio keeps no setting of a subject that it did not have
    return found


def _set_compatibility(registry: Registry, subjects: Iterable[str]) -> None:
    for subject in subjects:
        if registry.compatibility(subject) != COMPATIBILITY:
            registry.set_compatibility(subject, COMPATIBILITY)
