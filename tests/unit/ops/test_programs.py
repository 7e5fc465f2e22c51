from loyalty_stream.ops.programs import Programs


def test_a_programme_is_named_by_vendor_organisation_and_id() -> None:
    programs = Programs(2)
    assert programs.label("capillary", "71", "9") == ("capillary:71:9", True)
    assert programs.label("capillary", "71", "9") == ("capillary:71:9", False)
    assert programs.label("capillary", "72", "9") == ("capillary:72:9", True)


def test_beyond_the_bound_all_programmes_have_one_name() -> None:
    programs = Programs(0)
    assert programs.label("capillary", "71", "9") == ("other", True)
    assert programs.label("capillary", "71", "10") == ("other", False)


def test_a_card_that_stands_for_its_programme_is_never_named() -> None:
    programs = Programs(9)
    assert programs.label("voucherify", "0", "v_A1b2")[0] == "other"
    assert programs.label("voucherify", "0", "camp_A1b2")[0] == "voucherify:0:camp_A1b2"
