-- Version 2: care. Triage in full, cases to their end, service levels, evidence, crisis, wishes, watched places.

ALTER TABLE triage ADD COLUMN language_confidence REAL NOT NULL DEFAULT 0;
ALTER TABLE triage ADD COLUMN intent_confidence REAL NOT NULL DEFAULT 0;
CREATE TABLE triage_word (
  brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, field TEXT NOT NULL, word TEXT NOT NULL, label TEXT NOT NULL,
  weight REAL NOT NULL DEFAULT 0, PRIMARY KEY (brand_id, field, word, label)) STRICT, WITHOUT ROWID;

-- The summary a row of the inbox is painted and sorted by.
ALTER TABLE conversation ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN kind_unsure INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN window_until INTEGER; -- when the network stops taking answers (N15)
ALTER TABLE conversation ADD COLUMN case_id INTEGER; -- the case that is not closed, if there is one
ALTER TABLE conversation ADD COLUMN promise_at INTEGER; -- the earliest open promise (D12)
ALTER TABLE conversation ADD COLUMN merged_into INTEGER; -- shown as part of that conversation
CREATE INDEX conversation_merged ON conversation (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX conversation_urgent ON conversation (state, urgency DESC, last_at DESC) WHERE urgency > 0;

ALTER TABLE care_case ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE care_case ADD COLUMN info TEXT NOT NULL DEFAULT '{}'; -- what must be asked: key -> answer
ALTER TABLE care_case ADD COLUMN decision TEXT NOT NULL DEFAULT ''; -- alone, client (Q9)
ALTER TABLE care_case ADD COLUMN solution TEXT NOT NULL DEFAULT '';
ALTER TABLE care_case ADD COLUMN solved_at INTEGER;
ALTER TABLE care_case ADD COLUMN solve_due_at INTEGER; -- deadline of the solution on service hours
ALTER TABLE care_case ADD COLUMN followed_up_at INTEGER;
ALTER TABLE care_case ADD COLUMN private_at INTEGER; -- moved to a private conversation (Q14)
ALTER TABLE care_case ADD COLUMN private_conversation_id INTEGER;
ALTER TABLE care_case ADD COLUMN public_close TEXT NOT NULL DEFAULT ''; -- wanted, done, not_needed (N25)
ALTER TABLE care_case ADD COLUMN anticipated INTEGER NOT NULL DEFAULT 0; -- we wrote first (Q7)
CREATE INDEX case_open ON care_case (brand_id, state) WHERE state <> 'closed';
CREATE INDEX case_follow_up ON care_case (follow_up_at) WHERE follow_up_at IS NOT NULL AND followed_up_at IS NULL;

ALTER TABLE promise ADD COLUMN withdrawn_at INTEGER;
CREATE INDEX promise_open ON promise (due_at) WHERE kept_at IS NULL AND withdrawn_at IS NULL;
ALTER TABLE referral ADD COLUMN remind_at INTEGER;
ALTER TABLE referral ADD COLUMN reminded INTEGER NOT NULL DEFAULT 0;
-- When what was due came up in the inbox: each comes up once.
ALTER TABLE promise ADD COLUMN noticed_at INTEGER;
ALTER TABLE referral ADD COLUMN noticed_at INTEGER;
ALTER TABLE care_case ADD COLUMN noticed_at INTEGER;
CREATE INDEX referral_of_case ON referral (case_id);
CREATE INDEX compensation_of_case ON compensation (case_id);
CREATE INDEX promise_of_case ON promise (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX case_private ON care_case (private_conversation_id) WHERE private_conversation_id IS NOT NULL;
CREATE INDEX referral_open ON referral (due_at) WHERE answered_at IS NULL;

-- Deadlines and holidays of a brand (market 0) or of one of its markets; service_hours and own_holiday hold the hours.
CREATE TABLE service_level (
  brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, market_id INTEGER NOT NULL DEFAULT 0, first_answer_min INTEGER,
  solution_min INTEGER, country TEXT NOT NULL DEFAULT '', region TEXT NOT NULL DEFAULT '', other_channels TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (brand_id, market_id)) STRICT, WITHOUT ROWID;
-- A brand's own words for care: protocols, what may be decided alone, crisis plan. JSON by name.
CREATE TABLE care_plan (
  brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, name TEXT NOT NULL, value TEXT NOT NULL, updated_at INTEGER NOT NULL,
  PRIMARY KEY (brand_id, name)) STRICT, WITHOUT ROWID;

-- Append only; each row's chain is the SHA-256 over the one before it and its own content (N22).
CREATE TABLE evidence (
  id INTEGER PRIMARY KEY AUTOINCREMENT, brand_id INTEGER NOT NULL, conversation_id INTEGER, message_id INTEGER, reason TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '', content TEXT NOT NULL, files TEXT NOT NULL DEFAULT '[]', at INTEGER NOT NULL, sha256 TEXT NOT NULL,
  chain TEXT NOT NULL) STRICT;
CREATE INDEX evidence_by_brand ON evidence (brand_id, id);
CREATE TRIGGER evidence_stays BEFORE UPDATE ON evidence BEGIN SELECT raise(ABORT, 'evidence never changes'); END;

CREATE TABLE crisis (
  id INTEGER PRIMARY KEY AUTOINCREMENT, brand_id INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', started_at INTEGER NOT NULL,
  over_at INTEGER, closed_at INTEGER) STRICT; -- brand 0: all; over: nothing new is held; closed: each held post is decided
CREATE INDEX crisis_open ON crisis (brand_id) WHERE closed_at IS NULL;
CREATE TABLE crisis_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT, crisis_id INTEGER NOT NULL REFERENCES crisis(id) ON DELETE CASCADE, kind TEXT NOT NULL,
  text TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL) STRICT;
CREATE INDEX crisis_log_of ON crisis_log (crisis_id);
CREATE TABLE crisis_held (
  crisis_id INTEGER NOT NULL REFERENCES crisis(id) ON DELETE CASCADE, delivery_id INTEGER NOT NULL, decision TEXT NOT NULL DEFAULT '',
  decided_at INTEGER, PRIMARY KEY (crisis_id, delivery_id)) STRICT, WITHOUT ROWID;
CREATE INDEX crisis_held_open ON crisis_held (delivery_id) WHERE decision = '';
CREATE TABLE alarm (
  id INTEGER PRIMARY KEY AUTOINCREMENT, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, kind TEXT NOT NULL,
  reason TEXT NOT NULL, at INTEGER NOT NULL, dismissed_at INTEGER) STRICT;
CREATE INDEX alarm_open ON alarm (brand_id, at) WHERE dismissed_at IS NULL;

-- Tastes, ideas and wishes of customers, for the client (D16); places to look at again (D5).
CREATE TABLE wish (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, conversation_id INTEGER, contact_id INTEGER,
  kind TEXT NOT NULL DEFAULT 'idea', text TEXT NOT NULL, at INTEGER NOT NULL, handed_at INTEGER) STRICT;
CREATE INDEX wish_by_brand ON wish (brand_id, at);
CREATE TABLE watch_place (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL REFERENCES brand(id) ON DELETE CASCADE, name TEXT NOT NULL, url TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '', conversation_id INTEGER, added_at INTEGER NOT NULL, looked_at INTEGER, UNIQUE (brand_id, name)) STRICT;

ALTER TABLE template ADD COLUMN prompts TEXT NOT NULL DEFAULT '{}'; -- blank -> the question a person is asked

-- A merged conversation is counted with the one that shows it; it stands on its own again when that one goes.
DROP TRIGGER conversation_uncounted;
CREATE TRIGGER conversation_uncounted AFTER DELETE ON conversation WHEN old.merged_into IS NULL BEGIN
  UPDATE counter SET conversations = conversations - 1, unread = unread - (old.unread > 0) WHERE brand_id = old.brand_id AND state = old.state;
END;
DROP TRIGGER conversation_recounted;
CREATE TRIGGER conversation_recounted AFTER UPDATE OF state, unread, brand_id, merged_into ON conversation
  WHEN old.state <> new.state OR (old.unread > 0) <> (new.unread > 0) OR old.brand_id <> new.brand_id
    OR (old.merged_into IS NULL) <> (new.merged_into IS NULL) BEGIN
  UPDATE counter SET conversations = conversations - 1, unread = unread - (old.unread > 0)
    WHERE brand_id = old.brand_id AND state = old.state AND old.merged_into IS NULL;
  INSERT INTO counter SELECT new.brand_id, new.state, 1, new.unread > 0 WHERE new.merged_into IS NULL
    ON CONFLICT DO UPDATE SET conversations = conversations + 1, unread = unread + excluded.unread;
END;
CREATE TRIGGER conversation_unmerged AFTER DELETE ON conversation BEGIN
  UPDATE conversation SET merged_into = NULL WHERE merged_into = old.id;
END;
