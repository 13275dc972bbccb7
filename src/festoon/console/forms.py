"""How forms look: each field with its label, its help and what is wrong with it, from `console/form.html`."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    form_template_name = "console/form.html"
    field_template_name = "console/field.html"
