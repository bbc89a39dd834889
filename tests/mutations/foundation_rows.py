"""Breakages of what every component stands on: parents, names, tags, protection, outputs, address plans, refusals."""

from __future__ import annotations

from tests.mutations.runner import Mutation

BASE, CONTRACT = "components/base.py", "tests/contract"

FOUNDATION: tuple[Mutation, ...] = (
    Mutation(
        id="dropped-parent",
        why="children lie beside the component: other URNs, so an upgrade deletes and recreates all of them",
        file=BASE,
        old="return pulumi.ResourceOptions(parent=self, **more)",
        new="return pulumi.ResourceOptions(**more)",
        tests=(
            f"{CONTRACT}/test_structure.py::test_children_are_below_the_component[volcengine-network-minimal-dev-up]",
        ),
    ),
    Mutation(
        id="invoke-without-provider",
        why="a data source asks the default provider: another account or region, or no credentials at all",
        file=BASE,
        old="return pulumi.InvokeOutputOptions(parent=self, **more)",
        new="return pulumi.InvokeOutputOptions(**more)",
        tests=(
            f"{CONTRACT}/test_provider.py::test_explicit_provider_serves_everything[volcengine-gateway-minimal-dev-up]",
        ),
    ),
    Mutation(
        id="protect-dropped",
        why="`pulumi destroy` or a replacement deletes a production database",
        file=BASE,
        old='more.setdefault("protect", self.profile.protect or None)',
        new='more.setdefault("protect", None)',
        tests=(f"{CONTRACT}/test_profile.py::test_what_holds_data_is_protected[volcengine-postgres-minimal-prod-up]",),
    ),
    Mutation(
        id="retain-dropped",
        why="taking an application out of the program deletes its bucket with all objects",
        file=BASE,
        old='more.setdefault("retain_on_delete", self.profile.retain or None)',
        new='more.setdefault("retain_on_delete", None)',
        tests=(f"{CONTRACT}/test_profile.py::test_what_holds_data_is_protected[volcengine-bucket-minimal-prod-up]",),
    ),
    Mutation(
        id="dev-protected",
        why="a feature stage cannot be taken down any more",
        file="components/scope.py",
        old="high_availability=False, protect=False,",
        new="high_availability=False, protect=True,",
        tests=(f"{CONTRACT}/test_profile.py::test_dev_is_disposable[volcengine-network-minimal]",),
    ),
    Mutation(
        id="child-name-unprefixed",
        why="a renamed component loses its children, and two components of one type collide",
        file=BASE,
        old='return "-".join([self.logical_name, *parts])',
        new='return "-".join(parts)',
        tests=(
            f"{CONTRACT}/test_structure.py::test_children_are_below_the_component[volcengine-network-minimal-dev-up]",
        ),
    ),
    Mutation(
        id="siblings-share-a-name",
        why="the second function of an application is refused: the name is taken",
        file=BASE,
        old="return names.physical(self.scope, type_token, self._own_words, *parts)",
        new="return names.physical(self.scope, type_token, *parts)",
        tests=(
            f"{CONTRACT}/test_pairs.py::test_two_of_one_application_do_not_collide[volcengine-function-minimal-dev-up]",
        ),
    ),
    Mutation(
        id="output-not-registered",
        why="another stack that reads the output finds nothing",
        file=BASE,
        old="for key in self.OUTPUTS})",
        new="for key in self.OUTPUTS[1:]})",
        tests=(f"{CONTRACT}/test_structure.py::test_outputs_are_the_documented_ones[volcengine-network-full-dev-up]",),
    ),
    Mutation(
        id="child-renamed",
        why="the subnets of every deployed stack are deleted and made anew, with all that stands in them",
        file="components/volcengine/network.py",
        old='self.child("subnet", zone)',
        new='self.child("net", zone)',
        tests=(f"{CONTRACT}/test_frozen_names.py::test_names_are_frozen[volcengine-network-minimal]",),
    ),
    Mutation(
        id="tags-dropped",
        why="the bill cannot be split, and clean-up scripts take the subnet for nobody's",
        file="components/volcengine/network.py",
        old="tags=tag_list(vpc.SubnetTagArgs, self.tags()),",
        new="tags=[],",
        tests=(f"{CONTRACT}/test_tags.py::test_everything_taggable_is_tagged[volcengine-network-minimal-dev]",),
    ),
    Mutation(
        id="user-tags-dropped",
        why="a company's cost centre tag is on nothing",
        file="components/scope.py",
        old="return own | dict(sorted(self.tags.items()))",
        new="return own",
        tests=(f"{CONTRACT}/test_tags.py::test_everything_taggable_is_tagged[volcengine-bucket-minimal-dev]",),
    ),
    Mutation(
        id="tags-unsorted",
        why="two lines of the stack file exchanged update every tagged resource",
        file="components/scope.py",
        old="return own | dict(sorted(self.tags.items()))",
        new="return own | dict(self.tags)",
        tests=(f"{CONTRACT}/test_pairs.py::test_order_of_mappings_does_not_matter[volcengine-network-minimal]",),
    ),
    Mutation(
        id="name-rule-ignored",
        why="a long name is cut without a hash: two long names become one and the second create fails",
        file="components/names.py",
        old="clean = clean[:room].rstrip(accepted.separator) + mark",
        new="clean = clean[: room + len(mark)].rstrip(accepted.separator)",
        tests=("tests/components/test_names.py::test_different_names_stay_different",),
    ),
    Mutation(
        id="subnet-follows-the-list",
        why="another first zone moves the second one's subnet: replaced, with all that stands in it",
        file="components/cidr.py",
        old="(tier * ZONES + zone_slot(where, zone)) * size",
        new="(tier * ZONES + list(zones).index(zone)) * size",
        tests=(f"{CONTRACT}/test_growth.py::test_zones_in_another_order_move_no_subnet",),
    ),
    Mutation(
        id="translation-before-address",
        why="the first `up` fails: a translation entry needs an address attached to its gateway",
        file="components/volcengine/network.py",
        old="opts=self.options(depends_on=[attached]),",
        new="opts=self.options(),",
        tests=(
            "tests/components/volcengine/test_network.py::test_each_subnet_is_translated_once_the_address_is_attached",
        ),
    ),
    Mutation(
        id="ssh-open-to-the-world",
        why="a range of ports around 22 is open to the whole internet",
        file="components/network.py",
        old="if self.port <= port <= self.last_port]",
        new="if self.port == port]",
        tests=("tests/components/test_args.py::test_refused",),
    ),
    Mutation(
        id="provider-forgets-its-region",
        why="resources land in whatever region the machine's environment names",
        file="components/volcengine/facts.py",
        old="return volcengine.Provider(name, region=region, opts=opts)",
        new="return volcengine.Provider(name, opts=opts)",
        tests=(f"{CONTRACT}/test_provider.py::test_the_provider_is_of_its_region_and_holds_no_credentials",),
    ),
)
