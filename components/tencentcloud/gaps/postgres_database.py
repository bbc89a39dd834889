"""PostgresDatabase: a database of a PostgreSQL instance, and who owns it.

The provider of this version has no resource for it; the service has had the calls for years. An interrupted create left
the database behind, with its owner: the next one finds it there, and takes it over.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.polling import wait_until, when_free
from components.tencentcloud.gaps.base import Gap, GapProvider, Props, gone
from components.tencentcloud.gaps.client import Client, Service
from components.tencentcloud.gaps.connect import connect
from components.tencentcloud.gaps.errors import ApiError, GapError

POSTGRES: Final = Service("postgres", "2017-03-12")
ENCODING: Final = "UTF8"
PAGE: Final = 100
SECONDS: Final = 120.0
"""The longest wait for a database to be listed, after the call that made it."""
LOCALES: Final = {"collation": "Collate", "ctype": "Ctype"}
"""Settings that may be left to the instance, and their names in the API."""


class PostgresDatabaseProvider(GapProvider):
    """Makes a database, hands it to another owner, drops it."""

    IDENTITY = ("region", "instance_id", "database", *LOCALES)
    SETTINGS = ("owner",)

    def create(self, props: Props) -> CreateResult:
        """Make the database, or take over the one that an interrupted create left."""
        client = connect(props["region"])
        found = _found(client, props)
        if found is None:
            when_free(lambda: client.call(POSTGRES, "CreateDatabase", _body(props), idempotent=False))
            wait_until(lambda: _found(client, props), seconds=SECONDS, late=lambda: _late(props))
        else:
            _refuse_anothers(props, found)
        return CreateResult(f"{props['instance_id']}/{props['database']}", self.inputs(props))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read it back, so that another owner is a difference in the next preview."""
        try:
            found = _found(connect(props["region"]), props)
        except ApiError as error:
            if error.missing("InstanceNotFoundError"):
                return gone()
            raise
        if found is None:
            return gone()
        inputs = {**self.inputs(props), "owner": found.get("DatabaseOwner") or props["owner"]}
        return ReadResult(id_, inputs, dict(inputs))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Hand it to another owner. What is in it stays whose it was."""
        client = connect(news["region"])
        body = {**_where(news), "DatabaseOwner": news["owner"]}
        when_free(lambda: client.call(POSTGRES, "ModifyDatabaseOwner", body, idempotent=True))
        return UpdateResult(self.inputs(news))

    def delete(self, _id: str, props: Props) -> None:
        """Drop it, with all that is in it."""
        client = connect(props["region"])
        try:
            if _found(client, props) is not None:
                when_free(lambda: client.call(POSTGRES, "DeleteDatabase", _where(props), idempotent=True))
        except ApiError as error:
            # Repeated after an answer that was lost, the call finds nothing to drop.
            if not error.missing("InstanceNotFoundError") and _found(client, props) is not None:
                raise


def _where(props: Props) -> dict[str, Any]:
    return {"DBInstanceId": props["instance_id"], "DatabaseName": props["database"]}


def _body(props: Props) -> dict[str, Any]:
    locales = {name: props[key] for key, name in LOCALES.items() if props.get(key) is not None}
    return {**_where(props), "DatabaseOwner": props["owner"], "Encoding": ENCODING, **locales}


def _found(client: Client, props: Props) -> dict[str, Any] | None:
    """The database, or None. The service's filter finds every name that has this one in it."""
    wanted = {"Name": "database-name", "Values": [props["database"]]}
    seen = 0
    while True:
        body = {"DBInstanceId": props["instance_id"], "Filters": [wanted], "Offset": seen, "Limit": PAGE}
        answer = client.call(POSTGRES, "DescribeDatabases", body, idempotent=True)
        page = answer.get("Databases") or []
        for database in page:
            if database.get("DatabaseName") == props["database"]:
                return dict(database)
        seen += len(page)
        if len(page) < PAGE:
            return None


def _refuse_anothers(props: Props, found: dict[str, Any]) -> None:
    """Refuse a database of the same name that is not what was asked for: somebody else made it."""
    asked = {"DatabaseOwner": props["owner"], **{name: props.get(key) for key, name in LOCALES.items()}}
    other = {name: found.get(name) for name, value in asked.items() if value is not None and found.get(name) != value}
    if other:
        shown = ", ".join(f"{name} {value}" for name, value in other.items())
        what = f"there is a database {props['database']} already, and it is another one ({shown})"
        raise GapError(what, "choose another name, or drop that one")


def _late(props: Props) -> GapError:
    what = f"database {props['database']} was made and is not listed after {SECONDS:.0f} s"
    return GapError(what, "run `up` again: it takes over what is there")


class PostgresDatabase(Gap, module="tencentcloud", name="PostgresDatabase"):
    """A database of a PostgreSQL instance."""

    database: pulumi.Output[str]
    """Its name, known when it is there."""
    owner: pulumi.Output[str]
    """Its owner's name, known when it is owned."""

    def __init__(
        self,
        name: str,
        *,
        instance_id: pulumi.Input[str],
        database: pulumi.Input[str],
        owner: pulumi.Input[str],
        collation: str | None,
        ctype: str | None,
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the database.

        Args:
            name: logical name.
            instance_id: the instance.
            database: the database's name. A change makes another database.
            owner: name of a user of the instance. It changes in place.
            collation: how it sorts text; None for the instance's own. A change makes another database.
            ctype: what it takes for letters; None for the instance's own. A change makes another database.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "instance_id": instance_id,
            "database": database,
            "owner": owner,
            "collation": collation,
            "ctype": ctype,
            "region": region,
        }
        super().__init__(PostgresDatabaseProvider(), name, props, opts)
