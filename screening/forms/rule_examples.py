"""A rule's examples as text in a form: YAML in which country codes and dates are what they look like.

Read as YAML 1.2 has it: only `true`, `false`, `null` and numbers are anything but text, so that Norway stays `NO`.
Anchors and aliases are refused: a few of them make a text that explodes when it is read.
"""

import re
from typing import Any

import yaml
from django.utils.translation import gettext as _

MAX_TEXT = 60_000


class ExamplesError(ValueError):
    """A text that cannot be read; the message says where and what to do. `line` counts from 1, 0 where unknown."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise ExamplesError(_("write the value out; anchors and aliases (* and &) are not read"), *_place(mark))
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        names = [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode)]
        if doubled := next((name for name in names if names.count(name) > 1), None):
            raise ExamplesError(_("%(name)s stands twice; keep one") % {"name": doubled}, *_place(node.start_mark))
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    # With a point only: the control code 6E001 is no number.
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def read(text: str) -> list[Any]:
    """The examples of a text, none for an empty one. Raises `ExamplesError`."""
    if len(text) > MAX_TEXT:
        raise ExamplesError(_("At most %(most)d characters are read; shorten the examples.") % {"most": MAX_TEXT})
    try:
        found = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader, stricter still
    except ExamplesError as error:
        raise ExamplesError(_located(str(error), error.line, error.column), error.line, error.column) from error
    except yaml.MarkedYAMLError as error:
        line, column = _place(error.problem_mark or error.context_mark)
        raise ExamplesError(_located(error.problem or error.context or "", line, column), line, column) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ExamplesError(_("This is not YAML: %(why)s") % {"why": error}) from error
    if found is None:
        return []
    if isinstance(found, dict):
        raise ExamplesError(_("Begin each example with a hyphen and a space: “- destination: RU”."), 1, 1)
    if not isinstance(found, list):
        raise ExamplesError(_("Write a list: each example begins with a hyphen, “- destination: RU”."), 1, 1)
    return found


def written(examples: Any) -> str:
    """Examples as a person edits them, one after the other."""
    if not examples:
        return ""
    return "".join(
        str(yaml.safe_dump([one], sort_keys=False, allow_unicode=True, default_flow_style=None, width=100))
        for one in examples
    )


def _located(why: str, line: int, column: int) -> str:
    if not line:
        return why
    return _("Line %(line)d, column %(column)d: %(why)s.") % {"line": line, "column": column, "why": why.rstrip(".")}


def _place(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)
