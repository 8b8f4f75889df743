from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with OWASP's figures: with 100 MiB for each sign-in a few could stop a small server."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
