-- A journal of schema 6, as a koshin of then has left it: a record in each state, two tokens.
BEGIN TRANSACTION;
CREATE TABLE mail (
  certificate_sha256 TEXT NOT NULL,
  threshold TEXT NOT NULL,
  sent INTEGER NOT NULL,
  PRIMARY KEY (certificate_sha256, threshold)
) STRICT, WITHOUT ROWID;
INSERT INTO "mail" VALUES('ab','P7D',1795384800);
CREATE TABLE "renewal" (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  manufacturer TEXT NOT NULL,
  model TEXT NOT NULL,
  serial TEXT NOT NULL,
  token_label TEXT NOT NULL,
  enrollment INTEGER NOT NULL CHECK (enrollment IN (0, 1)),
  old_sha256 TEXT NOT NULL CHECK (length(old_sha256) IN (0, 64)),
  key_algorithm TEXT NOT NULL,
  same_key INTEGER NOT NULL CHECK (same_key IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('planned', 'generated', 'requested', 'pending', 'issued', 'written',
                                       'completed', 'abandoned')),
  key_id BLOB NOT NULL CHECK (length(key_id) BETWEEN 1 AND 255),
  public_key BLOB CHECK (public_key IS NOT NULL OR state IN ('planned', 'abandoned')),
  request BLOB CHECK (request IS NOT NULL OR state IN ('planned', 'generated', 'issued', 'written', 'completed', 'abandoned')),
  certificate BLOB CHECK (certificate IS NOT NULL OR state NOT IN ('issued', 'written', 'completed')),
  ask_again INTEGER CHECK (ask_again IS NOT NULL OR state <> 'pending'),
  failure_reason TEXT,
  failure_detail TEXT,
  failure_retry_after INTEGER,
  started INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  new_not_after INTEGER NOT NULL,
  pair_sent INTEGER NOT NULL CHECK (pair_sent IN (0, 1)),
  pair_refused INTEGER NOT NULL CHECK (pair_refused IN (0, 1)),
  wrong_answer TEXT,
  wrong_answers INTEGER NOT NULL CHECK (wrong_answers >= 0)
, exchange_state BLOB) STRICT;
INSERT INTO "renewal" VALUES(1,'KeyManager','Model','serial-planned','demo',0,'1111111111111111111111111111111111111111111111111111111111111111','ec-p256',0,'planned',X'010200FF',NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795384801,1795385401,0,0,0,NULL,0,NULL);
INSERT INTO "renewal" VALUES(2,'KeyManager','Model','serial-generated','demo',0,'2222222222222222222222222222222222222222222222222222222222222222','ec-p256',0,'generated',X'020200FF',X'0A0B',NULL,NULL,NULL,NULL,NULL,NULL,1795384802,1795385402,0,0,0,NULL,0,NULL);
INSERT INTO "renewal" VALUES(3,'KeyManager','Model','serial-requested','demo',0,'3333333333333333333333333333333333333333333333333333333333333333','ec-p256',0,'requested',X'030200FF',X'0A0B',X'140015',NULL,NULL,NULL,NULL,NULL,1795384803,1795385403,0,1,0,NULL,0,NULL);
INSERT INTO "renewal" VALUES(4,'KeyManager','Model','serial-pending','demo',0,'4444444444444444444444444444444444444444444444444444444444444444','ec-p256',0,'pending',X'040200FF',X'0A0B',X'140015',NULL,1795388400,'authority_busy','come back "later"',90,1795384804,1795385404,0,0,0,NULL,0,X'0001');
INSERT INTO "renewal" VALUES(5,'KeyManager','Model','serial-issued','demo',0,'5555555555555555555555555555555555555555555555555555555555555555','ec-p256',0,'issued',X'050200FF',X'0A0B',X'140015',X'1E001F',NULL,NULL,NULL,NULL,1795384805,1795385405,1826920800,1,0,NULL,0,NULL);
INSERT INTO "renewal" VALUES(6,'KeyManager','Model','serial-written','demo',0,'6666666666666666666666666666666666666666666666666666666666666666','ec-p256',0,'written',X'060200FF',X'0A0B',X'140015',X'1E001F',NULL,NULL,NULL,NULL,1795384806,1795385406,1826920800,1,0,'proof_failed',1,NULL);
INSERT INTO "renewal" VALUES(7,'KeyManager','Model','serial-completed','demo',0,'7777777777777777777777777777777777777777777777777777777777777777','ec-p256',0,'completed',X'070200FF',X'0A0B',X'140015',X'1E001F',NULL,NULL,NULL,NULL,1795384807,1795385407,1826920800,1,0,NULL,0,NULL);
INSERT INTO "renewal" VALUES(8,'KeyManager','Model','serial-abandoned','demo',0,'8888888888888888888888888888888888888888888888888888888888888888','ec-p256',0,'abandoned',X'080200FF',NULL,NULL,NULL,NULL,'authority_refused','it''s no',NULL,1795384808,1795385408,0,0,0,NULL,0,NULL);
INSERT INTO "renewal" VALUES(9,'TPM','2.0','0000','desk',0,'9999999999999999999999999999999999999999999999999999999999999999','ec-p256',0,'requested',X'090200FF',X'0A0B',X'140015',NULL,NULL,NULL,NULL,NULL,1795384809,1795385409,0,1,0,NULL,0,NULL);
CREATE TABLE token (
  manufacturer TEXT NOT NULL,
  model TEXT NOT NULL,
  serial TEXT NOT NULL,
  label TEXT NOT NULL,
  module TEXT NOT NULL,
  certificate_sha256 TEXT NOT NULL,
  last_seen INTEGER,
  not_after INTEGER,
  snoozed_at INTEGER,
  last_notified INTEGER,
  last_decision TEXT NOT NULL,
  notified_threshold TEXT NOT NULL,
  pin_source_refused INTEGER NOT NULL CHECK (pin_source_refused IN (0, 1)),
  pin_source_stamp TEXT NOT NULL, told_sha256 TEXT NOT NULL DEFAULT '', looked_at INTEGER, looked TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (manufacturer, model, serial)
) STRICT, WITHOUT ROWID;
INSERT INTO "token" VALUES('KeyManager','Model','serial-written','demo','/usr/lib/module.so','ab',1795384800,1795471200,NULL,1795384805,'due','P7D',1,'/path 1 2','cd',NULL,'');
INSERT INTO "token" VALUES('TPM','2.0','0000','desk','/usr/lib/module.so','ab',1795384800,1795471200,NULL,1795384805,'due','P7D',1,'/path 1 2','cd',NULL,'');
CREATE UNIQUE INDEX one_unfinished_renewal_per_certificate
  ON renewal (manufacturer, model, serial, token_label, old_sha256)
  WHERE state NOT IN ('completed', 'abandoned') AND enrollment = 0;
CREATE UNIQUE INDEX one_unfinished_enrolment_per_pair
  ON renewal (manufacturer, model, serial, token_label, key_id)
  WHERE state NOT IN ('completed', 'abandoned') AND enrollment = 1;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('renewal',9);
COMMIT;
PRAGMA application_id = 1802466152;
PRAGMA user_version = 6;
