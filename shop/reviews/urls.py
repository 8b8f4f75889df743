from django.urls import path

from .personal import (
    DeleteReview,
    EditReview,
    MyReview,
    MyReviews,
    MyVotes,
    Reported,
    ReportReview,
    VoteOnReview,
)
from .selling import DeleteReply, Reply, SellerReviews
from .views import ProductReviews

urlpatterns = [
    path("products/<slug:slug>/reviews/", ProductReviews.as_view(), name="product_reviews"),
    path("me/products/<slug:slug>/review/", MyReview.as_view(), name="my_review"),
    path("me/products/<slug:slug>/votes/", MyVotes.as_view(), name="my_votes"),
    path("me/reviews/", MyReviews.as_view(), name="my_reviews"),
    path("me/reviews/<int:pk>/edit/", EditReview.as_view(), name="edit_review"),
    path("me/reviews/<int:pk>/delete/", DeleteReview.as_view(), name="delete_review"),
    path("me/reviews/<int:pk>/vote/", VoteOnReview.as_view(), name="vote_on_review"),
    path("me/reviews/<int:pk>/report/", ReportReview.as_view(), name="report_review"),
    path("me/reviews/<int:pk>/reported/", Reported.as_view(), name="reported"),
    path("sell/reviews/", SellerReviews.as_view(), name="seller_reviews"),
    path("sell/reviews/<int:pk>/reply/", Reply.as_view(), name="reply"),
    path("sell/reviews/<int:pk>/reply/delete/", DeleteReply.as_view(), name="delete_reply"),
]
