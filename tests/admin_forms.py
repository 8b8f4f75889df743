from django.urls import reverse


def change_in_admin(client, thing, changes=(), inline=()):
    """Open a thing's change form, submit it with changes, and return the answer.

    inline: {(prefix, index): {field: value}} for rows of inline formsets.
    """
    meta = thing._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])
    data = form_data(client.get(address)) | dict(changes)
    for (prefix, index), values in dict(inline).items():
        data |= {f"{prefix}-{index}-{name}": value for name, value in values.items()}
        data[f"{prefix}-TOTAL_FORMS"] = max(int(data[f"{prefix}-TOTAL_FORMS"]), index + 1)
    return client.post(address, data)


def form_data(response):
    """Return what a browser would send back of an admin form, untouched."""
    data = _values(response.context["adminform"].form)
    for inline in response.context["inline_admin_formsets"]:
        for form in [inline.formset.management_form, *inline.formset.initial_forms]:
            data |= _values(form)
    return data


def _values(form):
    values = {form.add_prefix(field.name): shown(field) for field in form if field.name != "DELETE"}
    return {
        name: _text(form.fields, value)
        for name, value in values.items()
        if value is not None and value is not False
    }


def shown(field):
    return field.field.prepare_value(field.value())


def _text(fields, value):
    return "" if hasattr(value, "storage") else value
