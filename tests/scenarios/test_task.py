"""The tasks of docs/reference/mechanics/task.md: a chain, a week as a good neighbour, three a day, a sum."""

from tests.mechanics.pages import blocks, plan
from tests.scenarios.story import Story, code


def test_a_newcomer_goes_through_the_chain_in_order() -> None:
    story = Story(plan("task"))
    early = story.happens("content.published", "mei", "2027-03-02", content="p0")["first-post"]
    assert early.refused is not None
    assert (early.refused.code, early.refused.data) == ("task.not_yet", {"after": "profile"})
    story.happens("member.profile_completed", "mei", "2027-03-02")
    story.happens("content.published", "mei", "2027-03-02", content="p1")
    assert (story.points("mei"), story.items("mei")) == (80, {"storyteller": 1})
    done = story.happens("content.published", "mei", "2027-03-03", content="p2")["first-post"]
    assert code(done) == "task.done"
    assert story.books_balance()


def test_three_different_posts_commented_within_a_week_of_registering() -> None:
    story = Story(plan("task"))
    story.happens("member.registered", "mei", "2027-03-02")
    first = story.happens("content.commented", "mei", "2027-03-02", content="a")["neighbour"]
    assert first.note == {"counted": 1, "goal": 3}
    same = story.happens("content.commented", "mei", "2027-03-05", content="a")["neighbour"]
    assert code(same) == "task.counted_already"
    story.happens("content.commented", "mei", "2027-03-05", content="b")
    third = story.happens("content.commented", "mei", "2027-03-08", content="c")["neighbour"]
    assert [given.amount for given in third.given] == [100]


def test_who_takes_longer_than_a_week_is_too_late() -> None:
    story = Story(plan("task"))
    story.happens("member.registered", "mei", "2027-03-02")
    late = story.happens("content.commented", "mei", "2027-03-09", content="a")["neighbour"]
    assert code(late) == "task.outside_window"


def test_three_a_day_on_at_most_ten_days() -> None:
    story = Story(plan("task"))
    for day in range(1, 13):
        for post in "abc":
            story.happens("content.liked", "mei", f"2027-03-{day:02}", content=post)
    assert story.points("mei") == 10 * 5
    assert story.shows("mei", "daily-three", "2027-03-12")["done"] == 10
    over = story.happens("content.liked", "mei", "2027-03-13", content="a")["daily-three"]
    assert code(over) == "task.done"


def test_the_day_has_room_for_one_round() -> None:
    story = Story(plan("task"))
    for post in "abc":
        story.happens("content.liked", "mei", "2027-03-02", content=post)
    over = story.happens("content.liked", "mei", "2027-03-02", content="d")["daily-three"]
    assert code(over) == "task.done_for_now"


def test_every_hundred_yuan_count_and_the_rest_is_kept() -> None:
    story = Story(plan("task"))
    story.happens("order.paid", "mei", "2027-03-02", amount=9_000)
    assert story.shows("mei", "spender", "2027-03-02")["counted"] == 9_000
    story.happens("order.paid", "mei", "2027-03-20", amount=21_500)
    assert story.points("mei") == 3 * 200
    assert story.shows("mei", "spender", "2027-03-20")["counted"] == 500
    assert story.books_balance()


# Proofs, an invitation, a row of days


def travel() -> Story:
    return Story(blocks("task", "yaml")[1])


def test_two_photos_of_two_days_count_when_somebody_has_looked_at_them() -> None:
    story = travel()
    story.happens("proof.submitted", "mei", "2027-03-02", proof="a")
    same_day = story.happens("proof.submitted", "mei", "2027-03-02 20:00", proof="b")["photos"]
    assert code(same_day) == "task.counted_already"
    story.happens("proof.submitted", "mei", "2027-03-03", proof="b")
    assert story.shows("mei", "photos", "2027-03-03")["promised"] == 1
    story.happens("proof.approved", "mei", "2027-03-04", proof="b", reviewer="lin")
    assert story.points("mei") == 0
    approved = story.happens("proof.approved", "mei", "2027-03-05", proof="a", reviewer="lin")["photos"]
    assert approved.note == {"completed": 1, "counted": 2, "goal": 2, "proof": "a", "review": "approved"}
    assert story.points("mei") == 100
    again = story.happens(
        "proof.approved", "mei", "2027-03-05", proof="a", campaign="travel", mechanic="photos"
    )
    assert code(again["photos"]) == "proof.unknown"
    assert story.points("mei") == 100
    assert story.books_balance()


def test_a_rejected_photo_is_handed_in_again_and_one_that_nobody_looks_at_is_not_counted() -> None:
    story = travel()
    story.happens("proof.submitted", "mei", "2027-03-02", proof="a")
    story.happens("proof.rejected", "mei", "2027-03-02", proof="a", reason="too dark")
    (rejected,) = story.shows("mei", "photos", "2027-03-02")["rejected"]
    assert rejected == {"proof": "a", "day": "2027-03-02", "reason": "too dark"}
    story.happens("proof.submitted", "mei", "2027-03-03", proof="a")
    story.passes("2027-03-07 00:00")
    (unseen,) = story.shows("mei", "photos", "2027-03-07")["rejected"][1:]
    assert unseen["reason"] == "unreviewed"
    assert story.points("mei") == 0


def test_a_verdict_counts_until_the_campaign_is_settled() -> None:
    text = blocks("task", "yaml")[1]
    story = Story(text.replace("end: 2027-03-31", "end: 2027-03-31, settle: 2027-04-10"))
    story.happens("content.published", "mei", "2027-03-30", content="p1", form="review")
    story.happens("proof.approved", "mei", "2027-04-01", proof="p1")
    assert story.points("mei") == 20
    assert story.happens("content.published", "mei", "2027-04-01", content="p2", form="review") == {}
    assert story.happens("proof.approved", "mei", "2027-04-11", proof="p1") == {}
    assert story.books_balance()


def test_the_condition_is_asked_of_what_is_handed_in_and_not_of_the_verdict() -> None:
    story = travel()
    post = story.happens("content.published", "mei", "2027-03-02", content="p1", form="post")
    assert "reviews" not in post
    story.happens("content.published", "mei", "2027-03-02", content="p2", form="review")
    story.happens("proof.approved", "mei", "2027-03-02", proof="p1")
    story.happens("proof.approved", "mei", "2027-03-02", proof="p2")
    assert story.points("mei") == 20


def test_what_cannot_be_paid_is_not_taken_in_and_an_approval_is_always_paid() -> None:
    poor = blocks("task", "yaml")[1].replace("{prizes: 20000}", "{prizes: 0.20}")
    story = Story(poor)
    first = story.happens("content.published", "mei", "2027-03-02", content="mei-1", form="review")["reviews"]
    assert [(held.ref, held.amount) for held in first.held] == [("points", 20)]
    assert story.points("mei", "points@pending") == 20
    short = story.happens("content.published", "han", "2027-03-02", content="han-1", form="review")["reviews"]
    assert code(short) == "budget.short"
    assert story.shows("han", "reviews", "2027-03-03")["in_review"] == []
    story.happens("proof.approved", "mei", "2027-03-03", proof="mei-1")
    assert (story.points("mei"), story.points("mei", "points@pending")) == (20, 0)
    assert story.set_aside() == {}
    assert story.books_balance()


def test_what_a_rejected_proof_had_set_aside_is_there_for_the_next() -> None:
    poor = blocks("task", "yaml")[1].replace("{prizes: 20000}", "{prizes: 0.20}")
    story = Story(poor)
    story.happens("content.published", "mei", "2027-03-02", content="mei-1", form="review")
    story.happens("proof.rejected", "mei", "2027-03-02", proof="mei-1", reason="copied")
    assert story.set_aside() == {}
    story.happens("content.published", "han", "2027-03-02", content="han-1", form="review")
    story.happens("proof.approved", "han", "2027-03-03", proof="han-1")
    assert (story.points("mei"), story.points("han")) == (0, 20)
    assert story.books_balance()


def test_a_proof_open_at_the_end_decides_itself_after_it() -> None:
    story = travel()
    story.happens("content.published", "mei", "2027-03-31", content="p1", form="review")
    story.passes("2027-04-03")
    assert story.points("mei") == 20
    assert story.books_balance()


def test_three_interactions_in_the_first_week_after_the_invitation() -> None:
    story = travel()
    story.happens("content.liked", "mei", "2027-03-02", content="a")
    story.happens("invite.accepted", "mei", "2027-03-03", inviter="han")
    for content in "bcd":
        story.happens("content.liked", "mei", "2027-03-05", content=content)
    assert story.points("mei") == 60
    late = story.happens("content.liked", "li", "2027-03-20", content="a")["settling-in"]
    assert late.note == {"counted": 0, "goal": 3}


def test_a_working_week_reaches_over_the_weekend() -> None:
    story = travel()
    for day in (3, 4, 5, 8, 9):
        story.happens("member.logged_in", "mei", f"2027-03-{day:02}")
    assert story.points("mei") == 30
    for day in (15, 16, 18, 19, 22):
        story.happens("member.logged_in", "mei", f"2027-03-{day:02}")
    assert story.points("mei") == 30
    assert story.shows("mei", "working-week", "2027-03-22")["counted"] == 3


def test_what_is_heard_before_the_registration_does_not_count_since_registering() -> None:
    story = Story(plan("task"))
    early = story.happens("content.commented", "mei", "2027-03-02 12:01", content="a")["neighbour"]
    assert code(early) == "task.outside_window"
    story.happens("member.registered", "mei", "2027-03-02 12:00")
    assert story.shows("mei", "neighbour", "2027-03-02")["counted"] == 0
    story.happens("content.commented", "mei", "2027-03-02 12:02", content="a")
    assert story.shows("mei", "neighbour", "2027-03-02")["counted"] == 1
