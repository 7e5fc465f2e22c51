"""How pure code says that a record cannot be used, and how it counts what it mended."""

from typing import Final

from loyalty_stream.model.explained import Explained
from loyalty_stream.model.reasons import DeadLetterReason


class Problem(Exception):  # noqa: N818 - an outcome on its way up, caught by the pipeline, not an error of ours
    """A record cannot be used, for a reason; `detail` names paths and limits, never values."""

    def __init__(self, reason: DeadLetterReason, detail: str = "") -> None:
        """Keep the reason and the detail."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class RepairKind(Explained):
    """What was mended, or warned of, in a record that was used."""

    KEY_WHITESPACE = "key_whitespace", "a field's name has whitespace in it"
    VALUE_WHITESPACE = "value_whitespace", "whitespace in an id or a closed word, or at the edges of a text"
    INTEGER_AS_FLOAT = "integer_as_float", "a whole number is written with decimals"
    NUMBER_AS_TEXT = "number_as_text", "a number is written as text"
    NULL_AS_TEXT = "null_as_text", "the text `null` stands for no value"
    FLAG_AS_TEXT = "flag_as_text", "true or false is written as text"
    DATE_FORMAT = "date_format", "a date has a time, whitespace, or is a moment"
    PLACEHOLDER = "placeholder", "a date's value is the field's own name: there is none"
    BYTE_ORDER_MARK = "byte_order_mark", "the record begins with a byte order mark"
    # From here on warnings: nothing could be mended.
    TIME_FALLBACK = "time_fallback", "no plausible vendor time: the record's timestamp stands in"
    UNKNOWN_SPELLING = "unknown_spelling", "an amount stands under a name that is not known: it counts as zero"
    # An event that contradicts itself is used all the same (DOMAIN section 8).
    BREAKUP_SUM = "breakup_sum", "the parts of an issue's regular points are not its regular points"
    ISSUE_SUM = "issue_sum", "the parts of an issue are not its total, with the promised points or without"
    REDEMPTION_SUM = "redemption_sum", "what the programmes gave is not the redemption's total"
    CURRENCY_VALUE = "currency_value", "the value of redeemed points is not their number times the programme's ratio"
    REVERSAL_SUM = "reversal_sum", "available and expired points are not what was reversed"
    RETURN_SUM = "return_sum", "the parts of a return are not its total"
    COUPON_VALIDITY = "coupon_validity", "a coupon ends later than its series"
    SAME_TIER = "same_tier", "a change of tier leads to the tier before"


CONTRADICTIONS: Final = frozenset(
    {
        RepairKind.BREAKUP_SUM,
        RepairKind.ISSUE_SUM,
        RepairKind.REDEMPTION_SUM,
        RepairKind.CURRENCY_VALUE,
        RepairKind.REVERSAL_SUM,
        RepairKind.RETURN_SUM,
        RepairKind.COUPON_VALIDITY,
        RepairKind.SAME_TIER,
    }
)
"""The kinds by which an event contradicts itself."""

Repairs = list[RepairKind]
"""What was mended in one record, in order; whoever mends adds to it."""
