"""A test kit for Pulumi programs in Python: see what a program asks for, without engine, account or network.

`record` runs a program and returns a `Recording` of every resource with its options, every data-source call and every
export; `Secret` and `UNKNOWN` mark such values. `check` holds it against what the providers accept. `StandIns` answers
in place of providers that Qiao does not know. Nothing is left over from one call to the next.

    import pulumi
    import pulumi_random as random

    from qiao.testing import Secret, check, record


    def program() -> None:
        password = random.RandomPassword("admin", length=24, opts=pulumi.ResourceOptions(protect=True))
        pulumi.export("dsn", pulumi.Output.concat("postgres://admin:", password.result, "@db"))


    recording = record(program)
    password = recording.get("random:index/randomPassword:RandomPassword", "admin")
    assert password.protect
    assert isinstance(recording.outputs["dsn"], Secret)
    assert check(recording) == []

`qiao.testing.contract` holds the contracts that every component keeps, for components of your own.
"""

from qiao.plan.recorder import DuplicateUrnError, record
from qiao.plan.recording import UNKNOWN, Alias, Invoke, Message, Recording, Resource, Secret, is_secret, reveal
from qiao.plan.rules import Finding, Rules, check
from qiao.plan.standins import Asked, StandIns

__all__ = [
    "UNKNOWN",
    "Alias",
    "Asked",
    "DuplicateUrnError",
    "Finding",
    "Invoke",
    "Message",
    "Recording",
    "Resource",
    "Rules",
    "Secret",
    "StandIns",
    "check",
    "is_secret",
    "record",
    "reveal",
]
