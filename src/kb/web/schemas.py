"""What the JSON interface takes and returns; the columns are those of the exports."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from kb.reading import Kind, Role
from kb.web.language import local

Moment = Annotated[AwareDatetime, PlainSerializer(lambda moment: local(moment).isoformat())]
"""A moment on Vietnam's clock, as ISO 8601 with its offset."""
Id = Annotated[
    str,
    Field(
        description="`ARTICLE-NUMBER`: the address of this one, until its text \
is read anew",
        examples=["12-3"],
    ),
]
Judged = Annotated[str | None, Field(description="What a person decided: confirmed, corrected …")]


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
    judged: Judged = None
    id: Id


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
    judged: Judged = None
    id: Id


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
    judged: Judged = None
    id: Id


class LedgerRow(BaseModel):
    """A commitment with one piece of later coverage that is proposed as evidence, and what a
    person decided. Of a commitment with several pieces there are several rows."""

    article_id: int
    initiative_id: str | None
    owner: str | None
    text: str
    due_from: date | None
    due_to: date | None
    recurs: str | None
    quantity: str | None
    status: str
    proposed: str | None = Field(description="What later coverage comes to, or `silent`")
    evidence: str | None = Field(description="What this piece says of the outcome")
    evidence_article_id: int | None
    evidence_url: str | None
    evidence_outlet: str | None
    evidence_title: str | None
    evidence_published_at: Moment | None
    evidence_sentence: str | None
    evidence_score: float | None
    evidence_due_from: date | None
    evidence_due_to: date | None
    evidence_field: str | None
    evidence_start: int | None
    evidence_end: int | None
    start: int
    end: int
    field: str
    owner_id: str | None
    published_at: Moment | None
    url: str | None
    outlet: str | None
    judged: Judged = None
    status_by: str | None
    status_at: Moment | None
    status_source: str | None
    status_note: str | None
    key: str | None = Field(description="By which `kb review` decides it")


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
    judged: Judged = None
    id: Id


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


class ReuseRow(BaseModel):
    """A passage that stands in an earlier article: `similarity` is the passage's, `share` how much
    of the article stands in that one, `reused` in any earlier one; all 0 to 1."""

    article_id: int
    kind: Literal["reprint", "source", "background"]
    earlier_article_id: int
    earlier_url: str | None
    earlier_outlet: str | None
    similarity: float
    share: float
    field: str
    start: int
    end: int
    text: str
    earlier_field: str
    earlier_start: int
    earlier_end: int
    earlier_revision: int
    resemblance: float
    reused: float
    published_at: Moment | None
    earlier_published_at: Moment | None
    url: str | None
    outlet: str | None
    id: Id


class AttentionRow(BaseModel):
    """One period: its first day, the articles found, and all that the same outlets published."""

    start: date
    articles: int
    total: int
    share: float | None = Field(description="0 to 1; null where nothing was collected")


class VoiceRow(BaseModel):
    """An entity's articles, and their share of those that mention any of the entities asked for."""

    entity: str
    articles: int
    total: int
    share: float


class CompanyRow(BaseModel):
    """Who or what is named in the same articles as an entity, and in how many."""

    kind: Kind
    entity_id: str | None
    name: str
    articles: int


class EventRow(BaseModel):
    """What became of an initiative: `reported` is later coverage of a promise, `silent` a promise
    that fell due without any and without a decision. Nothing in it is a judgement."""

    at: Moment = Field(description="When it was published; of silence, the last day when due")
    event: Literal["announced", "assigned", "promised", "reported", "silent"]
    article_id: int
    outlet: str | None
    actor: str | None
    text: str
    due_from: date | None
    due_to: date | None
    outcome: str | None
    promise: int | None = Field(description="The article that made the promise")


class RevisionItem(BaseModel):
    """One state of an article's text."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    seen_at: Moment
    words: int
    current: bool


class ArticleItem(BaseModel):
    """One article with all that was read from its current text; `body` where the operator lets
    whole texts be shown."""

    article_id: int
    permalink: str
    url: str | None
    outlet: str | None
    outlet_name: str | None
    title: str
    lead: str
    body: str | None
    authors: list[str]
    published_at: Moment | None
    published_from: str | None
    modified_at: Moment | None
    gone_at: Moment | None
    section: str | None
    words: int
    story_id: int = Field(description="The article that had the story first; itself, if it did")
    revisions: list[RevisionItem]
    mentions: list[MentionRow]
    quotes: list[QuoteRow]
    commitments: list[CommitmentRow]
    assignments: list[AssignmentRow]
    reuse: list[ReuseRow]


class EntryItem(BaseModel):
    """One entry of the registry, with how often articles name it."""

    entity_id: str
    kind: Kind
    name: str
    name_en: str | None
    aliases: list[str]
    level: str | None
    programme: str | None
    description: str | None
    sources: list[str] = Field(description="Published pages that say so")
    mentions: int
    articles: int
    first: Moment | None
    last: Moment | None
    permalink: str | None


class RemarkItem(BaseModel):
    """What of a query was not understood: `start:end` are code points of `q`."""

    code: str
    start: int | None
    end: int | None
    typed: str
    suggestion: str | None
    vi: str
    en: str


class Explained(BaseModel):
    """A query as it is understood."""

    query: dict[str, Any] = Field(description="The query as JSON; `kb` takes the same names")
    vi: str
    en: str
    remarks: list[RemarkItem]
    articles: int = Field(description="How many articles it finds")
    folded: bool = Field(description="Whether marks were ignored")
    feed: str = Field(description="The Atom feed of this query")
