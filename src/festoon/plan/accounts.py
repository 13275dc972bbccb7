"""The shared accounts a plan wants, with what goes into them when it is published."""

from collections.abc import Iterable, Iterator, Mapping

from festoon.ledger.accounts import (
    GIVEN,
    ISSUER,
    LAPSED,
    MAKER,
    RESERVED,
    SHELF,
    SPENT,
    SharedAccount,
    committed,
    cost,
    holder_and_asset,
    shared,
)
from festoon.plan.catalogue import Catalogue

FUNDING = "funding"


def quota_account(campaign: str, mechanic: str) -> str:
    """The shared account behind a mechanic's `limits.total`."""
    return shared(SHELF, f"{campaign}/quota/{mechanic}")


def shared_accounts(
    catalogue: Catalogue,
    assets: Iterable[str],
    stocks: Mapping[str, int],
    quotas: Mapping[str, int],
    waiting: Iterable[str],
) -> tuple[SharedAccount, ...]:
    """Every shared account of a plan, once. `stocks` and `quotas` are openings by account; `waiting` are
    those whose units can be set aside."""
    found: dict[str, SharedAccount] = {}
    for account in (
        *_issued(assets),
        *_budget(catalogue),
        *(
            each
            for key, amount, numbered in catalogue.stocks()
            for each in _shelf(key, amount, numbered=numbered)
        ),
        *(
            each
            for key, amount in {**stocks, **quotas}.items()
            for each in _shelf(key, amount, numbered=key in catalogue.numbered)
        ),
        *_reserved(catalogue, waiting),
    ):
        found.setdefault(account.key, account)
    return tuple(found.values())


def _issued(assets: Iterable[str]) -> Iterator[SharedAccount]:
    """The far side of what members get, spend and let lapse. It has no floor."""
    for asset in assets:
        for holder in (ISSUER, SPENT, LAPSED):
            yield SharedAccount(holder, asset)


def _budget(catalogue: Catalogue) -> Iterator[SharedAccount]:
    """What is left of each line, what is committed and what it cost, and who pays."""
    campaign, currency = catalogue.plan.campaign, catalogue.currency
    for line in catalogue.lines.values():
        source = f"{FUNDING}:{line.source}"
        holder, _ = holder_and_asset(line.account)
        yield SharedAccount(source, currency)
        yield SharedAccount(holder, currency, 0, line.amount, source)
        for key in (committed(campaign, line.name, currency), cost(campaign, line.name, currency)):
            yield SharedAccount(holder_and_asset(key)[0], currency, 0)


def _reserved(catalogue: Catalogue, waiting: Iterable[str]) -> Iterator[SharedAccount]:
    """Where units stand that left the shelf for a reward that is not given yet."""
    numbered = {key for key, _, exact in catalogue.stocks() if exact} | catalogue.numbered
    for key in waiting:
        yield SharedAccount(RESERVED, holder_and_asset(key)[1], 0, exact=key in numbered)


def _shelf(key: str, amount: int, *, numbered: bool) -> Iterator[SharedAccount]:
    """A stock or a quota: from its maker onto the shelf, and from there to whom it is given."""
    holder, asset = holder_and_asset(key)
    yield SharedAccount(MAKER, asset)
    yield SharedAccount(holder, asset, 0, amount, MAKER, exact=numbered)
    yield SharedAccount(GIVEN, asset)
