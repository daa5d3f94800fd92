import Testing

/// Programs as people write them in which the plain reading would be wrong.
@Suite("What is easily misread in a host program")
struct HostSubtletyTests {
  /// A function in Go with the same two queries in the other order, so that an order that is none shows.
  private static let opposite = """

    func opposite(ctx context.Context, x, y int64) error {
      tx, _ := pool.Begin(ctx)
      q.MarkParcel(ctx, tx, P{ID: y})
      q.ChargeAccount(ctx, tx, P{ID: x})
      return tx.Commit(ctx)
    }
    """

  private static func go(_ body: String, _ parameters: String = "a, b int64, k Kind") -> String {
    """
    func work(ctx context.Context, \(parameters)) error {
      tx, _ := pool.Begin(ctx)
    \(body)
      return tx.Commit(ctx)
    }
    """
  }

  @Test(
    "Different ways are no order",
    arguments: [
      "if v, ok := m[k]; ok { q.ChargeAccount(ctx, tx, P{ID: a}) } else { q.MarkParcel(ctx, tx, P{ID: b}) }",
      "if match { q.ChargeAccount(ctx, tx, P{ID: a}) } else { q.MarkParcel(ctx, tx, P{ID: b}) }",
      "switch k {\ncase 1: q.ChargeAccount(ctx, tx, P{ID: a}); return nil\n}\nq.MarkParcel(ctx, tx, P{ID: b})",
      "switch {\ncase k == 1: q.ChargeAccount(ctx, tx, P{ID: a})\ndefault: q.MarkParcel(ctx, tx, P{ID: b})\n}",
    ])
  func ways(body: String) throws {
    #expect(try HostRepository(go: Self.go(body) + Self.opposite).found() == [])
  }

  @Test(
    "Ways without braces are ways",
    arguments: [
      "if (k) await chargeAccount.run({ id: a }, tx); else await markParcel.run({ id: b }, tx);",
      "if (k) await chargeAccount.run({ id: a }, tx)\n    else await markParcel.run({ id: b }, tx)",
      "if (k) await chargeAccount.run({ id: a }, tx) else await markParcel.run({ id: b }, tx)",
      "switch (k) { case 1: { await chargeAccount.run({ id: a }, tx); return; } }\n    await markParcel.run({ id: b }, tx);",
      "if (k) return chargeAccount.run({ id: a }, tx);\n    await markParcel.run({ id: b }, tx);",
      "await (k ? chargeAccount.run({ id: a }, tx) : markParcel.run({ id: b }, tx));",
      "k\n      ? await chargeAccount.run({ id: a }, tx)\n      : await markParcel.run({ id: b }, tx);",
    ])
  func bracelessWays(body: String) throws {
    func text(_ body: String) -> String {
      """
      async function work(a: number, b: number, k?: boolean) {
        await db.transaction(async (tx) => {
          \(body)
        });
      }
      async function opposite(a: number, b: number) {
        await db.transaction(async (tx) => {
          await markParcel.run({ id: b }, tx);
          await chargeAccount.run({ id: a }, tx);
        });
      }
      """
    }
    #expect(try HostRepository("a.ts", text(body)).found() == [])
    let both =
      "if (k) log(); await chargeAccount.run({ id: a }, tx); await markParcel.run({ id: b }, tx);"
    #expect(try HostRepository("a.ts", text(both)).found().count == 1)
  }

  @Test(
    "Python's conditions in one line have two ways",
    arguments: [
      "charge_account(conn, id=a) if k else mark_parcel(conn, id=b)",
      "if k: charge_account(conn, id=a)\n        else: mark_parcel(conn, id=b)",
    ])
  func conditionsInOneLine(body: String) throws {
    let text = """
      def work(conn, a, b, k):
          with conn.transaction():
              \(body)

      def opposite(conn, a, b):
          with conn.transaction():
              mark_parcel(conn, id=b)
              charge_account(conn, id=a)
      """
    #expect(try HostRepository("a.py", text).found() == [])
  }

  @Test("Clojure's case has ways, and what is taken out is not there")
  func forms() throws {
    let text = """
      (defn work [db a b k]
        (jdbc/with-transaction [tx db]
          #_(mark_parcel tx {:id b})
          (case k
            :one (charge_account tx {:id a})
            :two (mark_parcel tx {:id b})
            nil)))
      (defn opposite [db a b]
        (jdbc/with-transaction [tx db]
          (mark_parcel tx {:id b})
          (charge_account tx {:id a})))
      """
    #expect(try HostRepository("a.clj", text).found() == [])
  }

  @Test(
    "Each round of a loop around a transaction is one of its own",
    arguments: [
      "for _, id := range ids { pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { return q.MarkParcel(ctx, tx, P{ID: id}) }) }",
      "for _, id := range ids { tx, _ := pool.Begin(ctx); q.MarkParcel(ctx, tx, P{ID: id}); tx.Commit(ctx) }",
    ])
  func loopsAround(body: String) throws {
    let text = "func work(ctx context.Context, ids []int64) error {\n\(body)\nreturn nil\n}"
    #expect(HostRepository(go: text).transactions() == [])
    #expect(try HostRepository(go: text).found() == [])
  }

  @Test(
    "What gets another value is the caller's no more",
    arguments: [
      "if bytes.Compare(a[:], b[:]) > 0 { a, b = b, a }", "a, b = sorted(a, b)",
    ])
  func reassigned(statement: String) throws {
    let both = "\nq.ChargeAccount(ctx, tx, P{ID: a})\nq.ChargeAccount(ctx, tx, P{ID: b})"
    #expect(try HostRepository(go: Self.go(statement + both)).found() == [])
    #expect(try HostRepository(go: Self.go(both)).found().count == 1)
  }

  @Test(
    "A loop over what is in order needs no order",
    arguments: [
      "for _, id := range lockOrder { q.MarkParcel(ctx, tx, P{ID: id}) }",
      "ids := stable(k); for _, id := range ids { q.MarkParcel(ctx, tx, P{ID: id}) }",
    ])
  func ordered(body: String) throws {
    #expect(try HostRepository(go: Self.go(body)).found() == [])
    let rust = """
      async fn work(pool: &Pool, ids: BTreeSet<i64>) -> Result<(), Error> {
          let mut tx = pool.begin().await?;
          for id in ids { mark_parcel(&mut *tx, id).await?; }
          tx.commit().await
      }
      """
    #expect(try HostRepository("a.rs", rust).found() == [])
  }

  @Test("A function of another object, or one that begins its own transaction, is no helper")
  func otherFunctions() {
    let other = """

      func (s *Other) Both(ctx context.Context, tx DBTX, a int64) { s.q.MarkParcel(ctx, tx, P{ID: a}) }
      func (s *Store) Own(ctx context.Context, pool *Pool, a int64) {
        tx, _ := pool.Begin(ctx)
        s.q.MarkParcel(ctx, tx, P{ID: a})
        tx.Commit(ctx)
      }
      """
    for call in ["s.other.Both(ctx, tx, a)", "s.Own(ctx, tx, a)"] {
      let text = """
        func (s *Store) Work(ctx context.Context, a int64) {
          tx, _ := pool.Begin(ctx)
          s.q.ChargeAccount(ctx, tx, P{ID: a})
          \(call)
        }
        """
      #expect(HostRepository(go: text + other).transactions() == [], "\(call)")
    }
  }

  @Test("A commit in a try block ends the transaction, and a rollback does")
  func ends() {
    let text = """
      async function work(a, b) {
        await client.query('BEGIN');
        try {
          await chargeAccount.run({ id: a }, client);
          await chargeAccount.run({ id: a }, client);
          await client.query('COMMIT');
        } catch (error) {
          await client.query('ROLLBACK');
          await markParcel.run({ id: b }, client);
        }
        await markParcel.run({ id: b }, client);
      }
      """
    #expect(
      HostRepository("a.js", text).transactions() == [["charge_account a", "charge_account a"]])
  }

  @Test("Annotations and classes are no functions")
  func annotations() {
    let text = """
      @Service("x")
      public class A {
        @Transactional(rollbackFor = Exception.class)
        public void both(long a, long b) { q.chargeAccount(1, a); q.chargeAccount(1, b); }
        @Transactional(propagation = Propagation.NOT_SUPPORTED)
        public void none(long a, long b) { q.chargeAccount(1, a); q.markParcel(b); }
        public void plain(long a, long b) { q.chargeAccount(1, a); q.markParcel(b); }
      }
      """
    #expect(
      HostRepository("A.java", text).transactions() == [["charge_account a", "charge_account b"]])
  }

  @Test("What is only called a transaction is none")
  func domain() {
    let text = """
      func Work(ctx context.Context, transaction Transaction, a int64) {
        q.ChargeAccount(ctx, transaction.From)
        q.MarkParcel(ctx, transaction.To)
      }
      func Other(ctx context.Context, a, b int64) {
        txn := NewTransaction(a, b)
        q.ChargeAccount(ctx, txn.From)
        q.MarkParcel(ctx, txn.To)
      }
      """
    #expect(HostRepository(go: text).transactions() == [])
  }

  @Test("Queries that are called on what a call gives, and aiosql's signs, are found")
  func found() {
    let chained = Self.go(
      "s.q.WithTx(tx).ChargeAccount(ctx, a); db.New(tx).MarkParcel(ctx, P{ID: b})")
    #expect(HostRepository(go: chained).transactions().first?.count == 2)
    var repository = HostRepository(
      "a.py",
      "def work(conn, a):\n    with conn.transaction():\n        q.get_it(conn, id=a)\n        q.drop_it(conn, id=a)\n"
    )
    repository.queries = """
      CREATE TABLE t (id int PRIMARY KEY);
      -- name: get_it^
      SELECT FROM t WHERE id = :id FOR UPDATE;
      -- name: drop-it!
      DELETE FROM t WHERE id = :id;
      """
    #expect(repository.transactions().first?.count == 2)
  }
}
