INSERT INTO numbers (number, spelling) VALUES
  (3, 'drei'),
  (2, 'zwei'),
  (1, 'eins')
ON CONFLICT (number) DO UPDATE SET seen = numbers.seen + 1;
