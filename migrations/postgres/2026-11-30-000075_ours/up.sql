-- What this node asks again and again of its own, beside which it knows a hundred thousand actors and a million objects of others.
CREATE INDEX actors_of_ours ON actors (slice) WHERE local;
CREATE INDEX objects_of_ours ON objects (kind) WHERE local;
