"""What is shared in a cloud and region: zones, blocks, ingress, and what is there already."""

from __future__ import annotations

from tests.bad_input.row import APP, OUT, REGION, Row, region

NETWORK = {
    "vpc_id": "vpc-1",
    "subnet_ids": {"cn-beijing-a": "s-1", "cn-beijing-b": "s-2"},
    "security_group_id": "sg-1",
}


def existing(**changes: object) -> dict[str, object]:
    """A network that is there already, changed."""
    return NETWORK | changes


ROWS = (
    # Cloud and region
    Row(id="clouds-cloud-unknown",
        message="clouds.volcengin: there is no such cloud; did you mean volcengine?",
        clouds={"volcengin": {}}, apps={"agent": APP}),
    Row(id="clouds-region-unknown",
        message="clouds.volcengine.cn-bejing: there is no such region; did you mean cn-beijing?",
        clouds={"volcengine": {"cn-beijing": REGION, "cn-bejing": REGION}}),
    Row(id="clouds-a-list",
        message="clouds: must be a mapping; write keys and values below it",
        clouds=["volcengine"]),
    Row(id="clouds-a-word",
        message="clouds: must be a mapping; write keys and values below it",
        clouds="volcengine"),
    Row(id="clouds-null", message="clouds: must be a mapping; write keys and values below it", clouds=None),
    Row(id="cloud-a-word",
        message="clouds.volcengine: must be a mapping; write keys and values below it",
        clouds={"volcengine": "cn-beijing"}),
    Row(id="region-a-list",
        message="clouds.volcengine.cn-beijing: must be a mapping; write keys and values below it",
        clouds={"volcengine": {"cn-beijing": ["cn-beijing-a", "cn-beijing-b"]}}),
    region("region-key-unknown",
        "clouds.volcengine.cn-beijing.zone: there is no such setting; did you mean zones?",
        zone=["cn-beijing-a"]),
    region("region-key-unknown-nested",
        "clouds.volcengine.cn-beijing.registry.public_cidr: there is no such setting; did you mean public_cidrs?",
        registry={"public_cidr": []}),
    region("region-native-unknown",
        "clouds.volcengine.cn-beijing.native.network.nat_size: there is no such setting; did you mean nat_spec?",
        native={"network": {"nat_size": "Small"}}),
    region("region-native-illegal",
        "clouds.volcengine.cn-beijing.native.network.nat_spec: 'Tiny' is unknown; use one of Large, Medium, Small",
        native={"network": {"nat_spec": "Tiny"}}),
    region("region-native-of-an-application",
        "clouds.volcengine.cn-beijing.native.gateway: there is no such concept here; use one of bucket, network, "
        "observability, registry",
        native={"gateway": {}}),
    # Zones
    region("zones-missing",
        "clouds.volcengine.cn-beijing.zones: is missing; give two zones of the region, such as [<region>-a, "
        "<region>-b]",
        zones=OUT),
    region("zones-null",
        "clouds.volcengine.cn-beijing.zones: has nothing behind it; give a value, or leave it out",
        zones=None),
    region("zones-empty",
        "clouds.volcengine.cn-beijing.zones: is missing; give two zones of the region, such as [<region>-a, "
        "<region>-b]",
        zones=[]),
    region("zone-only-one",
        "clouds.volcengine.cn-beijing.zones: 1 zones given; give two zones of the region",
        zones=["cn-beijing-a"]),
    region("zones-three",
        "clouds.volcengine.cn-beijing.zones: 3 zones given; give two zones of the region",
        zones=["cn-beijing-a", "cn-beijing-b", "cn-beijing-c"]),
    region("zone-equal-to-the-other",
        "clouds.volcengine.cn-beijing.zones: 'cn-beijing-a' is given twice; give each once",
        zones=["cn-beijing-a", "cn-beijing-a"]),
    region("zone-of-another-region",
        "clouds.volcengine.cn-beijing.zones: 'cn-shanghai-b' is not in cn-beijing; give zones of that region",
        zones=["cn-beijing-a", "cn-shanghai-b"]),
    region("zone-of-a-like-region",
        "clouds.volcengine.cn-beijing.zones: 'cn-beijing2-b' is not in cn-beijing; give zones of that region",
        zones=["cn-beijing-a", "cn-beijing2-b"]),
    region("zone-without-letter",
        "clouds.volcengine.cn-beijing.zones: 'cn-beijing-' is not a zone; write a zone such as cn-beijing-a",
        zones=["cn-beijing-a", "cn-beijing-"]),
    region("zone-of-too-high-letter",
        "clouds.volcengine.cn-beijing.zones: 'cn-beijing-z' is not a zone; write a zone such as cn-beijing-a",
        zones=["cn-beijing-a", "cn-beijing-z"]),
    region("zones-a-word",
        "clouds.volcengine.cn-beijing.zones: must be a list; begin each item with a hyphen",
        zones="cn-beijing-a"),
    region("zones-of-numbers",
        "clouds.volcengine.cn-beijing.zones[0]: must be text; put it in quotes\n"
        "clouds.volcengine.cn-beijing.zones[1]: must be text; put it in quotes",
        zones=[1, 2]),
    region("zones-of-lists",
        "clouds.volcengine.cn-beijing.zones[0]: must be text; put it in quotes\n"
        "clouds.volcengine.cn-beijing.zones[1]: must be text; put it in quotes",
        zones=[["cn-beijing-a"], ["cn-beijing-b"]]),
    # Blocks
    region("cidr-public",
        "clouds.volcengine.cn-beijing.cidr: 8.8.0.0/16 is not private; use a block inside 10/8, 172.16/12 or "
        "192.168/16",
        cidr="8.8.0.0/16"),
    region("cidr-partly-public",
        "clouds.volcengine.cn-beijing.cidr: 172.0.0.0/8 is not private; use a block inside 10/8, 172.16/12 or "
        "192.168/16",
        cidr="172.0.0.0/8"),
    region("cidr-too-small",
        "clouds.volcengine.cn-beijing.cidr: /24 cannot hold the plan; use /8 to /22",
        cidr="10.0.0.0/24"),
    region("cidr-too-large",
        "clouds.volcengine.cn-beijing.cidr: 10.0.0.0/7 is not private; use a block inside 10/8, 172.16/12 or "
        "192.168/16",
        cidr="10.0.0.0/7"),
    region("cidr-host-bits",
        "clouds.volcengine.cn-beijing.cidr: '10.0.0.1/16' is not a network address; write a block such as "
        "10.0.0.0/16",
        cidr="10.0.0.1/16"),
    region("cidr-without-length",
        "clouds.volcengine.cn-beijing.cidr: /32 cannot hold the plan; use /8 to /22",
        cidr="10.0.0.0"),
    region("cidr-with-mask",
        "clouds.volcengine.cn-beijing.cidr: '10.0.0.0/255.255.0.0' is not a network address; write a block such as "
        "10.0.0.0/16",
        cidr="10.0.0.0/255.255.0.0"),
    region("cidr-ipv6",
        "clouds.volcengine.cn-beijing.cidr: 'fd00::/16' is IPv6; write an IPv4 block such as 10.0.0.0/16",
        cidr="fd00::/16"),
    region("cidr-nonsense",
        "clouds.volcengine.cn-beijing.cidr: 'ten dot zero' is not a network address; write a block such as "
        "10.0.0.0/16",
        cidr="ten dot zero"),
    region("cidr-empty",
        "clouds.volcengine.cn-beijing.cidr: '' is not a network address; write a block such as 10.0.0.0/16",
        cidr=""),
    region("cidr-a-number", "clouds.volcengine.cn-beijing.cidr: must be text; put it in quotes", cidr=10),
    region("subnets-overlap",
        "clouds.volcengine.cn-beijing.subnet_cidrs: 10.0.0.0/20 overlaps 10.0.8.0/21; give blocks that share no "
        "address",
        subnet_cidrs={"cn-beijing-a": "10.0.0.0/20", "cn-beijing-b": "10.0.8.0/21"}),
    region("subnet-outside",
        "clouds.volcengine.cn-beijing.subnet_cidrs: 10.1.0.0/24 lies outside 10.0.0.0/16; give a block inside the "
        "network",
        subnet_cidrs={"cn-beijing-a": "10.1.0.0/24"}),
    region("subnet-of-no-zone",
        "clouds.volcengine.cn-beijing.subnet_cidrs: 'cn-beijing-c' is not one of the zones; use cn-beijing-a, "
        "cn-beijing-b",
        subnet_cidrs={"cn-beijing-c": "10.0.0.0/24"}),
    region("subnet-host-bits",
        "clouds.volcengine.cn-beijing.subnet_cidrs: '10.0.0.1/24' is not a network address; write a block such as "
        "10.0.0.0/16",
        subnet_cidrs={"cn-beijing-a": "10.0.0.1/24"}),
    # Ingress
    region("ingress-ssh-of-the-world",
        "clouds.volcengine.cn-beijing.ingress[0].cidr: port 22 is open to the world; name the block that needs it",
        ingress=[{"port": 22, "cidr": "0.0.0.0/0"}]),
    region("ingress-ssh-of-half-the-world",
        "clouds.volcengine.cn-beijing.ingress[0].cidr: port 22 is open to the world; name the block that needs it",
        ingress=[{"port": 20, "to_port": 30, "cidr": "0.0.0.0/1"}]),
    region("ingress-port-zero",
        "clouds.volcengine.cn-beijing.ingress[1].port: 0 is out of range; use 1 to 65535",
        ingress=[{"port": 443, "cidr": "10.0.0.0/8"}, {"port": 0, "cidr": "10.0.0.0/8"}]),
    region("ingress-ports-backwards",
        "clouds.volcengine.cn-beijing.ingress[0].to_port: 80 is out of range; use 90 to 65535",
        ingress=[{"port": 90, "to_port": 80, "cidr": "10.0.0.0/8"}]),
    region("ingress-block-malformed",
        "clouds.volcengine.cn-beijing.ingress[0].cidr: 'office' is not a network address; write a block such as "
        "10.0.0.0/16",
        ingress=[{"port": 80, "cidr": "office"}]),
    region("ingress-without-block",
        "clouds.volcengine.cn-beijing.ingress[0].cidr: is missing; give it",
        ingress=[{"port": 80}]),
    region("ingress-protocol-unknown",
        "clouds.volcengine.cn-beijing.ingress[0].protocol: is not one of the choices; use 'tcp' or 'udp'",
        ingress=[{"port": 80, "cidr": "10.0.0.0/8", "protocol": "icmp"}]),
    region("ingress-twice",
        "clouds.volcengine.cn-beijing.ingress: 'tcp-80-80-10.0.0.0-8' is given twice; give each once",
        ingress=[{"port": 80, "cidr": "10.0.0.0/8"}] * 2),
    # Existing things
    region("existing-network-and-own",
        "clouds.volcengine.cn-beijing.zones: an existing network has it already; leave it out",
        network=NETWORK),
    region("existing-network-of-one-zone",
        "clouds.volcengine.cn-beijing.network.subnet_ids: 1 zones given; give two zones of the region",
        zones=OUT, network=existing(subnet_ids={"cn-beijing-a": "s-1"})),
    region("existing-network-of-another-region",
        "clouds.volcengine.cn-beijing.network.subnet_ids: 'cn-shanghai-a' is not in cn-beijing; give zones of that "
        "region",
        zones=OUT, network=existing(subnet_ids={"cn-beijing-a": "s-1", "cn-shanghai-a": "s-2"})),
    region("existing-network-block-malformed",
        "clouds.volcengine.cn-beijing.network.cidr: 'office' is not a network address; write a block such as "
        "10.0.0.0/16",
        zones=OUT, network=existing(cidr="office")),
    region("existing-subnet-block-of-no-subnet",
        "clouds.volcengine.cn-beijing.network.subnet_cidrs.cn-beijing-c: 'cn-beijing-c' has no subnet here; use "
        "cn-beijing-a, cn-beijing-b",
        zones=OUT, network=existing(subnet_cidrs={"cn-beijing-c": "10.0.0.0/24"})),
    Row(id="existing-network-without-blocks-for-a-database",
        message="clouds.volcengine.cn-beijing.network: its subnets' blocks are unknown; give subnet_cidrs",
        apps={"agent": APP | {"database": {}}}, clouds={"volcengine": {"cn-beijing": {"network": NETWORK}}}),
    Row(id="existing-network-public-for-a-database",
        message="clouds.volcengine.cn-beijing.network.subnet_cidrs: 8.8.0.0/24 is not private; give the subnets' "
        "own blocks: a database is never public",
        apps={"agent": APP | {"database": {}}}, clouds={"volcengine": {"cn-beijing": {"network":
            existing(subnet_cidrs={"cn-beijing-a": "8.8.0.0/24", "cn-beijing-b": "8.8.1.0/24"})}}}),
    region("existing-registry-and-own",
        "clouds.volcengine.cn-beijing.registry.existing: describes an own and an existing registry; keep one of "
        "the two",
        registry={"namespace": "bots", "existing": {"endpoint": "cr.example.com", "namespace": "bots"}}),
    Row(id="existing-registry-without-login",
        message="clouds.volcengine.cn-beijing.registry.existing.username: agent is to be pushed without it; give "
        "the username that may push",
        apps={"agent": APP | {"image": {"context": "app"}}}, clouds={"volcengine": {"cn-beijing": REGION |
            {"registry": {"existing": {"endpoint": "cr.example.com", "namespace": "bots"}}}}}),
    region("existing-logs-and-own",
        "clouds.volcengine.cn-beijing.logs.existing: describes own and existing logs; keep one of the two",
        logs={"retention_days": 7, "existing": {"log_project": "p", "log_store": "s"}}),
    region("existing-traces-by-half",
        "clouds.volcengine.cn-beijing.logs.existing.trace_endpoint: trace_store and trace_endpoint go together; "
        "give both or neither",
        logs={"existing": {"log_project": "p", "log_store": "s", "trace_store": "t"}}),
    region("borrowed-from-itself",
        "clouds.volcengine.cn-beijing.from: a stage cannot borrow from itself; name another stage",
        from_="dev"),
    region("borrowed-from-nowhere",
        "clouds.volcengine.cn-beijing.from: there is no stage staging; leave it out",
        from_="staging"),
    region("borrowed-and-own",
        "clouds.volcengine.cn-beijing.cidr: belongs to stage prod, which lends it; set it there",
        from_="prod", cidr="10.0.0.0/16"),
    region("borrowed-for-one-zone",
        "clouds.volcengine.cn-beijing.zones: 1 zones given; give two zones of the region",
        from_="prod", zones=["cn-beijing-a"]),
)  # fmt: skip
