from .photos import ReviewPhoto
from .reports import Report
from .reviews import Review
from .votes import Vote

__all__ = ["Report", "Review", "ReviewPhoto", "Vote"]
