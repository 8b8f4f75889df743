import html5lib
from django.urls import reverse

from tests.selling.forms import FormData


def change_in_admin(client, thing, changes=(), inline=()):
    """Open a thing's change form, submit it with changes, and return the answer.

    inline: {(prefix, index): {field: value}} for rows of inline formsets.
    """
    data = opened_in_admin(client, thing)
    return client.post(change_url(thing), with_changes(data, changes, inline))


def change_url(thing):
    meta = thing._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])


def opened_in_admin(client, thing):
    """Return what a browser would send back of a thing's change form, untouched."""
    return form_data(client.get(change_url(thing)))


def with_changes(data, changes=(), inline=()):
    data = data | changes
    for (prefix, index), values in dict(inline).items():
        data = data | {f"{prefix}-{index}-{name}": value for name, value in values.items()}
        data[f"{prefix}-TOTAL_FORMS"] = max(int(data[f"{prefix}-TOTAL_FORMS"]), index + 1)
    return data


def form_data(response):
    """Return what a browser would send back of the largest form of a page, as {name: value or values}."""
    page = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    data = max(map(FormData.of, page.iter("form")), key=lambda data: sum(map(len, data.values())))
    return FormData(
        {name: values if len(values) > 1 else values[0] for name, values in data.items()}, data.names
    )


def confirm_in_admin(client, address, action, things, **typed):
    """Choose an action for some things, and confirm what it asks; return the answer."""
    data = {"action": action, "_selected_action": [thing.pk for thing in things]} | typed
    question = client.post(address, data)
    asked = {name: question.context[name] for name in ("shown", "form_key")}
    return client.post(address, data | asked | {"confirmed": "yes"})
