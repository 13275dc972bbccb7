"""How far a campaign was opened by hand: `sql/0007.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0006_held_grants")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0007.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0007.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
