"""What the JSON interface takes and returns; the columns are those of the exports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from kb.archive import Query
from kb.reading import Kind, Role
from kb.text import characters
from kb.web.language import local

LARGEST_PAGE = 1000
Text = Annotated[str, AfterValidator(characters)]
Moment = Annotated[AwareDatetime, PlainSerializer(lambda moment: local(moment).isoformat())]
"""A moment on Vietnam's clock, as ISO 8601 with its offset."""


class Filters(BaseModel):
    """Everything given must hold; of several values of one filter any suffices."""

    model_config = ConfigDict(extra="forbid")

    q: Text = Field("", description='Words, "phrases", AND OR NOT (VÀ HOẶC KHÔNG), prefix*')
    since: date | None = Field(None, alias="from", description="First day, in Vietnam")
    until: date | None = Field(None, alias="to", description="Last day, in Vietnam")
    outlet: list[Text] = Field([], description="Ids of outlets")
    initiative: list[Text] = Field([], description="Ids of initiatives or programmes")
    actor: list[Text] = Field([], description="Ids or names of people and organisations")
    kind: list[Kind] = Field([], description="Kinds of mention")
    limit: int = Field(100, ge=1, le=LARGEST_PAGE)
    after: str | None = Field(None, description="From the `Link: rel=next` of the page before")

    def query(self) -> Query:
        """Return the archive's query."""
        return Query(
            text=self.q,
            since=self.since,
            until=self.until,
            outlets=tuple(self.outlet),
            initiatives=tuple(self.initiative),
            actors=tuple(self.actor),
            kinds=tuple(self.kind),
            limit=self.limit,
            after=self.after,
        )


class CommitmentFilters(Filters):
    """What commitments can be asked for besides."""

    due_after: date | None = Field(None, description="Due later than this day")
    due_before: date | None = Field(None, description="Due earlier than this day")

    def query(self) -> Query:
        """Return the archive's query."""
        return replace(super().query(), due_after=self.due_after, due_before=self.due_before)


class ArticleRow(BaseModel):
    """One article, and a passage of it that shows why it was found."""

    model_config = ConfigDict(from_attributes=True)

    article_id: int
    url: str | None
    outlet: str | None
    title: str
    lead: str
    authors: list[str]
    published_at: Moment | None
    published_from: str | None
    section: str | None
    words: int
    revisions: int
    source_file: str | None
    snippet: str


class MentionRow(BaseModel):
    """One mention: `start:end` are code points of `field` in the current revision."""

    article_id: int
    kind: Kind
    entity_id: str | None
    name: str
    surface: str
    field: str
    start: int
    end: int
    sentence: str
    method: str
    score: float


class ActorRow(BaseModel):
    """One person or organisation; those unknown to the registry have no `entity_id`."""

    entity_id: str | None
    kind: Kind
    name: str
    mentions: int
    articles: int
    first_seen: Moment | None
    last_seen: Moment | None


class InitiativeRow(BaseModel):
    """One initiative with its counts and the dates of its first and last article."""

    entity_id: str
    name: str
    level: str | None
    mentions: int
    articles: int
    first: Moment | None
    last: Moment | None


class QuoteRow(BaseModel):
    """What someone said: `start:end` are code points of `field`, its text is `text`."""

    article_id: int
    speaker_id: str | None
    speaker: str | None
    role: str | None
    direct: bool
    text: str
    cue: str | None
    start: int
    end: int
    field: str
    published_at: Moment | None
    outlet: str | None


class CommitmentRow(BaseModel):
    """What will be done by when: first and last day, or an ISO 8601 duration that it recurs in."""

    article_id: int
    initiative_id: str | None
    owner: str | None
    text: str
    due_from: date | None
    due_to: date | None
    recurs: str | None
    quantity: str | None
    status: str
    start: int
    end: int
    field: str
    owner_id: str | None
    published_at: Moment | None
    outlet: str | None


class AssignmentRow(BaseModel):
    """An actor's role in a task; `ambiguous` where the text pairs lists by their order alone."""

    article_id: int
    actor_id: str | None
    actor: str
    role: Role
    task: str
    initiative_id: str | None
    start: int
    end: int
    ambiguous: bool
    field: str
    published_at: Moment | None
    outlet: str | None


class DocumentRow(BaseModel):
    """One document with its counts and the dates of its first and last article."""

    entity_id: str | None
    name: str
    mentions: int
    articles: int
    first: Moment | None
    last: Moment | None


class PostRow(BaseModel):
    """One person in one post, with the dates of the first and last article that says so."""

    person_id: str | None
    person: str
    post: str
    org_id: str | None
    org: str | None
    articles: int
    first_seen: Moment | None
    last_seen: Moment | None
