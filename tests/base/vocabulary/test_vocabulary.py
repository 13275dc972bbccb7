"""The vocabulary: what it lists, who may send what, and what its page says."""

from pathlib import Path

import jsonschema_rs
import pytest

from festoon.base.errors import Invalid
from festoon.base.expressions.vocabulary import DATE, INT, TEXT, TEXTS, Kind
from festoon.base.vocabulary import VOCABULARY, EventType, decode_data, fields, json_schema, may_send
from festoon.base.vocabulary.page import page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "events.md"
each_type = pytest.mark.parametrize("type", VOCABULARY.values(), ids=VOCABULARY)


def test_the_reference_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


@each_type
def test_every_example_is_accepted(type: EventType) -> None:
    assert decode_data(type.name, type.example) is type.example


@each_type
def test_every_example_fits_the_published_schema(type: EventType) -> None:
    schema = json_schema(type.name)
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(type.example)


@each_type
def test_every_type_says_what_it_is_for_in_both_languages(type: EventType) -> None:
    assert len(type.purpose) > 20
    assert type.title["en"]
    assert any("一" <= sign <= "鿿" for sign in type.title["zh-Hans"])


def test_a_members_own_token_may_send_only_what_a_member_may_do_to_himself() -> None:
    assert {name for name, type in VOCABULARY.items() if may_send("member", type)} == {
        "check_in.made",
        "code.entered",
        "consent.changed",
        "draw.chance_bought",
        "draw.played",
        "exchange.made",
        "gift.address_given",
        "grant.appealed",
        "invite.sent",
        "item.taken_off",
        "item.worn",
        "page.viewed",
        "place.applied",
        "place.cancelled",
        "place.taken",
        "proof.submitted",
        "red_packet.claimed",
        "survey.answered",
    }


def test_a_platform_may_send_everything_but_what_festoon_makes() -> None:
    kept = {name for name, type in VOCABULARY.items() if not may_send("platform", type)}
    assert kept == {
        "balance.adjusted", "compensation.granted", "compensation.taken", "gift.cancelled", "grant.released",
        "grant.voided",
        "member.blocked", "member.erased", "member.merged", "member.unblocked", "reward.granted", "timer.due",
        "transfer.reversed",
    }  # fmt: skip
    assert all(may_send("festoon", type) for type in VOCABULARY.values())


def test_what_identifies_a_person_is_marked_and_unknown_to_conditions() -> None:
    assert VOCABULARY["member.registered"].personal == {
        "name",
        "email",
        "phone",
        "birthday",
        "address",
        "external_ids",
    }
    assert not fields("member.registered").keys() & VOCABULARY["member.registered"].personal
    assert json_schema("survey.answered")["properties"]["comment"]["x-personal"] is True


def test_conditions_know_the_fields_of_an_order_and_of_its_lines() -> None:
    order = fields("order.paid")
    assert order["amount"] == INT
    assert order["store"] == TEXT.maybe()
    assert order["coupons"] == TEXTS.maybe()
    assert order["lines"].kind is Kind.LINES
    assert order["lines"].fields["amount"] == INT
    assert order["lines"].fields["category"] == TEXT.maybe()


def test_a_date_is_a_date_to_conditions() -> None:
    assert fields("check_in.made")["repair"] == DATE.maybe()


def test_what_has_keys_of_the_platforms_own_is_unknown_to_conditions() -> None:
    assert "attributes" not in fields("member.registered")


@pytest.mark.parametrize("ask", [fields, json_schema])
def test_a_type_that_is_not_in_the_vocabulary_is_named_in_the_error(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(Invalid) as caught:
        ask("lesson.finished")
    assert caught.value.code == "event.type_unknown"
    assert "lesson.finished" in caught.value.text()
