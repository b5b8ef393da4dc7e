"""Lists, their editions, and the snapshots that pin them.

An edition never changes after it is stored; what moves is its state. A snapshot's hash covers the digests of its
editions, an edition's digest covers its content, so a hash in a run names every row that judged it.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ListSource(models.Model):
    """A list by its id `kind/name`, as `policies/data/catalogue.yaml` and the importers describe it.

    `effect` is what a hit on a party list means (`asset_freeze`, `foreign_listing`, ...); `max_age_days` is how old an
    edition may grow before screening calls it stale, 0 for a list that does not age.
    """

    id = models.CharField(_("list"), max_length=80, primary_key=True)
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    source = models.TextField(_("source"), blank=True)
    publisher_url = models.URLField(_("publisher"), blank=True)
    confidence = models.TextField(_("confidence"), blank=True)
    effect = models.CharField(_("effect"), max_length=30, blank=True)
    max_age_days = models.PositiveIntegerField(_("greatest age in days"), default=0)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.id

    @property
    def active(self) -> "Edition | None":
        """The edition that the next snapshot pins; the snapshot in force may still pin an earlier one."""
        return self.editions.filter(state=EditionState.ACTIVE).first()


class EditionState(models.TextChoices):
    STAGED = "staged", _("Staged")
    ACTIVE = "active", _("Active")
    SUPERSEDED = "superseded", _("Superseded")
    REJECTED = "rejected", _("Rejected")


class Edition(models.Model):
    """The rows of a list as one import gave them.

    `content` is zlib-compressed UTF-8: one row a line as JSON with sorted keys, the lines sorted by id. `digest` is the
    SHA-256 of kind and content, so the order and the bytes of the publisher's file do not matter. `files` keeps
    `{"name", "sha256", "bytes"}` of each file read, `report` the counts of the import. `as_of` is the publisher's date;
    `confirmed_on` is the last day on which an import found exactly this content again. `doubts` are the sentences of
    the limits that a person overrides before it becomes active; `reason` is why they were overridden, or why the
    edition was rejected. `activated_by` is empty when the system did it.
    """

    source = models.ForeignKey(ListSource, on_delete=models.PROTECT, related_name="editions")
    kind = models.CharField(_("kind"), max_length=20)
    digest = models.CharField(_("digest"), max_length=64, db_index=True)
    content = models.BinaryField()
    count = models.PositiveIntegerField(_("rows"))
    as_of = models.DateField(_("as of"), null=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True)
    imported_at = models.DateTimeField(_("imported at"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("imported by"),
    )
    files = models.JSONField(_("files"), default=list)
    report = models.JSONField(_("report"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=EditionState, default=EditionState.STAGED)
    reason = models.TextField(_("reason"), blank=True)
    doubts = models.JSONField(_("doubts"), default=list)
    activated_at = models.DateTimeField(_("activated at"), null=True)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("activated by"),
    )

    class Meta:
        ordering: ClassVar = ["source", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state=EditionState.ACTIVE),
                name="edition_one_active",
                violation_error_message=_("A list has one active edition."),
            ),
            models.CheckConstraint(name="edition_state_known", condition=Q(state__in=EditionState.values)),
            models.CheckConstraint(
                name="edition_rejected_says_why", condition=~Q(state=EditionState.REJECTED) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.digest[:12]}"


class ListFeed(models.Model):
    """Where the files of an importer's source are fetched from, how often, and how the last time went.

    `source` and `name` are those of `policies.importers.importers`; `urls` holds one address a file. `validators` keeps
    `{url: {"etag", "last_modified", "sha256"}}` of the last answer. `automatic` puts an update that keeps the limits in
    force without a person; it counts only once a second person has approved the feed as it stands. `next_at` is when
    the feed is due; `claimed_at` says since when a worker is fetching it.
    """

    source = models.CharField(_("format"), max_length=40)
    name = models.CharField(_("name of an own list"), max_length=40, blank=True)
    urls = models.JSONField(_("addresses"), default=list)
    every_hours = models.PositiveIntegerField(_("every hours"), default=24)
    max_megabytes = models.PositiveIntegerField(_("greatest size in MB"), default=200)
    enabled = models.BooleanField(_("enabled"), default=True)
    automatic = models.BooleanField(_("in force without a person, within limits"), default=False)
    version = models.PositiveIntegerField(default=1)
    set_at = models.DateTimeField(_("set at"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("set by")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    next_at = models.DateTimeField(_("next fetch"), null=True, db_index=True)
    claimed_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(_("last fetch"), null=True)
    succeeded_at = models.DateTimeField(_("last success"), null=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    error = models.TextField(_("last error"), blank=True)
    validators = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["source", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "name"], name="feed_once_per_list"),
            models.CheckConstraint(
                name="feed_four_eyes",
                condition=Q(approved_by__isnull=True) | Q(set_by__isnull=True) | ~Q(approved_by=F("set_by")),
                violation_error_message=_("Who set a feed may not approve it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.name}".strip()


class SnapshotState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("In force")
    RETIRED = "retired", _("Retired")


_UNPUBLISHED = Q(published_at__isnull=True, published_by__isnull=True, in_force_from__isnull=True, reason="")
_PUBLISHED = Q(published_at__isnull=False, in_force_from__isnull=False) & ~Q(reason="")


class Snapshot(models.Model):
    """A policy under one hash: `manifest` is `{list id: edition digest}`, `hash` the SHA-256 of its sorted JSON.

    `shipped` marks the first snapshot, made from `policies/data` and published by the install command; every other one
    is published by a person who did not draft it. A retired row was in force until `retired_at`, or is a draft that a
    later draft replaced. The same hash may be published again (a return to earlier lists); each time is its own row,
    and `restores` names the earlier one. A scheduled row is published and comes into force at `in_force_from`.
    `automatic` marks what an approved feed put in force within its limits; no person published it. `changes` is the
    difference to the snapshot before, as people read it, kept at publication (`policies.changelog.between`).
    """

    hash = models.CharField(_("hash"), max_length=64, db_index=True)
    manifest = models.JSONField(_("manifest"))
    state = models.CharField(_("state"), max_length=10, choices=SnapshotState, default=SnapshotState.DRAFT)
    shipped = models.BooleanField(_("shipped with the product"), default=False)
    automatic = models.BooleanField(_("published by an approved feed"), default=False)
    restores = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    changes = models.JSONField(_("changes"), default=list)
    created_at = models.DateTimeField(_("drafted at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("drafted by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    reason = models.TextField(_("reason"), blank=True)
    in_force_from = models.DateTimeField(_("in force from"), null=True)
    retired_at = models.DateTimeField(_("retired at"), null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"],
                condition=~Q(state=SnapshotState.RETIRED),
                name="snapshot_one_of_each_state",
                violation_error_message=_("One snapshot is in force, one is scheduled and one draft waits."),
            ),
            models.UniqueConstraint(fields=["shipped"], condition=Q(shipped=True), name="snapshot_one_shipped"),
            models.CheckConstraint(
                name="snapshot_state_matches_dates",
                condition=(Q(state=SnapshotState.DRAFT, retired_at__isnull=True) & _UNPUBLISHED)
                | (Q(state__in=["published", "scheduled"], retired_at__isnull=True) & _PUBLISHED)
                | (Q(state=SnapshotState.RETIRED, retired_at__isnull=False) & (_UNPUBLISHED | _PUBLISHED)),
            ),
            models.CheckConstraint(
                name="snapshot_published_by_a_person",
                condition=_UNPUBLISHED | Q(shipped=True) | Q(automatic=True) | Q(published_by__isnull=False),
                violation_error_message=_("Say who publishes."),
            ),
            models.CheckConstraint(
                name="snapshot_four_eyes",
                condition=Q(shipped=True)
                | Q(published_by__isnull=True)
                | Q(created_by__isnull=True)
                | ~Q(published_by=F("created_by")),
                violation_error_message=_("The author of a draft may not publish it."),
            ),
        ]

    def __str__(self) -> str:
        return self.hash[:12]
