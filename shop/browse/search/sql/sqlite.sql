-- index
CREATE VIRTUAL TABLE browse_index USING fts5 (
    title, brand, category, ancestors, specifications, description,
    content = 'browse_entry', content_rowid = 'product_id', tokenize = 'porter unicode61 remove_diacritics 2'
)
;
INSERT INTO browse_index (browse_index, rank) VALUES ('rank', 'bm25(5.0, 3.0, 1.0, 1.0, 0.3, 3.0)')
;
CREATE VIRTUAL TABLE browse_spelling USING fts5 (
    title, brand, category, specifications, description,
    content = 'browse_entry', content_rowid = 'product_id', tokenize = 'unicode61 remove_diacritics 2', detail = 'none'
)
;
CREATE VIRTUAL TABLE browse_word USING fts5vocab (browse_spelling, row)
;
CREATE TRIGGER browse_entry_inserted AFTER INSERT ON browse_entry BEGIN
    INSERT INTO browse_index (rowid, title, brand, category, ancestors, specifications, description)
    VALUES (NEW.product_id, NEW.title, NEW.brand, NEW.category, NEW.ancestors, NEW.specifications, NEW.description);
    INSERT INTO browse_spelling (rowid, title, brand, category, specifications, description)
    VALUES (NEW.product_id, NEW.title, NEW.brand, NEW.category, NEW.specifications, NEW.description);
END
;
CREATE TRIGGER browse_entry_deleted AFTER DELETE ON browse_entry BEGIN
    INSERT INTO browse_index (browse_index, rowid, title, brand, category, ancestors, specifications, description)
    VALUES ('delete', OLD.product_id, OLD.title, OLD.brand, OLD.category, OLD.ancestors, OLD.specifications, OLD.description);
    INSERT INTO browse_spelling (browse_spelling, rowid, title, brand, category, specifications, description)
    VALUES ('delete', OLD.product_id, OLD.title, OLD.brand, OLD.category, OLD.specifications, OLD.description);
END
;
-- triggers
CREATE VIEW browse_text AS
SELECT product.id AS product_id, product.title, product.brand, category.name AS category,
    COALESCE((SELECT group_concat(above.name, ' ') FROM catalogue_category above
              WHERE substr(category.path, 1, length(above.path) + 1) = above.path || '/'), '') AS ancestors,
    COALESCE((SELECT group_concat(json_extract(pair.value, '$[0]') || ' ' || json_extract(pair.value, '$[1]'), ' ')
              FROM json_each(product.specifications) pair WHERE pair.type = 'array'), '') AS specifications,
    product.description
FROM catalogue_product product JOIN catalogue_category category ON category.id = product.category_id
WHERE product.status = 'listed'
;
CREATE TRIGGER browse_product_inserted AFTER INSERT ON catalogue_product BEGIN
    DELETE FROM browse_entry WHERE product_id = NEW.id;
    INSERT INTO browse_entry SELECT * FROM browse_text WHERE product_id = NEW.id;
END
;
CREATE TRIGGER browse_product_updated AFTER UPDATE ON catalogue_product
WHEN (OLD.status, OLD.title, OLD.brand, OLD.category_id, OLD.specifications, OLD.description)
    IS NOT (NEW.status, NEW.title, NEW.brand, NEW.category_id, NEW.specifications, NEW.description)
BEGIN
    DELETE FROM browse_entry WHERE product_id = NEW.id;
    INSERT INTO browse_entry SELECT * FROM browse_text WHERE product_id = NEW.id;
END
;
CREATE TRIGGER browse_product_deleted AFTER DELETE ON catalogue_product BEGIN
    DELETE FROM browse_entry WHERE product_id = OLD.id;
END
;
CREATE TRIGGER browse_category_updated AFTER UPDATE ON catalogue_category
WHEN (OLD.name, OLD.path) IS NOT (NEW.name, NEW.path)
BEGIN
    DELETE FROM browse_entry WHERE product_id IN (
        SELECT product.id FROM catalogue_product product JOIN catalogue_category category ON category.id = product.category_id
        WHERE category.path = NEW.path OR substr(category.path, 1, length(NEW.path) + 1) = NEW.path || '/');
    INSERT INTO browse_entry SELECT * FROM browse_text WHERE product_id IN (
        SELECT product.id FROM catalogue_product product JOIN catalogue_category category ON category.id = product.category_id
        WHERE category.path = NEW.path OR substr(category.path, 1, length(NEW.path) + 1) = NEW.path || '/');
END
;
-- drop_triggers
DROP TRIGGER IF EXISTS browse_product_inserted
;
DROP TRIGGER IF EXISTS browse_product_updated
;
DROP TRIGGER IF EXISTS browse_product_deleted
;
DROP TRIGGER IF EXISTS browse_category_updated
;
DROP VIEW IF EXISTS browse_text
;
-- fill
DELETE FROM browse_entry WHERE product_id BETWEEN %(first)s AND %(last)s
;
INSERT INTO browse_entry SELECT * FROM browse_text WHERE product_id BETWEEN %(first)s AND %(last)s
;
-- drop_index
DROP TRIGGER browse_entry_inserted
;
DROP TRIGGER browse_entry_deleted
;
DROP TABLE browse_word
;
DROP TABLE browse_spelling
;
DROP TABLE browse_index
