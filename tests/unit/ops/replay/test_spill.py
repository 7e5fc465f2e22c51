from loyalty_stream.ops.replay.spill import LIVE, SHADOW, spill


def test_values_come_back_by_key_and_side_in_the_order_in_which_they_came() -> None:
    with spill() as spilled:
        for number in range(300):
            spilled.add(SHADOW, b"a", b"%d" % number)
            spilled.add(LIVE, b"a", b"-%d" % number)
        spilled.add(LIVE, b"b", b"alone")
        found = sorted(spilled.by_key(), key=lambda both: len(both[0]))
    assert found[0] == ([b"alone"], [])
    assert found[1] == ([b"-%d" % number for number in range(300)], [b"%d" % number for number in range(300)])


def test_a_value_that_is_put_replaces_the_earlier_one() -> None:
    with spill() as spilled:
        spilled.put(LIVE, b"a", b"1")
        spilled.put(LIVE, b"a", b"2")
        spilled.put(SHADOW, b"a", b"3")
        assert list(spilled.by_key()) == [([b"2"], [b"3"])]
