"""Executions of campaigns, and their versions as the vendor exports them; which version counts."""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from loyalty_stream.model.keys import entity_key
from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.campaigns import Execution

VENDOR: Final = "open_loyalty"
Status = Literal["success", "skipped", "failed"]
Outcome = Literal["applied", "duplicate", "conflict"]


class Content(NamedTuple):
    """What a version says, its own time aside; of the texts it only matters whether there are any."""

    status: Status
    executed_ms: int | None
    has_message: bool
    has_warning: bool


class Version(NamedTuple):
    """A version of an execution as the vendor exports it."""

    content: Content
    updated_ms: int


@dataclass(slots=True, eq=False)
class Run:
    """An execution; `seen` holds the versions by which it is known, `newest` the one that counts."""

    id: str
    tenant_id: str
    campaign_id: str
    customer_id: str | None
    transaction_id: str | None
    created_ms: int
    versions: list[Version]
    newest: Version | None = None
    seen: dict[int, Content] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The entity key under which it is kept."""
        return entity_key(VENDOR, self.tenant_id, f"execution/{self.id}")

    def tell(self, answer: Answer, version: Version) -> Outcome:
        """Return what becomes of a version that is exported now, the answer changed by it.

        The same version with the same content came before, with another it contradicts itself. A newer version
        counts; an older one changes nothing, and came before where it says the same as the one that counts.
        """
        content, updated_ms = version
        known = self.seen.get(updated_ms)
        if known is not None:
            return "duplicate" if known == content else "conflict"
        if self.newest is not None and updated_ms < self.newest.updated_ms:
            if content == self.newest.content:
                return "duplicate"
        else:
            self.newest = version
            answer.executions[self.key] = Execution(content.status, updated_ms)
        self.seen[updated_ms] = content
        return "applied"
