-- [make index]
CREATE VIRTUAL TABLE browse_searchindex USING fts5 (
    {{fields}}, content = '', tokenize = 'porter ascii'
)
;
INSERT INTO browse_searchindex (browse_searchindex, rank) VALUES ('rank', 'bm25({{weights}})')
;
CREATE VIRTUAL TABLE browse_spelling USING fts5 (
    title, brand, category, specifications, description,
    content = 'browse_searchdocument', content_rowid = 'product_id', tokenize = 'unicode61 remove_diacritics 2', detail = 'none'
)
;
CREATE VIRTUAL TABLE browse_searchterm USING fts5vocab (browse_spelling, row)
;
CREATE TRIGGER browse_document_inserted AFTER INSERT ON browse_searchdocument BEGIN
    INSERT INTO browse_searchindex (rowid, title, brand, category, ancestors, specifications, description)
    VALUES (NEW.product_id, browse_code(NEW.title), browse_code(NEW.brand), browse_code(NEW.category),
        browse_code(NEW.ancestors), browse_code(NEW.specifications), browse_code(NEW.description));
    INSERT INTO browse_spelling (rowid, title, brand, category, specifications, description)
    VALUES (NEW.product_id, NEW.title, NEW.brand, NEW.category, NEW.specifications, NEW.description);
END
;
CREATE TRIGGER browse_document_deleted AFTER DELETE ON browse_searchdocument BEGIN
    INSERT INTO browse_searchindex (browse_searchindex, rowid, title, brand, category, ancestors, specifications, description)
    VALUES ('delete', OLD.product_id, browse_code(OLD.title), browse_code(OLD.brand), browse_code(OLD.category),
        browse_code(OLD.ancestors), browse_code(OLD.specifications), browse_code(OLD.description));
    INSERT INTO browse_spelling (browse_spelling, rowid, title, brand, category, specifications, description)
    VALUES ('delete', OLD.product_id, OLD.title, OLD.brand, OLD.category, OLD.specifications, OLD.description);
END
;
INSERT INTO browse_spelling (browse_spelling) VALUES ('rebuild')
;
INSERT INTO browse_searchindex (rowid, title, brand, category, ancestors, specifications, description)
SELECT product_id, browse_code(title), browse_code(brand), browse_code(category),
    browse_code(ancestors), browse_code(specifications), browse_code(description) FROM browse_searchdocument
-- [drop index]
DROP TRIGGER IF EXISTS browse_document_inserted
;
DROP TRIGGER IF EXISTS browse_document_deleted
;
DROP TABLE IF EXISTS browse_searchterm
;
DROP TABLE IF EXISTS browse_spelling
;
DROP TABLE IF EXISTS browse_searchindex
-- [make counts]
CREATE TABLE browse_band (number integer PRIMARY KEY, edge numeric)
;
INSERT INTO browse_band SELECT key, value FROM json_each('[{{edges}}]')
;
CREATE TABLE browse_grouping (number integer PRIMARY KEY)
;
INSERT INTO browse_grouping SELECT value FROM json_each('[{{groupings}}]')
;
CREATE TABLE browse_facetcount (
    grouping integer, category_id integer, brand text, seller_id integer, band integer, stars integer, in_stock bool,
    n integer, PRIMARY KEY (grouping, category_id, brand, seller_id, band, stars, in_stock)
) WITHOUT ROWID
;
CREATE INDEX browse_facetcount_empty ON browse_facetcount (n) WHERE n = 0
;
CREATE TABLE browse_attributecount (
    category_id integer, name text, value text, n integer, PRIMARY KEY (category_id, name, value)
) WITHOUT ROWID
;
CREATE INDEX browse_attributecount_empty ON browse_attributecount (n) WHERE n = 0
-- [drop counts]
DROP TABLE IF EXISTS browse_facetcount
;
DROP TABLE IF EXISTS browse_grouping
;
DROP TABLE IF EXISTS browse_band
;
DROP TABLE IF EXISTS browse_attributecount
-- [make triggers]
-- browse_fold() is fold() of shop/fields/folding.py, as of {{folding}}.
CREATE VIEW browse_document_text AS
SELECT product.id AS product_id, browse_fold(product.title) AS title, browse_fold(product.brand) AS brand,
    browse_fold(category.name) AS category,
    browse_fold(COALESCE((SELECT group_concat(above.name, ' ') FROM catalogue_category above
              WHERE substr(category.path, 1, length(above.path) + 1) = above.path || '/'), '')) AS ancestors,
    -- As bytes, since JSON may hold halves of letters.
    browse_fold(CAST(COALESCE((SELECT group_concat(json_extract(pair.value, '$[0]') || ' ' || json_extract(pair.value, '$[1]'), ' ')
              FROM json_each(product.specifications) pair WHERE pair.type = 'array'), '') AS BLOB)) AS specifications,
    browse_fold(product.description) AS description
FROM catalogue_product product JOIN catalogue_category category ON category.id = product.category_id
WHERE product.status = 'listed'
;
CREATE TRIGGER browse_product_inserted AFTER INSERT ON catalogue_product BEGIN
    DELETE FROM browse_searchdocument WHERE product_id = NEW.id;
    INSERT INTO browse_searchdocument SELECT * FROM browse_document_text WHERE product_id = NEW.id;
END
;
CREATE TRIGGER browse_product_updated AFTER UPDATE ON catalogue_product
WHEN (OLD.status, OLD.title, OLD.brand, OLD.category_id, OLD.specifications, OLD.description)
    IS NOT (NEW.status, NEW.title, NEW.brand, NEW.category_id, NEW.specifications, NEW.description)
BEGIN
    DELETE FROM browse_searchdocument WHERE product_id = NEW.id;
    INSERT INTO browse_searchdocument SELECT * FROM browse_document_text WHERE product_id = NEW.id;
END
;
CREATE TRIGGER browse_product_deleted AFTER DELETE ON catalogue_product BEGIN
    DELETE FROM browse_searchdocument WHERE product_id = OLD.id;
END
;
CREATE TRIGGER browse_category_updated AFTER UPDATE ON catalogue_category
WHEN (OLD.name, OLD.path) IS NOT (NEW.name, NEW.path)
BEGIN
    DELETE FROM browse_searchdocument WHERE product_id IN (
        SELECT product.id FROM catalogue_product product JOIN catalogue_category category ON category.id = product.category_id
        WHERE category.path = NEW.path OR substr(category.path, 1, length(NEW.path) + 1) = NEW.path || '/');
    INSERT INTO browse_searchdocument SELECT * FROM browse_document_text WHERE product_id IN (
        SELECT product.id FROM catalogue_product product JOIN catalogue_category category ON category.id = product.category_id
        WHERE category.path = NEW.path OR substr(category.path, 1, length(NEW.path) + 1) = NEW.path || '/');
END
;
CREATE VIEW browse_counting AS
SELECT status, category_id, brand, seller_id, price, rating, stock_shown, 1 AS n FROM catalogue_product
;
CREATE TRIGGER browse_counted INSTEAD OF INSERT ON browse_counting WHEN NEW.status = 'listed' BEGIN
    INSERT INTO browse_facetcount
    SELECT number, CASE WHEN number & 32 THEN 0 ELSE NEW.category_id END, CASE WHEN number & 16 THEN '' ELSE NEW.brand END,
        CASE WHEN number & 8 THEN 0 ELSE NEW.seller_id END,
        CASE WHEN number & 4 THEN 0 ELSE (SELECT MAX(number) FROM browse_band WHERE edge <= NEW.price) END,
        CASE WHEN number & 2 THEN 0 ELSE CAST(NEW.rating AS integer) END,
        CASE WHEN number & 1 THEN 0 ELSE NEW.stock_shown > 0 END, NEW.n
    FROM browse_grouping WHERE true ON CONFLICT DO UPDATE SET n = n + excluded.n;
    DELETE FROM browse_facetcount WHERE n = 0;
END
;
CREATE TRIGGER browse_product_counted_in AFTER INSERT ON catalogue_product BEGIN
    INSERT INTO browse_counting
    VALUES (NEW.status, NEW.category_id, NEW.brand, NEW.seller_id, NEW.price, NEW.rating, NEW.stock_shown, 1);
END
;
CREATE TRIGGER browse_product_counted_out AFTER DELETE ON catalogue_product BEGIN
    INSERT INTO browse_counting
    VALUES (OLD.status, OLD.category_id, OLD.brand, OLD.seller_id, OLD.price, OLD.rating, OLD.stock_shown, -1);
END
;
CREATE TRIGGER browse_product_recounted AFTER UPDATE ON catalogue_product
WHEN (OLD.status, OLD.category_id, OLD.brand, OLD.seller_id, OLD.price, OLD.rating, OLD.stock_shown)
    IS NOT (NEW.status, NEW.category_id, NEW.brand, NEW.seller_id, NEW.price, NEW.rating, NEW.stock_shown)
BEGIN
    INSERT INTO browse_counting
    VALUES (OLD.status, OLD.category_id, OLD.brand, OLD.seller_id, OLD.price, OLD.rating, OLD.stock_shown, -1),
        (NEW.status, NEW.category_id, NEW.brand, NEW.seller_id, NEW.price, NEW.rating, NEW.stock_shown, 1);
END
;
CREATE VIEW browse_attribute_counting AS
SELECT status, category_id, specifications, 1 AS n FROM catalogue_product
;
CREATE TRIGGER browse_attribute_counted INSTEAD OF INSERT ON browse_attribute_counting WHEN NEW.status = 'listed' BEGIN
    -- No address can ask for longer ones.
    INSERT INTO browse_attributecount
    SELECT DISTINCT NEW.category_id, json_extract(pair.value, '$[0]'), json_extract(pair.value, '$[1]'), NEW.n
    FROM json_each(NEW.specifications) pair
    WHERE pair.type = 'array'
        AND length(json_extract(pair.value, '$[0]')) + length(json_extract(pair.value, '$[1]')) < {{longest_pair}}
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
    DELETE FROM browse_attributecount WHERE n = 0;
END
;
CREATE TRIGGER browse_attributes_in AFTER INSERT ON catalogue_product BEGIN
    INSERT INTO browse_attribute_counting VALUES (NEW.status, NEW.category_id, NEW.specifications, 1);
END
;
CREATE TRIGGER browse_attributes_out AFTER DELETE ON catalogue_product BEGIN
    INSERT INTO browse_attribute_counting VALUES (OLD.status, OLD.category_id, OLD.specifications, -1);
END
;
CREATE TRIGGER browse_attributes_updated AFTER UPDATE ON catalogue_product
WHEN (OLD.status, OLD.category_id, OLD.specifications) IS NOT (NEW.status, NEW.category_id, NEW.specifications)
BEGIN
    INSERT INTO browse_attribute_counting VALUES (OLD.status, OLD.category_id, OLD.specifications, -1),
        (NEW.status, NEW.category_id, NEW.specifications, 1);
END
-- [drop triggers]
DROP TRIGGER IF EXISTS browse_product_inserted
;
DROP TRIGGER IF EXISTS browse_product_updated
;
DROP TRIGGER IF EXISTS browse_product_deleted
;
DROP TRIGGER IF EXISTS browse_category_updated
;
DROP VIEW IF EXISTS browse_document_text
;
DROP TRIGGER IF EXISTS browse_product_counted_in
;
DROP TRIGGER IF EXISTS browse_product_counted_out
;
DROP TRIGGER IF EXISTS browse_product_recounted
;
DROP VIEW IF EXISTS browse_counting
;
DROP TRIGGER IF EXISTS browse_attributes_in
;
DROP TRIGGER IF EXISTS browse_attributes_out
;
DROP TRIGGER IF EXISTS browse_attributes_updated
;
DROP VIEW IF EXISTS browse_attribute_counting
-- [fill]
DELETE FROM browse_searchdocument WHERE product_id BETWEEN %(first)s AND %(last)s
;
INSERT INTO browse_searchdocument SELECT * FROM browse_document_text WHERE product_id BETWEEN %(first)s AND %(last)s
-- [recount]
DELETE FROM browse_facetcount
;
INSERT INTO browse_counting SELECT status, category_id, brand, seller_id, price, rating, stock_shown, COUNT(*)
FROM catalogue_product GROUP BY 1, 2, 3, 4, 5, 6, 7
;
DELETE FROM browse_attributecount
;
INSERT INTO browse_attribute_counting SELECT status, category_id, specifications, 1 FROM catalogue_product
