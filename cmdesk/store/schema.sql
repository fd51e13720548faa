-- The first released schema. Times are integer milliseconds since 1970 UTC; JSON columns hold objects or arrays.
-- Every row that belongs to a client carries brand_id. Migrations only ever add to what stands here.
-- References from the big tables to identities are no foreign keys: identities go only with their brand, and a key
-- without an index of its own would make each deletion read the whole table.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE setting (key TEXT NOT NULL, brand_id INTEGER NOT NULL DEFAULT 0, value TEXT NOT NULL, PRIMARY KEY (key, brand_id)) STRICT, WITHOUT ROWID;

CREATE TABLE brand (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE UNIQUE, color TEXT NOT NULL, zone TEXT NOT NULL, language TEXT NOT NULL,
  logo_media_id INTEGER, formal INTEGER NOT NULL DEFAULT 0, position INTEGER NOT NULL DEFAULT 0, sample INTEGER NOT NULL DEFAULT 0,
  late_grace_s INTEGER NOT NULL DEFAULT 900, spacing_s INTEGER NOT NULL DEFAULT 60, publishing_paused INTEGER NOT NULL DEFAULT 0,
  archived_at INTEGER, created_at INTEGER NOT NULL) STRICT;

CREATE TABLE account (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, network TEXT NOT NULL, server TEXT NOT NULL,
  remote_id TEXT NOT NULL, handle TEXT NOT NULL, display_name TEXT NOT NULL DEFAULT '', avatar_url TEXT NOT NULL DEFAULT '',
  purpose TEXT NOT NULL DEFAULT 'both', state TEXT NOT NULL DEFAULT 'ok', state_code TEXT NOT NULL DEFAULT '', state_detail TEXT NOT NULL DEFAULT '',
  secret_ref TEXT NOT NULL DEFAULT '', capabilities TEXT NOT NULL DEFAULT '{}', probed_at INTEGER, last_read_at INTEGER, next_sync_at INTEGER,
  error_code TEXT NOT NULL DEFAULT '', error_detail TEXT NOT NULL DEFAULT '', error_count INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL,
  UNIQUE (brand_id, network, server, remote_id)) STRICT;

CREATE TABLE stream (
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE, name TEXT NOT NULL, head TEXT, back TEXT,
  back_done INTEGER NOT NULL DEFAULT 0, updated_at INTEGER, PRIMARY KEY (account_id, name)) STRICT, WITHOUT ROWID;
CREATE TABLE gap (
  id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE, stream TEXT NOT NULL,
  older TEXT NOT NULL, reason TEXT NOT NULL, noticed_at INTEGER NOT NULL, closed_at INTEGER) STRICT;
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE, stream TEXT NOT NULL,
  remote_id TEXT NOT NULL, raw TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL, dismissed_at INTEGER,
  UNIQUE (account_id, stream, remote_id)) STRICT;
CREATE INDEX quarantine_open ON quarantine (brand_id) WHERE dismissed_at IS NULL;

CREATE TABLE market (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, name TEXT NOT NULL, language TEXT NOT NULL,
  country TEXT NOT NULL, region TEXT NOT NULL DEFAULT '', zone TEXT NOT NULL, rules TEXT NOT NULL DEFAULT '{}', UNIQUE (brand_id, name)) STRICT;
CREATE TABLE service_hours (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, market_id INTEGER REFERENCES market(id) ON DELETE CASCADE,
  weekday INTEGER NOT NULL, opens TEXT NOT NULL, closes TEXT NOT NULL, valid_from TEXT, valid_to TEXT) STRICT;
CREATE TABLE own_holiday (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, market_id INTEGER REFERENCES market(id) ON DELETE CASCADE,
  day TEXT NOT NULL, name TEXT NOT NULL, closed INTEGER NOT NULL DEFAULT 1) STRICT;

CREATE TABLE contact (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, name TEXT NOT NULL, language TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL DEFAULT '', market_id INTEGER REFERENCES market(id) ON DELETE SET NULL, notes TEXT NOT NULL DEFAULT '',
  came_from TEXT NOT NULL DEFAULT '', expects TEXT NOT NULL DEFAULT '', likes TEXT NOT NULL DEFAULT '', advocate INTEGER NOT NULL DEFAULT 0,
  opt_out INTEGER NOT NULL DEFAULT 0, merged_into INTEGER, known_as TEXT NOT NULL DEFAULT '', first_seen_at INTEGER, last_seen_at INTEGER) STRICT;
CREATE INDEX contact_by_brand ON contact (brand_id, last_seen_at);
-- Somebody who only appears in the context of a thread is no contact yet.
CREATE TABLE identity (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, contact_id INTEGER REFERENCES contact(id) ON DELETE CASCADE, network TEXT NOT NULL,
  remote_id TEXT NOT NULL, handle TEXT NOT NULL, name TEXT NOT NULL DEFAULT '', avatar_url TEXT NOT NULL DEFAULT '', profile_url TEXT NOT NULL DEFAULT '',
  followers INTEGER, bot INTEGER NOT NULL DEFAULT 0, UNIQUE (brand_id, network, remote_id)) STRICT;
CREATE INDEX identity_by_contact ON identity (contact_id);
CREATE TABLE circle (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, name TEXT NOT NULL,
  market_id INTEGER REFERENCES market(id) ON DELETE SET NULL, rule TEXT NOT NULL DEFAULT '{}', UNIQUE (brand_id, name)) STRICT;
CREATE TABLE circle_contact (
  circle_id INTEGER NOT NULL REFERENCES circle(id) ON DELETE CASCADE, contact_id INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
  PRIMARY KEY (circle_id, contact_id)) STRICT, WITHOUT ROWID;
CREATE INDEX circle_of_contact ON circle_contact (contact_id);

-- Own root posts as the networks have them, whoever made them.
CREATE TABLE publication (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE, remote_id TEXT NOT NULL,
  parent_id TEXT NOT NULL DEFAULT '', text TEXT NOT NULL, spoiler TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL, url TEXT NOT NULL DEFAULT '',
  ref TEXT NOT NULL DEFAULT '{}', delivery_id INTEGER,
  media_url TEXT NOT NULL DEFAULT '', media_alt TEXT NOT NULL DEFAULT '', media_count INTEGER NOT NULL DEFAULT 0, visibility TEXT NOT NULL DEFAULT 'public',
  language TEXT NOT NULL DEFAULT '', favourites INTEGER, boosts INTEGER, replies INTEGER, quotes INTEGER, views INTEGER,
  edited_at INTEGER, deleted_at INTEGER, UNIQUE (account_id, remote_id)) STRICT;
CREATE INDEX publication_by_time ON publication (brand_id, created_at);

CREATE TABLE conversation (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE, network TEXT NOT NULL,
  kind TEXT NOT NULL, remote_id TEXT NOT NULL, contact_id INTEGER REFERENCES contact(id) ON DELETE SET NULL,
  identity_id INTEGER, publication_id INTEGER REFERENCES publication(id) ON DELETE SET NULL,
  state TEXT NOT NULL DEFAULT 'open', waiting_for TEXT NOT NULL DEFAULT '', ignore_reason TEXT NOT NULL DEFAULT '', snooze_until INTEGER,
  state_at INTEGER, priority INTEGER NOT NULL DEFAULT 0, visibility TEXT NOT NULL DEFAULT 'public',
  unread INTEGER NOT NULL DEFAULT 0, messages INTEGER NOT NULL DEFAULT 0, preview TEXT NOT NULL DEFAULT '',
  last_at INTEGER NOT NULL, last_in_at INTEGER, last_out_at INTEGER, first_in_at INTEGER, first_out_at INTEGER, due_at INTEGER,
  sentiment TEXT NOT NULL DEFAULT '', intent TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '', outgoing TEXT NOT NULL DEFAULT '',
  root_parent TEXT NOT NULL DEFAULT '', context_at INTEGER, UNIQUE (account_id, remote_id)) STRICT;
CREATE INDEX conversation_page ON conversation (brand_id, state, last_at DESC, id DESC);
CREATE INDEX conversation_page_all ON conversation (state, last_at DESC, id DESC);
-- What the first item we know of a thread answers: when it turns up later, the pieces become one conversation.
CREATE INDEX conversation_by_root_parent ON conversation (account_id, root_parent) WHERE root_parent <> '';
CREATE INDEX conversation_by_account ON conversation (account_id, state, last_at DESC, id DESC);
CREATE INDEX conversation_by_contact ON conversation (contact_id, last_at DESC);
CREATE INDEX conversation_snoozed ON conversation (snooze_until) WHERE state = 'snoozed';
CREATE INDEX conversation_of_publication ON conversation (publication_id) WHERE publication_id IS NOT NULL;

-- A message's id follows time (milliseconds << 20), so that the newest match of a search needs no sort.
CREATE TABLE message (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  conversation_id INTEGER NOT NULL REFERENCES conversation(id) ON DELETE CASCADE, remote_id TEXT NOT NULL, direction TEXT NOT NULL, kind TEXT NOT NULL,
  identity_id INTEGER, text TEXT NOT NULL, spoiler TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '',
  visibility TEXT NOT NULL DEFAULT 'public', created_at INTEGER NOT NULL, parent_id TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '',
  ref TEXT NOT NULL DEFAULT '{}', mentions TEXT NOT NULL DEFAULT '[]', edited_at INTEGER, deleted_at INTEGER, read_at INTEGER,
  favourited INTEGER NOT NULL DEFAULT 0, boosted INTEGER NOT NULL DEFAULT 0, attachments TEXT NOT NULL DEFAULT '[]', delivery_id INTEGER,
  UNIQUE (account_id, remote_id)) STRICT;
CREATE INDEX message_by_conversation ON message (conversation_id, id);
CREATE TABLE message_edit (
  message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE, at INTEGER NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (message_id, at)) STRICT, WITHOUT ROWID;
-- Ids known to be gone: an older page seen again cannot bring them back.
CREATE TABLE tombstone (
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE, remote_id TEXT NOT NULL, at INTEGER NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (account_id, remote_id)) STRICT, WITHOUT ROWID;
-- Signs that are no words: likes, boosts, follows.
CREATE TABLE event (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE, remote_id TEXT NOT NULL,
  kind TEXT NOT NULL, identity_id INTEGER, target_id TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL,
  UNIQUE (account_id, remote_id)) STRICT;
CREATE INDEX event_by_time ON event (brand_id, at);
CREATE INDEX event_by_target ON event (account_id, target_id);

CREATE TABLE reply_draft (
  conversation_id INTEGER PRIMARY KEY REFERENCES conversation(id) ON DELETE CASCADE, brand_id INTEGER NOT NULL, text TEXT NOT NULL,
  visibility TEXT NOT NULL DEFAULT '', media TEXT NOT NULL DEFAULT '[]', saved_at INTEGER NOT NULL) STRICT;
CREATE TABLE activity (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, conversation_id INTEGER REFERENCES conversation(id) ON DELETE CASCADE,
  contact_id INTEGER, post_id INTEGER, kind TEXT NOT NULL, text TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '{}', at INTEGER NOT NULL) STRICT;
CREATE INDEX activity_by_conversation ON activity (conversation_id, at);
CREATE INDEX activity_by_time ON activity (brand_id, kind, at);
CREATE TABLE label (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, name TEXT NOT NULL COLLATE NOCASE,
  color TEXT NOT NULL DEFAULT '', UNIQUE (brand_id, name)) STRICT;
CREATE TABLE conversation_label (
  conversation_id INTEGER NOT NULL REFERENCES conversation(id) ON DELETE CASCADE, label_id INTEGER NOT NULL REFERENCES label(id) ON DELETE CASCADE,
  PRIMARY KEY (conversation_id, label_id)) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_of_label ON conversation_label (label_id);
CREATE TABLE triage (
  message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE, brand_id INTEGER NOT NULL, language TEXT NOT NULL DEFAULT '',
  sentiment TEXT NOT NULL DEFAULT '', intent TEXT NOT NULL DEFAULT '', urgency INTEGER NOT NULL DEFAULT 0, confidence REAL NOT NULL DEFAULT 0,
  evidence TEXT NOT NULL DEFAULT '[]', source TEXT NOT NULL DEFAULT 'auto', at INTEGER NOT NULL) STRICT;
CREATE TABLE care_case (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, number INTEGER NOT NULL,
  conversation_id INTEGER REFERENCES conversation(id) ON DELETE SET NULL, contact_id INTEGER REFERENCES contact(id) ON DELETE SET NULL,
  state TEXT NOT NULL DEFAULT 'open', cause TEXT NOT NULL DEFAULT '', valid INTEGER, solvable INTEGER, protocol TEXT NOT NULL DEFAULT '',
  steps TEXT NOT NULL DEFAULT '{}', outcome TEXT NOT NULL DEFAULT '', satisfaction INTEGER, follow_up_at INTEGER, opened_at INTEGER NOT NULL,
  closed_at INTEGER, UNIQUE (brand_id, number)) STRICT;
CREATE INDEX case_of_conversation ON care_case (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX case_of_contact ON care_case (contact_id) WHERE contact_id IS NOT NULL;
CREATE TABLE promise (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, case_id INTEGER REFERENCES care_case(id) ON DELETE CASCADE,
  conversation_id INTEGER REFERENCES conversation(id) ON DELETE CASCADE, text TEXT NOT NULL, due_at INTEGER NOT NULL, kept_at INTEGER, made_at INTEGER NOT NULL) STRICT;
CREATE INDEX promise_of_conversation ON promise (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE TABLE compensation (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, case_id INTEGER NOT NULL REFERENCES care_case(id) ON DELETE CASCADE, kind TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '', cost_cents INTEGER NOT NULL DEFAULT 0, currency TEXT NOT NULL DEFAULT 'EUR', at INTEGER NOT NULL) STRICT;
CREATE TABLE referral (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, case_id INTEGER NOT NULL REFERENCES care_case(id) ON DELETE CASCADE, who TEXT NOT NULL,
  asked TEXT NOT NULL, due_at INTEGER, sent_at INTEGER NOT NULL, answer TEXT NOT NULL DEFAULT '', answered_at INTEGER) STRICT;

CREATE TABLE campaign (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, name TEXT NOT NULL, goal TEXT NOT NULL DEFAULT '',
  starts TEXT, ends TEXT, UNIQUE (brand_id, name)) STRICT;
CREATE TABLE media (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, sha256 TEXT NOT NULL, mime TEXT NOT NULL,
  width INTEGER NOT NULL, height INTEGER NOT NULL, bytes INTEGER NOT NULL, file TEXT NOT NULL, created_at INTEGER NOT NULL, UNIQUE (brand_id, sha256)) STRICT;
CREATE TABLE post (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, kind TEXT NOT NULL DEFAULT 'post', text TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT '', spoiler TEXT NOT NULL DEFAULT '', visibility TEXT NOT NULL DEFAULT 'public', note TEXT NOT NULL DEFAULT '',
  revision INTEGER NOT NULL DEFAULT 1, conversation_id INTEGER REFERENCES conversation(id) ON DELETE SET NULL,
  campaign_id INTEGER REFERENCES campaign(id) ON DELETE SET NULL, market_id INTEGER REFERENCES market(id) ON DELETE SET NULL,
  circles TEXT NOT NULL DEFAULT '[]', created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, deleted_at INTEGER) STRICT;
CREATE INDEX post_of_conversation ON post (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX post_by_brand ON post (brand_id, kind, updated_at DESC);
CREATE TABLE post_variant (
  post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, network TEXT NOT NULL, text TEXT NOT NULL, options TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (post_id, network)) STRICT, WITHOUT ROWID;
CREATE TABLE post_target (
  post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  wall TEXT NOT NULL DEFAULT '', zone TEXT NOT NULL DEFAULT '', fold INTEGER NOT NULL DEFAULT 0, hand_off INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER, PRIMARY KEY (post_id, account_id)) STRICT, WITHOUT ROWID;
CREATE INDEX post_target_by_time ON post_target (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE post_media (
  post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, position INTEGER NOT NULL, media_id INTEGER NOT NULL REFERENCES media(id),
  alt TEXT NOT NULL DEFAULT '', PRIMARY KEY (post_id, position)) STRICT, WITHOUT ROWID;

-- The outbox: one row per sealed revision, account and part. Sealed columns never change after the insert.
-- An id is never used again: a late "take it back" must not hit another delivery.
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, brand_id INTEGER NOT NULL, account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, revision INTEGER NOT NULL, part INTEGER NOT NULL DEFAULT 0, kind TEXT NOT NULL,
  text TEXT NOT NULL, spoiler TEXT NOT NULL DEFAULT '', visibility TEXT NOT NULL DEFAULT 'public', language TEXT NOT NULL DEFAULT '',
  media TEXT NOT NULL DEFAULT '[]', reply_to TEXT, conversation_id INTEGER REFERENCES conversation(id) ON DELETE SET NULL,
  expected_author TEXT NOT NULL, idem_key TEXT NOT NULL, record_key TEXT NOT NULL, due_at INTEGER NOT NULL, wall TEXT NOT NULL, zone TEXT NOT NULL,
  fold INTEGER NOT NULL DEFAULT 0, late_grace_s INTEGER NOT NULL, hand_off INTEGER NOT NULL DEFAULT 0, sealed_at INTEGER NOT NULL,
  state TEXT NOT NULL, state_at INTEGER NOT NULL, frozen_at INTEGER, attempts INTEGER NOT NULL DEFAULT 0, first_attempt_at INTEGER, last_attempt_at INTEGER,
  next_at INTEGER, checks INTEGER NOT NULL DEFAULT 0, reason_code TEXT NOT NULL DEFAULT '', reason_detail TEXT NOT NULL DEFAULT '',
  approved_late INTEGER NOT NULL DEFAULT 0, cancel_wanted INTEGER NOT NULL DEFAULT 0, instance TEXT NOT NULL DEFAULT '',
  remote_id TEXT, remote_url TEXT NOT NULL DEFAULT '', remote_ref TEXT NOT NULL DEFAULT '{}', published_at INTEGER, confirmed_at INTEGER,
  swept_at INTEGER, verified TEXT NOT NULL DEFAULT '', dismissed_at INTEGER,
  UNIQUE (post_id, revision, account_id, part), UNIQUE (account_id, remote_id)) STRICT;
CREATE INDEX delivery_due ON delivery (due_at) WHERE state IN ('queued','preparing','ready','backoff','uncertain','sending');
CREATE INDEX delivery_by_state ON delivery (state, account_id);
CREATE INDEX delivery_twin ON delivery (state) WHERE reason_code = 'twin';
CREATE INDEX delivery_by_time ON delivery (due_at) WHERE kind = 'post';
CREATE INDEX delivery_by_conversation ON delivery (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE TABLE delivery_upload (
  delivery_id INTEGER NOT NULL REFERENCES delivery(id) ON DELETE CASCADE, position INTEGER NOT NULL, remote TEXT NOT NULL, expires_at INTEGER,
  PRIMARY KEY (delivery_id, position)) STRICT, WITHOUT ROWID;
-- Append only: what was tried, written before the first byte and completed after the answer.
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY, delivery_id INTEGER NOT NULL REFERENCES delivery(id) ON DELETE CASCADE, idem_key TEXT NOT NULL, record_key TEXT NOT NULL,
  frozen_at INTEGER NOT NULL, request_sha256 TEXT NOT NULL, instance TEXT NOT NULL, started_at INTEGER NOT NULL, monotonic REAL NOT NULL,
  outcome TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '', ended_at INTEGER) STRICT;
CREATE INDEX attempt_by_delivery ON attempt (delivery_id);
-- Repeatable changes of remote things: like, boost, edit, delete, read mark.
CREATE TABLE action (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE, act TEXT NOT NULL,
  target TEXT NOT NULL, message_id INTEGER, delivery_id INTEGER, record_key TEXT NOT NULL DEFAULT '', text TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'queued', next_at INTEGER, attempts INTEGER NOT NULL DEFAULT 0, reason_code TEXT NOT NULL DEFAULT '',
  reason_detail TEXT NOT NULL DEFAULT '', remote_ref TEXT NOT NULL DEFAULT '{}', created_at INTEGER NOT NULL, done_at INTEGER, dismissed_at INTEGER) STRICT;
CREATE INDEX action_problem ON action (brand_id) WHERE state IN ('rejected', 'blocked_auth');
CREATE INDEX action_due ON action (account_id, id) WHERE state IN ('queued','backoff');

CREATE TABLE template (
  id INTEGER PRIMARY KEY, brand_id INTEGER REFERENCES brand(id) ON DELETE CASCADE, name TEXT NOT NULL, kind TEXT NOT NULL DEFAULT 'reply',
  category TEXT NOT NULL DEFAULT '', used INTEGER NOT NULL DEFAULT 0, used_at INTEGER, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
CREATE TABLE template_text (
  template_id INTEGER NOT NULL REFERENCES template(id) ON DELETE CASCADE, language TEXT NOT NULL DEFAULT '', market_id INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL, PRIMARY KEY (template_id, language, market_id)) STRICT, WITHOUT ROWID;

CREATE TABLE metric (
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE, day TEXT NOT NULL, name TEXT NOT NULL, brand_id INTEGER NOT NULL,
  value REAL NOT NULL, PRIMARY KEY (account_id, day, name)) STRICT, WITHOUT ROWID;
CREATE TABLE publication_metric (
  publication_id INTEGER NOT NULL REFERENCES publication(id) ON DELETE CASCADE, day TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (publication_id, day, name)) STRICT, WITHOUT ROWID;

-- Badges: kept by the triggers below, read in one step.
CREATE TABLE counter (
  brand_id INTEGER NOT NULL, state TEXT NOT NULL, conversations INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (brand_id, state)) STRICT, WITHOUT ROWID;
CREATE TRIGGER conversation_counted AFTER INSERT ON conversation BEGIN
  INSERT INTO counter VALUES (new.brand_id, new.state, 1, new.unread > 0)
    ON CONFLICT DO UPDATE SET conversations = conversations + 1, unread = unread + excluded.unread;
END;
CREATE TRIGGER conversation_uncounted AFTER DELETE ON conversation BEGIN
  UPDATE counter SET conversations = conversations - 1, unread = unread - (old.unread > 0) WHERE brand_id = old.brand_id AND state = old.state;
END;
CREATE TRIGGER conversation_recounted AFTER UPDATE OF state, unread, brand_id ON conversation
  WHEN old.state <> new.state OR (old.unread > 0) <> (new.unread > 0) OR old.brand_id <> new.brand_id BEGIN
  UPDATE counter SET conversations = conversations - 1, unread = unread - (old.unread > 0) WHERE brand_id = old.brand_id AND state = old.state;
  INSERT INTO counter VALUES (new.brand_id, new.state, 1, new.unread > 0)
    ON CONFLICT DO UPDATE SET conversations = conversations + 1, unread = unread + excluded.unread;
END;

-- Search: accents folded, prefixes of two and three letters indexed. Filled explicitly (cmdesk.store.fts): a page of
-- messages would pay two to four times through triggers, and FTS5 refuses triggers where the schema is not trusted.
-- The brand stands in the index itself, so that a word that is common everywhere is still quick to find in one brand;
-- behind a private character (U+E000) that no search contains, so that it needs no column filter.
CREATE VIEW message_search (id, text, scope) AS SELECT id, text, char(57344) || brand_id FROM message;
CREATE VIRTUAL TABLE message_fts USING fts5(text, scope, content='message_search', content_rowid='id', tokenize="unicode61 remove_diacritics 2", prefix='2 3');
-- `known_as` repeats the names and handles of a contact's identities: one index finds a person by any of them.
CREATE VIRTUAL TABLE contact_fts USING fts5(name, notes, known_as, content='contact', content_rowid='id', tokenize="unicode61 remove_diacritics 2", prefix='2 3');
CREATE VIRTUAL TABLE post_fts USING fts5(text, note, content='post', content_rowid='id', tokenize="unicode61 remove_diacritics 2", prefix='2 3');
CREATE VIRTUAL TABLE template_fts USING fts5(name, texts, tokenize="unicode61 remove_diacritics 2", prefix='2 3');
