"""The usual figures by id, each with its formula."""

from collections.abc import Mapping

from festoon.insight import active, retention, sales, taking_part
from festoon.insight.results import Figure

FIGURES: Mapping[str, Figure] = {
    figure.id: figure
    for figure in (*taking_part.FIGURES, *active.FIGURES, *sales.FIGURES, *retention.FIGURES)
}
