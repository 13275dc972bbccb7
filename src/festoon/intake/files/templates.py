"""Templates such as `basket-{basket_id}`: how an id is put together from columns."""

from collections.abc import Iterator
from string import Formatter

from festoon.base.errors import Invalid, define

NOT_A_TEMPLATE = define(
    "map.not_a_template",
    400,
    "`{given}` is not a template",
    "`{given}` 不是有效的模板",
    todo="Write the names of columns in braces.",
    todo_zh="请将列名写在花括号中。",
)


def parts_of(template: str) -> Iterator[tuple[str, str]]:
    """Pairs of fixed text and the column that follows it; the column is empty after the last text.

    A template without a brace is the name of one column. Raises Invalid `map.not_a_template`.
    """
    if "{" not in template and "}" not in template:
        yield "", template
        return
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        raise Invalid(NOT_A_TEMPLATE, given=template) from None
    if not any(column for _, column, _, _ in parts):
        raise Invalid(NOT_A_TEMPLATE, given=template)
    for text, column, form, conversion in parts:
        if column == "" or form or conversion:
            raise Invalid(NOT_A_TEMPLATE, given=template)
        yield text, column or ""


def columns_of(template: str) -> list[str]:
    """The columns a template reads; of an empty one, none."""
    return [column for _, column in parts_of(template) if column]
