from django.apps import AppConfig


class ImportExportConfig(AppConfig):
    name = "shop.import_export"
    verbose_name = "Import and export"
