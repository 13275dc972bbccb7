"""Traditional Chinese, as Taiwan writes it, of a text written in Simplified.

OpenCC knows characters and phrases; what it does not know of this field stands here. OpenCC and its dictionaries take
a quarter of a second and 36 MB, so they are loaded by who first reads Traditional Chinese, and each text is converted
once.
"""

from functools import cache, reduce
from importlib import import_module
from typing import Any

_OURS = (
    ("許可權", "權限"),
    ("稽核", "審核"),
    ("釋出", "發布"),
    ("公佈", "公布"),
    ("補籤", "補簽"),
    ("衝正", "沖正"),
    ("引數", "參數"),
    ("專案", "項目"),
    ("程式碼", "代碼"),
    ("和合並", "和合併"),
    ("迴圈", "循環"),
    ("事務", "交易"),
    ("發送", "傳送"),
    ("文本", "文字"),
    ("軟體包", "套件"),
    ("賬戶", "帳戶"),
    ("進位制", "進位"),
    ("單元格", "儲存格"),
    ("響應", "回應"),
    ("編制人", "編製人"),
    ("當前", "目前"),
    ("列名", "欄名"),
    ("的列", "的欄"),
    ("提供列", "提供欄"),
    ("其中一列", "其中一欄"),
    ("} 列", "} 欄"),
    ("“", "「"),
    ("”", "」"),
)
"""What OpenCC makes of a text of ours, and what it should be: a column is 欄 in Taiwan, where 列 is a row."""


@cache
def _converter() -> Any:
    return import_module("opencc").OpenCC("s2twp")


@cache
def traditional(text: str) -> str:
    """The text in Traditional Chinese. Placeholders and whatever is not Chinese stay as they are."""
    converted: str = _converter().convert(text)
    return reduce(lambda said, pair: said.replace(*pair), _OURS, converted)
