"""Types that a plan declares: checked when they are written, and then like any other."""

from typing import Any

import pytest

from festoon.base.errors import Invalid
from festoon.base.expressions.vocabulary import DATE, INT, NUMBER, TEXT, TEXTS, Kind, one_of
from festoon.base.vocabulary import DataCheck, DeclaredType, schema_fields

LESSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "lesson": {"type": "string", "minLength": 1},
        "minutes": {"type": "integer", "minimum": 0},
        "level": {"type": "string", "enum": ["beginner", "expert"]},
        "day": {"type": "string", "format": "date"},
        "grade": {"type": ["number", "null"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "steps": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
        "essay": {"type": "string", "x-personal": True},
        "anything": {},
    },
    "required": ["lesson", "grade"],
}
GOOD = {"lesson": "l1", "grade": 4.5}


def declared(schema: dict[str, Any], name: str = "lesson.finished") -> DeclaredType:
    return DeclaredType(name, schema)


def refused(type: DeclaredType) -> Invalid:
    with pytest.raises(Invalid) as caught:
        DataCheck(type)
    return caught.value


def test_data_of_a_declared_type_is_checked_by_its_schema() -> None:
    assert DataCheck(declared(LESSON)).check(GOOD) is GOOD


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        ({"lesson": "l1"}, "event.data_missing", "grade"),
        ({**GOOD, "minutes": -1}, "event.data_invalid", "minutes"),
        ({**GOOD, "day": "2027-02-30"}, "event.data_invalid", "day"),
        ({**GOOD, "steps": [{"n": 1}, {"n": "2"}]}, "event.data_invalid", "steps[1].n"),
        ([], "event.data_invalid", "data"),
    ],
)
def test_data_that_does_not_fit_is_refused_with_its_field(data: Any, code: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        DataCheck(declared(LESSON)).check(data)
    assert (caught.value.code, caught.value.data["field"]) == (code, field)


def test_what_a_person_wrote_is_not_repeated() -> None:
    with pytest.raises(Invalid) as caught:
        DataCheck(declared({**LESSON, "maxProperties": 1})).check({**GOOD, "essay": "my secret"})
    assert "secret" not in f"{caught.value} {caught.value.data}"


@pytest.mark.parametrize("name", ["", "lesson", "Lesson.Finished", "lesson finished", "lesson.", "课程.完成"])
def test_a_name_is_lower_case_words_with_dots(name: str) -> None:
    assert refused(declared(LESSON, name)).code == "event_type.name_invalid"


def test_a_type_of_the_vocabulary_is_not_declared_again() -> None:
    assert refused(declared(LESSON, "order.paid")).code == "event_type.name_taken"


@pytest.mark.parametrize(
    ("schema", "place", "wanted"),
    [
        ({"type": "objekt"}, "type", '"object"'),
        ({"type": "array"}, "type", '"object"'),
        (
            {"type": "object", "properties": {"a": {"type": "integer", "minimum": "low"}}},
            "properties.a.minimum",
            'type ["number"]',
        ),
        (
            {"type": "object", "properties": {"a": {"pattern": "("}}},
            "properties.a.pattern",
            'format "regex"',
        ),
        ({"type": "object", "required": ["a", "a"]}, "required", "uniqueItems true"),
        (
            {"type": "object", "properties": {"a": {"type": "text"}}},
            "properties.a.type",
            '"array" | "boolean" | "integer" | "null" | "number" | "object" | "string"',
        ),
    ],
)
def test_a_schema_that_is_not_right_is_refused_when_it_is_written(
    schema: dict[str, Any], place: str, wanted: str
) -> None:
    problem = refused(declared(schema))
    assert (problem.code, problem.place, problem.data["wanted"]) == (
        "event_type.schema_invalid",
        place,
        wanted,
    )
    assert problem.text("zh-Hans").endswith(f"的 JSON Schema 有误，应满足：{wanted}。")


def test_a_schema_that_is_too_long_is_refused() -> None:
    problem = refused(declared({"type": "object", "$comment": "x" * 70_000}))
    assert problem.code == "event_type.schema_too_long"


@pytest.mark.parametrize(
    "refers",
    ["http://127.0.0.1:9/schema.json", "file:///etc/hostname", "#/$defs/nowhere"],
)
def test_a_schema_that_refers_to_what_is_not_in_it_is_refused(refers: str) -> None:
    problem = refused(declared({"type": "object", "properties": {"a": {"$ref": refers}}}))
    assert problem.code == "event_type.reference_unknown"


def test_a_schema_of_another_dialect_is_refused() -> None:
    problem = refused(declared({"type": "object", "$schema": "http://127.0.0.1:9/dialect"}))
    assert problem.code == "event_type.dialect_unknown"


def test_a_pattern_that_needs_exponential_time_elsewhere_is_answered_here() -> None:
    check = DataCheck(declared({"type": "object", "properties": {"a": {"pattern": "^(a+)+$"}}}))
    with pytest.raises(Invalid):
        check.check({"a": "a" * 5_000 + "b"})


def test_conditions_know_what_the_schema_says_of_its_fields() -> None:
    known = schema_fields(LESSON)
    assert known["lesson"] == TEXT
    assert known["minutes"] == INT.maybe()
    assert known["level"] == one_of("beginner", "expert").maybe()
    assert known["day"] == DATE.maybe()
    assert known["grade"] == NUMBER.maybe()
    assert known["tags"] == TEXTS.maybe()
    assert (known["steps"].kind, known["steps"].fields["n"]) == (Kind.LINES, INT.maybe())
    assert known.keys().isdisjoint({"essay", "anything"})


def test_personal_fields_of_a_declared_type_are_named() -> None:
    assert declared(LESSON).personal == {"essay"}
