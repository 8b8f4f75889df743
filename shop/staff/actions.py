"""Admin actions that ask for confirmation."""

from functools import wraps

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse

from shop.caching.once import new_form_key

from .decisions import CHANGED, digest_of_selection, is_as_shown

MOST_LISTED = 100


def confirmed_action(question, verb):
    """Decorate an admin action to show what it will change, and run it once confirmed."""

    def decorate(action):
        @wraps(action)
        def asking(model_admin, request, queryset):
            if is_as_shown(model_admin, request, queryset):
                return action(model_admin, request, queryset)
            return confirm(model_admin, request, queryset, question, verb)

        return asking

    return decorate


def confirm(model_admin, request, queryset, question, verb, **context):
    """Return the confirmation page of an action on a queryset."""
    shown = digest_of_selection(model_admin, queryset)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": question,
        "opts": model_admin.opts,
        "verb": verb,
        "action": request.POST.get("action", ""),
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "across": request.POST.get("select_across", "0"),
        "shown": shown,
        "note": CHANGED if request.POST.get("shown", shown) != shown else "",
        "count": queryset.count(),
        "form_key": new_form_key(),
        "things": [model_admin.confirmation_label(thing) for thing in queryset[:MOST_LISTED]],
        **context,
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)
