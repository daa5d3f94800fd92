import Testing

/// Each language has its own way of writing the same transaction.
@Suite("Transactions of host programs")
struct HostLanguageTests {
  static let programs = [
    (
      "transfer.go",
      """
      func (s *Store) Transfer(ctx context.Context, from, to, amount int64) error {
        tx, err := s.db.BeginTx(ctx, pgx.TxOptions{IsoLevel: "x"})
        if err != nil { return err }
        defer tx.Rollback(ctx)
        qtx := s.queries.WithTx(tx)
        // qtx.ChargeAccount(ctx, db.ChargeAccountParams{ID: other})
        err = qtx.ChargeAccount(ctx, db.ChargeAccountParams{ID: from, Amount: amount})
        err = qtx.ChargeAccount(ctx, db.ChargeAccountParams{ID: to, Amount: -amount})
        return tx.Commit(ctx)
      }
      """
    ),
    (
      "transfer.ts",
      """
      export const transfer = async (from: string, to: string): Promise<void> => {
        const client = await pool.connect();
        await client.query('BEGIN');
        try {
          await chargeAccount.run({ id: from, amount: 1 }, client);
          await chargeAccount.run({ id: to, amount: /[(]/.test(to) ? 1 : 2 }, client);
          await client.query('COMMIT');
        } catch (error) {
          await client.query(`ROLLBACK`);
        }
      };
      """
    ),
    (
      "transfer.js",
      """
      class Store {
        async transfer({ from, to }) {
          await this.db.transaction(async (tx) => {
            await tx.chargeAccount({ id: from });
            await tx.chargeAccount({ id: to });
          });
        }
      }
      """
    ),
    (
      "transfer.py",
      """
      async def transfer(pool, from, to):
          \"\"\"Moves queries.charge_account(conn, id=x).\"\"\"
          async with pool.acquire() as conn:
              async with conn.transaction():
                  await queries.charge_account(conn, id=from, amount=1)
                  await queries.charge_account(
                      conn,
                      id=to, amount=-1)

      """
    ),
    (
      "Transfer.kt",
      """
      suspend fun transfer(from: Long, to: Long) = database.transaction { tx ->
          tx.chargeAccount(amount = 1, id = from)
          tx.chargeAccount(amount = -1, id = to)
      }
      """
    ),
    (
      "Transfer.java",
      """
      class Transfer {
        @Transactional
        public void transfer(long from, long to) throws SQLException {
          queries.chargeAccount(1, from);
          queries.chargeAccount(-1, to);
        }
      }
      """
    ),
    (
      "transfer.rs",
      """
      pub async fn transfer<'a>(pool: &'a Pool, from: i64, to: i64) -> Result<(), Error> {
          let mut tx = pool.begin().await?;
          charge_account(&mut tx, 1, from).await?;
          charge_account(&mut tx, -1, to).await?;
          tx.commit().await
      }
      """
    ),
    (
      "transfer.clj",
      """
      (defn transfer!
        [db from to]
        (jdbc/with-transaction [tx db]
          ; (q/charge-account tx {:id nobody})
          (q/charge_account tx {:id from :amount 1})
          (q/charge_account tx {:id to :amount -1})))
      """
    ),
  ]

  @Test("A transfer in each language", arguments: programs)
  func transfer(path: String, text: String) throws {
    let repository = HostRepository(path, text)
    #expect(
      repository.transactions() == [["charge_account from", "charge_account to"]])
    let found = try repository.found()
    #expect(found.count == 1)
    #expect(found.first?.lowercased().hasPrefix("warning: two calls of `transfer") ?? false)
  }
}
