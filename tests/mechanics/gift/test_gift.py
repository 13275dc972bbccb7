from tests.mechanics.stage import Stage, noon

WELCOME = {"kind": "gift", "on": "member.registered", "give": "welcome"}


def test_a_registration_brings_the_welcome_gift() -> None:
    stage = Stage(WELCOME)
    stage.happens("member.registered", noon("2027-02-05"))
    assert stage.given() == {"welcome": 1}


def test_a_gift_remembers_nothing_so_that_limits_alone_say_how_often() -> None:
    stage = Stage(WELCOME)
    stage.happens("member.registered", noon("2027-02-05"))
    stage.happens("member.registered", noon("2027-02-06"))
    assert stage.given() == {"welcome": 2}
    assert stage.person().state is None


def test_one_gift_can_react_to_several_types() -> None:
    stage = Stage({**WELCOME, "on": ["member.registered", "segment.entered"]})
    assert stage.mechanic.listens(stage.mechanic.params) == ("member.registered", "segment.entered")


def test_what_a_gift_may_cost_is_unbounded_but_for_its_limits() -> None:
    [(reward, times)] = Stage(WELCOME).mechanic.worst_case()
    assert (reward.name, times) == ("welcome", None)
