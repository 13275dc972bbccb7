"""What everybody is told of a campaign. Titles and texts are in the reader's language."""

from datetime import datetime

from msgspec import Struct


class PublicPrize(Struct, frozen=True, omit_defaults=True):
    """One prize: what it is called, what it gives in words, and its odds when nothing raises them. `count` is how many
    there are, when there is an end to them."""

    id: str
    title: str
    gives: str
    weight: int = 0
    total: int = 0
    count: int | None = None


class PublicLevel(Struct, frozen=True):
    """One level, and what it is called."""

    id: str
    title: str


class PublicEpoch(Struct, frozen=True, omit_defaults=True):
    """The published side of a seed: its fingerprint (SHA-256) from the beginning, the public value once it is known,
    the seed once it is revealed, in hexadecimal."""

    name: str
    opens: datetime
    closes: datetime
    commitment: str
    public_name: str = ""
    public_value: str = ""
    seed: str = ""


class PublicMechanic(Struct, frozen=True, omit_defaults=True):
    """One mechanic: its rules, a sentence each, and the types of events by which a member takes part himself. `gives`
    and `price` are in words. `photo` says that a check-in wants one, and `wants` what is to be handed in (`photo`,
    `words`, `either`), if anything is; `card` is the asset that makes up for a missed day; `open`, that it is not
    paused; `levels` are those of members, from the lowest on, reached by what is counted in `asset`."""

    id: str
    kind: str
    title: str
    rules: list[str]
    acts: list[str] = []
    gives: str = ""
    price: str = ""
    prizes: list[PublicPrize] = []
    epochs: list[PublicEpoch] = []
    photo: bool = False
    wants: str = ""
    card: str = ""
    open: bool = True
    levels: list[PublicLevel] = []
    asset: str = ""


class PublicAsset(Struct, frozen=True):
    """What an asset is called, and the decimal places that people see."""

    title: str
    scale: int


class PublicCampaign(Struct, frozen=True):
    """A campaign for everybody. `things` are the titles of what can be given, by `kind:ref`."""

    id: str
    title: str
    phase: str
    now: datetime
    timezone: str
    warm_up: datetime
    start: datetime
    end: datetime
    settle: datetime
    mechanics: list[PublicMechanic]
    assets: dict[str, PublicAsset]
    things: dict[str, str]


class PublicWinner(Struct, frozen=True, omit_defaults=True):
    """A prize that went to somebody, whose name is masked."""

    mechanic: str
    prize: str
    winner: str
    at: datetime | None = None


class PublicWinners(Struct, frozen=True):
    """The latest winners, newest first; of a grand draw all of them, best prize first."""

    winners: list[PublicWinner]
