"""The shapes of what is said of control entries and of classified lines, as OpenAPI shows them."""

from typing import Any

from rest_framework import serializers


class ReasonSerializer(serializers.Serializer[Any]):
    """A wording of an entry that met the query."""

    code = serializers.CharField(help_text="May be more exact than the entry.")
    kind = serializers.CharField(help_text="keyword, chemical, is, often or may.")
    language = serializers.CharField()
    text = serializers.CharField()
    marked = serializers.ListField(child=serializers.CharField(), help_text="The words of `text` that met the query.")


class BriefEntrySerializer(serializers.Serializer[Any]):
    """An entry among results."""

    code = serializers.CharField()
    heading = serializers.CharField(help_text="In our own words, not the text of the law.")
    list = serializers.CharField()
    family = serializers.CharField()
    regime = serializers.CharField(allow_blank=True)
    valid_from = serializers.CharField(allow_blank=True)
    valid_to = serializers.CharField(allow_blank=True)
    status = serializers.CharField(help_text="in_force, future or retired, today.")
    score = serializers.FloatField(help_text="For the order only; 0 without a query.")
    because = ReasonSerializer(many=True)


class EntryPageSerializer(serializers.Serializer[Any]):
    snapshot = serializers.CharField()
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    results = BriefEntrySerializer(many=True)


class NamedCodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    heading = serializers.CharField(allow_blank=True)


class AnnexSerializer(serializers.Serializer[Any]):
    """Whether an annex names the entry: no, full, or partial with the codes that it names."""

    whole = serializers.CharField()
    codes = serializers.ListField(child=serializers.CharField())


class EditionSerializer(serializers.Serializer[Any]):
    heading = serializers.CharField()
    valid_from = serializers.CharField(allow_blank=True)
    valid_to = serializers.CharField(allow_blank=True)
    list_version = serializers.CharField(allow_blank=True)
    confidence = serializers.CharField(allow_blank=True)


class ThresholdSerializer(serializers.Serializer[Any]):
    """A measurable fact. All of one code and case hold together; a `release` frees the goods."""

    code = serializers.CharField()
    case = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    operator = serializers.CharField()
    value = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    role = serializers.CharField()
    also_called = serializers.ListField(child=serializers.CharField())
    question = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class SubstanceSerializer(serializers.Serializer[Any]):
    """A chemical or agent. Thresholds are percent by weight; null means every share is listed."""

    code = serializers.CharField()
    name = serializers.CharField()
    cas = serializers.CharField(allow_blank=True)
    schedule = serializers.CharField(allow_blank=True)
    role = serializers.CharField(allow_blank=True)
    hs = serializers.CharField(allow_blank=True)
    threshold_cwc_party = serializers.FloatField(allow_null=True)
    threshold_other = serializers.FloatField(allow_null=True)
    other_names = serializers.ListField(child=serializers.CharField())
    confidence = serializers.CharField(allow_blank=True)


class RelationSerializer(serializers.Serializer[Any]):
    """Software or technology, and the goods that it is for: codes, or how they begin."""

    code = serializers.CharField()
    kind = serializers.CharField()
    of = serializers.ListField(child=serializers.CharField())
    phase = serializers.CharField(allow_blank=True)


class AuthorisationSerializer(serializers.Serializer[Any]):
    """A general authorisation that includes all of the code (`whole`), `only` some codes, or all but those in `not`."""

    id = serializers.CharField()
    title = serializers.CharField()
    legal_basis = serializers.CharField(allow_blank=True)
    whole = serializers.BooleanField()
    only = serializers.ListField(child=serializers.CharField())
    destinations = serializers.ListField(child=serializers.CharField())
    reminders = serializers.ListField(child=serializers.CharField())

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "not": serializers.ListField(child=serializers.CharField())}


class RuleSerializer(serializers.Serializer[Any]):
    """A rule that reads this listing; route, parties and declarations of a shipment decide whether it fires."""

    id = serializers.CharField()
    title = serializers.CharField()
    effect = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    legal_basis = serializers.CharField(allow_blank=True)
    principles = serializers.ListField(child=serializers.CharField())
    directions = serializers.ListField(child=serializers.CharField())


class PrincipleSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    paraphrase = serializers.CharField(allow_blank=True)


class EntrySerializer(serializers.Serializer[Any]):
    """Everything that the lists of the policy in force say of a code."""

    snapshot = serializers.CharField()
    code = serializers.CharField(help_text="As asked, in its one form.")
    heading = serializers.CharField()
    entry = NamedCodeSerializer(help_text="The row that judges the code: itself, or the nearest one above it.")
    exact = serializers.BooleanField(help_text="Whether the lists name the code itself.")
    status = serializers.CharField()
    list = serializers.CharField()
    family = serializers.CharField()
    regime = serializers.CharField(allow_blank=True)
    category = serializers.CharField(allow_blank=True)
    group = serializers.CharField(allow_blank=True)
    state = serializers.CharField(allow_blank=True)
    annex = serializers.CharField(allow_blank=True)
    intangible = serializers.BooleanField()
    annex_iv = AnnexSerializer()
    section_i = AnnexSerializer()
    least = serializers.ListField(child=serializers.DictField(), help_text="From where on these annexes count it.")
    confidence = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    editions = EditionSerializer(many=True)
    above = NamedCodeSerializer(many=True)
    below = NamedCodeSerializer(many=True)
    thresholds = ThresholdSerializer(many=True)
    substances = SubstanceSerializer(many=True)
    hs = serializers.ListField(child=serializers.CharField())
    wordings = serializers.DictField(
        child=serializers.ListField(child=serializers.DictField(child=serializers.CharField())),
        help_text="By language: code, term, and how surely the term names such goods (is, often, may).",
    )
    points_to = serializers.CharField(allow_blank=True)
    pointed_from = serializers.ListField(child=serializers.CharField())
    pointers = serializers.DictField(child=serializers.CharField())
    also = serializers.ListField(child=serializers.CharField())
    twins = NamedCodeSerializer(many=True)
    for_goods = RelationSerializer(many=True)
    software = RelationSerializer(many=True)
    authorisations = AuthorisationSerializer(many=True)
    rules = RuleSerializer(many=True)
    principles = PrincipleSerializer(many=True)


class CandidateSerializer(serializers.Serializer[Any]):
    """An entry that the line may fall under. `score` is a chance from 0 to 1."""

    code = serializers.CharField()
    heading = serializers.CharField()
    list = serializers.CharField()
    regime = serializers.CharField(allow_blank=True)
    score = serializers.FloatField()
    evidence = serializers.ListField(child=serializers.DictField(), help_text="kind, text, and points for or against.")
    questions = serializers.ListField(child=serializers.DictField())


class ClassifiedLineSerializer(serializers.Serializer[Any]):
    """How one line was classified, as the case page shows it."""

    line = serializers.IntegerField()
    declared = serializers.CharField(allow_blank=True)
    entries = serializers.ListField(
        child=serializers.DictField(), help_text="Those that the code or CAS number lists it under."
    )
    candidates = CandidateSerializer(many=True)
    evidence = serializers.ListField(child=serializers.DictField())
    card = serializers.DictField(help_text="`sources` side by side, and `pairs`: agree, disagree or open.")
    questions = serializers.ListField(child=serializers.DictField(), help_text="`name` is the attribute that answers.")
    notes = serializers.ListField(child=serializers.CharField())
    mismatch = serializers.ListField(child=serializers.CharField())
    unknown_code = serializers.BooleanField()


class ClassifiedSerializer(serializers.Serializer[Any]):
    snapshot = serializers.CharField()
    engine = serializers.CharField()
    lines = ClassifiedLineSerializer(many=True)
