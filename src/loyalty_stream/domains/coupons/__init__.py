"""Keep each coupon of a customer: its state, how often it was used and what it is worth."""

from loyalty_stream.domains.coupons.derived import CouponExpiringSoon, CouponStateChanged
from loyalty_stream.domains.coupons.due import DUE
from loyalty_stream.domains.coupons.events import (
    CouponExpiryNeared,
    CouponFailed,
    CouponIssued,
    CouponRedeemed,
    CouponRolledBack,
)
from loyalty_stream.domains.coupons.merge import MERGE_RULES
from loyalty_stream.domains.coupons.reduce import REDUCERS
from loyalty_stream.domains.coupons.state import CouponsState
from loyalty_stream.model.domain import Domain

DOMAIN = Domain(
    name="coupons",
    state_type=CouponsState,
    initial=CouponsState(),
    reducers=REDUCERS,
    derived=(CouponStateChanged, CouponExpiringSoon),
    merge=MERGE_RULES,
    causes={
        CouponIssued: (CouponStateChanged,),
        CouponRedeemed: (CouponStateChanged,),
        CouponFailed: (CouponStateChanged,),
        CouponRolledBack: (CouponStateChanged,),
        CouponExpiryNeared: (CouponExpiringSoon,),
    },
    due=DUE,
)
