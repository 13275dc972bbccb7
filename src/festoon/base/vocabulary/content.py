"""Events about what a member publishes, reads and answers, and about asking for help."""

from typing import Annotated

from festoon.base.vocabulary.event_type import EventType, fact
from festoon.base.vocabulary.kinds import PERSONAL, Count, Data, Id, Plain, Score, Text, Word, says


class ContentPublished(Data, frozen=True):
    """The member published something of his own: a post, a review, a picture, a video."""

    content: Annotated[Id, says("The id of what was published.")]
    form: Annotated[Word | None, says("What it is, such as post, review or video.")] = None
    topic: Word | None = None
    length: Annotated[Count | None, says("In characters.")] = None
    pictures: Count | None = None


class ContentCommented(Data, frozen=True):
    """The member commented on something."""

    content: Annotated[Id, says("What was commented on.")]
    comment: Annotated[Id | None, says("The id of the comment itself.")] = None
    author: Annotated[Id | None, says("The member who published it.")] = None
    length: Annotated[Count | None, says("In characters.")] = None


class ContentLiked(Data, frozen=True):
    """The member liked something."""

    content: Id
    author: Annotated[Id | None, says("The member who published it.")] = None


class ContentShared(Data, frozen=True):
    """The member passed something on to others."""

    content: Id
    channel: Annotated[Word | None, says("Where to, such as wechat.")] = None
    author: Annotated[Id | None, says("The member who published it.")] = None


class PageViewed(Data, frozen=True):
    """The member looked at a page."""

    page: Annotated[Text, says("The page's path or name.")]
    link: Annotated[Id | None, says("The tracking link or code that led to it.")] = None
    seconds: Annotated[Count | None, says("How long, if the page measured it.")] = None


class SurveyAnswered(Data, frozen=True):
    """The member answered a survey."""

    survey: Id
    score: Annotated[Score | None, says("0 to 10, where the survey asks for one.")] = None
    answers: Annotated[dict[str, Plain | list[str]], says("By question. Nothing personal.")] = {}
    comment: Annotated[Text | None, PERSONAL, says("In the member's own words.")] = None


class FeedbackReceived(Data, frozen=True):
    """The member said what he thinks, wherever that was: to support, on social media, on a card at an event."""

    feedback: Annotated[Id, says("Its id; one that is sent twice is one.")]
    channel: Annotated[Word | None, says("Where it came from, such as social or offline.")] = None
    topic: Word | None = None
    valid: Annotated[
        bool | None, says("Whether it was found to be of use; missing until somebody has looked.")
    ] = None
    message: Annotated[Text | None, PERSONAL] = None


class TicketOpened(Data, frozen=True):
    """The member asked support for help."""

    ticket: Id
    topic: Word | None = None
    channel: Word | None = None
    message: Annotated[Text | None, PERSONAL] = None


class TicketClosed(Data, frozen=True):
    """Support closed a ticket."""

    ticket: Id
    solved: bool = True
    score: Annotated[Score | None, says("How content the member was, 0 to 10.")] = None


TYPES: tuple[EventType, ...] = (
    fact(
        "content.published",
        ContentPublished,
        "Content published",
        "发布内容",
        {"content": "p-501", "form": "post", "topic": "new-year", "length": 240, "pictures": 2},
    ),
    fact(
        "content.commented",
        ContentCommented,
        "Content commented on",
        "发表评论",
        {"content": "p-501", "comment": "c-9", "author": "m-1001", "length": 32},
    ),
    fact("content.liked", ContentLiked, "Content liked", "点赞", {"content": "p-501", "author": "m-1001"}),
    fact("content.shared", ContentShared, "Content shared", "分享", {"content": "p-5", "channel": "wechat"}),
    fact(
        "page.viewed",
        PageViewed,
        "Page viewed",
        "浏览页面",
        {"page": "/new-year", "link": "flyer-3", "seconds": 40},
        by="member",
    ),
    fact(
        "survey.answered",
        SurveyAnswered,
        "Survey answered",
        "填写问卷",
        {
            "survey": "after-draw",
            "score": 9,
            "answers": {"found_by": "friend", "liked": ["draw"]},
        },
        by="member",
    ),
    fact(
        "feedback.received",
        FeedbackReceived,
        "Feedback received",
        "收到反馈",
        {"feedback": "f-31", "channel": "social", "topic": "packaging", "valid": True},
    ),
    fact(
        "ticket.opened",
        TicketOpened,
        "Support ticket opened",
        "提交工单",
        {"ticket": "t-77", "topic": "delivery"},
    ),
    fact("ticket.closed", TicketClosed, "Support ticket closed", "工单关闭", {"ticket": "t-77", "score": 8}),
)
