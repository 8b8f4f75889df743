"""Forms as a browser has them: read from a page, changed, and sent back."""

import html5lib


class Form:
    """A form of a page: {name: values}, and where it is sent to."""

    def __init__(self, response, form_id="product-form"):
        page = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
        form = next(element for element in page.iter("form") if element.get("id") == form_id)
        self.action = form.get("action")
        self.data = {}
        for element in form.iter():
            for value in values_of(element):
                self.data.setdefault(element.get("name"), []).append(value)

    def set(self, **changes):
        """Set fields by name; those of the first row for names like variants__price."""
        for name, value in changes.items():
            self.data.setdefault(name.replace("__", "-"), [""])[0] = value
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
