SELECT jsonb_build_object(
    'versions', coalesce((
        SELECT jsonb_agg(to_jsonb(v) ORDER BY v.valid_from DESC) FROM (
            SELECT id, valid_from, valid_to, short_name, full_name, inn, kpp, ogrn, foreign_tax_id, tax_regime,
                   director_name, director_position
            FROM requisites WHERE party_id = %(party)s AND NOT is_archived ORDER BY valid_from DESC LIMIT 20
        ) v), '[]'),
    'accounts', coalesce((
        SELECT jsonb_agg(to_jsonb(a) ORDER BY a.is_main DESC, a.id) FROM (
            SELECT a.id, a.number, a.currency, a.is_main, b.name AS bank, b.bic, b.is_active AS is_bank_active
            FROM bank_account a JOIN bank b ON b.id = a.bank_id
            WHERE a.party_id = %(party)s AND NOT a.is_archived ORDER BY a.is_main DESC, a.id LIMIT 10
        ) a), '[]'),
    'places', coalesce((
        SELECT jsonb_agg(to_jsonb(p) ORDER BY p.is_main DESC, p.id) FROM (
            SELECT id, kind, is_main, coalesce(nullif(free_text, ''),
                   concat_ws(', ', nullif(postcode, ''), nullif(region_name, ''), nullif(city, ''),
                             nullif(settlement, ''), nullif(street, ''), nullif(house, ''), nullif(block, ''),
                             nullif(flat, ''))) AS text
            FROM address WHERE party_id = %(party)s AND NOT is_archived ORDER BY is_main DESC, id LIMIT 10
        ) p), '[]'),
    'points', coalesce((
        SELECT jsonb_agg(to_jsonb(c) ORDER BY c.is_main DESC, c.id) FROM (
            SELECT id, type, raw, normalised, extension, is_main, is_valid, do_not_contact
            FROM contact_point WHERE party_id = %(party)s AND NOT is_archived ORDER BY is_main DESC, id LIMIT 20
        ) c), '[]'),
    'refused', coalesce((
        SELECT jsonb_agg(to_jsonb(c) ORDER BY c.said_at DESC) FROM (
            SELECT id, channel, said_at, source FROM consent
            WHERE party_id = %(party)s AND NOT is_archived AND withdrawn_at IS NULL
              AND purpose = 'contact' AND decision = 'refused' ORDER BY said_at DESC LIMIT 10
        ) c), '[]'),
    'people', coalesce((
        SELECT jsonb_agg(to_jsonb(h) - 'sort_key' ORDER BY h.is_current DESC, h.priority, h.sort_key, h.position_id) FROM (
            SELECT c.id, w.id AS position_id, c.surname, c.given_name, c.patronymic, w.position, w.role, w.priority,
                   c.language, c.birthday, w.is_current, c.sort_key,
                   coalesce((SELECT jsonb_agg(jsonb_build_object(
                       'id', t.id, 'type', t.type, 'raw', t.raw, 'normalised', t.normalised, 'extension', t.extension,
                       'is_main', t.is_main, 'is_valid', t.is_valid, 'do_not_contact', t.do_not_contact
                   ) ORDER BY t.is_main DESC, t.id)
                   FROM contact_point t WHERE t.contact_id = c.id AND NOT t.is_archived), '[]') AS points
            FROM contact_position w JOIN contact c ON c.id = w.contact_id
            WHERE w.party_id = %(party)s AND NOT w.is_archived AND NOT c.is_archived
            ORDER BY w.is_current DESC, w.priority, c.sort_key LIMIT 30
        ) h), '[]'),
    'relatives', coalesce((
        SELECT jsonb_agg(to_jsonb(r) ORDER BY r.way, r.kind, r.name) FROM (
            SELECT o.id, o.display_name AS name, o.owner_id, r.kind, 'out' AS way
            FROM party_relation r JOIN party o ON o.id = r.to_party_id
            WHERE r.from_party_id = %(party)s AND NOT r.is_archived
            UNION ALL
            SELECT o.id, o.display_name, o.owner_id, r.kind, 'in'
            FROM party_relation r JOIN party o ON o.id = r.from_party_id
            WHERE r.to_party_id = %(party)s AND NOT r.is_archived
            UNION ALL
            SELECT o.id, o.display_name, o.owner_id, 'head', 'out'
            FROM party me JOIN party o ON o.id = me.parent_id WHERE me.id = %(party)s
            UNION ALL
            (SELECT o.id, o.display_name, o.owner_id, 'head', 'in'
             FROM party o WHERE o.parent_id = %(party)s AND NOT o.is_archived ORDER BY o.id LIMIT 20)
        ) r), '[]'),
    'roles', coalesce((
        SELECT jsonb_object_agg(role, since) FROM party_role WHERE party_id = %(party)s AND NOT is_archived), '{}')
)
