from loyalty_stream.serving.readable import SHOWN_MAX, customer_lines, derived_text, fields_text, moment


def test_a_moment_is_in_utc() -> None:
    assert moment(1_767_225_600_999) == "2026-01-01T00:00:00Z"


def test_empty_fields_are_left_out_and_long_lists_are_cut() -> None:
    data = {"a": "1", "b": None, "c": [], "d": {"e": 2, "f": None}, "g": [1, 2, 3, 4]}
    assert fields_text(data) == "a=1 d={e=2} g=[1, 2, … 2 more]"


def test_a_derived_event_is_one_line() -> None:
    event = {"type": "TierRenewed", "key": "v:o:c", "seq": 4, "occurred_at": 0, "data": {"tier": "2"}}
    assert derived_text(event) == "TierRenewed of v:o:c, seq 4, 1970-01-01T00:00:00Z: tier=2"


def test_a_picture_has_lines_for_each_domain_that_knows_the_customer() -> None:
    coupons = [{"coupon_id": str(number), "state": "issued", "uses": 0} for number in range(SHOWN_MAX + 2)]
    account = {
        "program_id": "8100",
        "currency": "points",
        "active": "7",
        "pending": "0",
        "lifetime": "9",
        "lots": [{"remaining": "7", "expires_on": None}],
    }
    streak = {"streak_name": "Visits", "state": "running", "value": "3", "levels": ["L1", "L2"]}
    picture = {
        "key": "v:o:c",
        "partition": 2,
        "points": {"seq": 1, "accounts": [account]},
        "tiers": {"seq": 2, "memberships": [{"program_id": "8100", "tier": "2", "expires_on": "2027-01-01"}]},
        "coupons": {"seq": 9, "coupons": coupons},
        "streaks": {"seq": 1, "streaks": [streak]},
        "promotions": {
            "seq": 2,
            "promotions": [
                {
                    "promotion_id": "22",
                    "issuals": [{"issual_id": "1", "state": "issued"}],
                    "earns": [{"earned_id": "2", "state": "earned"}],
                }
            ],
        },
    }
    lines = customer_lines(picture)
    assert lines[:6] == [
        "v:o:c (partition 2)",
        "points (seq 1)",
        "  programme 8100, points: active 7, pending 0, lifetime 9",
        "    lot of 7 without expiry",
        "tiers (seq 2)",
        "  programme 8100: tier 2 until 2027-01-01",
    ]
    assert "  … and 2 more" in lines
    assert lines[-5:] == [
        "streaks (seq 1)",
        "  Visits: running at 3, levels L1, L2",
        "promotions (seq 2)",
        "  22: issual 1 issued",
        "  22: earn 2 earned",
    ]


def test_a_customer_has_lines_for_their_profile_and_latest_transactions() -> None:
    transactions = [
        {"transaction_id": "1", "status": None, "recorded": True},
        {"transaction_id": "2", "status": "shipped", "recorded": True},
    ]
    customers = {"seq": 3, "added_at": 1_767_225_600_000, "transactions": transactions}
    assert customer_lines({"key": "v:o:c", "partition": 2, "customers": customers})[1:] == [
        "customers (seq 3)",
        "  added 2026-01-01T00:00:00Z",
        "  transaction 2: shipped",
        "  transaction 1: recorded",
    ]
    unknown: dict[str, object] = {"seq": 0, "added_at": None, "transactions": []}
    assert customer_lines({"key": "v:o:c", "partition": 2, "customers": unknown})[1:] == ["customers (seq 0)"]


def test_a_partner_membership_has_a_line() -> None:
    linked = {"partner_program_id": "45", "state": "linked", "expires_on": "2027-01-01", "partner_tier": "2"}
    delinked = {"partner_program_id": "46", "state": "delinked", "expires_on": None, "partner_tier": None}
    partners = {"seq": 2, "memberships": [linked, delinked]}
    assert customer_lines({"key": "v:o:c", "partition": 2, "partners": partners})[1:] == [
        "partners (seq 2)",
        "  partner programme 45: linked until 2027-01-01, tier 2",
        "  partner programme 46: delinked",
    ]


def test_a_customer_has_a_line_for_each_reward_that_was_given() -> None:
    rewards = {"seq": 2, "grants": [{"reward_id": "55881", "times": 2}]}
    assert customer_lines({"key": "v:o:c", "partition": 0, "rewards": rewards})[1:] == [
        "rewards (seq 2)",
        "  reward 55881: given 2 times",
    ]


def test_an_entity_that_is_no_customer_has_one_line() -> None:
    picture = {"key": "v:o:x", "partition": 0}
    offer = {"seq": 1, "price": "1", "enabled": False, "valid_to": None}
    assert customer_lines({**picture, "rewards": offer})[1:] == ["rewards (seq 1)", "  price=1 enabled=False"]
    card = {"seq": 4, "status": "ACTIVE", "changed_at": 7}
    assert customer_lines({**picture, "cards": card})[1:] == ["cards (seq 4)", "  status=ACTIVE changed_at=7"]
    request = {"seq": 1, "request_type": "CUSTOMER", "base_type": None, "state": "APPROVED"}
    assert customer_lines({**picture, "requests": request})[1:] == [
        "requests (seq 1)",
        "  request_type=CUSTOMER state=APPROVED",
    ]


def test_targets_and_badges_are_lines_of_the_streaks() -> None:
    target = {"target_id": "61", "achieved": "60", "defined": "100", "met": None, "closed": False}
    targets = [
        {**target, "target_id": "64", "achieved": None},
        {**target, "target_id": "65", "defined": None, "met": True, "closed": True},
        target,
    ]
    streaks = {"seq": 1, "streaks": [], "targets": targets, "badges": [{"badge_id": "b-1", "earns": 2}]}
    assert customer_lines({"key": "v:o:c", "partition": 2, "streaks": streaks})[2:] == [
        "  target 61: at 60 of 100, open",
        "  target 65: at 60 of unknown, achieved, closed",
        "  target 64: open",
        "  badge b-1: earned 2 times",
    ]
