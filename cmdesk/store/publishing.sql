-- Version 3: publishing. Threads, polls, crops, versions, slots, series, approval, the client's words and links.

-- What follows the first text: part 1, 2, ... of a thread; part -1 is the first comment. `key` '' is the common text, else
-- as in post_variant: a network ('mastodon') or one account ('#12'), only where it differs.
CREATE TABLE post_part (
  post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, part INTEGER NOT NULL, key TEXT NOT NULL DEFAULT '', text TEXT NOT NULL,
  PRIMARY KEY (post_id, part, key)) STRICT, WITHOUT ROWID;
ALTER TABLE post ADD COLUMN poll TEXT NOT NULL DEFAULT ''; -- JSON: options, lasts_s, multiple, hide_totals
ALTER TABLE post ADD COLUMN card TEXT NOT NULL DEFAULT ''; -- JSON: url, title, description, media_id
ALTER TABLE post ADD COLUMN aim TEXT NOT NULL DEFAULT ''; -- value, product, conversation (U7)
ALTER TABLE post ADD COLUMN series_id INTEGER; -- the series that made it
CREATE INDEX post_of_series ON post (series_id) WHERE series_id IS NOT NULL;
CREATE INDEX post_of_campaign ON post (campaign_id) WHERE campaign_id IS NOT NULL;
-- What one network alone knows, e.g. who may answer.
CREATE TABLE post_options (
  post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, network TEXT NOT NULL, options TEXT NOT NULL,
  PRIMARY KEY (post_id, network)) STRICT, WITHOUT ROWID;
ALTER TABLE post_media ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
-- A crop is a part of the upright picture in fractions of its sides; `network` '' holds where a network has none of its own.
CREATE TABLE post_crop (
  post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, media_id INTEGER NOT NULL REFERENCES media(id), network TEXT NOT NULL DEFAULT '',
  x REAL NOT NULL, y REAL NOT NULL, w REAL NOT NULL, h REAL NOT NULL, PRIMARY KEY (post_id, media_id, network)) STRICT, WITHOUT ROWID;
ALTER TABLE media ADD COLUMN duration_ms INTEGER NOT NULL DEFAULT 0; -- of a video
ALTER TABLE media ADD COLUMN rate REAL NOT NULL DEFAULT 0; -- pictures a second of a video; 0: it does not say
CREATE TABLE post_label (
  post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, label_id INTEGER NOT NULL REFERENCES label(id) ON DELETE CASCADE,
  PRIMARY KEY (post_id, label_id)) STRICT, WITHOUT ROWID;
CREATE INDEX post_of_label ON post_label (label_id);
-- What a post was: everything written, as JSON; kept at pauses of the work, not at every key.
CREATE TABLE post_version (
  id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, at INTEGER NOT NULL, content TEXT NOT NULL) STRICT;
CREATE INDEX version_of_post ON post_version (post_id, at);

-- Sealed with the rest of a delivery.
ALTER TABLE delivery ADD COLUMN options TEXT NOT NULL DEFAULT '{}'; -- JSON: poll, card and what one network alone knows
ALTER TABLE delivery ADD COLUMN crops TEXT NOT NULL DEFAULT '{}'; -- JSON: media id -> [x, y, w, h]
ALTER TABLE delivery ADD COLUMN answers INTEGER; -- the part it answers; NULL: the one before
ALTER TABLE delivery ADD COLUMN verify_at INTEGER; -- read it back and compare then (N4), because a person asked
CREATE INDEX delivery_to_verify ON delivery (account_id) WHERE verify_at IS NOT NULL;
-- What a look 24 hours before found (N16); told again only when it changes.
CREATE TABLE preflight (
  delivery_id INTEGER NOT NULL REFERENCES delivery(id) ON DELETE CASCADE, code TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL,
  PRIMARY KEY (delivery_id, code)) STRICT, WITHOUT ROWID;

-- Hours of the queue: wall time of a market (or the brand) on one account.
CREATE TABLE slot (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  market_id INTEGER REFERENCES market(id) ON DELETE SET NULL, weekday INTEGER NOT NULL, at TEXT NOT NULL, zone TEXT NOT NULL,
  UNIQUE (account_id, weekday, at, zone)) STRICT;
-- A recurring post: `post_id` is its pattern (post.kind 'series'), each occurrence a post of its own.
CREATE TABLE series (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE,
  rule TEXT NOT NULL, wall TEXT NOT NULL, zone TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'active', made_until TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL) STRICT;
-- `wall` is the day (ISO date): whatever became of its post, a day is made once.
CREATE TABLE series_day (
  series_id INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE, wall TEXT NOT NULL, post_id INTEGER, PRIMARY KEY (series_id, wall)) STRICT, WITHOUT ROWID;

CREATE TABLE day_note (
  id INTEGER PRIMARY KEY, brand_id INTEGER REFERENCES brand(id) ON DELETE CASCADE, day TEXT NOT NULL, text TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
CREATE INDEX day_note_by_day ON day_note (day);
ALTER TABLE campaign ADD COLUMN color TEXT NOT NULL DEFAULT '';
ALTER TABLE campaign ADD COLUMN archived_at INTEGER;

-- Approval by the client (rank 25): a sheet of numbered posts; the answer is for exactly what was shown.
ALTER TABLE brand ADD COLUMN needs_approval INTEGER NOT NULL DEFAULT 0;
CREATE TABLE approval_sheet (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, number INTEGER NOT NULL, title TEXT NOT NULL DEFAULT '',
  sent_to TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '', asked_at INTEGER NOT NULL, expires_at INTEGER, closed_at INTEGER,
  language TEXT NOT NULL DEFAULT '', reminded INTEGER NOT NULL DEFAULT 0, reminded_at INTEGER, UNIQUE (brand_id, number)) STRICT;
-- `fingerprint` and `shown` (JSON) are what the client saw, `was` the state an outdated one comes back to; waived without asking has no sheet.
CREATE TABLE approval (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, sheet_id INTEGER REFERENCES approval_sheet(id) ON DELETE CASCADE,
  post_id INTEGER NOT NULL REFERENCES post(id) ON DELETE CASCADE, position INTEGER NOT NULL, fingerprint TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'asked',
  was TEXT NOT NULL DEFAULT '', shown TEXT NOT NULL DEFAULT '{}', answer TEXT NOT NULL DEFAULT '', answered_by TEXT NOT NULL DEFAULT '',
  answered_at INTEGER, told_at INTEGER, UNIQUE (sheet_id, post_id)) STRICT;
CREATE INDEX approval_of_post ON approval (post_id);
ALTER TABLE delivery ADD COLUMN fingerprint TEXT NOT NULL DEFAULT ''; -- of the post it was sealed from

-- The client's own words for the reviewer: forbidden, competitor, topic, domain, handle, spelling.
CREATE TABLE brand_word (
  brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, kind TEXT NOT NULL, word TEXT NOT NULL COLLATE NOCASE, note TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (brand_id, kind, word)) STRICT, WITHOUT ROWID;
ALTER TABLE post ADD COLUMN named_sure TEXT NOT NULL DEFAULT '[]'; -- JSON: names of other brands a person said yes to (N11)
CREATE TABLE review_ignored (
  brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, code TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL,
  PRIMARY KEY (brand_id, code, detail)) STRICT, WITHOUT ROWID;
CREATE TABLE hashtag_set (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, name TEXT NOT NULL COLLATE NOCASE, tags TEXT NOT NULL,
  used_at INTEGER, UNIQUE (brand_id, name)) STRICT;
-- The client's products and landing pages (U13); `instead_id` is the alternative that fits better (U14).
CREATE TABLE product_link (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, name TEXT NOT NULL COLLATE NOCASE, url TEXT NOT NULL,
  also TEXT NOT NULL DEFAULT '', category TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', instead_id INTEGER REFERENCES product_link(id) ON DELETE SET NULL,
  used INTEGER NOT NULL DEFAULT 0, used_at INTEGER, archived_at INTEGER, created_at INTEGER NOT NULL, UNIQUE (brand_id, name)) STRICT;
-- What a link answered when it was last tried; title and picture make the card of networks that leave it to the client.
CREATE TABLE link_check (
  url TEXT PRIMARY KEY, status INTEGER NOT NULL, code TEXT NOT NULL DEFAULT '', final_url TEXT NOT NULL DEFAULT '', title TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '', image_url TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- An answer being written keeps the promise it makes and the case it closes.
ALTER TABLE reply_draft ADD COLUMN promise_at INTEGER;
ALTER TABLE reply_draft ADD COLUMN closes_case INTEGER;
