"""How a line was classified, as the API answers it: candidates, conflict card, questions, notes. Reads stored runs."""

from typing import Any

from rest_framework import serializers

from screening.classifying import BLANK

POINTS = "What it adds to a sum that starts at `start`; 0 is a chance of one half. Below 0 it speaks against the entry."


class QuestionSerializer(serializers.Serializer[Any]):
    """A measurable fact that would decide about a code. Answer it with the attribute `name` of the line."""

    code = serializers.CharField()
    name = serializers.CharField()
    text = serializers.CharField()
    unit = serializers.CharField(allow_blank=True, help_text="The unit of a number without one.")
    operator = serializers.CharField(help_text="How the answer is compared: >, >=, <, <=, between or is.")
    value = serializers.CharField(allow_blank=True, help_text="With what; empty where words are accepted.")
    accepts = serializers.ListField(child=serializers.CharField(), help_text="Words that count: yes, or materials.")
    note = serializers.CharField(allow_blank=True)


class EvidenceSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="phrase, keyword, parameter, hs, cas, ordinary, ...")
    text = serializers.CharField()
    points = serializers.FloatField(help_text=POINTS)


class LineCandidateSerializer(serializers.Serializer[Any]):
    """A control entry that the line may fall under, whatever code was declared; the likeliest first."""

    code = serializers.CharField()
    heading = serializers.CharField()
    list = serializers.CharField()
    regime = serializers.CharField()
    score = serializers.FloatField(help_text="The chance that the entry is right, from 0 to 1.")
    start = serializers.FloatField(required=False)
    evidence = EvidenceSerializer(many=True)
    questions = QuestionSerializer(many=True)


class SourceSerializer(serializers.Serializer[Any]):
    """What one source says the goods are. `sure` where it can rule entries out."""

    kind = serializers.CharField(help_text="declared, description, hs, cas or parameters.")
    value = serializers.CharField(allow_blank=True)
    says = serializers.CharField()
    codes = serializers.ListField(child=serializers.CharField(), help_text="Entries it speaks for.")
    against = serializers.ListField(child=serializers.CharField(), help_text="Entries it speaks against.")
    sure = serializers.BooleanField()


class SourcePairSerializer(serializers.Serializer[Any]):
    left = serializers.CharField(help_text="The kind of a source.")
    right = serializers.CharField(help_text="The kind of another one.")
    verdict = serializers.ChoiceField(choices=("agree", "disagree", "open"))
    text = serializers.CharField()


class CardSerializer(serializers.Serializer[Any]):
    """The conflict card: the sources side by side, and whether each two of them agree."""

    sources = SourceSerializer(many=True)
    pairs = SourcePairSerializer(many=True)


class JudgedEntrySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    heading = serializers.CharField()
    list = serializers.CharField()


class ClassificationSerializer(serializers.Serializer[Any]):
    """How one line was classified. A run of an engine older than the conflict card has empty lists."""

    line = serializers.IntegerField()
    declared = serializers.CharField(allow_blank=True, help_text="The declared code in its one form.")
    unknown_code = serializers.BooleanField(help_text="Whether no list holds the declared code.")
    entries = JudgedEntrySerializer(many=True, help_text="The entries that the line was judged under.")
    mismatch = serializers.ListField(
        child=serializers.CharField(), help_text="Codes for which the evidence contradicts the declaration."
    )
    candidates = LineCandidateSerializer(many=True)
    card = CardSerializer()
    questions = QuestionSerializer(many=True, help_text="Those of all candidates, each parameter once.")
    notes = serializers.ListField(child=serializers.CharField())

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation({**BLANK, **instance})
