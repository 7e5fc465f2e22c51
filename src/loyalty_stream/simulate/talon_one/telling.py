"""What notifications tell: the newest word on a campaign counts, and its deletion is final.

Written from the rules, not from the reducers. A word with an older time of the vendor's than the newest changes
nothing; one without a usable time is taken as it comes.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.campaigns import Application, Campaign, Limit
from loyalty_stream.simulate.talon_one.documents import ARCHIVED, GAUGES, USED
from loyalty_stream.simulate.talon_one.world import Json

Kind = Literal[
    "campaign_created",
    "campaign_state_changed",
    "campaign_rules_changed",
    "campaign_edited",
    "campaign_deleted",
    "campaign_priorities_changed",
]

_SWITCHED: Final = {"enabled": True, "disabled": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What one notification tells of a campaign; `document` is the vendor's object as of then."""

    kind: Kind
    key: str
    state: str | None = None
    vendor_state: str | None = None
    ruleset_id: int | None = None
    priority: tuple[str | None, int | None] | None = None
    document: Json | None = None

    def tell(self, answer: Answer, at_ms: int | None, received_ms: int) -> None:
        """Change the answer; `at_ms` is the vendor's time, None where it is not usable."""
        known = answer.campaigns.get(self.key) or Campaign()
        version_at = known.version_at if at_ms is None else at_ms
        if known.deleted_at is not None:
            return
        if self.kind == "campaign_deleted":
            newest_ms = max(version_at, known.version_at)
            deleted_at = received_ms if at_ms is None else at_ms
            answer.campaigns[self.key] = Campaign(known.state, known.vendor_state, newest_ms, deleted_at)
            return
        if version_at < known.version_at:
            return
        known.version_at = version_at
        if self.priority is not None:
            known.priority_set, known.priority_position = self.priority
        if self.ruleset_id:
            known.ruleset_id = str(self.ruleset_id)
        if self.document is not None:
            _adopt(known, self.document)
        self._adopt_state(known, received_ms if at_ms is None else at_ms)
        answer.campaigns[self.key] = known

    def _adopt_state(self, campaign: Campaign, at_ms: int) -> None:
        """Take the state that is named; else the one that is known holds, but for a campaign that is archived."""
        document = self.document or {}
        if self.state is not None:
            campaign.state, campaign.vendor_state = self.state, self.vendor_state
        elif document["state"] == ARCHIVED:
            campaign.state = campaign.vendor_state = ARCHIVED
        elif campaign.state is None or self.kind == "campaign_created":
            campaign.state = campaign.state or _state_at(campaign, at_ms)
            campaign.vendor_state = document["state"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What one notification tells of an application: the order of its campaigns, and the tiers of its programmes."""

    key: str
    positions: tuple[tuple[str, int, str], ...]
    programs: list[Json]

    def tell(self, answer: Answer, at_ms: int | None, _received_ms: int) -> None:
        """Change the answer; `at_ms` is the vendor's time, None where it is not usable."""
        known = answer.applications.setdefault(self.key, Application())
        if at_ms is not None and at_ms < known.version_at:
            return
        known.positions = self.positions
        for program in self.programs:
            known.programs[str(program["id"])] = tuple(
                (str(tier.get("id", tier["name"])), tier["name"], Decimal(tier["minPoints"]))
                for tier in program["tiers"]
            )
        known.version_at = known.version_at if at_ms is None else at_ms


def _adopt(campaign: Campaign, document: Json) -> None:
    """Take over a document: totals as they stand, never added up."""
    campaign.name = document["name"]
    if document["activeRulesetId"]:
        campaign.ruleset_id = str(document["activeRulesetId"])
    campaign.gauges = {GAUGES[field]: Decimal(document[field]) for field in GAUGES}
    campaign.adopt_limits(tuple(_limit(limit, document) for limit in document["limits"]))
    campaign.switched_on = _SWITCHED.get(document["state"])
    has_schedule = campaign.switched_on is not None
    campaign.starts_at = _milliseconds(document["startTime"]) if has_schedule else None
    campaign.expires_at = _milliseconds(document["endTime"]) if has_schedule else None


def _limit(limit: Json, document: Json) -> Limit:
    period = limit.get("period")
    total = USED[limit["action"], period, tuple(limit["entities"])]
    return Limit(limit["action"], Decimal(limit["limit"]), period, None if total is None else Decimal(document[total]))


def _state_at(campaign: Campaign, at_ms: int) -> str:
    """Return the state that a campaign's switch and dates give at a time; both dates are inside."""
    if not campaign.switched_on:
        return "disabled"
    if campaign.starts_at is not None and at_ms < campaign.starts_at:
        return "not_started"
    if campaign.expires_at is not None and at_ms > campaign.expires_at:
        return "expired"
    return "active"


def _milliseconds(text: str | None) -> int | None:
    return None if text is None else round(datetime.fromisoformat(text).timestamp() * 1000)
