"""Tags and filters of every template of the console; they need no `load`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from festoon.console import texts
from festoon.console.icons import ICONS
from festoon.insight import wording
from festoon.plan.values import texts as in_every

register = template.Library()
ZONE = ZoneInfo("Asia/Shanghai")
"""Where a moment of no campaign is shown."""
TONES = {"good", "bad", "warn", "info", "quiet"}


@register.simple_tag
def say(key: str, **values: Any) -> SafeString:
    """`{% say "home.title" %}`: the text of a key; `{% say "home.hello" name=user.name %}` fills it in."""
    return texts.say(key, **values)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon: what it means stands beside it in words."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        ICONS[name],
    )


@register.simple_tag
def badge(key: str, tone: str = "quiet") -> SafeString:
    """`{% badge "campaigns.state_running" "good" %}`: a state, in words and colour."""
    if tone not in TONES:
        raise ValueError(f"a badge has one of the tones {TONES}")
    return format_html('<span class="badge badge-{}">{}</span>', tone, texts.say(key))


@register.simple_tag
def word(beginning: str, value: str) -> SafeString:
    """A word of a fixed set: `{% word "campaigns.phase_" phase %}`; one that has no text stands for itself."""
    try:
        return texts.say(f"{beginning}{value}")
    except KeyError:
        return format_html("{}", value)


@register.simple_tag
def role_name(role: str) -> SafeString:
    """A role as people call it."""
    return texts.say(f"role_{role}")


@register.simple_tag
def moment(at: datetime | None, zone: str = "", *, empty: str = "—") -> SafeString:
    """A moment to the minute, in the zone of its campaign."""
    if at is None:
        return SafeString(empty)
    local = at.astimezone(ZoneInfo(zone) if zone else ZONE)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), f"{local:%Y-%m-%d %H:%M}")


@register.simple_tag
def since(at: datetime | None, zone: str = "", *, empty: str = "—") -> SafeString:
    """Since when something lasts: what begins with a day is said to begin on it, without its midnight."""
    return _bound(at, zone, empty, timedelta(0))


@register.simple_tag
def until(at: datetime | None, zone: str = "", *, empty: str = "—") -> SafeString:
    """Until when something lasts: what ends with a day does on that day, and not on the next at midnight."""
    return _bound(at, zone, empty, timedelta(days=1))


def _bound(at: datetime | None, zone: str, empty: str, back: timedelta) -> SafeString:
    """A midnight as a day, so far `back`; any other moment as it is."""
    if at is None:
        return SafeString(empty)
    local = at.astimezone(ZoneInfo(zone) if zone else ZONE)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return moment(at, zone)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), (local.date() - back).isoformat())


@register.filter
def minute(at: datetime) -> str:
    """The same as plain text, for where no element can stand."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"


@register.simple_tag(takes_context=True)
def here_with(context: Mapping[str, Any], **changed: Any) -> str:
    """The page's own query with some parameters changed; one that is empty is left out."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def whole(number: float | None) -> str:
    return wording.NONE if number is None else wording.whole(number)


@register.filter
def share(number: float | None) -> str:
    """0.031 is 3.1%."""
    return wording.share(number)


@register.filter
def money(amount: float | None, currency: str = "CNY") -> str:
    """Smallest units as people write them."""
    return wording.money(amount, currency)


@register.filter
def price(amount: Decimal | None, currency: str) -> str:
    """What something costs, as the plan says it in the currency's usual unit; a dash for nothing."""
    return wording.price(amount, currency) if amount else wording.NONE


@register.filter
def measured(value: float | None, unit: str = "count") -> str:
    """A measured value in its unit: money in smallest units, a share as a percentage."""
    if value is None:
        return wording.NONE
    if unit == "share":
        return wording.share(value)
    return wording.round_money(value, "CNY") if unit == "money" else wording.whole(value)


@register.filter
def basis_points(share: int) -> str:
    """Members in ten thousand as a percentage: 125 is 1.25%."""
    return f"{share / 100:g}%"


@register.filter
def figure(number: Decimal | None, unit: str = "number") -> str:
    """A number of a plan in its unit: a share as a percentage, anything else with thousands separated."""
    if number is None:
        return wording.NONE
    return percent(number) if unit == "share" else f"{number:,f}"


@register.filter
def percent(part: Decimal | None) -> str:
    """A share of a plan: 0.05 is 5%."""
    return wording.NONE if part is None else f"{part * 100:f}".rstrip("0").rstrip(".") + "%"


@register.filter
def day(at: date) -> str:
    """A day as moments have theirs."""
    return at.isoformat()


@register.filter
def localized(said: Mapping[str, str] | str) -> str:
    """A title of a plan in the reader's language, or in one it has."""
    if isinstance(said, str):
        return said
    return in_every(cast(Any, dict(said)))[texts.language()] if said else ""


class Card(template.Node):
    """`{% card "home.running" %}…{% endcard %}`: a piece of the page under a heading."""

    def __init__(self, title: Any, body: template.NodeList) -> None:
        self._title = title
        self._body = body

    def render(self, context: template.Context) -> SafeString:
        title = self._title.resolve(context) if self._title else ""
        shown = {"title": texts.say(title) if title else "", "body": self._body.render(context)}
        return render_to_string("console/parts/card.html", shown)


@register.tag
def card(parser: Any, token: Any) -> Card:
    _, *rest = token.split_contents()
    body = parser.parse(("endcard",))
    parser.delete_first_token()
    return Card(parser.compile_filter(rest[0]) if rest else None, body)


@register.inclusion_tag("console/parts/stat.html")
def stat(key: str, value: Any, note: str = "", tone: str = "") -> dict[str, Any]:
    """A figure with its name: `{% stat "home.spend" spend|money %}`."""
    return {"label": texts.say(key), "value": value, "note": note, "tone": tone}


@register.inclusion_tag("console/parts/empty.html")
def empty(key: str, next: str = "", url: str = "") -> dict[str, Any]:
    """A list with nothing in it says why, and leads on: `{% empty "home.none" "home.make_one" url %}`."""
    return {"said": texts.say(key), "next": texts.say(next) if next else "", "url": url}


@register.inclusion_tag("console/parts/empty.html", takes_context=True)
def begin(context: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Nothing is here because there is no campaign: who makes plans is led to one, anybody else to the campaigns."""
    campaigns = reverse("campaigns:overview")
    if context["may"].get("plan_make"):
        return empty(key, "plan_one", reverse("editor:overview"))
    return (
        empty(key) if context["request"].path.startswith(campaigns) else empty(key, "to_campaigns", campaigns)
    )


@register.inclusion_tag("console/parts/progress.html")
def progress(key: str, done: float, of: float) -> dict[str, Any]:
    """How far something has come, in words and as a bar."""
    part = min(max(done / of, 0), 1) if of else 0
    return {"label": texts.say(key), "done": done, "of": of, "share": part, "share_text": f"{part:.4f}"}


@register.inclusion_tag("console/parts/tabs.html")
def tabs(entries: Sequence[tuple[str, str]], here: str) -> dict[str, Any]:
    """Tabs as links: (text key, url) in order; `here` is the key of the one that is open."""
    return {"entries": [(texts.say(key), url, key == here) for key, url in entries]}


@register.inclusion_tag("console/parts/chart.html")
def chart(name: str, spec: Mapping[str, Any], said: str) -> dict[str, Any]:
    """A Chart.js canvas with its data beside it; `said` is what it shows, for who cannot see it."""
    return {"name": name, "data_id": f"{name}-data", "spec": spec, "said": said}


@register.inclusion_tag("console/parts/confirm.html", takes_context=True)
def confirm(
    context: Mapping[str, Any],
    name: str,
    button: str,
    action: str,
    question: str,
    tone: str = "primary",
    ask: str = "",
    must: str = "",
) -> dict[str, Any]:
    """A button that asks before it posts: `{% confirm "stop" "campaigns.stop" url "campaigns.sure" "danger" %}`.

    `ask="group.comment"` adds a field `text` that may be filled in, `must=` one that has to be.
    """
    asked = ask or must
    return {
        "asked": texts.say(asked) if asked else "",
        "required": bool(must),
        "csrf_token": context["csrf_token"],
        "name": name,
        "button": texts.say(button),
        "action": action,
        "question": texts.say(question),
        "tone": tone,
    }
