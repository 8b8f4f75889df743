from django.core.exceptions import ValidationError

from shop.caching.rate_limit import HOUR, is_within_limit

OF_SHOPPER, OF_SELLER = 60, 600
TOO_MANY = "That is a lot of pictures within an hour. Please send this one later."


def check_allowance(who, most):
    """Count a picture that is about to be opened; raises ValidationError above the hourly limit.

    who: letters, digits and punctuation, such as "seller:17".
    """
    if not is_within_limit(f"picture:{who}", most, HOUR):
        raise ValidationError(TOO_MANY, code="too_many")
