"""Organisations, their people, and the tokens with which other systems speak for them."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """A company or authority that submits shipments. `name` is also its name as exporter on licences."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=2, default="LV")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    EXPORTER = "exporter", _("Exporter")
    OFFICER = "officer", _("Licensing officer")
    SENIOR_OFFICER = "senior_officer", _("Senior officer")
    POLICY_EDITOR = "policy_editor", _("Policy editor")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class User(AbstractUser):
    """A person. The role says what they may do; exporters, and only they, belong to an organisation."""

    role = models.CharField(_("role"), max_length=20, choices=Role)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organisation"),
    )

    REQUIRED_FIELDS: ClassVar = ["email", "role"]

    class Meta(AbstractUser.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="user_exporter_has_organisation",
                condition=models.Q(role=Role.EXPORTER, organisation__isnull=False)
                | (~models.Q(role=Role.EXPORTER) & models.Q(organisation__isnull=True)),
                violation_error_message=_("An exporter belongs to an organisation; nobody else does."),
            ),
            models.CheckConstraint(
                name="user_role_known",
                condition=models.Q(role__in=Role.values),
                violation_error_message=_("Choose one of the roles."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Scope(models.TextChoices):
    READ = "shipments:read", _("Read shipments")
    WRITE = "shipments:write", _("Submit shipments")
    MATCH = "parties:match", _("Match parties against the lists")
    LISTS = "lists:read", _("Read the control lists")
    CLASSIFY = "goods:classify", _("Classify goods against the control lists")


class ApiToken(models.Model):
    """A key of one organisation. Only its SHA-256 is kept; `prefix` (8 characters) is for people who look for it.

    A token is an actor of its own, like a user: permissions and audit take either.
    """

    name = models.CharField(_("name"), max_length=80)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tokens")
    prefix = models.CharField(max_length=8, db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["organisation", "name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None
