"""The shapes of answers. What comes in is checked by `screening.payload`, once for all doors."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from screening import queries
from screening.api.goods import ClassificationSerializer
from screening.models import Decision, Finding, Outcome, Run, Shipment, ShipmentStatus


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """One reason with its evidence; `because` pairs each clause of the rule with the value it met."""

    principles = serializers.ListField(child=serializers.CharField())
    because = serializers.ListField(child=serializers.DictField(child=serializers.JSONField()))
    evidence = serializers.DictField()

    class Meta:
        model = Finding
        fields = (
            *("reason", "effect", "subject", "title", "rule", "legal_basis"),
            *("principles", "because", "evidence", "remedy", "covered_by"),
        )


class RunSerializer(serializers.ModelSerializer[Run]):
    """What judged the shipment: with these hashes the run can be replayed."""

    id = serializers.UUIDField(source="public_id")
    snapshot = serializers.CharField(source="snapshot_hash")
    engine = serializers.CharField(source="engine_version")

    class Meta:
        model = Run
        fields = ("id", "state", "snapshot", "engine", "facts_hash", "finished_at")


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    class Meta:
        model = Decision
        fields = ("kind", "legal_basis", "conditions", "confirmed_at")


class ShipmentSummarySerializer(serializers.ModelSerializer[Shipment]):
    id = serializers.UUIDField(source="public_id")
    url = serializers.HyperlinkedIdentityField(
        view_name="api:shipment", lookup_field="public_id", lookup_url_kwarg="public_id"
    )

    class Meta:
        model = Shipment
        fields: tuple[str, ...] = (
            *("id", "reference", "url", "direction", "origin", "destination", "shipment_date"),
            *("status", "outcome", "received_at", "screened_at"),
        )


class ShipmentSerializer(ShipmentSummarySerializer):
    """The answer. `run` is null, `findings` and `classifications` are empty until the shipment is screened."""

    run = RunSerializer(source="latest_run", allow_null=True)
    findings = serializers.SerializerMethodField()
    classifications = serializers.SerializerMethodField()
    decision = serializers.SerializerMethodField()

    class Meta(ShipmentSummarySerializer.Meta):
        fields = (*ShipmentSummarySerializer.Meta.fields, "findings", "classifications", "run", "decision")

    @extend_schema_field(FindingSerializer(many=True))
    def get_findings(self, shipment: Shipment) -> Any:
        run = shipment.latest_run
        return FindingSerializer(run.findings.all(), many=True).data if run else []

    @extend_schema_field(ClassificationSerializer(many=True))
    def get_classifications(self, shipment: Shipment) -> Any:
        run = shipment.latest_run
        return ClassificationSerializer(run.classifications or [], many=True).data if run else []

    @extend_schema_field(DecisionSerializer(allow_null=True))
    def get_decision(self, shipment: Shipment) -> Any:
        decision = queries.decision_in_force(shipment)
        return DecisionSerializer(decision).data if decision else None


class ShipmentPageSerializer(serializers.Serializer[Any]):
    """One page of the list; follow `next` until it is null."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ShipmentSummarySerializer(many=True)


class AcceptedSerializer(serializers.ModelSerializer[Shipment]):
    id = serializers.UUIDField(source="public_id")
    url = serializers.HyperlinkedIdentityField(
        view_name="api:shipment", lookup_field="public_id", lookup_url_kwarg="public_id"
    )

    class Meta:
        model = Shipment
        fields = ("id", "reference", "status", "url")


class ListQuerySerializer(serializers.Serializer[Any]):
    """Filters of the list, and the page asked for."""

    reference = serializers.CharField(required=False, max_length=100, help_text="Your own reference, exactly.")
    outcome = serializers.ChoiceField(required=False, choices=Outcome.choices)
    status = serializers.ChoiceField(required=False, choices=ShipmentStatus.choices)
    cursor = serializers.CharField(required=False, help_text="From `next` or `previous` of another page.")
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=200, help_text="50 unless said.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A filter that is not known is an error: leaving it out would answer with more than was asked for."""
        if unknown := set(self.initial_data) - set(self.fields):
            raise serializers.ValidationError(dict.fromkeys(sorted(unknown), "Unknown parameter."))
        return attrs


class FieldProblemSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Where, for instance lines[2].unit, counted from 0.")
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldProblemSerializer(many=True, required=False)  # type: ignore[assignment]
    id = serializers.UUIDField(required=False, help_text="409: the shipment that has the reference.")
    url = serializers.CharField(required=False)
