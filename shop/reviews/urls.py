from django.urls import path

from .views import own, replies, reviews

urlpatterns = [
    path("products/<slug:slug>/reviews/", reviews.ProductReviews.as_view(), name="product_reviews"),
    path("me/products/<slug:slug>/review/", own.MyReview.as_view(), name="my_review"),
    path("me/products/<slug:slug>/votes/", own.MyVotes.as_view(), name="my_votes"),
    path("me/reviews/", own.MyReviews.as_view(), name="my_reviews"),
    path("me/reviews/<int:pk>/edit/", own.ReviewUpdate.as_view(), name="review_update"),
    path("me/reviews/<int:pk>/delete/", own.ReviewDelete.as_view(), name="review_delete"),
    path("me/reviews/<int:pk>/vote/", own.ReviewVote.as_view(), name="review_vote"),
    path("me/reviews/<int:pk>/report/", own.ReviewReport.as_view(), name="review_report"),
    path("me/reviews/<int:pk>/reported/", own.ReviewReported.as_view(), name="review_reported"),
    path("sell/reviews/", replies.SellerReviews.as_view(), name="seller_reviews"),
    path("sell/reviews/<int:pk>/reply/", replies.ReplyUpdate.as_view(), name="reply_update"),
    path("sell/reviews/<int:pk>/reply/delete/", replies.ReplyDelete.as_view(), name="reply_delete"),
]
