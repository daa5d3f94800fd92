package bank

import (
	"context"

	"example.com/bank/db"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Store runs what belongs together in one transaction.
type Store struct {
	pool    *pgxpool.Pool
	queries *db.Queries
}

// Transfer moves money from one account to another.
func (s *Store) Transfer(ctx context.Context, from, to, amount int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	qtx := s.queries.WithTx(tx)

	if from < to {
		err = move(ctx, qtx, from, -amount, to, amount)
	} else {
		err = move(ctx, qtx, to, amount, from, -amount)
	}
	if err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// move changes two accounts, the one with the smaller number first.
func move(ctx context.Context, q *db.Queries, first, change, second, other int64) error {
	if err := q.ChargeAccount(ctx, db.ChargeAccountParams{ID: first, Amount: -change}); err != nil {
		return err
	}
	return q.ChargeAccount(ctx, db.ChargeAccountParams{ID: second, Amount: -other})
}

// Ship charges an account for a parcel that leaves.
func (s *Store) Ship(ctx context.Context, account, parcel, price int64) error {
	return s.inTx(ctx, func(q *db.Queries) error {
		if err := q.ChargeAccount(ctx, db.ChargeAccountParams{ID: account, Amount: price}); err != nil {
			return err
		}
		return q.MarkParcel(ctx, db.MarkParcelParams{ID: parcel, State: "shipped"})
	})
}

// TakeBack pays for a parcel that comes back.
func (s *Store) TakeBack(ctx context.Context, account, parcel, price int64) error {
	return s.inTx(ctx, func(q *db.Queries) error {
		if err := q.ChargeAccount(ctx, db.ChargeAccountParams{ID: account, Amount: -price}); err != nil {
			return err
		}
		return q.MarkParcel(ctx, db.MarkParcelParams{ID: parcel, State: "back"})
	})
}

func (s *Store) inTx(ctx context.Context, run func(*db.Queries) error) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := run(s.queries.WithTx(tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
