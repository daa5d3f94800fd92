INSERT INTO numbers (number, spelling) VALUES
  (1, 'eins'),
  (2, 'zwei'),
  (3, 'drei')
ON CONFLICT (number) DO UPDATE SET seen = numbers.seen + 1;
