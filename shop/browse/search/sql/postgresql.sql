-- [make index]
SET LOCAL statement_timeout = 0
;
CREATE FUNCTION browse_code(words text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    -- As coded() of engines.py.
DECLARE unusual text;
BEGIN
    IF octet_length(words) > length(words) THEN
        FOR unusual IN SELECT DISTINCT (regexp_matches(words, '[^\x01-\x7f]', 'g'))[1] LOOP
            words := replace(words, unusual, 'x' || lpad(ascii(unusual)::text, 7, '0'));
        END LOOP;
    END IF;
    RETURN words;
END $$
;
CREATE TEXT SEARCH DICTIONARY browse_stem (TEMPLATE = snowball, LANGUAGE = english)
;
CREATE TEXT SEARCH CONFIGURATION browse (COPY = simple)
;
ALTER TEXT SEARCH CONFIGURATION browse ALTER MAPPING FOR asciiword WITH browse_stem
;
CREATE FUNCTION browse_vector(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('browse', browse_code(words))
;
ALTER TABLE browse_searchdocument ADD COLUMN head tsvector GENERATED ALWAYS AS (
    setweight(browse_vector(title), 'A') || setweight(browse_vector(brand), 'B')
    || setweight(browse_vector(category || ' ' || ancestors), 'C')) STORED,
    ADD COLUMN vector tsvector GENERATED ALWAYS AS (
    browse_vector(title) || browse_vector(brand) || browse_vector(category || ' ' || ancestors)
    || browse_vector(description) || browse_vector(specifications)) STORED
;
CREATE INDEX browse_searchdocument_vector ON browse_searchdocument USING gin (vector) WITH (fastupdate = off)
;
CREATE VIEW browse_searchindex AS SELECT product_id AS rowid, vector AS browse_searchindex, head AS rank FROM browse_searchdocument
;
CREATE TABLE browse_searchterm (term text NOT NULL)
;
CREATE INDEX browse_searchterm_term ON browse_searchterm (term)
;
CREATE FUNCTION browse_learn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Were a word unique, who writes it first would keep waiting whoever writes it, too.
    INSERT INTO browse_searchterm
    SELECT DISTINCT word FROM regexp_split_to_table(
        concat_ws(' ', NEW.title, NEW.brand, NEW.category, NEW.specifications, NEW.description), ' +') word
    WHERE word ~ '^[^0-9]{3,30}$' AND NOT EXISTS (SELECT FROM browse_searchterm WHERE term = word);
    RETURN NULL;
END $$
;
CREATE TRIGGER browse_document_written AFTER INSERT OR UPDATE ON browse_searchdocument
FOR EACH ROW EXECUTE FUNCTION browse_learn()
-- [drop index]
DROP VIEW IF EXISTS browse_searchindex
;
ALTER TABLE IF EXISTS browse_searchdocument DROP COLUMN IF EXISTS head, DROP COLUMN IF EXISTS vector
;
DROP FUNCTION IF EXISTS browse_learn, browse_vector, browse_code CASCADE
;
DROP TABLE IF EXISTS browse_searchterm
;
DROP TEXT SEARCH CONFIGURATION IF EXISTS browse
;
DROP TEXT SEARCH DICTIONARY IF EXISTS browse_stem
-- [make counts]
CREATE TABLE browse_facetcount_sum (
    grouping integer, category_id bigint, brand varchar, seller_id bigint, band integer, stars integer, in_stock boolean,
    n integer NOT NULL, PRIMARY KEY (grouping, {{columns}})
)
;
CREATE TABLE browse_facetcount_delta (
    id bigint GENERATED ALWAYS AS IDENTITY,
    grouping integer, category_id bigint, brand varchar, seller_id bigint, band integer, stars integer, in_stock boolean,
    n integer NOT NULL
)
;
CREATE VIEW browse_facetcount AS
SELECT grouping, {{columns}}, n FROM browse_facetcount_sum UNION ALL
SELECT grouping, {{columns}}, n FROM browse_facetcount_delta
;
CREATE INDEX browse_facetcount_sum_brand ON browse_facetcount_sum (brand, grouping)
;
CREATE INDEX browse_facetcount_sum_seller ON browse_facetcount_sum (seller_id, grouping)
;
CREATE FUNCTION browse_sum_up() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH gone AS (DELETE FROM browse_facetcount_delta RETURNING *)
    INSERT INTO browse_facetcount_sum AS total
    SELECT grouping, {{columns}}, SUM(n)
    FROM gone GROUP BY grouping, {{columns}} HAVING SUM(n) <> 0
    ORDER BY grouping, category_id, brand
    ON CONFLICT (grouping, {{columns}}) DO UPDATE SET n = total.n + EXCLUDED.n;
    DELETE FROM browse_facetcount_sum WHERE n = 0;
END $$
;
CREATE TABLE browse_attributecount_sum (
    category_id bigint, name text COLLATE "C", value text COLLATE "C", n integer NOT NULL,
    PRIMARY KEY (category_id, name, value)
)
;
CREATE TABLE browse_attributecount_delta (
    id bigint GENERATED ALWAYS AS IDENTITY,
    category_id bigint, name text COLLATE "C", value text COLLATE "C", n integer NOT NULL
)
;
CREATE VIEW browse_attributecount AS
SELECT category_id, name, value, n FROM browse_attributecount_sum UNION ALL
SELECT category_id, name, value, n FROM browse_attributecount_delta
;
CREATE FUNCTION browse_sum_up_attributes() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH gone AS (DELETE FROM browse_attributecount_delta RETURNING *)
    INSERT INTO browse_attributecount_sum AS total
    SELECT category_id, name, value, SUM(n) FROM gone GROUP BY category_id, name, value HAVING SUM(n) <> 0
    ORDER BY category_id, name, value
    ON CONFLICT (category_id, name, value) DO UPDATE SET n = total.n + EXCLUDED.n;
    DELETE FROM browse_attributecount_sum WHERE n = 0;
END $$
-- [drop counts]
DROP VIEW IF EXISTS browse_facetcount, browse_attributecount
;
DROP TABLE IF EXISTS browse_facetcount_sum, browse_facetcount_delta, browse_attributecount_sum, browse_attributecount_delta
;
DROP FUNCTION IF EXISTS browse_sum_up, browse_sum_up_attributes
-- [make triggers]
CREATE TABLE browse_letter (letter text COLLATE "C" PRIMARY KEY, folded text NOT NULL)
;
INSERT INTO browse_letter SELECT * FROM jsonb_each_text('{{letters}}')
;
CREATE FUNCTION browse_fold(words text) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
    -- As fold() of shop/fields/folding.py, whose letters the table holds.
DECLARE unusual record;
BEGIN
    IF octet_length(words) > length(words) THEN
        words := normalize(words, NFC);
        FOR unusual IN SELECT browse_letter.* FROM browse_letter
            WHERE letter = ANY(ARRAY(SELECT DISTINCT (regexp_matches(words, '[^\x01-\x7f]', 'g'))[1])) LOOP
            words := replace(words, unusual.letter, unusual.folded);
        END LOOP;
    END IF;
    words := translate(words, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');
    words := trim(regexp_replace(words, '[\x01-\x2f\x3a-\x60\x7b-\x7f]+', ' ', 'g'));
    RETURN regexp_replace(words, '([^ ]{{{longest_word}}})[^ ]+', '\1', 'g');
END $$
;
CREATE FUNCTION browse_fill(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM browse_searchdocument WHERE product_id = ANY(ids);
    INSERT INTO browse_searchdocument (product_id, title, brand, category, ancestors, specifications, description)
    SELECT product.id, browse_fold(product.title), browse_fold(product.brand), browse_fold(category.name),
        COALESCE((SELECT browse_fold(string_agg(above.name, ' ')) FROM catalogue_category above
                  WHERE starts_with(category.path, above.path || '/')), ''),
        COALESCE((SELECT browse_fold(string_agg(concat_ws(' ', pair ->> 0, pair ->> 1), ' '))
                  FROM jsonb_array_elements(CASE jsonb_typeof(product.specifications)
                      WHEN 'array' THEN product.specifications ELSE '[]' END) pair
                  WHERE jsonb_typeof(pair) = 'array'), ''),
        browse_fold(product.description)
    FROM catalogue_product product JOIN catalogue_category category ON category.id = product.category_id
    WHERE product.id = ANY(ids) AND product.status = 'listed';
END $$
;
CREATE FUNCTION browse_product_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Not as the trigger's WHEN, which would keep migrations from changing these columns.
    IF TG_OP <> 'UPDATE'
        OR (OLD.status, OLD.title, OLD.brand, OLD.category_id, OLD.specifications, OLD.description)
        IS DISTINCT FROM (NEW.status, NEW.title, NEW.brand, NEW.category_id, NEW.specifications, NEW.description) THEN
        PERFORM browse_fill(ARRAY[COALESCE(NEW.id, OLD.id)]);
    END IF;
    RETURN NULL;
END $$
;
CREATE TRIGGER browse_product_written AFTER INSERT OR UPDATE OR DELETE ON catalogue_product
FOR EACH ROW EXECUTE FUNCTION browse_product_written()
;
CREATE FUNCTION browse_category_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.name, OLD.path) IS DISTINCT FROM (NEW.name, NEW.path) THEN
        PERFORM browse_fill(ARRAY(
            SELECT product.id FROM catalogue_product product JOIN catalogue_category category ON category.id = product.category_id
            WHERE category.path = NEW.path OR starts_with(category.path, NEW.path || '/')));
    END IF;
    RETURN NULL;
END $$
;
CREATE TRIGGER browse_category_written AFTER UPDATE ON catalogue_category
FOR EACH ROW EXECUTE FUNCTION browse_category_written()
;
CREATE FUNCTION browse_band(price numeric) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN width_bucket(price, '{{{edges}}}'::numeric[]) - 1
;
CREATE FUNCTION browse_counting(products text) RETURNS text LANGUAGE sql IMMUTABLE RETURN format($$
    INSERT INTO browse_facetcount_delta (grouping, {{columns}}, n)
    SELECT GROUPING({{columns}}), COALESCE(category_id, 0), COALESCE(brand, ''),
        COALESCE(seller_id, 0), COALESCE(band, 0), COALESCE(stars, 0), COALESCE(in_stock, false), SUM(n)
    FROM (SELECT category_id, brand, seller_id, browse_band(price) AS band, floor(rating)::integer AS stars,
              stock_shown > 0 AS in_stock, SUM(n) AS n
          FROM (%s) product WHERE status = 'listed' GROUP BY 1, 2, 3, 4, 5, 6 HAVING SUM(n) <> 0) cell
    GROUP BY GROUPING SETS ({{grouping_sets}})
    HAVING SUM(n) <> 0$$, products)
;
CREATE FUNCTION browse_product_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE added integer;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE browse_facetcount_sum, browse_facetcount_delta;
        RETURN NULL;
    END IF;
    EXECUTE browse_counting(CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT 1 AS n, * FROM written'
        WHEN 'DELETE' THEN 'SELECT -1 AS n, * FROM gone'
        ELSE 'SELECT 1 AS n, * FROM written UNION ALL SELECT -1, * FROM gone' END);
    GET DIAGNOSTICS added = ROW_COUNT;
    -- Each time that some thousands more are there, whoever adds them sums up, unless another is at it.
    IF added > 0 AND lastval() / 4000 <> (lastval() - added) / 4000
        AND pg_try_advisory_xact_lock(hashtext('browse_facetcount_sum')) THEN
        PERFORM browse_sum_up();
    END IF;
    RETURN NULL;
END $$
;
CREATE FUNCTION browse_recount() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('browse_facetcount_sum'));
    LOCK TABLE catalogue_product IN SHARE MODE;
    DELETE FROM browse_facetcount_sum;
    DELETE FROM browse_facetcount_delta;
    EXECUTE browse_counting('SELECT 1 AS n, * FROM catalogue_product');
    PERFORM browse_sum_up();
END $$
;
CREATE TRIGGER browse_product_counted_in AFTER INSERT ON catalogue_product
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION browse_product_counted()
;
CREATE TRIGGER browse_product_counted_out AFTER DELETE ON catalogue_product
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION browse_product_counted()
;
CREATE TRIGGER browse_product_recounted AFTER UPDATE ON catalogue_product
REFERENCING OLD TABLE AS gone NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION browse_product_counted()
;
CREATE TRIGGER browse_product_emptied AFTER TRUNCATE ON catalogue_product
FOR EACH STATEMENT EXECUTE FUNCTION browse_product_counted()
;
CREATE FUNCTION browse_attributes(status varchar, specifications jsonb) RETURNS TABLE (name text, value text)
LANGUAGE sql IMMUTABLE AS $$
    -- No address can ask for longer ones, and no index could hold them.
    SELECT DISTINCT pair ->> 0, pair ->> 1
    FROM jsonb_array_elements(CASE jsonb_typeof(specifications) WHEN 'array' THEN specifications ELSE '[]' END) pair
    WHERE status = 'listed' AND length(pair ->> 0) + length(pair ->> 1) < {{longest_pair}}
$$
;
CREATE FUNCTION browse_attributes_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE added integer;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE browse_attributecount_sum, browse_attributecount_delta;
        RETURN NULL;
    ELSIF TG_OP = 'UPDATE' AND (OLD.status, OLD.category_id, OLD.specifications)
        IS NOT DISTINCT FROM (NEW.status, NEW.category_id, NEW.specifications) THEN
        RETURN NULL;
    END IF;
    INSERT INTO browse_attributecount_delta (category_id, name, value, n)
    SELECT category_id, name, value, SUM(n)
    FROM (SELECT 1 AS n, NEW.category_id, * FROM browse_attributes(NEW.status, NEW.specifications) UNION ALL
          SELECT -1, OLD.category_id, * FROM browse_attributes(OLD.status, OLD.specifications)) pair
    GROUP BY category_id, name, value HAVING SUM(n) <> 0;
    GET DIAGNOSTICS added = ROW_COUNT;
    IF added > 0 AND lastval() / 4000 <> (lastval() - added) / 4000
        AND pg_try_advisory_xact_lock(hashtext('browse_attributecount_sum')) THEN
        PERFORM browse_sum_up_attributes();
    END IF;
    RETURN NULL;
END $$
;
CREATE TRIGGER browse_attributes_written AFTER INSERT OR UPDATE OR DELETE ON catalogue_product
FOR EACH ROW EXECUTE FUNCTION browse_attributes_written()
;
CREATE TRIGGER browse_attributes_emptied AFTER TRUNCATE ON catalogue_product
FOR EACH STATEMENT EXECUTE FUNCTION browse_attributes_written()
-- [drop triggers]
DROP FUNCTION IF EXISTS browse_product_written, browse_category_written, browse_fill, browse_fold CASCADE
;
DROP FUNCTION IF EXISTS browse_product_counted, browse_recount, browse_counting, browse_band CASCADE
;
DROP FUNCTION IF EXISTS browse_attributes_written, browse_attributes CASCADE
;
DROP TABLE IF EXISTS browse_letter
-- [fill]
SELECT browse_fill(ARRAY(SELECT id FROM catalogue_product WHERE id BETWEEN %(first)s AND %(last)s))
-- [recount]
SET LOCAL statement_timeout = 0
;
SELECT browse_recount()
;
LOCK TABLE catalogue_product IN SHARE MODE
;
DELETE FROM browse_attributecount_sum
;
DELETE FROM browse_attributecount_delta
;
INSERT INTO browse_attributecount_sum
SELECT category_id, name, value, COUNT(*) FROM catalogue_product, browse_attributes(status, specifications) GROUP BY 1, 2, 3
