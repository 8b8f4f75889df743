"""Forms as a browser has them: read from a page, changed, and sent back."""

import re

import html5lib


class FormData(dict):
    """What a browser would send back of a form, {name: value or values}, with no field that it has not."""

    def __init__(self, values, names):
        super().__init__(values)
        self.names = names

    @classmethod
    def of(cls, form):
        values = {}
        for element in form.iter():
            for value in values_of(element):
                values.setdefault(element.get("name"), []).append(value)
        # A field that is disabled is not sent, and one of a row that is not there yet has a row to be copied.
        return cls(
            values, {element.get("name") for element in form.iter() if element.get("disabled") is None}
        )

    def __setitem__(self, name, value):
        if not self.names.intersection([name, re.sub(r"-\d+-", "-__prefix__-", name)]):
            raise KeyError(
                f"The form has no field {name}; it has {', '.join(sorted(filter(None, self.names)))}."
            )
        super().__setitem__(name, value)

    def __or__(self, changes):
        changed = FormData(self, self.names)
        for name, value in dict(changes).items():
            changed[name] = value
        return changed


class Form:
    """A form of a page: {name: values}, and where it is sent to."""

    def __init__(self, response, form_id="product-form"):
        page = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
        form = next(element for element in page.iter("form") if element.get("id") == form_id)
        self.action = form.get("action")
        self.data = FormData.of(form)

    def set(self, **changes):
        """Set fields by name; those of the first row for names like variants__price."""
        for name, value in changes.items():
            name = name.replace("__", "-")
            self.data[name] = [value, *self.data.get(name, [])[1:]]
        return self

    def send(self, client, to=None, **extra):
        """Press a button: to is its address, extra its name and value, or files."""
        return client.post(to or self.action, self.data | extra)


def values_of(element):
    name, kind = element.get("name"), element.get("type")
    if not name or kind in ("submit", "file", "button") or element.tag == "button":
        return []
    if element.tag == "textarea":
        return [(element.text or "").removeprefix("\n")]
    if element.tag == "select":
        chosen = [
            option.get("value") for option in element.iter("option") if option.get("selected") is not None
        ]
        if chosen or element.get("multiple") is not None:
            return chosen
        return [next(element.iter("option")).get("value")]
    if element.tag != "input" or (kind in ("checkbox", "radio") and element.get("checked") is None):
        return []
    return [element.get("value", "" if kind not in ("checkbox", "radio") else "on")]
