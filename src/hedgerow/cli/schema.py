"""``hedgerow schema``: the JSON schema of a study file."""

from __future__ import annotations

from hedgerow.cli.console import print_json


def schema() -> None:
    """Print the JSON schema of a study file, for editors that complete and check YAML."""
    from hedgerow.study import study_schema

    print_json(study_schema())
