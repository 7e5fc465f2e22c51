"""Rewards and cards: a catalogue that changes, what customers are given of it or not, and the status of cards."""

from decimal import Decimal
from typing import Final

from loyalty_stream.model.secrets import code_hash
from loyalty_stream.simulate.answer import Offer
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.stage import Envelope, Maker, Stage, VendorEvent
from loyalty_stream.simulate.capillary.world import Card, Json, Reward
from loyalty_stream.simulate.clock import Clock
from loyalty_stream.simulate.draw import DAY_MS

_FIRST_REWARD_ID: Final = 55_000
_REWARDS_MAX: Final = 25  # of one organisation
_CARDS_MAX: Final = 400
_STATUSES: Final = ("ACTIVE", "SUSPENDED", "EXPIRED", "NOT_ISSUED")
_REWARD_NAMES: Final = ("Free coffee", "Car wash", "Cinema ticket", "Picnic basket")


def create_reward(stage: Stage, customer: Customer) -> VendorEvent:
    """Put a reward into the catalogue, which is the organisation's; a full one has a reward changed instead."""
    if len(customer.org.rewards) >= _REWARDS_MAX:
        return update_reward(stage, customer)
    return _offered(stage, customer, _new_reward(stage, customer), "rewardCreated")


def update_reward(stage: Stage, customer: Customer) -> VendorEvent:
    """Change a reward's price, or take it off or put it back; one that was never created is known by this."""
    draw = stage.draw
    reward = _some_reward(stage, customer)
    if draw.chance(0.6):
        reward.price = draw.between(1, 900)
    else:
        reward.enabled = not reward.enabled
    return _offered(stage, customer, reward, "rewardUpdated")


def remind_of_reward(stage: Stage, customer: Customer) -> VendorEvent:
    """Announce that an offer ends; its terms stay as they are."""
    if not customer.org.rewards:
        return create_reward(stage, customer)
    reward = stage.draw.pick(customer.org.rewards)
    return _of_reward(stage, customer, reward, "rewardExpiryReminder")


def _new_reward(stage: Stage, customer: Customer) -> Reward:
    draw = stage.draw
    number = _FIRST_REWARD_ID + draw.serial()
    reward = Reward(number, draw.pick(_REWARD_NAMES), draw.between(1, 900), draw.chance(0.8), Clock())
    customer.org.rewards.append(reward)
    return reward


def _some_reward(stage: Stage, customer: Customer) -> Reward:
    return stage.draw.pick(customer.org.rewards) if customer.org.rewards else _new_reward(stage, customer)


def _offered(stage: Stage, customer: Customer, reward: Reward, name: str) -> VendorEvent:
    key = stage.key(customer.org.id, f"reward/{reward.id}")
    stage.answer.offers[key] = Offer(Decimal(reward.price), reward.enabled)
    return _of_reward(stage, customer, reward, name)


def _of_reward(stage: Stage, customer: Customer, reward: Reward, name: str) -> VendorEvent:
    code = f"EXDR{reward.id}R"
    url = f"https://assets.example.com/rewards/{code}?X-Amz-Signature={stage.draw.hex(32)}"
    data: Json = {
        "rewardId": reward.id,
        "type": "VOUCHER",
        "enabled": reward.enabled,
        "redemptionType": "VENDOR_INTOUCH_REWARD",
        "startDate": stage.now_ms - DAY_MS,
        "endDate": stage.now_ms + 30 * DAY_MS,
        "intouchPoints": reward.price,
        "intouchSeriesId": str(customer.org.series_ids[0]),
        "priority": 1,
        "tier": "SILVER",
        "categories": [None, None, None] if stage.draw.chance(0.3) else [23, 24],
        "geographies": [{}],
        "rewardDetails": [
            {
                "languageCode": "en",
                "name": reward.name,
                "description": f"{reward.name}, simulated",
                "termAndConditionsId": code,
                "termAndConditionsUrl": url,
            }
        ],
        "vendorDetails": {"id": 1, "name": "Capillary"},
        "vendorRedemptionDetails": {"id": 4_848, "name": "Simulated redemption"},
    }
    if name == "rewardExpiryReminder":
        data["paymentModes"] = [{"id": 845, "paymentMode": "CONV_RATIO", "conv_ratio": Decimal("0.35")}]
    natural: Envelope = "flat" if name == "rewardExpiryReminder" else "wrapped"
    event = stage.event(customer, name, data, natural, clocks=(reward.clock,))
    event.ref_id = f"{customer.org.id}_{reward.id}"
    event.subject = f"reward/{reward.id}"
    event.concerns_others = True
    return event


def give_reward(stage: Stage, customer: Customer) -> VendorEvent:
    """Give a reward to a customer, perhaps once more; its price is debited by an event of its own."""
    draw = stage.draw
    reward = _some_reward(stage, customer)
    place = (customer.key, str(reward.id))
    stage.answer.state(stage.answer.grants, place, stage.answer.grants.get(place, 0) + 1)
    code = f"LR{draw.serial():X}Z"
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "rewardId": reward.id,
        "type": "VOUCHER",
        "redemptionType": "VENDOR_INTOUCH_REWARD",
        "startDate": stage.now_ms - DAY_MS,
        "endDate": stage.now_ms + 30 * DAY_MS,
        "intouchPoints": reward.price,
        "intouchSeriesId": str(customer.org.series_ids[0]),
        "priority": 1,
        "tier": "SILVER",
        "intouchRewardDetails": {"intouchCouponCode": code, "codeExpiry": stage.now_ms + 90 * DAY_MS},
        "vendorRewardDetails": {"vendorVoucher": code},
    }
    event = stage.event(customer, "rewardIssued", data, "wrapped")
    event.ref_id = f"{customer.org.id}_{reward.id}"
    return event


def fail_reward(stage: Stage, customer: Customer) -> VendorEvent:
    """Refuse a reward to a customer; nothing changes."""
    draw = stage.draw
    reward = _some_reward(stage, customer)
    request_id = draw.uuid()
    row: Json = {
        "id": reward.id,
        "qty": 1,
        "points": reward.price,
        "type": "VOUCHER",
        "rewardReference": str(customer.org.series_ids[0]),
    }
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "requestId": request_id,
        "totalPoints": reward.price,
        "erroredSteps": [
            {
                "name": "ISSUE_REWARD",
                "errorMessage": "Unknown error : MAX_COUPON_ISSUAL_PER_USER_EXCEEDED",
                "errorCode": 730,
                "rewards": [row],
            }
        ],
    }
    event = stage.event(customer, "issueRewardFailure", data, "wrapped")
    event.ref_id = f"{customer.org.id}_{request_id}"
    return event


def update_card(stage: Stage, customer: Customer) -> VendorEvent:
    """Give a card another status, or only other fields; no event says whose it is."""
    draw, org = stage.draw, customer.org
    if not org.cards or (len(org.cards) < _CARDS_MAX and draw.chance(0.3)):
        org.cards.append(Card(f"card{draw.between(10**9, 10**10)}{draw.serial():05d}", _STATUSES[0], Clock()))
        card = org.cards[-1]
    else:
        card = draw.pick(org.cards)
    before = card.status
    card.status = draw.pick(_STATUSES)
    number = code_hash(stage.options.dialect, str(org.id), card.number)
    stage.answer.cards[stage.key(org.id, f"card/{number}")] = card.status
    data: Json = {
        "cardNumber": card.number,
        "previousStatusLabel": before,
        "currentStatusLabel": card.status,
        "currentExtendedFields": [
            {"name": "card_requested_by", "value": "ADMIN"},
            {"name": "card_balance", "value": str(draw.amount(0, 90))},
        ],
        "previousExtendedFields": [{"name": "card_requested_by", "value": "ADMIN"}] if draw.chance(0.5) else [],
        "currentCustomFields": [{"name": "card_custom_fields_1", "value": "test1"}],
        "previousCustomFields": [],
    }
    event = stage.event(customer, "cardUpdated", data, "wrapped", clocks=(card.clock,))
    event.subject = f"card/{number}"
    event.concerns_others = True
    return event


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (8, create_reward),
    (8, update_reward),
    (5, remind_of_reward),
    (25, give_reward),
    (8, fail_reward),
    (12, update_card),
)
