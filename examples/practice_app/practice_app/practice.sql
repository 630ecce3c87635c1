-- The database of a made-up practice, which lives on the third of August 2026.
CREATE TABLE practice (today TEXT NOT NULL);
CREATE TABLE clients (number INTEGER PRIMARY KEY, born TEXT, began TEXT NOT NULL, consent_on TEXT);
CREATE TABLE sessions (client INTEGER REFERENCES clients, day TEXT NOT NULL, what TEXT NOT NULL);
CREATE TABLE scores (client INTEGER REFERENCES clients, day TEXT NOT NULL, total INTEGER, item_9 INTEGER);
CREATE TABLE steps (client INTEGER REFERENCES clients, day TEXT NOT NULL, step TEXT NOT NULL);
CREATE TABLE letters (client INTEGER REFERENCES clients, sort TEXT NOT NULL, written_on TEXT NOT NULL, sent_on TEXT);
-- What the plugin writes.
CREATE TABLE looked_at (client TEXT NOT NULL, day TEXT NOT NULL);
CREATE TABLE open_items (client TEXT PRIMARY KEY, safety INTEGER NOT NULL, advised INTEGER NOT NULL);
CREATE TABLE journal (client TEXT NOT NULL, item TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT, done_by TEXT);

INSERT INTO practice VALUES ('2026-08-03');
INSERT INTO clients VALUES (4711, '1988-04-17', '2025-12-29', '2025-12-29');  -- stalled; a letter of referral waits
INSERT INTO clients VALUES (4712, '1979-11-02', '2026-05-04', NULL);          -- item 9 was endorsed
INSERT INTO clients VALUES (4713, '1995-01-30', '2026-06-22', '2026-06-22');  -- early, and doing better

-- Everybody comes once a week; the practice has the weeks from the first to the last session.
INSERT INTO sessions
WITH RECURSIVE weeks (client, day) AS (
  SELECT number, date(began, '+7 days') FROM clients
  UNION ALL
  SELECT client, date(day, '+7 days') FROM weeks WHERE day < '2026-07-27'
)
SELECT client, day, 'came' FROM weeks;
UPDATE sessions SET what = 'did not come' WHERE client = 4712 AND day = '2026-07-27';

INSERT INTO scores VALUES
  (4711, '2026-01-05', 17, 0), (4711, '2026-02-23', 16, 0), (4711, '2026-04-13', 16, 0),
  (4711, '2026-06-08', 15, 0), (4711, '2026-07-27', 16, 0),
  (4712, '2026-05-11', 14, 0), (4712, '2026-06-15', 15, 0), (4712, '2026-07-20', 15, 1),
  (4713, '2026-06-29', 15, 0), (4713, '2026-07-27', 8, 0);
INSERT INTO steps VALUES (4711, '2026-03-02', 'progress_talk'), (4713, '2026-07-20', 'progress_talk');
INSERT INTO letters VALUES (4711, 'referral', '2026-07-31', NULL);
