"""Declared names are searched in indexes of arrays; the tables of their words and forms go.

What is kept of a name changed, and one row of the old form may stand for several of the new one, so the rows cannot be
turned over: the tables are emptied and filled from the shipments and licences, by `manage.py index_names` or by the
first pass of re-screening, which searches nothing before. A pass that is under way begins again.
"""

from typing import Any

from django.db import migrations


def begin_again(apps: Any, schema_editor: Any) -> None:
    apps.get_model("screening", "Rescreening").objects.filter(done_at=None).update(reach={})


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0004_dismissals"),
    ]

    operations = [
        migrations.RemoveField(model_name="nameword", name="name"),
        migrations.DeleteModel(name="WordForm"),
        migrations.DeleteModel(name="NameWord"),
        migrations.RunPython(begin_again, migrations.RunPython.noop),
        # Last: PostgreSQL alters no table on which rows wait for the check of their keys.
        migrations.RunSQL("DELETE FROM screening_nameuse", migrations.RunSQL.noop),
        migrations.RunSQL("DELETE FROM screening_declaredname", migrations.RunSQL.noop),
    ]
