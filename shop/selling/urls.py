from django.urls import path

from .views import dashboard, drafts, own_products, previews, products, uploads

urlpatterns = [
    path("", dashboard.Dashboard.as_view(), name="dashboard"),
    path("products/", own_products.OwnProducts.as_view(), name="own_products"),
    path("products/new/", products.ProductCreate.as_view(), name="product_create"),
    path("products/<int:pk>/edit/", products.ProductUpdate.as_view(), name="product_update"),
    path("products/<int:pk>/delete/", products.ProductDelete.as_view(), name="product_delete"),
    path("products/<int:pk>/preview/", previews.ProductPreview.as_view(), name="product_preview"),
    path("products/<int:pk>/withdraw/", drafts.EditWithdraw.as_view(), name="edit_withdraw"),
    path("products/listing/", own_products.BulkList.as_view(), name="bulk_list"),
    path("products/archiving/", own_products.BulkArchive.as_view(), name="bulk_archive"),
    path("products/prices/", own_products.BulkPrices.as_view(), name="bulk_prices"),
    path("products/stock/", own_products.BulkStock.as_view(), name="bulk_stock"),
    path("drafts/keep/", drafts.DraftKeep.as_view(), name="draft_keep"),
    path("drafts/preview/", drafts.PreviewStart.as_view(), name="preview_start"),
    path("drafts/<int:pk>/", products.DraftUpdate.as_view(), name="draft_update"),
    path("drafts/<int:pk>/delete/", drafts.DraftDelete.as_view(), name="draft_delete"),
    path("drafts/<int:pk>/preview/", previews.DraftPreview.as_view(), name="draft_preview"),
    path("uploads/", uploads.UploadCreate.as_view(), name="upload_create"),
    path("markdown/", previews.MarkdownPreview.as_view(), name="markdown_preview"),
]
