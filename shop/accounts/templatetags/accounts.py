from django import template

from shop.staff.todo import boxes_for

register = template.Library()

# The first match wins: Edge and Opera also contain Chrome, and Chrome contains Safari.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@register.filter
def browser(user_agent):
    """Name the browser and system of a User-Agent header."""
    name = next((word for mark, word in BROWSERS.items() if mark in user_agent), "A browser")
    system = next((word for mark, word in SYSTEMS.items() if mark in user_agent), None)
    return f"{name} on {system}" if system else name


@register.simple_tag(takes_context=True)
def todo_boxes(context):
    """Return the to-do boxes of the signed-in member of staff."""
    return boxes_for(context["request"].user)
