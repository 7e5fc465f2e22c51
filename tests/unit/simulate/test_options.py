import pytest

from loyalty_stream.simulate.options import OptionsError, SimulationOptions


def test_defaults_are_valid() -> None:
    assert SimulationOptions().keying == "customer"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"events": -1}, "events is -1: it must be 0 or more"),
        ({"orgs": 0}, "orgs is 0: it must be from 1 to 50"),
        ({"customers": 1, "orgs": 2}, "customers is 1: it must be at least orgs, which is 2"),
        ({"skew": 0.5}, "skew is 0.5: it must be 1 (all equally busy) or more"),
        ({"start_ms": 17}, "start_ms is 17: it must be from"),
        ({"interval_ms": 0}, "interval_ms is 0: it must be 1 or more"),
        ({"dirt_share": 1.5}, "dirt_share is 1.5: it must be a share from 0 to 1"),
        ({"drift_share": -0.1}, "drift_share is -0.1: it must be a share from 0 to 1"),
        ({"duplicate_share": 0.9, "unknown_share": 0.9}, "together they must not exceed 1"),
        ({"merge_share": -1}, "merge_share is -1: it must be a share from 0 to 1"),
        ({"transfer_share": 0.6, "merge_share": 0.6}, "transfer_share + merge_share + bad_merge_share + erasure_share"),
        ({"keying": "phone"}, "keying is 'phone': it must be one of customer, mobile, none"),
        ({"bulk": "all"}, "bulk is 'all': it must be one of own, others"),
        ({"dialect": "capilary"}, "dialect is 'capilary': it must be one of capillary, voucherify"),
    ],
)
def test_a_wrong_option_names_itself_its_value_and_what_is_allowed(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(OptionsError) as caught:
        SimulationOptions(**wrong)  # type: ignore[arg-type]
    assert says in str(caught.value)
