"""The files that mechanics write: `sql/0008.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0007_rollout")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0008.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0008.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
