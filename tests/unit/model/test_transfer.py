from loyalty_stream.model.transfer import CLEARING_SHARDS, clearing_id


def test_a_transfer_is_always_joined_at_the_same_entity() -> None:
    assert clearing_id("HNoDBilpg9") == "clearing/9"


def test_transfers_are_spread_over_all_shards_and_no_more() -> None:
    ids = {clearing_id(str(number)) for number in range(2_000)}
    assert ids == {f"clearing/{shard}" for shard in range(CLEARING_SHARDS)}
