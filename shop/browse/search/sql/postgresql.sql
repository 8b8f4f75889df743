-- index
CREATE EXTENSION IF NOT EXISTS unaccent
;
CREATE TEXT SEARCH DICTIONARY browse_stem (TEMPLATE = snowball, LANGUAGE = english)
;
CREATE TEXT SEARCH CONFIGURATION browse (COPY = simple)
;
ALTER TEXT SEARCH CONFIGURATION browse ALTER MAPPING FOR asciiword, word WITH unaccent, browse_stem
;
CREATE FUNCTION browse_vector(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('browse', regexp_replace(words, '[^[:alnum:]]+', ' ', 'g'))
;
ALTER TABLE browse_entry ADD COLUMN head tsvector GENERATED ALWAYS AS (
    setweight(browse_vector(title), 'A') || setweight(browse_vector(brand), 'B')
    || setweight(browse_vector(category || ' ' || ancestors), 'C')) STORED
;
ALTER TABLE browse_entry ADD COLUMN vector tsvector GENERATED ALWAYS AS (
    browse_vector(title) || browse_vector(brand) || browse_vector(category || ' ' || ancestors)
    || browse_vector(description) || browse_vector(specifications)) STORED
;
CREATE INDEX browse_entry_vector ON browse_entry USING gin (vector) WITH (fastupdate = off)
;
CREATE VIEW browse_index AS SELECT product_id AS rowid, vector AS browse_index, head AS rank FROM browse_entry
;
CREATE TABLE browse_word (term text PRIMARY KEY)
;
CREATE FUNCTION browse_learn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO browse_word
    SELECT DISTINCT word FROM regexp_split_to_table(
        lower(unaccent(concat_ws(' ', NEW.title, NEW.brand, NEW.category, NEW.specifications, NEW.description))),
        '[^[:alnum:]]+') word
    WHERE word ~ '^[[:alpha:]]{3,30}$' ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
;
CREATE TRIGGER browse_entry_written AFTER INSERT OR UPDATE ON browse_entry
FOR EACH ROW EXECUTE FUNCTION browse_learn()
;
-- triggers
CREATE FUNCTION browse_fill(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM browse_entry WHERE product_id = ANY(ids);
    INSERT INTO browse_entry (product_id, title, brand, category, ancestors, specifications, description)
    SELECT product.id, product.title, product.brand, category.name,
        COALESCE((SELECT string_agg(above.name, ' ') FROM catalogue_category above
                  WHERE starts_with(category.path, above.path || '/')), ''),
        COALESCE((SELECT string_agg(concat_ws(' ', pair ->> 0, pair ->> 1), ' ')
                  FROM jsonb_array_elements(CASE jsonb_typeof(product.specifications)
                      WHEN 'array' THEN product.specifications ELSE '[]' END) pair
                  WHERE jsonb_typeof(pair) = 'array'), ''),
        product.description
    FROM catalogue_product product JOIN catalogue_category category ON category.id = product.category_id
    WHERE product.id = ANY(ids) AND product.status = 'listed';
END $$
;
CREATE FUNCTION browse_product_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM browse_fill(ARRAY[CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END]);
    RETURN NULL;
END $$
;
CREATE TRIGGER browse_product_added AFTER INSERT OR DELETE ON catalogue_product
FOR EACH ROW EXECUTE FUNCTION browse_product_written()
;
CREATE TRIGGER browse_product_updated AFTER UPDATE ON catalogue_product FOR EACH ROW
WHEN ((OLD.status, OLD.title, OLD.brand, OLD.category_id, OLD.specifications, OLD.description)
    IS DISTINCT FROM (NEW.status, NEW.title, NEW.brand, NEW.category_id, NEW.specifications, NEW.description))
EXECUTE FUNCTION browse_product_written()
;
CREATE FUNCTION browse_category_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM browse_fill(ARRAY(
        SELECT product.id FROM catalogue_product product JOIN catalogue_category category ON category.id = product.category_id
        WHERE category.path = NEW.path OR starts_with(category.path, NEW.path || '/')));
    RETURN NULL;
END $$
;
CREATE TRIGGER browse_category_updated AFTER UPDATE ON catalogue_category FOR EACH ROW
WHEN ((OLD.name, OLD.path) IS DISTINCT FROM (NEW.name, NEW.path))
EXECUTE FUNCTION browse_category_written()
;
-- drop_triggers
DROP FUNCTION browse_category_written, browse_product_written, browse_fill CASCADE
;
-- fill
SELECT browse_fill(ARRAY(SELECT id FROM catalogue_product WHERE id BETWEEN %(first)s AND %(last)s))
;
-- drop_index
DROP TABLE browse_word
;
DROP VIEW browse_index
;
DROP FUNCTION browse_learn CASCADE
;
ALTER TABLE browse_entry DROP COLUMN head, DROP COLUMN vector
;
DROP FUNCTION browse_vector
;
DROP TEXT SEARCH CONFIGURATION browse
;
DROP TEXT SEARCH DICTIONARY browse_stem
