"""Look at the Schema Registry, where one is used."""

from collections.abc import Iterator

from loyalty_stream.ops.doctor.finding import Finding
from loyalty_stream.runtime.registry import RegistryError, schema_ids
from loyalty_stream.runtime.settings import Settings


def check_registry(settings: Settings) -> Iterator[Finding]:
    """See whether the registry answers, and has this version's schemas."""
    if not settings.uses_registry:
        yield Finding.skipped("schema registry", "none is used: LOYALTY_SCHEMA_REGISTRY_URL is not set")
        return
    try:
        ids = schema_ids(settings)
    except RegistryError as failure:
        found, _, command = str(failure).partition(" Run: ")
        fix = command or "start it, or set LOYALTY_SCHEMA_REGISTRY_URL to where it is"
        yield Finding.problem("schema registry", found.removesuffix("."), fix)
    else:
        yield Finding.ok("schema registry", f"has the schemas of all {len(ids)} derived topics")
