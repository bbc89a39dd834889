"""The gateway service: consumers and what they may call, routes that are published step by step, services, gateways."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.alicloud.acts import Act, Acts
from tests.fakes.http import Refused

JWT = {
    "type": str, "secretType": str, "jwks": str,
    "jwtTokenConfig": {"position": str, "key": str, "prefix": str, "pass": bool},
    "jwtPayloadConfig": {"payloadKeyName": str, "payloadKeyValue": str}, "claimsToHeadersConfigs": [Any],
}  # fmt: skip
RULE = {
    "consumerId": str, "expireMode": str, "resourceType": str,
    "resourceIdentifier": {"environmentId": str, "parentResourceId": str, "resourceId": str, "resources?": [Any]},
}  # fmt: skip
PAGES = {"pageNumber": str, "pageSize": str}
ROUTE = "/v1/http-apis/{httpApiId}/routes/{routeId}"
CONSUMER = "/v1/consumers/{consumerId}"
DEPLOY = {"routeId?": str, "httpApiConfig?": {"gatewayId": str, "routeIds": [str]}}


@dataclass
class Route:
    """A route: a step further each time somebody looks."""

    coming: list[str] = field(default_factory=lambda: ["NotDeployed"])
    """What each look shows; the last one stays."""
    own_domains_only: bool = False
    """Whether it has no domain of the environment, so that it is refused by its id alone."""
    ends: str = "Deployed"
    """What a publication ends in."""
    withdrawn: str = "NotDeployed"
    """What taking it back ends in."""

    def look(self) -> str:
        """The status now."""
        return self.coming.pop(0) if len(self.coming) > 1 else self.coming[0]


class Apig:
    """State of the gateway service, and its actions."""

    version = "2024-03-27"

    def __init__(self) -> None:
        self.consumers: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, str] = {}
        """Consumers and domains by the token of the call that made them."""
        self.rules: dict[str, dict[str, Any]] = {}
        self.late_rules = 0
        """How many looks it takes until rules are listed."""
        self.routes: dict[tuple[str, str], Route] = {}
        self.domains: dict[str, dict[str, Any]] = {}
        self.late_domains = 0
        """How many looks it takes until domains are listed."""
        self.services: dict[str, list[dict[str, Any]]] = {}
        self.gateways: dict[str, list[dict[str, Any]]] = {}
        rules = "/v1/authorization-rules"
        self.acts: Acts = {
            "CreateConsumer": Act("POST", "/v1/consumers", self.create_consumer, {"clientToken": str},
                                  {"name": str, "gatewayType": str, "enable": bool, "description": str,
                                   "jwtIdentityConfig": JWT}),
            "ListConsumers": Act("GET", "/v1/consumers", self.list_consumers,
                                 {**PAGES, "gatewayType": str, "nameLike": str}),
            "GetConsumer": Act("GET", CONSUMER, lambda asked: self._consumer(asked)),
            "UpdateConsumer": Act("PUT", CONSUMER, self.update_consumer, {},
                                  {"enable": bool, "description": str, "jwtIdentityConfig": JWT}),
            "DeleteConsumer": Act("DELETE", CONSUMER, self.delete_consumer),
            "CreateConsumerAuthorizationRules": Act("POST", rules, self.create_rules, {},
                                                    {"authorizationRules": [RULE]}),
            "QueryConsumerAuthorizationRules": Act("GET", rules, self.query_rules,
                                                   {**PAGES, "consumerId": str, "resourceId": str, "resourceType": str,
                                                    "environmentId": str}),
            "DeleteConsumerAuthorizationRule": Act("DELETE", f"{CONSUMER}/authorization-rules/{{ruleId}}",
                                                   self.delete_rule),
            "GetHttpApiRoute": Act("GET", ROUTE, self.get_route),
            "DeployHttpApi": Act("POST", "/v1/http-apis/{httpApiId}/deploy", self.deploy, {}, DEPLOY),
            "UndeployHttpApi": Act("POST", "/v1/http-apis/{httpApiId}/undeploy", self.undeploy, {},
                                   {"routeId": str, "gatewayId": str}),
            "ListDomains": Act("GET", "/v1/domains", self.list_domains,
                               {**PAGES, "gatewayType": str, "nameLike": str}),
            "GetDomain": Act("GET", "/v1/domains/{domainId}", self.get_domain),
            "CreateDomain": Act("POST", "/v1/domains", self.create_domain, {"clientToken": str},
                                {"name": str, "protocol": str, "forceHttps": bool, "gatewayType": str}),
            "GetService": Act("GET", "/v1/services/{serviceId}", self.get_service),
            "GetGateway": Act("GET", "/v1/gateways/{gatewayId}", self.get_gateway),
        }  # fmt: skip

    def make_consumer(self, name: str, description: str) -> str:
        """A consumer, as somebody else would have made it."""
        made = "cs-" + secrets.token_hex(8)
        self.consumers[made] = {"consumerId": made, "name": name, "description": description, "enable": True}
        return made

    def make_route(self, *looks: str, **more: Any) -> tuple[str, str]:
        """A route, as the provider would have made it: saved, and not published."""
        made = "api-" + secrets.token_hex(4), "hr-" + secrets.token_hex(4)
        self.routes[made] = Route(list(looks) or ["NotDeployed"], **more)
        return made

    def create_consumer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateConsumer: a name is given once; a call with the same token makes one consumer."""
        token = asked.pop("clientToken")
        if token not in self.tokens:
            if any(one["name"] == asked["name"] for one in self.consumers.values()):
                raise Refused(409, "Conflict.ConsumerExisted", f"consumer {asked['name']} is there already")
            _check_keys(asked)
            made = "cs-" + secrets.token_hex(8)
            self.consumers[made] = {"consumerId": made, **asked}
            self.tokens[token] = made
        return {"consumerId": self.tokens[token]}

    def list_consumers(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListConsumers: names that contain what is asked for."""
        there = [one for one in self.consumers.values() if asked["nameLike"] in one["name"]]
        shown = [{key: value for key, value in one.items() if key != "jwtIdentityConfig"} for one in there]
        return _page(shown, asked, 2)

    def update_consumer(self, asked: dict[str, Any]) -> None:
        """UpdateConsumer."""
        _check_keys(asked)
        self._consumer(asked).update(asked)

    def delete_consumer(self, asked: dict[str, Any]) -> None:
        """DeleteConsumer."""
        self._consumer(asked)
        del self.consumers[asked["consumerId"]]

    def create_rules(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateConsumerAuthorizationRules: of a route that is published, and once."""
        made = []
        for rule in asked["authorizationRules"]:
            self._consumer(rule)
            where = rule["resourceIdentifier"]
            route = self._route({"httpApiId": where["parentResourceId"], "routeId": where["resourceId"]})
            if (rule["resourceType"], rule["expireMode"]) != ("HttpApiRoute", "LongTerm"):
                raise Refused(400, "InvalidParameter", "resourceType or expireMode is unknown")
            if route.coming[0] != "Deployed":
                raise Refused(400, "PreconditionFailed.RouteNotDeployed", "the route is not published")
            if any((one["consumerId"], one["resourceId"]) == (rule["consumerId"], where["resourceId"])
                   for one in self.rules.values()):  # fmt: skip
                raise Refused(409, "Conflict.ConsumerAuthorizationRuleExisted", "there is such a rule")
            made.append("car-" + secrets.token_hex(8))
            self.rules[made[-1]] = {
                "consumerAuthorizationRuleId": made[-1], "consumerId": rule["consumerId"],
                "resourceId": where["resourceId"], "resourceType": "HttpApiRoute",
                "environmentInfo": {"environmentId": where["environmentId"]},
            }  # fmt: skip
        return {"consumerAuthorizationRuleIds": made}

    def query_rules(self, asked: dict[str, Any]) -> dict[str, Any]:
        """QueryConsumerAuthorizationRules: ids are matched by their beginning, so that others may be in the answer."""
        self._consumer(asked)
        if self.late_rules:
            self.late_rules -= 1
            return _page([], asked, 1)
        there = [one for one in self.rules.values() if one["consumerId"] == asked["consumerId"]]
        stranger = {"consumerAuthorizationRuleId": "car-stranger", "consumerId": asked["consumerId"],
                    "resourceId": asked["resourceId"] + "0"}  # fmt: skip
        return _page([stranger, *there], asked, 1)

    def delete_rule(self, asked: dict[str, Any]) -> None:
        """DeleteConsumerAuthorizationRule."""
        self._consumer(asked)
        if asked["ruleId"] not in self.rules:
            raise Refused(404, "NotFound.ConsumerAuthorizationRuleNotFound", "no such rule")
        del self.rules[asked["ruleId"]]

    def get_route(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetHttpApiRoute."""
        status = self._route(asked).look()
        return {"routeId": asked["routeId"], "name": "chat", "deployStatus": status}

    def deploy(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DeployHttpApi: shows what was before once more, then goes on step by step."""
        config = asked.get("httpApiConfig") or {}
        ids = config.get("routeIds") or [asked["routeId"]]
        for route_id in ids:
            route = self._route({**asked, "routeId": route_id})
            if route.own_domains_only and "routeId" in asked:
                raise Refused(400, "BadRequest.NoPublishableDomain", "the route has no publishable domain")
            route.coming = [route.coming[0], "Deploying", "Deploying", route.ends]
        return {"httpApiId": asked["httpApiId"]}

    def undeploy(self, asked: dict[str, Any]) -> None:
        """UndeployHttpApi."""
        self._route(asked).coming = ["Undeploying", self._route(asked).withdrawn]

    def make_domain(self, name: str, protocol: str, **more: str) -> str:
        """A domain, as somebody else would have made it."""
        made = "d-" + secrets.token_hex(8)
        self.domains[made] = {"domainId": made, "name": name, "protocol": protocol, **more}
        return made

    def create_domain(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateDomain: a name is given once; a call with the same token makes one domain."""
        token = asked.pop("clientToken")
        if token not in self.tokens:
            if any(one["name"] == asked["name"] for one in self.domains.values()):
                raise Refused(409, "Conflict.DomainExisted", f"domain {asked['name']} is there already")
            if asked["protocol"] != "HTTP":
                raise Refused(400, "InvalidParameter.CertIdentifier", "a domain with TLS has a certificate")
            self.tokens[token] = self.make_domain(**asked)
        return {"domainId": self.tokens[token]}

    def list_domains(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListDomains: names that contain what is asked for."""
        if self.late_domains:
            self.late_domains -= 1
            return _page([], asked, 2)
        there = [one for one in self.domains.values() if asked["nameLike"] in one["name"]]
        return _page(there, asked, 2)

    def get_domain(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetDomain."""
        if asked["domainId"] not in self.domains:
            raise Refused(404, "NotFound.DomainNotFound", f"domain {asked['domainId']} does not exist")
        return self.domains[asked["domainId"]]

    def get_service(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetService."""
        return _look(self.services, asked["serviceId"], "Service")

    def get_gateway(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetGateway."""
        return _look(self.gateways, asked["gatewayId"], "Gateway")

    def _consumer(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["consumerId"] not in self.consumers:
            raise Refused(404, "NotFound.ConsumerNotFound", f"consumer {asked['consumerId']} does not exist")
        return self.consumers[asked["consumerId"]]

    def _route(self, asked: dict[str, Any]) -> Route:
        if (asked["httpApiId"], asked["routeId"]) not in self.routes:
            raise Refused(404, "NotFound.RouteNotFound", f"route {asked['routeId']} does not exist")
        return self.routes[asked["httpApiId"], asked["routeId"]]


def _look(things: dict[str, list[dict[str, Any]]], one: str, noun: str) -> dict[str, Any]:
    if one not in things:
        raise Refused(404, f"NotFound.{noun}NotFound", f"{noun.lower()} {one} does not exist")
    return things[one].pop(0) if len(things[one]) > 1 else things[one][0]


def _check_keys(asked: dict[str, Any]) -> None:
    config = asked["jwtIdentityConfig"]
    if (config["type"], config["secretType"]) not in (("Jwt", "Asymmetry"), ("Jwt", "Symmetry")):
        raise Refused(400, "InvalidParameter", "type or secretType is unknown")
    if not all(key.get("kty") for key in json.loads(config["jwks"])["keys"]):
        raise Refused(400, "InvalidParameter.Jwks", "the keys are no key set")


def _page(items: list[dict[str, Any]], asked: dict[str, Any], most: int) -> dict[str, Any]:
    size = min(int(asked["pageSize"]), most)
    begin = (int(asked["pageNumber"]) - 1) * size
    return {"items": items[begin : begin + size], "totalSize": len(items), "pageNumber": int(asked["pageNumber"]),
            "pageSize": size}  # fmt: skip
