from shop.accounts.mails import compose, deliver_after_commit


def tell_decision(request, edit, product, is_approved):
    """Email the seller the decision of staff after commit; product: as it is now."""
    if edit.seller.user is None:
        return
    page = product.get_absolute_url() if is_approved else edit.get_absolute_url()
    context = {"edit": edit, "product": product, "is_approved": is_approved}
    context["link"] = request.build_absolute_uri(page)
    mail = compose("mails/edit_decided.txt", edit.seller.user.email, context)
    deliver_after_commit(mail)
