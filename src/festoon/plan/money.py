"""Money as people write it, and the whole smallest units it is kept in.

The decimal places are those of ISO 4217 (the list of current currency codes of its maintenance agency, SIX).
"""

from decimal import Decimal
from fractions import Fraction

from festoon.base.amounts import MAX_AMOUNT
from festoon.base.errors import Invalid
from festoon.base.rewards import Cost
from festoon.plan import codes_plan as codes

_PLACES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD
        CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
        GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD
        MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP
        PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
        TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
CURRENCIES = {code: places for places, codes in _PLACES.items() for code in codes.split()}
"""Decimal places by ISO 4217 code."""


def minor(amount: Decimal, currency: str, path: str = "") -> int:
    """Smallest units of an amount of money: 12.50 CNY is 1250 fen.

    Raises Invalid for an amount below zero, with more decimal places than the currency has, or too large.
    """
    places = CURRENCIES[currency]
    scaled = amount.scaleb(places)
    if amount < 0:
        raise Invalid(codes.NEGATIVE_MONEY, path, amount=str(amount))
    if scaled != int(scaled):
        raise Invalid(codes.TOO_MANY_DECIMALS, path, amount=str(amount), currency=currency, places=places)
    if scaled > MAX_AMOUNT:
        raise Invalid(codes.TOO_MUCH_MONEY, path, amount=str(amount))
    return int(scaled)


def money(amount: int, currency: str) -> str:
    """Smallest units as people write them: 1250 fen are 12.50."""
    return f"{Decimal(amount).scaleb(-CURRENCIES[currency]):,f}"


def unit_cost(price: Decimal, scale: int, currency: str, line: str, path: str = "") -> Cost:
    """What one smallest unit of an asset costs, exactly: 0.005 CNY a point is 1 fen for 2 points.

    `scale` is the asset's decimal places, `line` the shared account the cost is booked on.
    """
    if price < 0:
        raise Invalid(codes.NEGATIVE_MONEY, path, amount=str(price))
    each = Fraction(price) * 10 ** CURRENCIES[currency] / 10**scale
    return Cost(each.numerator, each.denominator, line, currency)
