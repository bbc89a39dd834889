"""The deliberate breakages that the suite must catch: each would be a real harm in a cloud, and each has happened.

A row names the text it breaks, which must stand exactly once in the file, and the narrow selection that must fail. When
code moves, `test_row_is_not_stale` says which row to mend: break the same promise at its new place.
"""

from __future__ import annotations

from tests.mutations.alicloud_rows import ALICLOUD
from tests.mutations.applications_rows import APPLICATIONS
from tests.mutations.foundation_rows import FOUNDATION
from tests.mutations.input_rows import INPUT
from tests.mutations.plan_rows import PLANNING
from tests.mutations.release_rows import RELEASE
from tests.mutations.runner import Mutation
from tests.mutations.service_rows import SERVICES

MUTATIONS: tuple[Mutation, ...] = (*FOUNDATION, *SERVICES, *RELEASE, *PLANNING, *INPUT, *ALICLOUD, *APPLICATIONS)
