"""The closed lists of reasons: why a record was ignored, and why it became a dead letter."""

from enum import StrEnum


class IgnoredReason(StrEnum):
    """Why a well-formed record has no effect."""

    NOT_YET_SUPPORTED = "not_yet_supported"  # a name the vendor documents and this version does not reduce
    CUSTOMER_ERASED = "customer_erased"  # the customer was erased before: nothing of them is kept again


class DeadLetterReason(StrEnum):
    """Why a raw record could not be used."""

    # The bytes.
    EMPTY_VALUE = "empty_value"
    WRONG_ENCODING = "wrong_encoding"  # not UTF-8
    MALFORMED_JSON = "malformed_json"
    NESTED_TOO_DEEPLY = "nested_too_deeply"
    NOT_AN_OBJECT = "not_an_object"
    NUMBER_NOT_FINITE = "number_not_finite"  # NaN or Infinity, as a literal or as text
    DUPLICATE_KEYS = "duplicate_keys"  # two keys are one, as written or once repaired
    # The envelope.
    MISSING_EVENT_NAME = "missing_event_name"
    UNKNOWN_EVENT = "unknown_event"
    MISSING_CUSTOMER = "missing_customer"
    TIMESTAMP_OUT_OF_RANGE = "timestamp_out_of_range"
    # The facts.
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    INVALID_DATE = "invalid_date"
    NEGATIVE_AMOUNT = "negative_amount"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"  # more than 15 digits before the point or 9 after it
    # The state.
    CONFLICT = "conflict"  # the same event key came before with another content
    MERGE_WITH_ITSELF = "merge_with_itself"  # survivor and victim are one customer
    MERGE_CYCLE = "merge_cycle"  # the survivor was merged into the victim before
    MERGED_ALREADY = "merged_already"  # the victim was merged before
    BALANCE_OUT_OF_RANGE = "balance_out_of_range"  # the account would leave what can be held exactly
