"""Errors and refusals are told in the reader's language."""

import pytest

from festoon.intake.asgi import language_of
from tests.serving import Client, cloud_event, order_paid

WISHES = {
    "": "en",
    "*": "en",
    "fr": "en",
    "en": "en",
    "en-GB,zh;q=0.5": "en",
    "zh": "zh-Hans",
    "zh-CN": "zh-Hans",
    "zh-Hans-CN, en;q=0.8": "zh-Hans",
    "zh-TW": "zh-Hant",
    "zh-HK, zh;q=0.9": "zh-Hant",
    "ZH-Hant-HK": "zh-Hant",
    "fr, zh; q=0.8, en;q=0.3": "zh-Hans",
    "en;q=0.1, zh-Hant;q=0.2": "zh-Hant",
    "zh;q=0, en;q=0.1": "en",
    "zh;q=much": "en",
    ";;;,,,=": "en",
    "fr," * 1000: "en",
}


@pytest.mark.parametrize(("header", "language"), WISHES.items())
def test_the_wish_of_a_header(header: str, language: str) -> None:
    assert language_of(header) == language


@pytest.mark.parametrize("path", ["/v1/events", "/v1/members"])
def test_errors_speak_the_readers_language(client: Client, path: str) -> None:
    said = {}
    for language in ("en", "zh-Hans", "zh-Hant"):
        headers = {"accept-language": language, "content-type": "application/cloudevents+json"}
        answer = client.post(path, content=b"nonsense", headers=headers)
        assert answer.headers["content-language"] == language
        said[language] = answer.json()["title"]
    assert "JSON" in said["en"]
    assert "请求体" in said["zh-Hans"]
    assert "請求體" in said["zh-Hant"]


def test_refusals_inside_an_outcome_get_a_text(client: Client) -> None:
    first = cloud_event("lesson.finished", "pia", data={"lesson": "1"})
    second = cloud_event("lesson.finished", "pia", data={"lesson": "2"})
    client.one(first)
    for language, word in (("en", "1 time a day"), ("zh-CN", "每天限1次"), ("zh-TW", "已達上限")):
        for answer in (
            client.one(second, **{"accept-language": language}).json(),
            client.many([second], **{"accept-language": language}).json()[0],
        ):
            (mechanic,) = answer["outcome"]["mechanics"]
            assert mechanic["refused"]["code"] == "limit.per_period"
            assert word in mechanic["refused"]["text"]


def test_a_whole_request_that_is_refused_says_why(client: Client) -> None:
    data = {"coupon": "NONE", "campaign": "spring", "mechanic": "no-such-draw"}
    event = cloud_event("draw.played", "pia", data=data)
    answer = client.one(event, **{"accept-language": "zh"}).json()
    assert answer["outcome"]["status"] == "refused"
    assert "no-such-draw" in answer["outcome"]["refused"]["text"]


def test_a_conflict_in_a_batch_is_told_in_the_readers_language(client: Client) -> None:
    event = order_paid("quin", 100)
    client.one(event)
    (answer,) = client.many(
        [{**event, "time": None, "type": "shop.bell_rung"}], **{"accept-language": "zh"}
    ).json()
    assert answer["status"] == 409
    assert "已被" in answer["error"]["title"]
