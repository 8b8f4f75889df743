from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with OWASP's parameters; Django's 100 MiB per sign-in could exhaust a small server."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
