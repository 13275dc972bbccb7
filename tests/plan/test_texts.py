"""A plan's texts in the reader's language, whatever the planner has written."""

from festoon.plan.values import Text, texts


def test_what_is_only_there_in_simplified_is_read_in_traditional() -> None:
    assert texts({"zh-Hans": "秋茶节", "en": "Autumn tea"}) == {
        "en": "Autumn tea",
        "zh-Hans": "秋茶节",
        "zh-Hant": "秋茶節",
    }


def test_what_the_planner_wrote_himself_stands() -> None:
    written: Text = {"en": "Tea", "zh-Hans": "茶叶", "zh-Hant": "茗茶"}
    assert texts(written) == written


def test_a_plain_text_is_the_same_in_every_language_and_a_missing_one_falls_back() -> None:
    assert texts("新年") == dict.fromkeys(("en", "zh-Hans", "zh-Hant"), "新年")
    assert texts({"zh-Hant": "新年禮"})["en"] == "新年禮"
    assert set(texts(None, "spring").values()) == {"spring"}
