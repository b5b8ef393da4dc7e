"""The service's own settings with the bare view for its only page."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
SPECTACULAR_SETTINGS: dict[str, str] = {}
