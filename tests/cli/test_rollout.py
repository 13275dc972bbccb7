"""`festoon plan rollout`: what it takes for a share."""

import pytest

from tests.docs.terminal import run


@pytest.mark.parametrize("share", ["ten", "10", "101%", "-1%", "0.001%", "%", "nan%", "1.125%", "1e2%"])
def test_what_is_no_share_is_refused_before_anything_is_opened(share: str) -> None:
    done = run("plan", "rollout", "spring", f"--share={share}", "--json")
    assert done.code != 0
    assert done.json()["error"]["code"] == "rollout.no_share"
