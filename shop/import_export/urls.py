from django.urls import path

from . import views

urlpatterns = [
    path("import/", views.ImportCreate.as_view(), name="import_create"),
    path("import/<int:pk>/", views.ImportDetail.as_view(), name="import_detail"),
    path("import/<int:pk>/step/", views.ImportStep.as_view(), name="import_step"),
    path("import/<int:pk>/delete/", views.ImportDelete.as_view(), name="import_delete"),
    path("export/", views.ExportProducts.as_view(), name="export_products"),
    path("export/photos/", views.ExportPhotos.as_view(), name="export_photos"),
]
