"""Hypothesis profiles: `default` for every run, with the same examples each time, so that a failure is the change's; `thorough` (10,000 new
examples a law) for the long one."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("default", max_examples=60, derandomize=True, deadline=None, suppress_health_check=_CHECKS)
settings.register_profile("thorough", max_examples=10_000, deadline=None, suppress_health_check=_CHECKS)
settings.load_profile(os.environ.get("ZHNORM_LAWS", "default"))
