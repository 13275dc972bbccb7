"""The pages of the API: its document and the error codes as readable HTML, with nothing fetched from anywhere."""

import json
import re
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape

from festoon.base.errors import CODES

_templates = Environment(
    loader=PackageLoader("festoon.api"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
)
_CODE = re.compile(r"`([^`]+)`")
_REFERENCE = re.compile(r"#/components/schemas/(\w+)")


def _marked(text: str) -> Markup:
    """Text with what stands in backticks shown as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def _linked(part: Any) -> Markup:
    """JSON with its references made links to the schemas on the page."""
    text = str(escape(json.dumps(part, indent=2, ensure_ascii=False)))
    return Markup(_REFERENCE.sub(r'<a href="#\1">#/components/schemas/\1</a>', text))


_templates.filters.update(marked=_marked, linked=_linked)


def docs_page(document: dict[str, Any]) -> str:
    """The page for an OpenAPI document."""
    operations = [
        {"method": method.upper(), "path": path, **described}
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]
    return _templates.get_template("docs.html.jinja").render(
        info=document["info"], operations=operations, schemas=document["components"]["schemas"]
    )


def errors_page(language: str) -> str:
    """The page that explains every code, where the `type` of a problem leads to."""
    spoken = language if language in _WORDS else "zh-Hans"
    codes = sorted(CODES.values(), key=lambda code: code.code)
    return _templates.get_template("errors.html.jinja").render(
        language=language, spoken=spoken, words=_WORDS[spoken], codes=codes
    )


_WORDS = {
    "en": {
        "title": "Error codes",
        "about": "Every refusal and every error carries one of these codes, the data behind it, and a text. "
        "Codes do not change; texts may.",
        "todo": "What to do",
        "inside": "in an outcome",
    },
    "zh-Hans": {
        "title": "错误代码",
        "about": "每个拒绝和错误都带有下列代码之一、相关数据和说明文字。代码不会改变，文字可能调整。",
        "todo": "处理办法",
        "inside": "在结果中",
    },
}
