/// Writes statements over a fixed set of tables.
struct StatementWriter {
  var random: SplitMix
  private var created = 0
  private var named = 0

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  private static let nouns = [
    "account", "purchase", "invoice", "payment", "shipment", "product", "warehouse", "customer",
    "session", "ticket", "message", "booking", "transfer", "ledger", "coupon", "device",
    "subscription", "employee", "contract", "document", "category", "review", "alert", "job",
  ]
  private static let parts = [
    "", "_item", "_event", "_history", "_queue", "_tag", "_total", "_note",
  ]
  private static let columns = [
    "customer_id", "status", "amount", "created_at", "updated_at", "quantity", "reference",
    "region", "priority", "description", "attempts", "payload",
  ]
  private static let tables = parts.flatMap { part in nouns.map { "\($0)\(part)" } }

  static var tableCount: Int { tables.count }

  private mutating func table() -> String { random.element(of: Self.tables) }
  private mutating func column() -> String { random.element(of: Self.columns) }

  private mutating func pick(_ texts: (inout StatementWriter) -> String...) -> String {
    texts[random.below(texts.count)](&self)
  }

  // MARK: Text between statements

  mutating func header() -> String {
    "-- Owned by the \(random.element(of: Self.nouns)) team; see the handbook before changing it.\n"
  }

  private mutating func comment() -> String {
    random.below(3) == 0
      ? "-- Keeps \(table()) in step with \(table()); runs \(random.below(90) + 10) times a minute.\n"
      : ""
  }

  // MARK: Migrations

  mutating func migration() -> String {
    guard created >= Self.tables.count else { return createTable() }
    return comment()
      + pick(
        {
          "ALTER TABLE \($0.table()) ADD COLUMN IF NOT EXISTS extra_\($0.random.below(99)) text;\n"
        },
        {
          """
          CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_\($0.random.below(9999))
            ON \($0.table()) (\($0.column()), \($0.column())) WHERE status <> 'done';

          """
        },
        { "UPDATE \($0.table()) SET \($0.column()) = DEFAULT WHERE \($0.column()) IS NULL;\n" },
        {
          """
          BEGIN;
          LOCK TABLE \($0.table()) IN SHARE ROW EXCLUSIVE MODE;
          \($0.update())COMMIT;

          """
        },
        { $0.seed() },
        { "ALTER TABLE \($0.table()) ALTER COLUMN \($0.column()) SET NOT NULL;\n" },
        { "ALTER TABLE \($0.table()) DROP COLUMN IF EXISTS extra_\($0.random.below(99));\n" },
        { "ALTER TABLE \($0.table()) ADD CHECK (\($0.column()) IS NOT NULL) NOT VALID;\n" },
        { "COMMENT ON TABLE \($0.table()) IS 'Rows are kept for \($0.random.below(36)) months';\n" }
      )
  }

  private mutating func createTable() -> String {
    let name = Self.tables[created]
    created += 1
    let parent = Self.tables[random.below(max(1, created - 1))]
    let reference =
      created > 1 ? "  parent_id bigint REFERENCES \(parent) (id) ON DELETE CASCADE,\n" : ""
    return """
      CREATE TABLE \(name) (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      \(reference)  customer_id bigint NOT NULL,
        status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'open', 'done')),
        amount numeric(12, 2) NOT NULL DEFAULT 0,
        quantity integer NOT NULL DEFAULT 1,
        reference text,
        region text,
        priority smallint NOT NULL DEFAULT 5,
        description text,
        attempts integer NOT NULL DEFAULT 0,
        payload jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz,
        UNIQUE (customer_id, reference)
      );
      CREATE INDEX idx_\(name)_status ON \(name) (status, created_at DESC);

      """
  }

  private mutating func seed() -> String {
    let name = table()
    let rows = (0..<(3 + random.below(20))).map { row in
      "  (\(row * 7 + random.below(7)), 'open', \(random.below(90000)).50, 'seed-\(row)', '\(table())')"
    }
    return """
      INSERT INTO \(name) (customer_id, status, amount, reference, description) VALUES
      \(rows.joined(separator: ",\n"))
      ON CONFLICT (customer_id, reference) DO NOTHING;

      """
  }

  // MARK: Functions

  mutating func routine() -> String {
    let (first, second) = (table(), table())
    named += 1
    return comment() + """
      CREATE OR REPLACE FUNCTION move_\(first)_\(named)(p_id bigint, p_amount numeric)
      RETURNS bigint LANGUAGE plpgsql AS $body$
      DECLARE
        v_row \(first)%ROWTYPE;
        v_count integer := 0;
      BEGIN
        SELECT * INTO v_row FROM \(first) WHERE id = p_id FOR UPDATE;
        IF NOT FOUND THEN
          RAISE EXCEPTION '\(first) % is missing', p_id;
        END IF;
        UPDATE \(first) SET amount = amount - p_amount, updated_at = now() WHERE id = p_id;
        FOR v_row IN SELECT * FROM \(first) WHERE parent_id = p_id ORDER BY id LOOP
          UPDATE \(second) SET amount = amount + p_amount WHERE customer_id = v_row.customer_id;
          v_count := v_count + 1;
        END LOOP;
        RETURN v_count;
      END;
      $body$;

      """
  }

  // MARK: Views

  mutating func view() -> String {
    let (first, second, third) = (table(), table(), table())
    named += 1
    return comment() + """
      CREATE OR REPLACE VIEW \(first)_report_\(named) AS
      WITH recent AS (
        SELECT a.id, a.customer_id, a.amount, coalesce(a.region, 'unknown') AS region,
          row_number() OVER (PARTITION BY a.customer_id ORDER BY a.created_at DESC) AS place
        FROM \(first) a WHERE a.created_at > now() - interval '30 days'
      )
      SELECT r.customer_id, r.region, count(*) FILTER (WHERE b.status = 'done') AS done,
        sum(CASE WHEN b.amount > 1000 THEN b.amount * 0.97 ELSE b.amount END) AS total,
        string_agg(DISTINCT c.reference, ', ' ORDER BY c.reference) AS references_used
      FROM recent r
      JOIN \(second) b ON b.customer_id = r.customer_id AND b.\(column()) IS NOT NULL
      LEFT JOIN \(third) c ON c.customer_id = b.customer_id AND c.id <> b.id
      WHERE r.place <= \(random.below(20) + 1) AND EXISTS (
        SELECT 1 FROM \(table()) d WHERE d.customer_id = r.customer_id AND d.\(column()) = 'x'
      )
      GROUP BY r.customer_id, r.region HAVING sum(b.amount) > 0;

      """
  }

  // MARK: Queries

  /// Mostly reads and writes of single rows, as applications have them; about one in twenty locks
  /// several rows in no order.
  mutating func namedQuery() -> String {
    named += 1
    let head = "-- name: Query\(named) :many\n" + comment()
    switch random.below(20) {
    case 0..<9: return head + lookup()
    case 9..<13: return head + update()
    case 13..<16: return head + insert()
    case 16: return head + queue()
    case 17: return head + upsert(isSorted: true)
    case 18:
      return head
        + "SELECT id, amount FROM \(table()) WHERE customer_id = $1 ORDER BY id FOR UPDATE;\n"
    default:
      return head
        + pick(
          { $0.bulkUpdate() }, { $0.upsert(isSorted: false) },
          { "DELETE FROM \($0.table()) WHERE id = ANY($1::bigint[]);\n" })
    }
  }

  private mutating func insert() -> String {
    """
    INSERT INTO \(table()) (customer_id, reference, amount, quantity, \(column()))
    VALUES ($1, $2, $3, coalesce($4, 1), $5) RETURNING id;

    """
  }

  private mutating func update() -> String {
    "UPDATE \(table()) SET \(column()) = $1, updated_at = now() WHERE id = $2 RETURNING id, status;\n"
  }

  private mutating func bulkUpdate() -> String {
    """
    UPDATE \(table()) t SET amount = t.amount + s.amount, updated_at = clock_timestamp()
    FROM (SELECT customer_id, sum(amount) AS amount FROM \(table()) GROUP BY customer_id) s
    WHERE s.customer_id = t.customer_id AND t.status = ANY ($1);

    """
  }

  private mutating func upsert(isSorted: Bool) -> String {
    let order = isSorted ? "\n    ORDER BY u.customer_id, u.reference" : ""
    return """
      INSERT INTO \(table()) AS t (customer_id, reference, amount, quantity)
      SELECT u.customer_id, u.reference, u.amount, 1
      FROM unnest($1::bigint[], $2::text[], $3::numeric[]) AS u(customer_id, reference, amount)\(order)
      ON CONFLICT (customer_id, reference)
      DO UPDATE SET amount = t.amount + excluded.amount, quantity = t.quantity + 1;

      """
  }

  private mutating func queue() -> String {
    """
    WITH next AS (
      SELECT id FROM \(table()) WHERE status = 'new' AND attempts < 5
      ORDER BY priority, id LIMIT $1 FOR UPDATE SKIP LOCKED
    )
    UPDATE \(table()) q SET status = 'open', attempts = q.attempts + 1
    FROM next WHERE next.id = q.id RETURNING q.*;

    """
  }

  private mutating func lookup() -> String {
    """
    SELECT a.id, a.status, a.amount, b.reference AS other, b.payload ->> 'kind' AS kind
    FROM \(table()) a
    JOIN \(table()) b ON b.customer_id = a.customer_id AND b.\(column()) = a.\(column())
    WHERE a.customer_id = $1 AND (a.region = $2 OR a.region IS NULL)
      AND a.created_at BETWEEN $3 AND $4
    ORDER BY a.created_at DESC, a.id LIMIT \(random.below(90) + 10) OFFSET $5;

    """
  }
}
