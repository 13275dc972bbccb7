"""Numbers, money, shares and dates as a reader of each language writes them. The last step before a page."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from festoon.base.times import local_day
from festoon.plan.money import CURRENCIES

_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "TWD": "NT$"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
MINUS = "\N{MINUS SIGN}\N{WORD JOINER}"
"""A minus that stays with its number at the end of a line."""
NONE = "\N{EM DASH}"
_WHOLE_FROM = 1_000
"""From so many units on, an amount of money in a sentence goes without its decimal places."""


def whole(number: float) -> str:
    """A whole number with thousands separated."""
    return _signed(f"{abs(round(number)):,}", number < 0)


def decimal(number: float | None, places: int = 2) -> str:
    """A number with so many decimal places, or a dash for none."""
    if number is None:
        return NONE
    rounded = f"{abs(number):,.{places}f}"
    return _signed(rounded, number < 0 and float(rounded.replace(",", "")) != 0)


def share(number: float | None, places: int = 1) -> str:
    """A share as a percentage: 0.031 is 3.1%."""
    return NONE if number is None else decimal(100 * number, places) + "%"


def change(number: float | None, places: int = 1) -> str:
    """A relative difference as a percentage with its sign: 0.031 is +3.1%."""
    if number is None:
        return NONE
    text = share(number, places)
    return text if text.startswith(MINUS) or float(text.rstrip("%").replace(",", "")) == 0 else f"+{text}"


def money(amount: float | None, currency: str) -> str:
    """Smallest units as people write them: 1250 fen are ¥12.50."""
    return NONE if amount is None else _money(amount, currency, CURRENCIES.get(currency, 2))


def round_money(amount: float | None, currency: str) -> str:
    """The same for a sentence, where large amounts go without their decimal places."""
    if amount is None:
        return NONE
    places = CURRENCIES.get(currency, 2)
    return _money(amount, currency, 0 if abs(amount) >= _WHOLE_FROM * 10**places else places)


def price(units: Decimal, currency: str) -> str:
    """An amount of a plan, in the currency's usual unit, with every decimal place it has: 0.005 yuan are ¥0.005."""
    said = units.normalize().as_tuple().exponent
    places = max(CURRENCIES.get(currency, 2) if units % 1 else 0, -said if isinstance(said, int) else 0)
    return _signed(f"{_sign(currency)}{abs(units):,.{places}f}", units < 0)


def _money(amount: float, currency: str, places: int) -> str:
    units = Decimal(str(amount)).scaleb(-CURRENCIES.get(currency, 2))
    rounded = abs(units).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return _signed(f"{_sign(currency)}{rounded:,}", units < 0 and rounded != 0)


def _sign(currency: str) -> str:
    return _SIGNS.get(currency, f"{currency}\N{NO-BREAK SPACE}" if currency else "")


def day(at: date, language: str) -> str:
    """A date in words: 1 April 2017, 2017年4月1日."""
    if language == "en":
        return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
    return f"{at.year}年{at.month}月{at.day}日"


def day_of(at: datetime, zone: ZoneInfo, language: str) -> str:
    """The local day of an instant in words."""
    return day(local_day(at, zone), language)


def minute_of(at: datetime, zone: ZoneInfo, language: str) -> str:
    """An instant to the minute, with its zone."""
    local = at.astimezone(zone)
    return f"{day(local.date(), language)} {local:%H:%M} ({zone.key})"


def _signed(text: str, negative: bool) -> str:  # noqa: FBT001 (a fact about the number)
    return f"{MINUS}{text}" if negative else text
