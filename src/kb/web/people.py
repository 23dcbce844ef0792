"""Posts and their holders as a page lists them."""

from __future__ import annotations

from dataclasses import dataclass

from kb.registry import Holder, Post, Registry


@dataclass(frozen=True, slots=True)
class Held:
    """One person in one post."""

    post: Post
    holder: Holder

    @property
    def latest(self) -> str:
        """The last day known of it, as ISO text; somebody still in office comes last in time."""
        if self.holder.since and not self.holder.until:
            return f"9999-{self.holder.since}"
        return max(
            filter(None, (self.holder.until, self.holder.seen, self.holder.since)), default=""
        )


def posts_of(registry: Registry, person: str) -> list[Held]:
    """Return the posts that a person held, latest first."""
    held = [Held(post, one) for post in registry.posts for one in post.holders]
    mine = (one for one in held if one.holder.person == person)
    return sorted(mine, key=lambda one: one.latest, reverse=True)


def posts_at(registry: Registry, org: str) -> list[Held]:
    """Return who held the posts of an organisation: post by post, latest holder first."""
    return [
        one
        for post in registry.posts
        if post.org == org
        for one in sorted(
            (Held(post, holder) for holder in post.holders),
            key=lambda one: one.latest,
            reverse=True,
        )
    ]
