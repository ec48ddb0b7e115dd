"""Fields of the company's own on the large base: four of them, filled in on every customer or on few."""

from __future__ import annotations

import psycopg

KINDS = {"number": "Этажность", "choice": "Класс", "text": "Код проекта", "date": "Пересмотр"}
CLASSES = 20


def fill_attributes(address: str) -> bool:
    """Define the fields and fill them in, once; tells whether there was anything to do."""
    with psycopg.connect(address, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM attribute LIMIT 1").fetchone():
            return False
        connection.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET jit = off")
        for kind, name in KINDS.items():
            connection.execute(
                "INSERT INTO attribute (entity, name_ru, name_en, kind, settings, section, position, is_required,"
                " created_at, updated_at, version, is_archived)"
                " VALUES ('party', %s, '', %s, '{\"places\": 0}', '', 10, false, now(), now(), 1, false)",
                [name, kind],
            )
        numbers: dict[str, int] = dict(connection.execute("SELECT kind, id FROM attribute").fetchall())
        for place in range(1, CLASSES + 1):
            connection.execute(
                "INSERT INTO attribute_value (attribute_id, name_ru, name_en, position, created_at, updated_at,"
                " version, is_archived) VALUES (%s, %s, '', %s, now(), now(), 1, false)",
                [numbers["choice"], f"Класс {place}", place],
            )
        first = connection.execute("SELECT min(id) FROM attribute_value").fetchone()
        connection.execute(
            "UPDATE party SET custom = jsonb_build_object(%s::text, (id * 7919 %% 1000)::text, %s::text,"
            " %s + (sqrt(id::numeric * 7919 %% 400))::int %% 20, %s::text, 'ПР-' || (id * 104729 %% 1000003), %s::text,"
            " (DATE '2020-01-01' + (id * 31 %% 3000)::int)::text)",
            [f"a{numbers['number']}", f"a{numbers['choice']}", first[0] if first else 1,
             f"a{numbers['text']}", f"a{numbers['date']}"],
        )  # fmt: skip
        connection.execute(
            "INSERT INTO attribute_index (attribute_id, record_id, number, text)"
            " SELECT r.attribute_id, t.id, r.number, r.text FROM party t"
            " CROSS JOIN LATERAL krug_attribute_rows(t.custom) r"
        )
        connection.execute("UPDATE attribute_stamp SET stamp = gen_random_uuid()")
        for table in ("party", "attribute_index"):
            connection.execute(f"VACUUM (ANALYZE) {table}")
        return True
