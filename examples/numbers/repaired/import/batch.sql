-- sqllock:ordered number -- the importer sorts a batch before it binds it
INSERT INTO numbers (number, spelling) VALUES ($1, $2), ($3, $4), ($5, $6)
ON CONFLICT (number) DO UPDATE SET seen = numbers.seen + 1;
