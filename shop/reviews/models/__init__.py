from .reports import Report
from .review_photos import ReviewPhoto
from .reviews import Review
from .votes import Vote

__all__ = ["Report", "Review", "ReviewPhoto", "Vote"]
