"""Who may do what in the console: a person has roles, a role has capabilities.

A page asks for a capability, never for a role. Where the design wants two people, two capabilities are named and the
function below compares the two actors; a role alone never makes somebody his own checker.
"""

from collections.abc import Collection

CAPABILITIES = {
    "campaigns:read": "see campaigns, plans and figures",
    "plan:make": "write and submit plans",
    "plan:review": "review submitted plans and send them back",
    "plan:approve": "approve plans that somebody else made",
    "plan:publish": "publish approved plans",
    "campaign:run": "pause, resume and stop campaigns, open them bit by bit, ask for more stock or budget",
    "campaign:sign": "give the second signature for more stock or budget",
    "backtest:run": "run back-tests and simulations",
    "segments:make": "define segments and compute them",
    "members:read": "look up members, their statements and why something was refused",
    "members:personal": "see members' personal fields",
    "members:adjust": "adjust, compensate, block and erase; large ones wait for a second signature",
    "members:sign": "give the second signature for a member's adjustment",
    "grants:make": "prepare grants to many members",
    "grants:sign": "give the second signature for grants to many",
    "proofs:judge": "judge check-in proofs and entries",
    "held:decide": "release or refuse rewards that were held",
    "draws:run": "freeze, draw and publish grand draws",
    "parcels:ship": "export addresses and import parcel numbers",
    "codes:make": "make codes in bulk",
    "webhooks:manage": "say where webhooks go, and send them again",
    "work:update": "say how far tasks are, and that risks were looked at",
    "figures:enter": "enter figures that were measured outside, with their evidence",
    "figures:sign": "sign figures from outside that somebody else entered",
    "alerts:acknowledge": "say that an alert was seen, and what is done about it",
    "books:read": "see what the platform owes its members, by day",
    "trail:read": "read the audit trail",
    "users:manage": "invite people, change roles, reset second factors",
    "keys:manage": "make and revoke anybody's API keys",
}

ADMINISTRATOR = "administrator"
ROLES: dict[str, frozenset[str]] = {
    "planner": frozenset(
        {"campaigns:read", "plan:make", "backtest:run", "segments:make", "figures:enter", "work:update"}
    ),
    "reviewer": frozenset(
        {"campaigns:read", "plan:review", "backtest:run", "held:decide", "members:read", "figures:sign", "work:update"}
    ),
    "approver": frozenset(
        {
            "campaigns:read", "plan:review", "plan:approve", "plan:publish", "campaign:sign", "members:read",
            "members:sign", "grants:sign", "backtest:run", "alerts:acknowledge", "figures:sign",
            "work:update",
        }
    ),
    "operator": frozenset(
        {
            "campaigns:read", "plan:publish", "campaign:run", "members:read", "grants:make", "held:decide",
            "draws:run", "parcels:ship", "codes:make", "webhooks:manage", "backtest:run", "segments:make",
            "alerts:acknowledge", "work:update",
        }
    ),
    "judge": frozenset({"campaigns:read", "proofs:judge"}),
    "support": frozenset(
        {
            "campaigns:read", "members:read", "members:personal", "members:adjust", "grants:make",
            "parcels:ship", "alerts:acknowledge",
        }
    ),
    "analyst": frozenset({"campaigns:read", "backtest:run", "segments:make", "figures:enter", "books:read"}),
    "auditor": frozenset({"campaigns:read", "members:read", "trail:read", "books:read"}),
    ADMINISTRATOR: frozenset(
        {
            "campaigns:read", "users:manage", "keys:manage", "trail:read", "webhooks:manage",
            "alerts:acknowledge",
        }
    ),
}  # fmt: skip
"""Roles by their names, in the order in which they are shown."""

NEED_SECOND_FACTOR = frozenset({"approver", "auditor", ADMINISTRATOR})
"""Who signs in with a password alone never has one of these."""

FIRST_ROLES = (ADMINISTRATOR, "planner", "operator", "support", "analyst")
"""What the first person gets: everything a start takes, but never the second signature."""


def may(roles: Collection[str]) -> frozenset[str]:
    """What somebody with these roles may do. A role that is not known gives nothing."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))


def needs_second_factor(roles: Collection[str]) -> bool:
    return not NEED_SECOND_FACTOR.isdisjoint(roles)


def actor(username: str) -> str:
    """The name under which a person of the console signs and stands in the audit trail.

    A key that belongs to a person carries the same name, so that nobody checks with a key what he made by hand.
    """
    return f"user:{username}"
