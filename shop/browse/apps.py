from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class BrowseConfig(AppConfig):
    name = "shop.browse"
    verbose_name = "Search"

    def ready(self):
        from .search.schema import after_migrations, before_migrations, teach_sqlite

        connection_created.connect(teach_sqlite)
        pre_migrate.connect(before_migrations, sender=self)
        post_migrate.connect(after_migrations, sender=self)
