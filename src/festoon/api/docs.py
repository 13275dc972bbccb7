"""The API's page: the OpenAPI document as one readable HTML page, with nothing fetched from anywhere."""

from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

_templates = Environment(loader=PackageLoader("festoon.api"), autoescape=select_autoescape())


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
