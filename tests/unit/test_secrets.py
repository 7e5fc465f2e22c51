"""What must not come out is found, however the vendor writes it."""

import pytest

from tests.helpers.secrets import Secret, customer_ids_of, secrets_of, shown

MOBILE = Secret("mobile", "447700905001")


@pytest.mark.parametrize(
    "value",
    [
        b'{"data": {"mobile": "447700905001"}}',
        b'{"data": {"mo bile ": 447700905001}}',
        b'{"identifiers": [{"identifierType": "mobile", "identifierValue": "447700905001"}]}',
        b'{"updatedFields": [{"fieldName": " mobile", "previousValue": "447700905001"}]}',
        b'{"reason": "asked for by 447700905001"}',
        b'{"mobile": "1", "mobile": "4477009 05001"}',
        b'{"mobile": "447700905001", "points": ',
        '{"mobile": "447700905001"}'.encode("utf-16"),
    ],
)
def test_a_mobile_is_known_in_every_spelling(value: bytes) -> None:
    assert MOBILE in secrets_of(value)


def test_an_email_is_known_under_any_key() -> None:
    assert Secret("e-mail", "a.b@example.com") in secrets_of(b'{"note": "write to a.b@example.com."}')


def test_of_a_signed_link_the_query_and_the_signature_are_known() -> None:
    found = secrets_of(b'{"url": "https://files.example.com/a?Expires=60&Signature=0123456789abcdef"}')
    assert {secret.text for secret in found} == {"Expires=60&Signature=0123456789abcdef", "0123456789abcdef"}


def test_the_code_of_a_shop_is_no_coupons() -> None:
    value = b'{"till": {"code": "till.1"}, "coupons": [{"code": "PZ5P7725"}]}'
    assert secrets_of(value) == {Secret("shop", "till.1"), Secret("coupon code", "PZ5P7725")}


def test_a_secret_is_found_inside_of_a_longer_word_but_a_short_number_only_by_itself() -> None:
    short = Secret("external id", "677258")
    assert shown([MOBILE, short], b"x447700905001x 1767725812") == [MOBILE]
    assert shown([MOBILE, short], b'"id":"677258"') == [short]


def test_customers_are_known_by_their_numbers() -> None:
    value = b'{"customerId": 4100001.0, "fromCustomerId": "410 0002", "entityId": 7, "orgId": 9}'
    assert customer_ids_of(value) == {"4100001", "4100002", "7"}
