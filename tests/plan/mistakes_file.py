"""One file for each thing that can be wrong with a file: code, text, path.

`▸` stands right before the mistake; without one it is the file's first character.
"""

from festoon.plan import codes_file as codes
from festoon.plan.source import MAX_BYTES, MAX_DEPTH, MAX_LINE, MAX_VALUES
from tests.plan.plans import plan

Mistake = tuple[str, str | bytes, str]

MARK = "▸"
_HEAD = "festoon: 1\ncampaign: spring\n"

MISTAKES: list[Mistake] = [
    (codes.NOT_UTF8, b"festoon: 1\ntitle: " + MARK.encode() + b"\xc4\xe3\xba\xc3\n", ""),
    (codes.NOT_UTF8, "festoon: 1\n".encode("utf-16"), ""),
    (codes.TOO_LARGE, "title: " + "x" * MAX_BYTES, ""),
    (codes.LINE_TOO_LONG, f"{_HEAD}{MARK}title: {'!' * MAX_LINE}", ""),
    (codes.TOO_MANY_VALUES, "a: [\n" + " 1,\n" * (MAX_VALUES - 3) + f" {MARK}1,\n]", ""),
    (codes.TOO_DEEP, "a: " + "[" * (MAX_DEPTH - 1) + f"{MARK}[[[", ""),
    (codes.TOO_DEEP, "- " * MAX_DEPTH + f"{MARK}- - -", ""),
    (codes.HIDDEN_CHARACTER, _HEAD + "title: a▸\x00b\n", ""),
    (codes.HIDDEN_CHARACTER, _HEAD + "title: a▸\u202eb\n", ""),
    (codes.HIDDEN_CHARACTER, _HEAD + "title: a▸\ud800b\n", ""),
    (codes.HIDDEN_CHARACTER, _HEAD + 'title: ▸"a\\0b"\n', "title"),
    (codes.HIDDEN_CHARACTER, _HEAD + 'title: ▸"a\\ud800b"\n', "title"),
    (codes.EMPTY, "# nothing but a comment\n", ""),
    (codes.SEVERAL_DOCUMENTS, plan() + "▸---\nfestoon: 1\n", ""),
    (codes.TAB, _HEAD + "schedule:\n▸\tstart: 2026-03-01\n", ""),
    (codes.INDENTATION, _HEAD + "title: a▸: b\n", ""),
    (codes.INDENTATION, _HEAD + "  title▸: a\n", ""),
    (codes.INDENTATION, "a:\n  - 1\n ▸b: 2\n", ""),
    (codes.CUT_OFF, _HEAD + "rewards: {welcome: [▸", ""),
    (codes.CUT_OFF, _HEAD + "title: 'Spring▸", ""),
    (codes.COLON_MISSING, _HEAD + "title\n▸background: x\n", ""),
    (codes.RESERVED_CHARACTER, _HEAD + "title: ▸@home\n", ""),
    (codes.ESCAPE, _HEAD + 'title: "a\\▸qb"\n', ""),
    (codes.YAML, "%YAML 7.0\n---\n" + _HEAD, ""),
    (codes.DUPLICATE_KEY, plan() + "▸campaign: other\n", ""),
    (codes.ANCHOR, plan(title="▸&name Spring"), "title"),
    (codes.ANCHOR, plan(rewards="{welcome: ▸*all}"), "rewards.welcome"),
    (codes.ANCHOR, plan(rewards="{▸<<: {}}"), ""),
    (codes.TAG, plan(title="▸!!python/object:os.system Spring"), "title"),
    (codes.KEY_NOT_TEXT, plan(rewards="{▸[a]: []}"), ""),
    (codes.NO_SUCH_DATE, plan(schedule="{start: ▸2027-02-30, end: 2027-03-01}"), "schedule.start"),
    (codes.NO_SUCH_DATE, plan(schedule="{end: 2027-03-01, start: ▸2027-2-3}"), "schedule.start"),
    (codes.NO_SUCH_DATE, plan(schedule="{start: ▸'2027-02-30', end: 2027-03-01}"), "schedule.start"),
    (codes.NUMBER_TOO_LARGE, plan(budget="{lines: {prizes: ▸99999999999999999999}}"), "budget.lines.prizes"),
    (codes.NUMBER_TOO_LARGE, plan(budget="{lines: {prizes: ▸0." + "1" * 40 + "}}"), "budget.lines.prizes"),
    (codes.UNKNOWN_KEY, plan() + "▸coupon: {}\n", "coupon"),
    (codes.MISSING_KEY, plan(timezone=None), ""),
    (codes.EXPECTED_TEXT, plan(timezone="▸8"), "timezone"),
    (codes.EXPECTED_INTEGER, plan(coupons="{x: {value: 1, stock: ▸1.5}}"), "coupons.x.stock"),
    (codes.EXPECTED_NUMBER, plan(coupons="{x: {value: ▸a lot}}"), "coupons.x.value"),
    (codes.EXPECTED_SHARE, plan(audience="{holdout: ▸five}"), "audience.holdout"),
    (codes.EXPECTED_BOOL, plan(coupons="{x: {free_shipping: ▸yes}}"), "coupons.x.free_shipping"),
    (
        codes.EXPECTED_DATE,
        plan(badges="{x: {lasts: {until: ▸someday}}}"),
        "badges.x.lasts.until",
    ),
    (codes.EXPECTED_LIST, plan(goals="▸{metric: orders}"), "goals"),
    (codes.EXPECTED_MAPPING, plan(schedule="▸soon"), "schedule"),
    (codes.EXPECTED_OTHER, plan(title="▸2026"), "title"),
    (codes.NOT_ONE_OF, plan(calendar="{base: ▸DE}"), "calendar.base"),
    (codes.OUT_OF_RANGE, plan(coupons="{x: {value: 1, stock: ▸-1}}"), "coupons.x.stock"),
    (codes.NOT_THIS_FORM, plan(campaign="▸Spring Sale"), "campaign"),
    (
        codes.WRONG_LENGTH,
        plan(rewards="{welcome: [{points: ▸[1, 2, 3]}]}"),
        "rewards.welcome[0].points",
    ),
]
