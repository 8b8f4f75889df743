from .signals import personal_data

SHOP = ("name", "slug", "craft", "place", "about")


def data_of(user):
    """Return all that the shop keeps about a person, ready for JSON."""
    data = {
        "account": {
            "email": user.email,
            "display_name": user.display_name,
            "joined": user.date_joined,
            "last_sign_in": user.last_login,
        },
        "email_addresses": list(user.emailaddress_set.values("email", "verified", "primary")),
        "sign_ins": list(user.usersession_set.values("created_at", "ip", "user_agent")),
        "second_factors": list(user.authenticator_set.values("type", "created_at", "last_used_at")),
        "seller": values_of(user, "seller", *SHOP, "since", "contact_email"),
        "application": values_of(user, "application", *SHOP, "contact_email", "status", "reason", "sent_at"),
    }
    for _, more in personal_data.send(type(user), user=user):
        data |= more
    return data


def values_of(user, relation, *names):
    thing = getattr(user, relation, None)
    return thing and {name: getattr(thing, name) for name in names}
