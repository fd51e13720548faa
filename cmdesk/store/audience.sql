-- Version 4: audience. Contacts in full, circles by rule, guides of markets, the brand's voice, targeting, listening.

ALTER TABLE contact ADD COLUMN bought TEXT NOT NULL DEFAULT ''; -- what they bought or asked for
ALTER TABLE contact ADD COLUMN opt_out_at INTEGER;
ALTER TABLE contact ADD COLUMN opt_out_note TEXT NOT NULL DEFAULT ''; -- how they said so
ALTER TABLE contact ADD COLUMN origin TEXT NOT NULL DEFAULT ''; -- '' a network, 'hand', 'import'
ALTER TABLE contact ADD COLUMN created_at INTEGER;
-- By name as people look for it: the commonest accents beside their letters, ñ after n (the same text as `NAME` in
-- people_table.py; SQLite reads no deeper nesting than some 25).
CREATE INDEX contact_by_name ON contact (brand_id,
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(name),
  'á', 'a'), 'Á', 'a'), 'é', 'e'), 'É', 'e'), 'í', 'i'), 'Í', 'i'), 'ó', 'o'), 'Ó', 'o'), 'ú', 'u'), 'Ú', 'u'), 'ñ', 'n~'), 'Ñ', 'n~'),
  'ü', 'u'), 'Ü', 'u'), 'ç', 'c'), 'Ç', 'c'), 'à', 'a'), 'è', 'e'), 'ê', 'e'), 'ö', 'o'), id)
  WHERE merged_into IS NULL;
-- The two orders of the table that are asked for most come straight from an index; the others walk this one alone,
-- ten times narrower than the rows.
DROP INDEX contact_by_brand;
CREATE INDEX contact_by_brand ON contact (
  brand_id, last_seen_at DESC, id DESC, first_seen_at, country, language, market_id, merged_into);
DROP INDEX identity_by_contact;
CREATE INDEX identity_by_contact ON identity (contact_id, followers);
DROP INDEX conversation_by_contact;
CREATE INDEX conversation_by_contact ON conversation (contact_id, last_at DESC, merged_into, messages, last_in_at, sentiment, intent);
CREATE INDEX contact_merged ON contact (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX contact_opted_out ON contact (brand_id) WHERE opt_out = 1; -- few, and asked for before every post
-- A brand's own fields about people; a field's id is never used again, so that a rule about one that is gone stays about none.
CREATE TABLE contact_field (
  id INTEGER PRIMARY KEY AUTOINCREMENT, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, name TEXT NOT NULL COLLATE NOCASE,
  kind TEXT NOT NULL DEFAULT 'text', choices TEXT NOT NULL DEFAULT '[]', position INTEGER NOT NULL DEFAULT 0, UNIQUE (brand_id, name)) STRICT;
CREATE TABLE contact_value (
  contact_id INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE, field_id INTEGER NOT NULL REFERENCES contact_field(id) ON DELETE CASCADE,
  value TEXT NOT NULL, PRIMARY KEY (contact_id, field_id)) STRICT, WITHOUT ROWID;
CREATE INDEX contact_value_of_field ON contact_value (field_id, value);
-- Two contacts that a person said are not the same one; the smaller id first.
CREATE TABLE merge_refused (
  one_id INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE, other_id INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
  at INTEGER NOT NULL, PRIMARY KEY (one_id, other_id)) STRICT, WITHOUT ROWID;
-- People who were deleted because they asked: what was removed, in figures; nothing that names them.
CREATE TABLE forgotten (
  id INTEGER PRIMARY KEY AUTOINCREMENT, brand_id INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL,
  removed TEXT NOT NULL DEFAULT '{}', UNIQUE (brand_id, number)) STRICT;

-- Rules count what a person wishes for.
CREATE INDEX wish_of_contact ON wish (contact_id) WHERE contact_id IS NOT NULL;

-- By hand: 'in', or 'out' of a circle whose rule names them.
ALTER TABLE circle_contact ADD COLUMN kind TEXT NOT NULL DEFAULT 'in';
ALTER TABLE circle_contact ADD COLUMN at INTEGER;
ALTER TABLE circle ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE circle ADD COLUMN noted_at INTEGER; -- when its members were last written down
-- Who was in it then, and who came and went since; the rule itself is always asked anew.
CREATE TABLE circle_member (
  circle_id INTEGER NOT NULL REFERENCES circle(id) ON DELETE CASCADE, contact_id INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
  since INTEGER NOT NULL, PRIMARY KEY (circle_id, contact_id)) STRICT, WITHOUT ROWID;
CREATE INDEX member_of_circle ON circle_member (contact_id);
CREATE TABLE circle_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT, circle_id INTEGER NOT NULL REFERENCES circle(id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE, joined INTEGER NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX circle_event_of ON circle_event (circle_id, at);
CREATE INDEX circle_event_of_contact ON circle_event (contact_id, at);

-- How a brand speaks (K11), as JSON; what is said instead of what stands in brand_word (kind 'instead', note: say this).
CREATE TABLE brand_voice (
  brand_id INTEGER PRIMARY KEY REFERENCES brand(id) ON DELETE CASCADE, value TEXT NOT NULL, updated_at INTEGER NOT NULL) STRICT;
-- What an account is for (K12), whom it speaks to, and the rules of a community (K4).
CREATE TABLE account_aim (
  account_id INTEGER PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE, market_id INTEGER REFERENCES market(id) ON DELETE SET NULL,
  goal TEXT NOT NULL DEFAULT '', people TEXT NOT NULL DEFAULT '', material TEXT NOT NULL DEFAULT '', community INTEGER NOT NULL DEFAULT 0,
  rules TEXT NOT NULL DEFAULT '', rules_url TEXT NOT NULL DEFAULT '',
  rules_read TEXT NOT NULL DEFAULT '') STRICT; -- what `planning.targeting.rules_key` says of the rules a person ticked

-- A post for one person (K3); and the audience of which a person said that more people may see it (N10).
ALTER TABLE post ADD COLUMN person_id INTEGER REFERENCES contact(id) ON DELETE SET NULL;
CREATE INDEX post_for_person ON post (person_id) WHERE person_id IS NOT NULL;
ALTER TABLE post ADD COLUMN wider_sure TEXT NOT NULL DEFAULT '';
-- Markets whose checklist a person went through for it (K10): market → for which words, as JSON.
ALTER TABLE post ADD COLUMN market_checked TEXT NOT NULL DEFAULT '{}';
-- Whom it was sealed for (`planning.targeting.Audience.key`); NULL: before anybody was asked about that.
ALTER TABLE delivery ADD COLUMN audience TEXT;

-- What is listened to: words, a hashtag, a feed, a competitor's account, people who ask for help.
CREATE TABLE listen_search (
  id INTEGER PRIMARY KEY AUTOINCREMENT, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, kind TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE, query TEXT NOT NULL DEFAULT '{}', language TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '',
  network TEXT NOT NULL DEFAULT '', remote_id TEXT NOT NULL DEFAULT '', handle TEXT NOT NULL DEFAULT '', every_s INTEGER NOT NULL DEFAULT 1800,
  paused INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, checked_at INTEGER, next_at INTEGER, error_code TEXT NOT NULL DEFAULT '',
  error_detail TEXT NOT NULL DEFAULT '', error_count INTEGER NOT NULL DEFAULT 0, progress TEXT NOT NULL DEFAULT '{}', UNIQUE (brand_id, name)) STRICT;
CREATE INDEX listen_due ON listen_search (next_at) WHERE paused = 0;
-- A hit's id follows time as a message's does. `source` is a network, or 'web'.
CREATE TABLE listen_hit (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, source TEXT NOT NULL, remote_id TEXT NOT NULL,
  url TEXT NOT NULL DEFAULT '', author_id TEXT NOT NULL DEFAULT '', author_name TEXT NOT NULL DEFAULT '', author_handle TEXT NOT NULL DEFAULT '',
  avatar_url TEXT NOT NULL DEFAULT '', title TEXT NOT NULL DEFAULT '', text TEXT NOT NULL, language TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL,
  found_at INTEGER NOT NULL, ref TEXT NOT NULL DEFAULT '{}', account_id INTEGER REFERENCES account(id) ON DELETE SET NULL,
  sentiment TEXT NOT NULL DEFAULT '', intent TEXT NOT NULL DEFAULT '', urgency INTEGER NOT NULL DEFAULT 0, unsure INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'new', conversation_id INTEGER REFERENCES conversation(id) ON DELETE SET NULL, decided_at INTEGER,
  UNIQUE (brand_id, source, remote_id)) STRICT;
CREATE INDEX listen_page ON listen_hit (brand_id, state, id DESC);
-- Which searches found it; `state` is the hit's, kept by the trigger, so that a search's page and count need no other table.
CREATE TABLE listen_match (
  hit_id INTEGER NOT NULL REFERENCES listen_hit(id) ON DELETE CASCADE, search_id INTEGER NOT NULL REFERENCES listen_search(id) ON DELETE CASCADE,
  state TEXT NOT NULL DEFAULT 'new', PRIMARY KEY (hit_id, search_id)) STRICT, WITHOUT ROWID;
CREATE INDEX listen_match_of ON listen_match (search_id, state, hit_id DESC);
CREATE TRIGGER listen_hit_decided AFTER UPDATE OF state ON listen_hit WHEN new.state IS NOT old.state BEGIN
  UPDATE listen_match SET state = new.state WHERE hit_id = new.id; END;
CREATE INDEX listen_hit_at ON listen_hit (brand_id, found_at);
-- Who is not listened to any more.
CREATE TABLE listen_muted (
  brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, source TEXT NOT NULL, author_id TEXT NOT NULL,
  handle TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL, PRIMARY KEY (brand_id, source, author_id)) STRICT, WITHOUT ROWID;
-- A competitor's figures by day (R4): followers, following, posts, and what people did with what it posted.
CREATE TABLE listen_figure (
  search_id INTEGER NOT NULL REFERENCES listen_search(id) ON DELETE CASCADE, day TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (search_id, day, name)) STRICT, WITHOUT ROWID;
