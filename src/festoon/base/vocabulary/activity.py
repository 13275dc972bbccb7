"""Which events show that their member did something himself."""

NOT_ACTIVITY = (
    "member.imported",
    "member.profile_changed",
    "segment.entered",
    "segment.left",
    "subscription.renewed",
    "order.refunded",
    "topup.failed",
    "ticket.closed",
    "gift.delivered",
    "gift.shipped",
    "gift.returned",
    "gift.cancelled",
    "hold.placed",
    "hold.posted",
    "hold.released",
    "balance.adjusted",
    "transfer.reversed",
    "member.merged",
    "compensation.granted",
    "compensation.taken",
    "grant.released",
    "grant.voided",
    "reward.granted",
    "timer.due",
)
"""The types that the platform, an operator or Festoon itself causes. A member is active through any other."""
