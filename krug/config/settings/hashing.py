"""Passwords are hashed at the cost measured for two cores: 46 MiB, one pass, one lane."""

from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at the parameters of the security bar (CRY-01)."""

    time_cost = 1
    memory_cost = 47104
    parallelism = 1


class QuickForTests(PBKDF2PasswordHasher):
    """A hash that costs nothing, so that tests measure the product and not the hash."""

    iterations = 1
