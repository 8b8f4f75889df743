from django.db import models


class SellerApplicationQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(status="waiting")
