from django.urls import path

from . import views

urlpatterns = [
    path("products/<slug:slug>/reviews/", views.ProductReviews.as_view(), name="product_reviews"),
    path("me/products/<slug:slug>/review/", views.MyReview.as_view(), name="my_review"),
    path("me/products/<slug:slug>/votes/", views.MyVotes.as_view(), name="my_votes"),
    path("me/reviews/", views.MyReviews.as_view(), name="my_reviews"),
    path("me/reviews/<int:pk>/edit/", views.ReviewUpdate.as_view(), name="review_update"),
    path("me/reviews/<int:pk>/delete/", views.ReviewDelete.as_view(), name="review_delete"),
    path("me/reviews/<int:pk>/vote/", views.ReviewVote.as_view(), name="review_vote"),
    path("me/reviews/<int:pk>/report/", views.ReviewReport.as_view(), name="review_report"),
    path("me/reviews/<int:pk>/reported/", views.ReviewReported.as_view(), name="review_reported"),
    path("sell/reviews/", views.SellerReviews.as_view(), name="seller_reviews"),
    path("sell/reviews/<int:pk>/reply/", views.ReplyUpdate.as_view(), name="reply_update"),
    path("sell/reviews/<int:pk>/reply/delete/", views.ReplyDelete.as_view(), name="reply_delete"),
]
