"""How forms look: every field through `templates/ui/field.html`."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Finds templates as pages do, so that a partial of ours is used before Django's."""

    field_template_name = "ui/field.html"
    form_template_name = "ui/form.html"
