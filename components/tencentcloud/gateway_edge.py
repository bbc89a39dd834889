"""EdgeOne in front of functions: site, domain, the edge function that checks calls, and the rule that calls it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pulumi
from tencentcloud_iac_pulumi import dnspod, teo

from components.base import Component, as_output
from components.gateway import Domain
from components.observability import ObservabilityLike
from components.tencentcloud import gateway_settings as planning
from components.tencentcloud.gaps.zone_ownership import ZoneOwnership
from components.tencentcloud.gateway_domain import declare_certificate, declare_record, record_name
from components.tencentcloud.gateway_settings import FREE_CERTIFICATE, GatewayNative
from components.tencentcloud.gateway_table import OPEN, Variables

SCRIPT = Path(__file__).parent / "edge" / "gateway.js"
LOG = "tencentcloud:Teo/realtimeLogDelivery:RealtimeLogDelivery"
LOG_AREAS = {"mainland": ["mainland"], "overseas": ["overseas"], "global": ["mainland", "overseas"]}
"""A delivery is of one half of the world."""
BY_HAND_SECONDS = 20
"""How long a record is waited for that only a person can set."""
LOG_FIELDS = (
    "RequestID", "RequestTime", "ClientIP", "RequestMethod", "RequestHost", "RequestUrl", "RequestUA",
    "EdgeResponseStatusCode", "EdgeResponseBytes", "EdgeResponseTime", "EdgeFunctionSubrequest",
)  # fmt: skip
"""What is logged of a call: never its query, where keys may stand, nor its headers."""


def script() -> str:
    """The edge function's code, the same on every machine."""
    return SCRIPT.read_text(encoding="utf-8").replace("\r\n", "\n")


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A domain behind EdgeOne, and what its callers wait for."""

    gateway_id: pulumi.Output[str]
    """Id of the edge function."""
    cname: pulumi.Output[str]
    """What the domain's record points to."""
    gates: list[pulumi.Output[Any]]
    """An output of each resource that callers wait for."""


class EdgeBuilder:
    """Declares EdgeOne's resources as children of a gateway, in the order in which nothing is ever open.

    Args:
        owner: the gateway.
        domain: its domain.
        native: what only this cloud knows.
    """

    def __init__(self, owner: Component, domain: Domain, native: GatewayNative) -> None:
        self._owner, self._domain, self._native = owner, domain, native

    def declare(
        self, origin: pulumi.Output[str], variables: Variables, observability: ObservabilityLike | None
    ) -> Edge:
        """Declare all of it.

        Args:
            origin: host of a function of the gateway.
            variables: the edge function's environment.
            observability: where its log of calls goes.
        """
        accelerated = self._declare_domain(origin)
        function = self._declare_function()
        rule = self._declare_rule(function, self._declare_environment(function, variables))
        entry = self._declare_entry(accelerated, rule)
        if self._native.access_log and observability is not None:
            for area in LOG_AREAS[planning.area(self._owner.scope.region, self._native)]:
                self._declare_log(accelerated, observability, area)
        return Edge(
            gateway_id=function.function_id, cname=accelerated.cname, gates=[rule.function_id, *entry]
        )  # fmt: skip

    @cached_property
    def _zone_id(self) -> pulumi.Output[str]:
        """The site, its owner verified."""
        if self._native.zone_id is not None:
            return as_output(self._native.zone_id)
        zone = self._declare_zone()
        return self._declare_ownership(zone).zone_id

    @property
    def _zone_name(self) -> str:
        return planning.zone_name(self._domain, self._native) or ""

    def _declare_zone(self) -> teo.Zone:
        return teo.Zone(
            self._owner.child("zone"),
            zone_name=self._zone_name,
            # By CNAME: the domain's DNS stays where it is.
            type="partial",
            area=planning.area(self._owner.scope.region, self._native),
            plan_id=self._native.plan_id or "",
            tags=self._owner.tags(),
            # Its domains go with it. An account holds a name once, so the old one must be gone first.
            opts=self._owner.options(stateful=True, retain_on_delete=None, delete_before_replace=True),
        )

    def _declare_ownership(self, zone: teo.Zone) -> ZoneOwnership:
        proof = zone.ownership_verifications.apply(_proof)
        place = self._domain.dns_zone
        record = [self._declare_proof(proof, place)] if place else []
        return ZoneOwnership(
            self._owner.child("ownership"),
            zone_id=zone.id,
            zone_name=self._zone_name,
            record=proof.apply(lambda known: f"TXT {known[0]}.{self._zone_name} = {known[1]}"),
            region=self._owner.scope.region,
            timeout_seconds=600 if place else BY_HAND_SECONDS,
            opts=self._owner.options(depends_on=record),
        )

    def _declare_proof(self, proof: pulumi.Output[tuple[str, str]], place: str) -> pulumi.Resource:
        """The record that proves whose the site is; its name is EdgeOne's choice, known once the site is there."""
        name = proof.apply(lambda known: record_name(f"{known[0]}.{self._zone_name}", place))
        value = proof.apply(lambda known: known[1])
        return declare_record(self._owner, "ownership", "record", zone=place, name=name, value=value, kind="TXT")

    def _declare_domain(self, origin: pulumi.Output[str]) -> teo.AccelerationDomain:
        return teo.AccelerationDomain(
            self._owner.child("domain"),
            zone_id=self._zone_id,
            domain_name=self._domain.name,
            origin_info=teo.AccelerationDomainOriginInfoArgs(
                origin_type="IP_DOMAIN",
                origin=origin,
                # Never the function's own host: the edge function calls functions by theirs, and a call that went past
                # it would find nobody here who answers to this name.
                host_header=self._domain.name,
            ),
            origin_protocol="HTTPS",
            http_origin_port=80,
            https_origin_port=443,
            ipv6_status="follow",
            # The provider refuses this change. A domain is on one site, once.
            opts=self._owner.options(replace_on_changes=["httpsOriginPort"], delete_before_replace=True),
        )

    def _declare_function(self) -> teo.Function:
        return teo.Function(
            self._owner.child("function"),
            zone_id=self._zone_id,
            name=self._owner.physical_name("tencentcloud:Teo/function:Function"),
            content=script(),
            remark=f"{self._owner.scope.project} {self._owner.scope.stage} {self._owner.logical_name}"[:60],
            # The provider refuses this change.
            opts=self._owner.options(replace_on_changes=["name"]),
        )

    def _declare_environment(self, function: teo.Function, variables: Variables) -> teo.FunctionRuntimeEnvironment:
        return teo.FunctionRuntimeEnvironment(
            self._owner.child("environment"),
            zone_id=self._zone_id,
            function_id=function.function_id,
            environment_variables=[
                teo.FunctionRuntimeEnvironmentEnvironmentVariableArgs(
                    # As text, which the service repeats to the letter; the edge function reads JSON itself.
                    key=key, type="string", value=value if key in OPEN else pulumi.Output.secret(value)
                )
                for key, value in sorted(variables.items())
            ],
            # The SDK forgets that values are secret.
            opts=self._owner.options(additional_secret_outputs=["environmentVariables"]),
        )  # fmt: skip

    def _declare_rule(self, function: teo.Function, environment: teo.FunctionRuntimeEnvironment) -> teo.FunctionRule:
        """Calls of the domain go to the function: last of all, since one without its environment lets nobody in."""
        host = teo.FunctionRuleFunctionRuleConditionRuleConditionArgs(
            target="host", operator="equals", values=[self._domain.name]
        )
        return teo.FunctionRule(
            self._owner.child("rule"),
            zone_id=self._zone_id,
            function_id=function.function_id,
            function_rule_conditions=[teo.FunctionRuleFunctionRuleConditionArgs(rule_conditions=[host])],
            remark=self._owner.logical_name[:60],
            opts=self._owner.options(depends_on=[environment]),
        )

    def _declare_entry(self, accelerated: teo.AccelerationDomain, rule: teo.FunctionRule) -> list[pulumi.Output[Any]]:
        """Certificate and record, in the order that each needs; an output of each.

        A certificate of yours is there before anybody is sent here; EdgeOne issues its own only once the record leads
        to it.
        """
        if self._domain.dns_zone is None:
            return [self._declare_certificate(accelerated, []).host]
        if self._domain.certificate_id == FREE_CERTIFICATE:
            record = self._declare_record(accelerated, self._domain.dns_zone, [rule])
            return [record.value, self._declare_certificate(accelerated, [record]).host]
        certificate = self._declare_certificate(accelerated, [])
        return [certificate.host, self._declare_record(accelerated, self._domain.dns_zone, [rule, certificate]).value]

    def _declare_record(
        self, accelerated: teo.AccelerationDomain, place: str, before: list[pulumi.Resource]
    ) -> dnspod.Record:
        name = record_name(self._domain.name, place)
        return declare_record(self._owner, "record", zone=place, name=name, value=accelerated.cname, before=before)

    def _declare_certificate(
        self, accelerated: teo.AccelerationDomain, before: list[pulumi.Resource]
    ) -> teo.CertificateConfig:
        free = self._domain.certificate_id == FREE_CERTIFICATE
        given = [] if free else [declare_certificate(self._owner, self._domain)]
        return teo.CertificateConfig(
            self._owner.child("https"),
            zone_id=self._zone_id,
            host=accelerated.domain_name,
            mode=FREE_CERTIFICATE if free else "sslcert",
            server_cert_infos=[teo.CertificateConfigServerCertInfoArgs(cert_id=number) for number in given] or None,
            opts=self._owner.options(depends_on=before),
        )

    def _declare_log(self, accelerated: teo.AccelerationDomain, place: ObservabilityLike, area: str) -> None:
        teo.RealtimeLogDelivery(
            self._owner.child("access-log", area),
            zone_id=self._zone_id,
            task_name=self._owner.physical_name(LOG, area),
            task_type="cls",
            log_type="domain",
            area=area,
            entity_lists=[accelerated.domain_name],
            fields=list(LOG_FIELDS),
            sample=1000,
            delivery_status="enabled",
            cls=teo.RealtimeLogDeliveryClsArgs(
                log_set_id=place.log_project,
                log_set_region=self._owner.scope.region,
                topic_id=place.access_log_store or "",
            ),
            # The provider refuses these changes.
            opts=self._owner.options(replace_on_changes=["taskType", "logType", "area", "cls"]),
        )


def _proof(found: Any) -> tuple[str, str]:
    """Name, within the site, and value of the record that proves whose it is."""
    for verification in found or []:
        for record in verification.dns_verifications or []:
            return str(record.subdomain), str(record.record_value)
    return "", ""
