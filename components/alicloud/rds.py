"""The resources that Postgres and Mysql share on Alibaba Cloud: an RDS instance and what belongs to it."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi_alicloud import rds

from components.alicloud.rds_settings import Args, Engine, RdsNative, allowed_blocks, shape
from components.base import Component
from components.errors import UserError

PASSWORD_SPECIAL = "_-"  # noqa: S105 - an alphabet, not a password
"""Those of the service's special characters that need no encoding in an address."""
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OWN_BACKUP_DAYS = 7
"""What a new instance keeps by itself."""


class Server:
    """One instance and what belongs to it, declared below the component that owns them, in this order.

    The service refuses an operation while the instance is busy with another (OperationDenied.DBInstanceStatus): each
    waits for the one before. What belongs to the instance goes with it, and is not deleted piece by piece: that would
    lock the instance each time, and fail for a user that owns a database and for a log backup on one node.
    """

    def __init__(self, owner: Component, engine: Engine, args: Args, native: RdsNative, version: str) -> None:
        self._owner, self._engine, self._args, self._native = owner, engine, args, native
        self._shape = shape(args, native, engine)
        self.instance = self._declare_instance(version)
        self._last: pulumi.Resource = self.instance

    def _declare_instance(self, version: str) -> rds.Instance:
        owner, native, shape = self._owner, self._native, self._shape
        return rds.Instance(
            owner.child("instance"),
            # An unset name is reported back by the API and then differs on every preview.
            instance_name=owner.physical_name("alicloud:rds/instance:Instance"),
            engine=self._engine.name,
            engine_version=version,
            category=shape.category,
            instance_type=shape.instance_type,
            instance_storage=self._args.disk_gb,
            db_instance_storage_type=native.storage_type,
            # What is paid ahead is not destroyed, only forgotten.
            instance_charge_type="Serverless" if shape.serverless else "Postpaid",
            serverless_configs=self._units(),
            vpc_id=self._args.network.vpc_id,
            vswitch_id=shape.vswitch,
            zone_id=shape.zone,
            zone_id_slave_a=shape.standby,
            # Set at creation, before anything can connect. Left out, it would stay whatever it is.
            security_ips=allowed_blocks(self._args),
            deletion_protection=owner.profile.protect,
            ssl_action=shape.ssl_action,
            encryption_key=native.encryption_key,
            storage_auto_scale=shape.growth,
            storage_threshold=10 if shape.growth_limit else None,
            storage_upper_bound=shape.growth_limit,
            parameters=self._parameters(),
            # Without it a parameter that wants a restart fails the update, and no preview says so.
            force_restart=True if native.parameters else None,
            resource_group_id=native.resource_group_id,
            tags=owner.tags(),
            opts=owner.options(
                stateful=True,
                # Reported back though nobody set it; no update ever sends it.
                ignore_changes=["dbParamGroupId"],
                # The provider takes a change of these, and does nothing.
                replace_on_changes=["category", "instanceChargeType", "encryptionKey"],
            ),
        )

    def _units(self) -> list[rds.InstanceServerlessConfigArgs] | None:
        if self._shape.units is None:
            return None
        fewest, most = self._shape.units
        # A paused instance is a stopped one to the provider, which waits in vain for it to run.
        unpaused = rds.InstanceServerlessConfigArgs(
            min_capacity=fewest, max_capacity=most, auto_pause=False, switch_force=False
        )
        return [unpaused]

    def _parameters(self) -> list[rds.InstanceParameterArgs] | None:
        given = sorted(self._native.parameters.items())
        return [rds.InstanceParameterArgs(name=key, value=value) for key, value in given] or None

    def _attached(self, **more: Any) -> pulumi.ResourceOptions:
        """Options of what belongs to the instance: an instance that outlives the stack keeps it."""
        return self._owner.options(
            depends_on=[self._last], deleted_with=self.instance, retain_on_delete=self._owner.profile.retain or None,
            **more,
        )  # fmt: skip

    def declare_account(self, password: pulumi.Output[str]) -> rds.RdsAccount:
        """The user. Another name makes another user, who is there before the old one goes."""
        account = rds.RdsAccount(
            self._owner.child("user"),
            db_instance_id=self.instance.id,
            account_name=self._args.user,
            account_type=self._engine.account_type,
            account_password=password,
            # Another type would make a twin of the same name, which the service refuses.
            opts=self._attached(ignore_changes=["accountType"]),
        )
        self._last = account
        return account

    def declare_database(self, character_set: str) -> rds.Database:
        """The database."""
        database = rds.Database(
            self._owner.child("database"),
            instance_id=self.instance.id,
            data_base_name=self._args.database,
            character_set=character_set,
            # Another character set makes another database under the same name, and an empty one.
            opts=self._attached(stateful=True, delete_before_replace=True),
        )
        self._last = database
        return database

    def declare_privilege(self, account: rds.RdsAccount, database: rds.Database) -> rds.AccountPrivilege:
        """The user's right to the database."""
        privilege = rds.AccountPrivilege(
            self._owner.child("privilege"),
            instance_id=self.instance.id,
            account_name=account.account_name,
            privilege=self._engine.privilege,
            db_names=[database.data_base_name],
            # On PostgreSQL the provider fails to take a privilege from the old database; a replaced one it forgets.
            opts=self._attached(replace_on_changes=None if self._engine.privilege_moves else ["dbNames"]),
        )
        self._last = privilege
        return privilege

    def declare_backup(self) -> None:
        """Backups every day and, of two nodes, of the log between them, for a restore to any point in time.

        One node takes no log backup, and keeps its backups for a week by itself.
        """
        days, logged = self._owner.profile.backup_retention_days, self._shape.two_nodes
        if not logged and days == OWN_BACKUP_DAYS:
            return
        self._last = rds.BackupPolicy(
            self._owner.child("backup"),
            instance_id=self.instance.id,
            preferred_backup_periods=list(WEEK),
            preferred_backup_time=self._native.backup_time,
            backup_retention_period=days,
            enable_backup_log=logged or None,
            # Not longer than the backups themselves.
            log_backup_retention_period=days if logged else None,
            # The API wants these two with every change of the log's backup; 18 hours and 30 % are its own defaults.
            local_log_retention_hours=18 if logged else None,
            local_log_retention_space=30 if logged else None,
            opts=self._attached(),
        )


def private_host(host: str | None) -> str:
    """The private address that an instance reports; an error where it reports none."""
    if not host:
        raise UserError("alicloud RDS", "the instance reports no private address yet", "run `up` again in a minute")
    return host
