"""The PostgreSQL service: instances and their databases, found by a filter that takes more than it is asked for."""

from __future__ import annotations

from typing import Any

from tests.fakes.http import Refused
from tests.fakes.shapes import Actions

WHERE = {"DBInstanceId": str, "DatabaseName": str}
OWN = ("postgres", "template0", "template1")


class Postgres:
    """State of the PostgreSQL service, and its actions."""

    version = "2017-03-12"

    def __init__(self) -> None:
        self.instances: dict[str, dict[str, dict[str, Any]]] = {}
        """Databases of each instance, by name."""
        self.users: dict[str, set[str]] = {}
        self.busy = 0
        """How many changes are turned away because the instance is busy."""
        self.late = 0
        """How many looks it takes until a new database is listed."""
        self._unlisted: dict[str, int] = {}
        listed = {"DBInstanceId": str, "Filters": [{"Name": str, "Values": [str]}], "Offset": int, "Limit": int}
        made = {**WHERE, "DatabaseOwner": str, "Encoding": str, "Collate?": str, "Ctype?": str}
        self.actions: Actions = {
            "DescribeDatabases": (listed, self.describe_databases),
            "CreateDatabase": (made, self.create_database),
            "ModifyDatabaseOwner": ({**WHERE, "DatabaseOwner": str}, self.modify_owner),
            "DeleteDatabase": (WHERE, self.delete_database),
        }

    def make_instance(self, name: str = "postgres-6fego161", *users: str) -> str:
        """An instance, as the provider would have made it."""
        self.instances[name], self.users[name] = {}, {"root", *users}
        for database in OWN:
            self._keep(name, {"DatabaseName": database, "DatabaseOwner": "postgres"})
        return name

    def describe_databases(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DescribeDatabases: every name that has the one asked for in it, some at a time."""
        (wanted,) = asked["Filters"]
        if wanted["Name"] != "database-name" or asked["Limit"] > 100:
            raise Refused(200, "InvalidParameterValue", "filter or limit")
        (part,) = wanted["Values"]
        there = [one for name, one in sorted(self._databases(asked).items()) if part in name and self._listed(name)]
        shown = there[asked["Offset"] : asked["Offset"] + asked["Limit"]]
        return {"Items": [one["DatabaseName"] for one in shown], "Databases": shown, "TotalCount": len(there)}

    def create_database(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateDatabase: by an owner who is there."""
        self._free()
        if asked["DatabaseName"] in self._databases(asked):
            raise Refused(200, "FailedOperation.FailedOperationError", "database already exists")
        self._known(asked)
        self._keep(asked["DBInstanceId"], {key: value for key, value in asked.items() if key != "DBInstanceId"})
        self._unlisted[asked["DatabaseName"]] = self.late
        return {}

    def modify_owner(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ModifyDatabaseOwner."""
        self._free()
        self._known(asked)
        self._databases(asked)[asked["DatabaseName"]]["DatabaseOwner"] = asked["DatabaseOwner"]
        return {}

    def delete_database(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DeleteDatabase."""
        self._free()
        if self._databases(asked).pop(asked["DatabaseName"], None) is None:
            raise Refused(200, "FailedOperation.FailedOperationError", "database does not exist")
        return {}

    def _databases(self, asked: dict[str, Any]) -> dict[str, dict[str, Any]]:
        if asked["DBInstanceId"] not in self.instances:
            raise Refused(200, "ResourceNotFound.InstanceNotFoundError", "no such instance")
        return self.instances[asked["DBInstanceId"]]

    def _known(self, asked: dict[str, Any]) -> None:
        if asked["DatabaseOwner"] not in self.users[asked["DBInstanceId"]]:
            raise Refused(200, "InvalidParameterValue.AccountNotExist", "no such account")

    def _free(self) -> None:
        if self.busy:
            self.busy -= 1
            raise Refused(200, "OperationDenied.InstanceStatusLimitError", "the instance is being changed")

    def _listed(self, name: str) -> bool:
        self._unlisted[name] = left = self._unlisted.get(name, 0) - 1
        return left < 0

    def _keep(self, instance: str, database: dict[str, Any]) -> None:
        usual = {"Encoding": "UTF8", "Collate": "en_US.utf8", "Ctype": "en_US.utf8", "AllowConn": True}
        self.instances[instance][database["DatabaseName"]] = {**usual, **database}
