"""The closed lists of reasons: why a record was ignored, and why it became a dead letter."""

from loyalty_stream.model.explained import Explained


class IgnoredReason(Explained):
    """Why a well-formed record has no effect."""

    NOT_YET_SUPPORTED = "not_yet_supported", "a name that the vendor documents and this version does not reduce"
    NO_EFFECT = "no_effect", "counted only: this version keeps no state of it"
    CUSTOMER_ERASED = "customer_erased", "the customer was erased before: nothing of them is kept again"


class DeadLetterReason(Explained):
    """Why a raw record could not be used."""

    # The bytes.
    EMPTY_VALUE = "empty_value", "the record has no value"
    WRONG_ENCODING = "wrong_encoding", "the value is not UTF-8"
    MALFORMED_JSON = "malformed_json", "the value is not JSON"
    NESTED_TOO_DEEPLY = "nested_too_deeply", "the value has more levels than any event"
    NOT_AN_OBJECT = "not_an_object", "the value is JSON, but not an object"
    NUMBER_NOT_FINITE = "number_not_finite", "NaN or Infinity stands for a number, as a literal or as text"
    DUPLICATE_KEYS = "duplicate_keys", "two keys are one, as written or once repaired"
    # The envelope.
    MISSING_EVENT_NAME = "missing_event_name", "no envelope of the vendor has its event's name here"
    UNKNOWN_EVENT = "unknown_event", "the vendor documents no event of this name"
    MISSING_CUSTOMER = "missing_customer", "the event does not say whose it is"
    TIMESTAMP_OUT_OF_RANGE = "timestamp_out_of_range", "a moment is one of no calendar"
    # The facts.
    MISSING_FIELD = "missing_field", "a field is missing without which the event says nothing"
    WRONG_TYPE = "wrong_type", "a value is of another kind than its field"
    INVALID_DATE = "invalid_date", "a date is not one of the calendar"
    NEGATIVE_AMOUNT = "negative_amount", "an amount is below zero"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range", "an amount has more than 15 digits before the point or 9 after it"
    # The state.
    CONFLICT = "conflict", "the same event came before with another content"
    MERGE_WITH_ITSELF = "merge_with_itself", "survivor and victim are one customer"
    MERGE_CYCLE = "merge_cycle", "the survivor was merged into the victim before"
    MERGED_ALREADY = "merged_already", "the victim was merged before"
    BALANCE_OUT_OF_RANGE = "balance_out_of_range", "an account would leave what can be held exactly"
