"""Work, risks and what was put away: `sql/0028.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0027_outside_figures")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0028.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0028.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
