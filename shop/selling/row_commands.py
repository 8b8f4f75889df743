"""The buttons beside the form's rows, which work without JavaScript."""

from .form_data import blank_row, new_variant


def apply_row_command(data, command):
    """Apply a command to form data: kind, verb and key, as in "variants copy 17" or "photos up photo-3"."""
    kind, _, rest = command.partition(" ")
    verb, _, key = rest.partition(" ")
    if kind not in ("variants", "photos", "specifications"):
        return
    rows = data[kind]
    if verb == "add":
        rows.append(new_variant() if kind == "variants" else blank_row(kind))
        return
    place = _place(rows, kind, key)
    if place is not None:
        _apply_to_row(rows, place, verb)


def _place(rows, kind, key):
    # Specifications have no keys, only positions.
    keys = [str(n) if kind == "specifications" else row["key"] for n, row in enumerate(rows)]
    return keys.index(key) if key in keys else None


def _apply_to_row(rows, place, verb):
    match verb:
        case "remove":
            del rows[place]
        case "copy":
            rows.insert(place + 1, new_variant(**rows[place] | {"sku": ""}))
        case "up" if place > 0:
            rows[place - 1 : place + 1] = reversed(rows[place - 1 : place + 1])
        case "down":
            rows[place : place + 2] = reversed(rows[place : place + 2])
        case "first":
            rows.insert(0, rows.pop(place))
