"""Read settings from the environment and fail loudly, naming the variable, when a value makes no sense."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")


def env_int(name: str, default: int, *, least: int = 0) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value.isdigit() and int(value) >= least:
        return int(value)
    raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number of at least {least}.")


def env_list(name: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = os.environ.get(name, "").strip() or default
    if value in choices:
        return value
    raise ImproperlyConfigured(f"{name} is {value!r}; choose one of {', '.join(choices)}.")


def env_secret(name: str, default: str) -> str:
    """`NAME`, or the content of the file that `NAME_FILE` points to (Docker and systemd secrets)."""
    path = os.environ.get(f"{name}_FILE", "")
    if path and os.environ.get(name):
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one.")
    if not path:
        return os.environ.get(name) or default
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE points to {path!r}, which cannot be read: {error}.") from error


def env_path(name: str, default: Path) -> Path:
    """An absolute folder or file; what a relative path means depends on who starts the process."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not Path(value).is_absolute():
        raise ImproperlyConfigured(f"{name} is {value!r}; write an absolute path.")
    return Path(value)
