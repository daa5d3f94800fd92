INSERT INTO numbers (number, spelling) VALUES
  (1, 'one'),
  (2, 'two'),
  (3, 'three')
ON CONFLICT (number) DO UPDATE SET seen = numbers.seen + 1;
