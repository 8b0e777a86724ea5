"""A complaint as it is logged. Pure."""

from dataclasses import dataclass
from datetime import datetime

DRAFT, OPEN, CANCELLED = "draft", "open", "cancelled"


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """`said` is what the agent typed, word for word; the other fields are what was read from it."""

    id: int
    number: str | None
    state: str
    logged_by: int
    said: str
    customer: str
    phone: str
    place: str
    matter: str
    due: datetime | None
    due_says: str
    source_message: int | None
    due_why: tuple[str, ...] = ()  # how the time was counted, step by step

    @property
    def subject(self) -> str:
        """What its draft's messages are filed under."""
        return f"complaint:{self.id}"
