from .signals import personal_data


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
        "seller": seller_data(user),
    }
    for _, more in personal_data.send(type(user), user=user):
        data |= more
    return data


def seller_data(user):
    seller = getattr(user, "seller", None)
    names = ("name", "slug", "craft", "place", "since", "about", "contact_email")
    return seller and {name: getattr(seller, name) for name in names}
