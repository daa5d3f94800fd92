import Testing

/// Which calls of a function run in one transaction, and with which values.
@Suite("What a host program runs in one transaction")
struct HostTransactionTests {
  /// A function in Go with a transaction.
  private func function(_ body: String, _ parameters: String = "from, to int64") -> String {
    """
    func (s *Store) Work(ctx context.Context, \(parameters)) error {
      tx, err := s.db.Begin(ctx)
      q := db.New(tx)
    \(body)
      return tx.Commit(ctx)
    }
    """
  }

  private func calls(_ body: String, _ parameters: String = "from, to int64") -> [[String]] {
    HostRepository(go: function(body, parameters)).transactions()
  }

  @Test("What does not use the transaction is not part of it")
  func outside() {
    #expect(calls("q.ChargeAccount(ctx, P{ID: from}); s.q.MarkParcel(ctx, P{ID: to})") == [])
    #expect(
      HostRepository(
        go: """
          func (s *Store) Work(ctx context.Context, a, b int64) error {
            s.q.ChargeAccount(ctx, P{ID: a})
            return s.q.MarkParcel(ctx, P{ID: b})
          }
          """
      ).transactions() == [])
  }

  @Test("What comes after the commit is not part of it")
  func afterCommit() {
    let text = """
      func Work(ctx context.Context, a int64) error {
        tx, _ := pool.Begin(ctx)
        q.ChargeAccount(ctx, tx, P{ID: a})
        q.ChargeAccount(ctx, tx, P{ID: a})
        if err := tx.Commit(ctx); err != nil { return err }
        return q.MarkParcel(ctx, tx, P{ID: a})
      }
      """
    #expect(HostRepository(go: text).transactions() == [["charge_account a", "charge_account a"]])
  }

  @Test("A commit on one of the ways ends only that one")
  func commitOnOneWay() {
    let text = """
      func Work(ctx context.Context, a int64) error {
        tx, _ := pool.Begin(ctx)
        q.ChargeAccount(ctx, tx, P{ID: a})
        if a == 0 {
          return tx.Commit(ctx)
        }
        q.MarkParcel(ctx, tx, P{ID: a})
        return tx.Commit(ctx)
      }
      """
    #expect(HostRepository(go: text).transactions() == [["charge_account a", "mark_parcel a"]])
  }

  @Test(
    "A value is known where it comes from the caller or from a row that was found",
    arguments: [
      ("q.MarkParcel(ctx, P{ID: from})", "from"),
      ("q.MarkParcel(ctx, P{ID: int64(from)})", "from"),
      ("q.MarkParcel(ctx, from)", "from"),
      ("p, _ := q.FindParcel(ctx, to); q.MarkParcel(ctx, P{ID: p.Next})", "p.p.Next"),
      ("p, _ := q.AddParcel(ctx); q.MarkParcel(ctx, P{ID: p})", "?"),
      ("q.MarkParcel(ctx, P{ID: compute(from)})", "?"),
      ("q.MarkParcel(ctx, params)", "?"),
      ("if from < to { swap() }; q.MarkParcel(ctx, P{ID: from})", "?"),
    ])
  func values(body: String, value: String) {
    let calls = calls(body + "; q.ChargeAccount(ctx, P{ID: to})").first ?? []
    #expect(calls.contains("mark_parcel \(value)"), "\(calls)")
  }

  @Test("A function that is handed the transaction belongs to it")
  func helper() {
    let text =
      function("s.both(ctx, q, from, to)")
        + """

        func (s *Store) both(ctx context.Context, q *db.Queries, a, b int64) error {
          q.ChargeAccount(ctx, P{ID: b})
          return q.ChargeAccount(ctx, P{ID: a})
        }
        """
    #expect(
      HostRepository(go: text).transactions() == [["charge_account to", "charge_account from"]])
  }

  @Test("A loop over what the caller gives runs twice")
  func loop() {
    #expect(
      calls("for _, id := range ids { q.MarkParcel(ctx, P{ID: id}) }", "ids []int64")
        == [["mark_parcel id 1", "mark_parcel id 2"]])
    #expect(
      calls("for _, o := range in.Orders { q.MarkParcel(ctx, P{ID: o.ID}) }", "in Input")
        == [["mark_parcel o.ID 1", "mark_parcel o.ID 2"]])
  }

  @Test(
    "A loop in a known order, or of no end, runs once",
    arguments: [
      "slices.Sort(ids); for _, id := range ids { q.MarkParcel(ctx, P{ID: id}) }",
      "found, _ := q.FindParcel(ctx, 1); for _, p := range found { q.MarkParcel(ctx, P{ID: p.ID}) }",
      "for { q.MarkParcel(ctx, P{ID: ids}) }",
      "for _, id := range sortedIDs { q.MarkParcel(ctx, P{ID: id}) }",
    ])
  func quietLoop(body: String) throws {
    #expect(try HostRepository(go: function(body, "ids []int64")).found() == [])
  }

  @Test("What is sorted by a comparison can't deadlock, what is not can")
  func comparison() throws {
    let both = "q.ChargeAccount(ctx, P{ID: from}); q.ChargeAccount(ctx, P{ID: to})"
    let swapped = "if from > to { from, to = to, from }; " + both
    let mirrored =
      "if from < to { \(both) } else { q.ChargeAccount(ctx, P{ID: to}); q.ChargeAccount(ctx, P{ID: from}) }"
    #expect(try HostRepository(go: function(both)).found().count == 1)
    #expect(try HostRepository(go: function(swapped)).found() == [])
    #expect(try HostRepository(go: function(mirrored)).found() == [])
  }

  @Test("Two ways are not one after the other")
  func alternatives() throws {
    let text = """
      func Work(ctx context.Context, a, b int64) error {
        tx, _ := pool.Begin(ctx)
        switch kind {
        case 1:
          q.ChargeAccount(ctx, tx, P{ID: a})
        case 2:
          q.MarkParcel(ctx, tx, P{ID: b})
        }
        return tx.Commit(ctx)
      }
      func Other(ctx context.Context, a, b int64) error {
        tx, _ := pool.Begin(ctx)
        q.MarkParcel(ctx, tx, P{ID: b})
        q.ChargeAccount(ctx, tx, P{ID: a})
        return tx.Commit(ctx)
      }
      """
    #expect(try HostRepository(go: text).found() == [])
    let both = text.split(separator: "\n").filter { !$0.contains("case") }.joined(separator: "\n")
    #expect(try HostRepository(go: both).found().count == 1)
    let declaring = text.replacingOccurrences(
      "switch kind {\n  case 1:", "if k := kind(a); k > 1 {", "case 2:", "} else {")
    #expect(try HostRepository(go: declaring).found() == [])
    let leaving = text.replacingOccurrences(
      "switch kind {\n  case 1:", "if kind {", "case 2:", "return tx.Commit(ctx) }; {")
    #expect(try HostRepository(go: leaving).found() == [])
  }

  @Test("Where the caller begins the transaction it is a note")
  func begunElsewhere() throws {
    let text = """
      func work(ctx context.Context, tx pgx.Tx, a, b int64) error {
        q.ChargeAccount(ctx, tx, P{ID: a})
        return q.ChargeAccount(ctx, tx, P{ID: b})
      }
      """
    #expect(try HostRepository(go: text).found() == ["note: two calls of `work` can deadlock"])
  }

  @Test("A transaction that may be one does not hide what others do")
  func begunBeside() throws {
    func begun(_ name: String, _ body: String) -> String {
      "\n" + function(body).replacing("Work", with: name)
    }
    let handed = """
      func work(ctx context.Context, tx pgx.Tx, a, b int64) error {
        q.ChargeAccount(ctx, tx, P{ID: a})
        return q.MarkParcel(ctx, tx, P{ID: b})
      }
      """
    let back = begun("Back", "q.MarkParcel(ctx, P{ID: from}); q.ChargeAccount(ctx, P{ID: to})")
    let forth = begun("Forth", "q.ChargeAccount(ctx, P{ID: from}); q.MarkParcel(ctx, P{ID: to})")
    let guessed = try HostRepository(go: handed + back).found()
    #expect(guessed == ["note: `work (store.go:1)` takes them in the opposite order"])
    let certain = try HostRepository(go: handed + back + forth).found()
    #expect(certain == ["warning: `Forth (store.go:11)` takes them in the opposite order"])
  }

  @Test("A lock that an earlier query takes keeps copies of a query apart")
  func gate() throws {
    let queries = """
      CREATE TABLE t (id int PRIMARY KEY, n int);
      -- name: Lock
      SELECT pg_advisory_xact_lock(@key);
      -- name: TryLock
      SELECT pg_try_advisory_xact_lock(@key);
      -- name: Mark
      UPDATE t SET n = 1;
      """
    func found(_ body: String, _ other: String = "", isWhole: Bool = true) throws -> [String] {
      var repository = HostRepository(go: function(body) + other)
      repository.queries = queries
      repository.isWhole = isWhole
      return try repository.found().filter { $0.hasPrefix("warning") }
    }
    let alone = "\nfunc Other(ctx context.Context) { s.queries.Mark(ctx) }"
    #expect(try found("q.Mark(ctx)").count == 1)
    #expect(try found("q.Lock(ctx, from); q.Mark(ctx)") == [])
    #expect(try found("if !q.TryLock(ctx, from) { return nil }; q.Mark(ctx)") == [])
    #expect(try found("q.Mark(ctx); q.Lock(ctx, from)").count == 1)
    #expect(try found("if isUrgent { q.Lock(ctx, from) }; q.Mark(ctx)").count == 1)
    #expect(try found("q.Lock(ctx, from); q.Mark(ctx)", alone).count == 1)
    #expect(try found("q.Lock(ctx, from); q.Mark(ctx)", isWhole: false).count == 1)
  }

  @Test("A program that can't be read to its end does no harm")
  func broken() {
    for text in ["", "q", "// Code generated", "\n"] {
      #expect(HostRepository(go: text).transactions() == [])
    }
    for (path, text) in HostLanguageTests.programs {
      for count in stride(from: 0, to: text.utf8.count, by: 4) {
        let part = String(decoding: text.utf8.prefix(count), as: UTF8.self)
        _ = HostRepository(path, part).transactions()
        // Brackets that close what nothing has opened.
        _ = HostRepository(path, String(part.reversed()) + "charge_account").transactions()
      }
    }
  }
}

extension String {
  /// The text with each odd piece replaced by the one after it.
  fileprivate func replacingOccurrences(_ pairs: String...) -> String {
    stride(from: 0, to: pairs.count, by: 2).reduce(self) { text, index in
      text.replacing(pairs[index], with: pairs[index + 1])
    }
  }
}
