"""Figures from outside in the console: entered with their evidence, signed by another, the file only to be saved."""

import re

import pytest

from tests.console.visitors import CSRF, Visitors
from tests.serving import Running, head

PLAN = (
    head()
    + """
goals:
  - {metric: awareness, target: 30%, outside: {title: {en: Awareness, zh-Hans: 知名度}, evidence: Survey, unit: share}}
mechanics:
  hello: {kind: gift, on: member.registered, give: [{points: 5}]}
"""
)
NEW = "/console/figures/new/spring/"
FIELDS = {
    "metric": "awareness",
    "value": "31%",
    "measured": "2026-01-05",
    "source": "Tea Research",
    "link": "",
}


@pytest.fixture(scope="module")
def plan() -> str:
    return PLAN


def test_a_figure_goes_from_one_to_another_with_its_file(visitors: Visitors, running: Running) -> None:
    analyst, reviewer = visitors["analyst"], visitors["reviewer"]
    assert NEW in analyst.page("/console/campaigns/spring/tab/goals/")
    token = CSRF.search(analyst.page(NEW))
    assert token is not None
    sent = {"csrfmiddlewaretoken": token[1], **FIELDS}
    wrong = analyst.post(NEW, data=sent, files={"file": ("survey.pdf", b"<script>", "application/pdf")})
    assert "a file of this kind is not kept" in wrong.text
    done = analyst.post(NEW, data=sent, files={"file": ("survey.pdf", b"%PDF-1.7", "application/pdf")})
    assert "waits for a signature" in done.text
    (row,) = running.fetch("SELECT number FROM outside_figure")
    at = f"/console/figures/{row['number']}"
    file = reviewer.get(f"{at}/evidence/")
    assert file.content == b"%PDF-1.7"
    assert file.headers["content-disposition"] == 'attachment; filename="survey.pdf"'
    assert (file.headers["x-content-type-options"], file.headers["content-security-policy"]) == (
        "nosniff", "default-src 'none'; sandbox",
    )  # fmt: skip
    assert "figures from outside to sign" in reviewer.page("/console/home/")
    assert "Sign" not in re.findall(r">(Sign)<", analyst.page("/console/figures/"))
    assert analyst.submit(f"{at}/sign/", "/console/figures/").status_code == 403
    assert "31.0%" in reviewer.submit(f"{at}/sign/", "/console/figures/").text
    assert running.fetch("SELECT state, checker FROM outside_figure")[0]["state"] == "signed"


def test_who_entered_a_figure_takes_it_back_with_a_reason(visitors: Visitors, running: Running) -> None:
    planner = visitors["planner"]
    missing = planner.submit(NEW, **FIELDS)
    assert "give a link or a file" in missing.text
    planner.submit(NEW, **FIELDS | {"link": "https://research.example/1"})
    (row,) = running.fetch("SELECT number FROM outside_figure WHERE state = 'waiting'")
    at = f"/console/figures/{row['number']}/decline/"
    assert "figure.reason_missing" in planner.submit(at, "/console/figures/", text=" ").text
    assert "last year" in planner.submit(at, "/console/figures/", text="that was last year").text
