"""Addresses of databases with their login: percent-encoded, and secret as a whole."""

from __future__ import annotations

from urllib.parse import quote

import pulumi


def connection_url(
    scheme: str, *, user: pulumi.Input[str], password: pulumi.Input[str], host: pulumi.Input[str],
    port: pulumi.Input[str], database: pulumi.Input[str],
) -> pulumi.Output[str]:  # fmt: skip
    """The address of a database: `scheme://user:password@host:port/database`.

    Args:
        scheme: what the client speaks (`postgresql`, `mysql`, `redis`).
        user: who logs in; empty where the password alone says it.
        password: the password, in whatever characters.
        host: the host.
        port: its port.
        database: the database's name or number.
    """
    parts = pulumi.Output.all(user=user, password=password, host=host, port=port, database=database)
    return pulumi.Output.secret(parts.apply(lambda known: address(scheme, known)))


def address(scheme: str, parts: dict[str, str]) -> str:
    """The same of known parts."""
    user, password, database = (quote(str(parts[key]), safe="") for key in ("user", "password", "database"))
    return f"{scheme}://{user}:{password}@{parts['host']}:{parts['port']}/{database}"
