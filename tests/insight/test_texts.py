import re
from pathlib import Path
from string import Formatter

import pytest

from festoon.base.errors import CODES, LANGUAGES
from festoon.insight import reason_texts, report
from festoon.insight.figures import FIGURES
from festoon.insight.reasons import reason_of
from festoon.insight.texts import catalogue, words
from festoon.mechanics.registry import kinds

TEMPLATES = Path(report.__file__).with_name("templates")


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("name", catalogue())
def test_a_text_is_there_in_every_language_with_the_same_places(name: str) -> None:
    said = catalogue()[name]
    assert set(said) == set(LANGUAGES)
    assert all(said.values())
    assert places(said["zh-Hans"]) == places(said["zh-Hant"]) == places(said["en"])


def test_simplified_and_traditional_are_not_mixed() -> None:
    traditional = (
        "會員動發獎勵數據時間區間與對組預測結論為這個後來過說無從實際幣總賬戶單價觸達內週壓縮標準營運測檔"
    )
    simplified = (
        "会员动发奖励数据时间区间与对组预测结论为这个后来过说无从实际币总账户单价触达内周压缩标准营运测档"
    )
    only_traditional = {ch for ch in traditional if ch not in simplified}
    only_simplified = {ch for ch in simplified if ch not in traditional}
    everything = dict(catalogue())
    for figure in FIGURES.values():
        everything |= {f"{figure.id} title": figure.title, f"{figure.id} formula": figure.formula}
    everything |= {code: texts for code, (_, texts) in reason_texts.KNOWN.items()}
    for name, said in everything.items():
        assert not only_traditional & set(said["zh-Hans"]), name
        assert not only_simplified & set(said["zh-Hant"]), name


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(ValueError, match="zh-Hant"):
        words("fr")


def test_the_pages_ask_for_texts_there_are_and_every_text_is_asked_for() -> None:
    sources = [path.read_text() for path in TEMPLATES.iterdir()]
    sources += [path.read_text() for path in TEMPLATES.parent.rglob("*.py")]
    asked = set(re.findall(r"\bt\.([a-z_]+)", "\n".join(sources)))
    assert asked <= set(catalogue())
    quoted = set(re.findall(r"[\"']([a-z_]+)[\"']", "\n".join(sources))) | asked
    made = {
        name for name in catalogue() if name.startswith(("phase_", "kind_", "b_how_", "b_said_", "b_do_"))
    } | {
        "short",
        "medium",
        "long",
    }
    assert set(catalogue()) <= quoted | made


def test_figures_are_named_and_explained_in_every_language() -> None:
    for figure in FIGURES.values():
        assert set(figure.title) == set(figure.formula) == set(LANGUAGES)
        assert all([*figure.title.values(), *figure.formula.values()])


def test_every_refusal_that_is_explained_is_one_that_can_happen() -> None:
    kinds()  # the codes are declared where they are raised
    assert set(reason_texts.KNOWN) <= set(CODES)


def test_a_refusal_of_a_mechanic_is_explained_to_the_manager() -> None:
    kinds()
    rooms = (
        "limit.", "cap.", "task.", "check_in.", "draw.", "referral.", "stock.", "budget.", "balance.", "proof.",
        "code.", "place.", "grand_draw.", "red_packet.", "grant.", "item.", "risk.",
    )  # fmt: skip
    raised = {id for id, code in CODES.items() if code.status == 200 and id.startswith(rooms)}
    assert raised <= set(reason_texts.KNOWN) | {"check_in.not_a_day", "draw.epoch_not_open"}


def test_an_unknown_code_is_shown_in_its_own_words() -> None:
    assert reason_of("club.closed", "", "en").text == "Club.closed"
    data = '{"held": 3, "wanted": 5}'
    assert reason_of("hold.smaller", data, "en").text == "The hold is 3 and 5 was to be posted"
    assert reason_of("hold.smaller", data, "zh-Hant").text.startswith("凍結3")
    assert reason_of("hold.smaller", "not JSON", "en").text.startswith("The hold is <held>")
