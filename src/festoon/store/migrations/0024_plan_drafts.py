"""What somebody is writing: `sql/0024.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0023_drafts")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0024.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0024.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
