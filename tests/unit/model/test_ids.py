from loyalty_stream.model.ids import derived_id, fingerprint
from loyalty_stream.model.secrets import code_hash


def test_a_fingerprint_is_16_hex_digits_and_always_the_same() -> None:
    assert fingerprint("capillary|9300|pointsIssued|iss-1|") == "ea66a4e9a3db85d2"


def test_a_derived_id_differs_by_source_key_type_and_place() -> None:
    ids = {
        derived_id(source, key, kind, place)
        for source in ("a", "b")
        for key in ("k", "l")
        for kind in ("BalanceChanged", "TierChanged")
        for place in (0, 1)
    }
    assert len(ids) == 16
    assert all(len(each) == 32 for each in ids)


def test_equal_codes_of_one_org_have_equal_hashes() -> None:
    assert code_hash("capillary", "9300", "GIFT") == code_hash("capillary", "9300", "GIFT")


def test_the_same_code_of_another_org_has_another_hash() -> None:
    assert code_hash("capillary", "9300", "GIFT") != code_hash("capillary", "9301", "GIFT")


def test_a_hash_does_not_show_its_code() -> None:
    assert "GIFT" not in code_hash("capillary", "9300", "GIFT")
