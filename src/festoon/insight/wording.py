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
MINUS = "\N{MINUS SIGN}"
NONE = "\N{EM DASH}"
_WHOLE_FROM = 10_000
"""From so many units of money on, the decimal places are left out."""


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
    """Smallest units as people write them: 1250 fen are ¥12.50. Large amounts lose their decimal places."""
    if amount is None:
        return NONE
    places = CURRENCIES.get(currency, 2)
    units = Decimal(str(amount)).scaleb(-places)
    shown = 0 if abs(units) >= _WHOLE_FROM else places
    rounded = abs(units).quantize(Decimal(1).scaleb(-shown), ROUND_HALF_UP)
    sign = _SIGNS.get(currency, f"{currency}\N{NO-BREAK SPACE}" if currency else "")
    return _signed(f"{sign}{rounded:,}", units < 0 and rounded != 0)


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
