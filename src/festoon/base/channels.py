"""Ways in which a member can be written to, for each of which he agrees or does not."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from msgspec import Meta

ChannelName = Annotated[
    str, Meta(pattern="^[a-z][a-z0-9_]*$", max_length=40, description="A channel by its name, such as `sms`.")
]
"""A word that conditions can write (`member.consents.sms`)."""

CHANNELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "sms": {"en": "Text message", "zh-Hans": "短信"},
        "email": {"en": "E-mail", "zh-Hans": "电子邮件"},
        "push": {"en": "Notices of the app", "zh-Hans": "应用推送"},
        "wechat": {"en": "WeChat", "zh-Hans": "微信"},
        "inbox": {"en": "Messages in the app", "zh-Hans": "站内信"},
        "im_bot": {"en": "Messages of our assistant", "zh-Hans": "聊天助手消息"},
    }
)
"""The channels of promotion that reach one person, with what they are called. A plan may name others."""
