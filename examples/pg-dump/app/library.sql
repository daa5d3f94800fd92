-- One row each: the dump says that isbn is unique and what the key of loans is.
UPDATE books SET copies = copies - 1 WHERE isbn = $1;
DELETE FROM loans WHERE book_id = $1 AND reader = $2;

-- In the order of the key.
SELECT id FROM books WHERE isbn = ANY ($1) ORDER BY isbn FOR UPDATE;

-- Half of the key leaves the loans of a book undecided.
SELECT reader FROM loans WHERE due < $1 ORDER BY book_id FOR UPDATE;

-- In no order.
DELETE FROM loans WHERE due < now() - interval '1 year';
