"""The pages of the API: its document and the error codes as readable HTML, with nothing fetched from anywhere."""

import json
import re
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape

from festoon.base.errors import CODES, template_of

_templates = Environment(
    loader=PackageLoader("festoon.api"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
)
_CODE = re.compile(r"`([^`]+)`")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_REFERENCE = re.compile(r"#/components/schemas/([\w.]+)")


def _marked(text: str) -> Markup:
    """Text with what stands in backticks shown as code, and between stars in bold."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", str(escape(text)))))


def _shapes(schema: dict[str, Any]) -> list[str]:
    """The names of the shapes that a schema refers to."""
    return list(dict.fromkeys(_REFERENCE.findall(json.dumps(schema))))


def _linked(part: Any) -> Markup:
    """JSON with its references made links to the schemas on the page."""
    text = str(escape(json.dumps(part, indent=2, ensure_ascii=False)))
    return Markup(_REFERENCE.sub(r'<a href="#\1">#/components/schemas/\1</a>', text))


_templates.filters.update(marked=_marked, linked=_linked, shapes=_shapes)


def docs_page(document: dict[str, Any]) -> str:
    """The page for an OpenAPI document."""
    operations = [
        {"method": method.upper(), "path": path, **described}
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]
    tags = [
        {**tag, "operations": [each for each in operations if tag["name"] in each["tags"]]}
        for tag in document["tags"]
    ]
    return _templates.get_template("docs.html.jinja").render(
        info=document["info"], tags=[tag for tag in tags if tag["operations"]],
        schemas=document["components"]["schemas"], said=document["components"]["examples"],
    )  # fmt: skip


def errors_page(language: str) -> str:
    """The page that explains every code, where the `type` of a problem leads to."""
    codes = [
        {
            "code": code.code,
            "status": code.status,
            "text": template_of(code.texts, language),
            "todo": template_of(code.todo, language) if code.todo else "",
        }
        for code in sorted(CODES.values(), key=lambda code: code.code)
    ]
    words = {name: template_of(said, language) for name, said in _WORDS.items()}
    return _templates.get_template("errors.html.jinja").render(language=language, words=words, codes=codes)


_WORDS = {
    "title": {"en": "Error codes", "zh-Hans": "错误代码"},
    "about": {
        "en": "Every refusal and every error carries one of these codes, the data behind it, and a text. "
        "Codes do not change; texts may.",
        "zh-Hans": "每个拒绝和错误都带有下列代码之一、相关数据和说明文字。代码不会改变，文字可能调整。",
    },
    "todo": {"en": "What to do", "zh-Hans": "处理办法"},
    "inside": {"en": "in an outcome", "zh-Hans": "在结果中"},
}
