CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE settings (
	name TEXT NOT NULL, 
	value BIGINT NOT NULL, 
	PRIMARY KEY (name)
);

CREATE TABLE sources (
	id TEXT NOT NULL, 
	url TEXT NOT NULL, 
	host TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	gone BOOLEAN NOT NULL, 
	next_poll BIGINT, 
	last_poll BIGINT, 
	last_success BIGINT, 
	last_change BIGINT, 
	failures INTEGER NOT NULL, 
	problem TEXT, 
	remedy TEXT, 
	etag TEXT, 
	last_modified TEXT, 
	body_hash TEXT, 
	older TEXT, 
	reader TEXT, 
	articles INTEGER NOT NULL, 
	lease_until BIGINT, 
	lease_owner TEXT, moved TEXT, moving TEXT, agreed INTEGER DEFAULT '0' NOT NULL, hints JSON, activity JSON, profile JSON, missed JSON, university TEXT, title TEXT, 
	PRIMARY KEY (id)
);

CREATE TABLE articles (
	number INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	revision BIGINT NOT NULL, 
	source TEXT NOT NULL, 
	university TEXT, 
	at BIGINT NOT NULL, 
	title TEXT NOT NULL, 
	url TEXT, 
	published VARCHAR(32), 
	updated VARCHAR(32), 
	precision TEXT, 
	first_seen BIGINT NOT NULL, 
	placed BIGINT, 
	language TEXT, 
	authors JSON NOT NULL, 
	summary TEXT, 
	content TEXT, 
	text TEXT, 
	image TEXT, 
	categories JSON NOT NULL, 
	enclosures JSON NOT NULL, 
	provenance JSON NOT NULL, topic TEXT DEFAULT 'news' NOT NULL, story TEXT, copy_of TEXT, mentions JSON, named BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (number)
);

CREATE UNIQUE INDEX articles_id ON articles (id);

CREATE INDEX articles_at ON articles (at, id);

CREATE INDEX articles_of_university ON articles (university, at, id);

CREATE INDEX articles_of_source ON articles (source, at, id);

CREATE INDEX articles_url ON articles (url);

CREATE TABLE identities (
	"key" BLOB NOT NULL, 
	source TEXT NOT NULL, 
	article TEXT NOT NULL, 
	fingerprint BLOB NOT NULL, 
	number INTEGER NOT NULL, 
	PRIMARY KEY ("key", source)
)
 WITHOUT ROWID

;

CREATE INDEX identities_of_source ON identities (source, number);

CREATE VIRTUAL TABLE search USING fts5(title, body, authors, categories, content='', tokenize="unicode61 remove_diacritics 0");

CREATE TABLE robots (
	origin TEXT NOT NULL, 
	text TEXT NOT NULL, 
	fetched BIGINT NOT NULL, 
	until BIGINT NOT NULL, 
	unreachable_since BIGINT, 
	PRIMARY KEY (origin)
);

CREATE TABLE subscriptions (
	source TEXT NOT NULL, 
	token TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	hub TEXT NOT NULL, 
	secret TEXT NOT NULL, 
	state TEXT NOT NULL, 
	asked BIGINT NOT NULL, 
	until BIGINT, 
	pushed BIGINT, 
	PRIMARY KEY (source)
);

CREATE UNIQUE INDEX subscriptions_token ON subscriptions (token);

CREATE TABLE turns (
	host TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	until BIGINT NOT NULL, 
	PRIMARY KEY (host)
);

CREATE INDEX turns_until ON turns (until);

CREATE INDEX articles_of_topic ON articles (topic, at, id);

CREATE INDEX articles_revision ON articles (revision);

CREATE TABLE subscribers (
	"key" TEXT NOT NULL, 
	callback TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	secret TEXT, 
	until BIGINT NOT NULL, 
	told BIGINT NOT NULL, 
	failures INTEGER NOT NULL, 
	again BIGINT, within INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY ("key")
);

CREATE INDEX articles_of_story ON articles (story, at, id);

CREATE INDEX articles_copy_of ON articles (copy_of);

CREATE TABLE marks (
	number INTEGER NOT NULL, 
	marks BLOB NOT NULL, 
	PRIMARY KEY (number)
);

CREATE TABLE traces (
	trace BIGINT NOT NULL, 
	number INTEGER NOT NULL, 
	PRIMARY KEY (trace, number)
)
 WITHOUT ROWID

;

CREATE INDEX articles_unnamed ON articles (named, number);

CREATE TABLE mentions (
	tag TEXT NOT NULL, 
	article INTEGER NOT NULL, 
	about BOOLEAN NOT NULL, 
	PRIMARY KEY (tag, article)
);

CREATE INDEX mentions_of_article ON mentions (article);

CREATE TABLE events (
	number INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	source TEXT, 
	text TEXT NOT NULL, 
	remedy TEXT, 
	PRIMARY KEY (number)
);

CREATE INDEX events_at ON events (at);

CREATE TABLE leavers (
	newsletter TEXT NOT NULL, 
	reader TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (newsletter, reader)
);

CREATE TABLE secrets (
	name TEXT NOT NULL, 
	value BLOB NOT NULL, 
	PRIMARY KEY (name)
);

CREATE INDEX articles_of_language ON articles (substr(lower(language) || '-', 1, 3), at, id);

CREATE TABLE universities (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	names JSON NOT NULL, 
	country TEXT, 
	PRIMARY KEY (id)
);

CREATE TABLE heirs (
	university TEXT NOT NULL, 
	heir TEXT NOT NULL, 
	PRIMARY KEY (university)
);

CREATE INDEX sources_due ON sources (active, next_poll, last_poll, lease_until, host, id);

CREATE INDEX sources_leased ON sources (lease_until, host);

INSERT INTO alembic_version VALUES ('0018')