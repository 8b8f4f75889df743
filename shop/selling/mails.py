from shop.accounts.mails import compose, deliver_after_commit


def tell_decision(request, edit, product):
    """Send the seller, once it is committed, an e-mail about what staff decided; product: as it is now."""
    if edit.seller.user is None:
        return
    page = product.get_absolute_url() if edit.is_waiting else edit.get_absolute_url()
    context = {"edit": edit, "product": product, "link": request.build_absolute_uri(page)}
    mail = compose("mails/edit_decided.txt", edit.seller.user.email, context)
    deliver_after_commit(mail)
