from .own import (
    MyReview,
    MyReviews,
    MyVotes,
    ReviewDelete,
    ReviewReport,
    ReviewReported,
    ReviewUpdate,
    ReviewVote,
)
from .replies import ReplyDelete, ReplyUpdate, SellerReviews
from .reviews import ProductReviews

__all__ = [
    "MyReview",
    "MyReviews",
    "MyVotes",
    "ProductReviews",
    "ReplyDelete",
    "ReplyUpdate",
    "ReviewDelete",
    "ReviewReport",
    "ReviewReported",
    "ReviewUpdate",
    "ReviewVote",
    "SellerReviews",
]
