"""Read the vendor's clean events as its documentation says, a second time and in another way than the service does."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from loyalty_stream.simulate import Account, Coupon, Move, Totals
from loyalty_stream.simulate.answer import Target

Json = dict[str, Any]
ZERO = Decimal(0)


class Reading:
    """What the records alone say, each read once and in order."""

    def __init__(self) -> None:
        self.survivors: dict[str, str] = {}
        self.summed_up: dict[str, int] = {}  # the time of a customer's last merge as a survivor
        self.erased: set[str] = set()
        self.targets: dict[tuple[str, str, str], Target] = {}
        self.badges: dict[tuple[str, str], int] = {}
        self.transactions: dict[tuple[str, str], str | None] = {}
        self.partners: dict[tuple[str, str], str] = {}
        self.grants: dict[tuple[str, str], int] = {}
        self.requests: dict[str, str] = {}
        self.accounts: dict[tuple[str, str, str], Account] = {}
        self.tiers: dict[tuple[str, str], int] = {}
        self.coupons: dict[tuple[str, str], Coupon] = {}
        self.streaks: dict[tuple[str, str, str, str], str] = {}
        self.promotions: dict[tuple[str, str, str], str] = {}

    def read(self, body: Json) -> None:
        """Book one event; one of a merged customer is the survivor's, one that a summary includes moves no points."""
        name, data, self.created_at = body["eventName"].lower(), body["data"], body["createdAt"]
        org = f"capillary:{body['orgId']}"
        if name == "requestupdated":
            return self.request_updated(org, body | data)
        if name == "requestworkflowevent":
            self.requests[f"{org}:request/{data['requestId']}"] = data["currentRequestState"]
            return None
        if name == "loyaltycustomermerge":
            return self.merged(org, data)
        if name == "pointscontributiontogroup":
            return self.contributed(org, data)
        reader = self.readers().get(name)
        if reader is None:
            return None
        customer = data.get("customerIdentifiers") or data["coupons"][0]["customerIdentifiers"]
        key = self.present(f"{org}:{customer['customerId']}")
        if key not in self.erased:
            reader(key, data)
        return None

    def present(self, key: str) -> str:
        while key in self.survivors:
            key = self.survivors[key]
        return key

    def merged(self, org: str, data: Json) -> None:
        survivor = f"{org}:{data['survivorCustomerIdentifiers']['customerId']}"
        victim = f"{org}:{data['victimCustomerIdentifiers']['customerId']}"
        assert {survivor, victim}.isdisjoint({*self.survivors, *self.erased})
        for table in self.tables():
            for place in [place for place in table if place[0] == victim]:
                value, mine = table.pop(place), (survivor, *place[1:])
                if mine in table and isinstance(value, Account):
                    table[mine].join(value)
                else:
                    table[mine] = value + table.get(mine, 0) if isinstance(value, int) else value
        for row in data["survivorCustomerLoyaltySummary"]:
            program_id = str(row["loyaltyProgramId"])
            account = self.accounts.setdefault((survivor, program_id, "points"), Account())
            account.adopt(row["currentPoints"], row["promisedPoints"], row["lifetimePoints"])
            self.tiers.pop((survivor, program_id), None)
            if "tierNumber" in row:
                self.tiers[survivor, program_id] = row["tierNumber"]
        self.survivors[victim] = survivor
        self.summed_up[survivor] = self.created_at

    def tables(self) -> list[dict[Any, Any]]:
        return [
            *(self.accounts, self.tiers, self.coupons, self.streaks, self.promotions),
            *(self.targets, self.badges, self.transactions, self.partners, self.grants),
        ]

    def request_updated(self, org: str, fields: Json) -> None:
        self.requests[f"{org}:request/{fields['requestTrackingId']}"] = fields["status"]
        if (fields["requestBaseType"], fields["status"]) == ("DELETE", "APPROVED"):
            key = f"{org}:{fields['customerId']}"
            assert key == self.present(key)
            self.erased.add(key)
            for table in self.tables():
                for place in [place for place in table if place[0] == key]:
                    del table[place]

    def book(self, key: str, program_id: int, move: Move, at: Json) -> None:
        if self.created_at < self.summed_up.get(key, 0):
            return
        totals = Totals(at.get("programCurrentPoints"), at.get("programLifetimePoints"))
        self.accounts.setdefault((key, str(program_id), "points"), Account()).book(move, totals)

    def book_currency(self, key: str, program_id: int, move: Move, row: Json) -> None:
        totals = Totals(row.get("programCurrentAlternateCurrencies"), row.get("programLifetimeAlternateCurrencies"))
        place = (key, str(program_id), row["alternateCurrencyIdentifier"])
        self.accounts.setdefault(place, Account()).book(move, totals)

    def currencies_issued(self, key: str, data: Json) -> None:
        for row in data.get("alternateCurrencies") or data["alternateCurrenciesIssuedData"]:
            breakup = sum((part["alternateCurrencies"] for part in row["regularAlternateCurrenciesBreakup"]), ZERO)
            got = max(breakup, row["regularAlternateCurrenciesIssued"])
            for part in row["promotionalAlternateCurrenciesIssued"]:
                got += part["promotionAlternateCurrencies"]
            promised = sum(
                (part["promisedAlternateCurrencies"] for part in row["promisedAlternateCurrenciesIssued"]), ZERO
            )
            self.book_currency(key, data["loyaltyProgramId"], Move(got, promised, got), row)

    def currencies_reversed(self, key: str, data: Json) -> None:
        for row in data.get("alternateCurrencies") or data["alternateCurrenciesReversedData"]:
            taken = row["regularAlternateCurrenciesReversed"]
            for part in row["promotionalAlternateCurrenciesReversed"]:
                taken += part["promotionAlternateCurrencies"]
            move = Move(-taken, -row["promisedAlternateCurrenciesReversed"], -taken)
            self.book_currency(key, data["loyaltyProgramId"], move, row)

    def currencies_converted(self, key: str, data: Json) -> None:
        [line] = data["alternateCurrencyConvertedBreakup"]
        for row in line["promotionalAlternateCurrencyBreakup"] + line["nonPromotionalAlternateCurrencyBreakup"]:
            units = Decimal(row["alternateCurrencyValue"])
            self.book_currency(key, row["programId"], Move(units, -units, units), row)

    def adjusted(self, key: str, data: Json) -> None:
        for row in data.get("programPointsSplit", ()):
            self.book(key, row["programId"], Move(-Decimal(row["points"])), {})
        if "programPointsSplit" not in data:
            total = data.get("totalPoinstDeducted") or data["totalPointsDeducted"]
            self.book(key, data["loyaltyProgramId"], Move(-Decimal(total)), {})

    def contributed(self, org: str, data: Json) -> None:
        giver, taker = (
            self.present(f"{org}:{data[member]['customerIdentifiers']['customerId']}")
            for member in ("contributingMember", "primaryMember")
        )
        if giver != taker:
            self.book(giver, data["loyaltyProgramId"], Move(-data["pointsContributedToGroup"]), {})
            self.book(taker, data["loyaltyProgramId"], Move(data["pointsContributedToGroup"]), {})

    def transferred_out(self, key: str, data: Json) -> None:
        for row in data["redemptionFromEarningPrograms"]:
            self.book(key, row["programId"], Move(active=-row["pointsRedeemed"]), row)

    def transferred_in(self, key: str, data: Json) -> None:
        self.book(key, data["loyaltyProgramId"], Move(active=data["totalPointsTransferred"]), {})

    def target(self, *, met: bool | None = None, closed: bool = False) -> Callable[[str, Json], None]:
        def read(key: str, data: Json) -> None:
            details = data.get("targetDetails", {})
            rows = data.get("targetData") or [data | {"targetId": details["id"]} | details]
            for row in rows:
                target = self.targets.setdefault((key, str(row["targetPeriodId"]), str(row["targetId"])), Target())
                target.closed = target.closed or closed
                target.met = target.met if met is None else met
                if "achievedTargetValue" in row:
                    target.achieved = Decimal(row["achievedTargetValue"])

        return read

    def badge_earned(self, key: str, data: Json) -> None:
        self.badges[key, data["badgeId"]] = self.badges.get((key, data["badgeId"]), 0) + 1

    def reward_issued(self, key: str, data: Json) -> None:
        place = (key, str(data["rewardId"]))
        self.grants[place] = self.grants.get(place, 0) + 1

    def transaction(self, key: str, data: Json) -> None:
        place = (key, str(data["transactionId"]))
        status = data.get("deliveryStatus")
        self.transactions[place] = self.transactions.get(place) if status is None else status.lower()

    def partner(self, state: str) -> Callable[[str, Json], None]:
        def read(key: str, data: Json) -> None:
            self.partners[key, str(data["partnerProgramId"])] = state

        return read

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
            "manualpointsadjustment": self.adjusted,
            "pointstransferredinitiated": self.transferred_out,
            "pointstransferredreceived": self.transferred_in,
            "alternatecurrenciesissued": self.currencies_issued,
            "issuedalternatecurrenciesreversed": self.currencies_reversed,
            "promisedtocurrentalternatecurrencyconversion": self.currencies_converted,
            "targetenrolment": self.target(),
            "targetperiodstarted": self.target(),
            "targetachievedvalueupdated": self.target(),
            "targetvalueupdated": self.target(),
            "targetvalueachieved": self.target(met=True),
            "targetperiodcompleted": self.target(closed=True),
            "unifiedtargetsachieved": self.target(met=True),
            "unifiedtargetsunachieved": self.target(met=False),
            "badgeearned": self.badge_earned,
            "rewardissued": self.reward_issued,
            "transactionadded": self.transaction,
            "transactionupdated": self.transaction,
            "partnerprogramlinked": self.partner("linked"),
            "partnerprogramupdated": self.partner("linked"),
            "partnerprogramdelinked": self.partner("delinked"),
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
