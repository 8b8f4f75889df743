from django.urls import path

from . import views

urlpatterns = [
    path("", views.Dashboard.as_view(), name="dashboard"),
    path("products/", views.OwnProducts.as_view(), name="own_products"),
    path("products/new/", views.ProductCreate.as_view(), name="product_create"),
    path("products/<int:pk>/edit/", views.ProductUpdate.as_view(), name="product_update"),
    path("products/<int:pk>/delete/", views.ProductDelete.as_view(), name="product_delete"),
    path("products/<int:pk>/preview/", views.ProductPreview.as_view(), name="product_preview"),
    path("products/<int:pk>/withdraw/", views.EditWithdraw.as_view(), name="edit_withdraw"),
    path("products/listing/", views.BulkList.as_view(), name="bulk_list"),
    path("products/archiving/", views.BulkArchive.as_view(), name="bulk_archive"),
    path("products/prices/", views.BulkPrices.as_view(), name="bulk_prices"),
    path("products/stock/", views.BulkStock.as_view(), name="bulk_stock"),
    path("drafts/keep/", views.DraftKeep.as_view(), name="draft_keep"),
    path("drafts/preview/", views.PreviewStart.as_view(), name="preview_start"),
    path("drafts/<int:pk>/", views.DraftUpdate.as_view(), name="draft_update"),
    path("drafts/<int:pk>/delete/", views.DraftDelete.as_view(), name="draft_delete"),
    path("drafts/<int:pk>/preview/", views.DraftPreview.as_view(), name="draft_preview"),
    path("uploads/", views.UploadCreate.as_view(), name="upload_create"),
    path("markdown/", views.MarkdownPreview.as_view(), name="markdown_preview"),
]
