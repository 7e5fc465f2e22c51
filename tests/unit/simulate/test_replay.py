"""Read the clean records back as the vendor's documentation says, and compare with the answer."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.simulate import Account, Coupon, Move, Simulation, SimulationOptions, Totals
from loyalty_stream.simulate.envelopes import body_of

Json = dict[str, Any]
ZERO = Decimal(0)


class Reading:
    """What the records alone say."""

    def __init__(self) -> None:
        self.accounts: dict[tuple[str, str, str], Account] = {}
        self.tiers: dict[tuple[str, str], int] = {}
        self.coupons: dict[tuple[str, str], Coupon] = {}
        self.streaks: dict[tuple[str, str, str, str], str] = {}
        self.promotions: dict[tuple[str, str, str], str] = {}

    def book(self, key: str, program_id: int, move: Move, at: Json) -> None:
        totals = Totals(at.get("programCurrentPoints"), at.get("programLifetimePoints"))
        self.accounts.setdefault((key, str(program_id), "points"), Account()).book(move, totals)

    def points_issued(self, key: str, data: Json) -> None:
        breakup = sum((row["points"] for row in data.get("regularPointsBreakup", [])), ZERO)
        got = max(breakup, data.get("regularPointsIssued", ZERO))
        got += sum((row["promotionPoints"] for row in data.get("promotionalPointsIssued", [])), ZERO)
        promised = sum((row["promisedPoints"] for row in data.get("promisedPointsIssued", [])), ZERO)
        if "regularPointsIssued" not in data:
            got = data["totalPointsIssued"]
        self.book(key, data["loyaltyProgramId"], Move(active=got, pending=promised, lifetime=got), data)

    def points_redeemed(self, key: str, data: Json) -> None:
        if "redemptionFromEarningPrograms" not in data:
            self.book(key, data["loyaltyProgramId"], Move(active=-data["totalPointsRedeemed"]), {})
        for row in data.get("redemptionFromEarningPrograms", []):
            self.book(key, row["programId"], Move(active=-row["pointsRedeemed"]), row)

    def converted(self, key: str, data: Json) -> None:
        points = data["pointsConverted"]
        self.book(key, data["loyaltyProgramId"], Move(active=points, pending=-points, lifetime=points), data)

    def expired(self, key: str, data: Json) -> None:
        self.book(key, data["loyaltyProgramId"], Move(active=-data["pointsExpired"]), {})

    def redemption_reversed(self, key: str, data: Json) -> None:
        for row in data["redemptionReversalToEarningPrograms"]:
            available = row["redeemedPointsReversedDetails"]["available"]
            self.book(key, row["programId"], Move(active=available), row)

    def issue_reversed(self, key: str, data: Json) -> None:
        if "currentEventTotalPointsReturned" in data:
            names = (
                "currentEventRegularPointsReturned",
                "currentEventPromisedPointsReturned",
                "currentEventPromotionPointsReturnedDetails",
            )
        else:
            names = ("regularPointsReversed", "promisedPointsReversed", "promotionalPointsReversed")
        taken = data[names[0]] + sum((row["promotionPoints"] for row in data[names[2]]), ZERO)
        self.book(key, data["loyaltyProgramId"], Move(active=-taken, pending=-data[names[1]], lifetime=-taken), data)

    def tier(self, field: str) -> Callable[[str, Json], None]:
        def read(key: str, data: Json) -> None:
            self.tiers[key, str(data["loyaltyProgramId"])] = data[field]

        return read

    def coupons_issued(self, key: str, data: Json) -> None:
        for row in data["coupons"]:
            owner = key.rsplit(":", 1)[0] + f":{row['customerIdentifiers']['customerId']}"
            self.coupons.setdefault((owner, str(row["id"])), Coupon())

    def coupon_redeemed(self, key: str, data: Json) -> None:
        coupon = self.coupons.setdefault((key, str(data["coupon"]["id"])), Coupon())
        coupon.state, coupon.uses = "redeemed", coupon.uses + 1

    def streak(self, field: str, state: str) -> Callable[[str, Json], None]:
        def read(key: str, data: Json) -> None:
            target = data.get("targetDetails") or data["targetData"][0]
            place = (key, str(target["targetGroupId"]), str(target["targetPeriodId"]), data[field][0]["streakName"])
            self.streaks[place] = state

        return read

    def promotion(self, kind: str, field: str, state: str) -> Callable[[str, Json], None]:
        def read(key: str, data: Json) -> None:
            self.promotions[key, kind, str(data[field])] = state

        return read

    def earns_revoked(self, key: str, data: Json) -> None:
        for row in data["revokedEarnedPromotionDetails"]:
            self.promotions[key, "earned", str(row["revokedEarnedId"])] = "revoked"

    def readers(self) -> dict[str, Callable[[str, Json], None]]:
        return {
            "pointsissued": self.points_issued,
            "pointsredeemed": self.points_redeemed,
            "promisedtocurrentpointsconversion": self.converted,
            "pointsexpired": self.expired,
            "redeemedpointsreversed": self.redemption_reversed,
            "issuedpointsreversed": self.issue_reversed,
            "tierupgraded": self.tier("upgradedTierNumber"),
            "tierrenewed": self.tier("currentTierNumber"),
            "tierdowngraded": self.tier("downgradedTierNumber"),
            "couponissue": self.coupons_issued,
            "couponredeem": self.coupon_redeemed,
            "streakcustomerenrolment": self.streak("streakEnrolmentData", "enrolled"),
            "streakcustomerunenrolment": self.streak("streakUnEnrolmentData", "unenrolled"),
            "streakstart": self.streak("streakStartData", "running"),
            "streakend": self.streak("streakEndData", "ended"),
            "promotionissued": self.promotion("issual", "issualId", "issued"),
            "promotionearned": self.promotion("earned", "earnedId", "earned"),
            "revokeissuedpromotion": self.promotion("issual", "revokedIssualId", "revoked"),
            "revokeearnedpromotion": self.earns_revoked,
        }


@pytest.mark.parametrize("bulk", ["own", "others"])
def test_the_records_say_what_the_answer_says(bulk: str) -> None:
    options = SimulationOptions(events=12_000, customers=300, seed=21, dirt_share=0, bulk=bulk)  # type: ignore[arg-type]
    simulation, reading = Simulation(options), Reading()
    readers = reading.readers()
    for record in simulation.records():
        if record.note != "good" or record.envelope is None:
            continue
        body = body_of(json.loads(record.value, parse_float=Decimal), record.envelope)
        read = readers.get(body["eventName"].lower())
        if read is not None:
            customer = body["data"].get("customerIdentifiers") or body["data"]["coupons"][0]["customerIdentifiers"]
            read(f"capillary:{body['orgId']}:{customer['customerId']}", body["data"])
    answer = simulation.answer
    assert reading.accounts == answer.accounts
    assert reading.tiers == answer.tiers
    assert reading.coupons == answer.coupons
    assert reading.streaks == answer.streaks
    assert reading.promotions == answer.promotions


def test_histories_are_believable() -> None:
    simulation = Simulation(SimulationOptions(events=12_000, customers=300, seed=22))
    list(simulation.records())
    answer = simulation.answer
    accounts = list(answer.accounts.values())
    assert 0 < sum(account.active < 0 for account in accounts) < len(accounts) / 10
    assert any(account.active % 1 for account in accounts)
    assert {coupon.state for coupon in answer.coupons.values()} == {"issued", "redeemed"}
    assert max(coupon.uses for coupon in answer.coupons.values()) > 1
    assert set(answer.streaks.values()) == {"enrolled", "running", "ended", "unenrolled"}
    assert set(answer.promotions.values()) == {"issued", "earned", "revoked"}
    assert set(answer.tiers.values()) >= {1, 2, 3, 4}
