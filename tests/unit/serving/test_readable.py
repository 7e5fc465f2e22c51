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
