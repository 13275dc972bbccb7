"""Parcels to send and proofs to look at: `sql/0022.sql`, word for word."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


class Migration(migrations.Migration):
    dependencies = [("store", "0021_board")]
    operations = [
        migrations.RunSQL(
            sql=(SQL / "0022.sql").read_text(encoding="utf-8"),
            reverse_sql=(SQL / "0022.reverse.sql").read_text(encoding="utf-8"),
        )
    ]
