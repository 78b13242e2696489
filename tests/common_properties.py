"""Profile of property tests: examples may take long on a busy machine."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "arithmetic", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("arithmetic")
