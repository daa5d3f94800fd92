import Testing

/// Bodies of PL/pgSQL and their structure as `PLDump` writes it.
enum RoutineCases {
  /// One body.
  struct Case: Sendable, CustomTestStringConvertible {
    let body: String
    let dump: String
    var testDescription: String { body }
  }

  static let all = blocks + cursorsAndResults + rest + broken

  private static let blocks = [
    Case(
      body: "BEGIN NULL; END",
      dump: "{nothing}"),
    Case(
      body: """
        DECLARE a int; b CONSTANT text NOT NULL := f(1); c numeric(10, 2)[] DEFAULT '{}'; d \
        t%ROWTYPE; e s.t.c%TYPE = 3; g record; h text COLLATE "C" = 'x'; BEGIN a := b; END;
        """,
      dump: """
        {a int, b text=«f(1)»!, c array numeric(10, 2)[]=«'{}'»!, d record t%ROWTYPE, e \
        s.t.c%TYPE=«3», g record record, h text=«'x'»! | a:=«b»}
        """),
    Case(
      body: """
        DECLARE k ALIAS FOR $1; "Big" int; c refcursor; acct accounts; BEGIN acct.balance := -1; \
        "Big" := acct.balance; END
        """,
      dump: """
        {k alias $1, Big int, c refcursor refcursor, acct record accounts | acct.balance:=«-1»; \
        Big:=«acct.balance»}
        """),
    Case(
      body: """
        <<outer>> DECLARE x int := 1; BEGIN <<inner>> DECLARE x int := outer.x; BEGIN x := 2; END \
        inner; END outer;
        """,
      dump: "outer:{x int=«1» | inner:{x int=«outer.x» | x:=«2»}}"),
    Case(
      body: """
        BEGIN UPDATE t SET a = 1 WHERE id = 2; EXCEPTION WHEN deadlock_detected OR \
        lock_not_available OR SQLSTATE '40001' THEN RAISE; WHEN OTHERS THEN NULL; END;
        """,
      dump: """
        {sql «UPDATE t SET a = 1 WHERE id = 2»! ! deadlock_detected/lock_not_available/40001: \
        raise ! others: nothing}
        """),
    Case(
      body: """
        BEGIN IF a > 1 THEN x := 1; ELSIF f(a) THEN x := 2; ELSEIF b THEN NULL; ELSE x := 3; END \
        IF; END
        """,
      dump: "{choice («a > 1»)[x:=«1»](«f(a)»!)[x:=«2»](«b»)[nothing]()[x:=«3»]}"),
    Case(
      body: "BEGIN IF (CASE WHEN a THEN b ELSE c END) THEN RETURN; END IF; END",
      dump: "{choice («(CASE WHEN a THEN b ELSE c END)»!)[return]}"),
    Case(
      body: "BEGIN CASE x WHEN 1, 2 THEN a := 1; WHEN f(3) THEN b := 2; ELSE NULL; END CASE; END",
      dump: "{choice «x»(«1», «2»)[a:=«1»](«f(3)»!)[b:=«2»]()[nothing]}"),
    Case(
      body: "BEGIN CASE WHEN EXISTS (SELECT 1 FROM t) THEN a := 1; WHEN y THEN NULL; END CASE; END",
      dump: "{choice («EXISTS (SELECT 1 FROM t)»!)[a:=«1»](«y»)[nothing]}"),
    Case(
      body: "BEGIN <<l>> LOOP EXIT l WHEN f(x); CONTINUE; EXIT; CONTINUE l WHEN a; END LOOP l; END",
      dump: "{l:loop [exit l when «f(x)»!; continue; exit; continue l when «a»]}"),
    Case(
      body: "BEGIN WHILE n > (SELECT count(*) FROM t) LOOP n := n + 1; END LOOP; END",
      dump: "{loop while «n > (SELECT count(*) FROM t)»![n:=«n + 1»]}"),
    Case(
      body: """
        BEGIN FOR i IN 1..10 LOOP NULL; END LOOP; FOR i IN REVERSE f(10)..1 BY 2 LOOP PERFORM \
        g(i); END LOOP; END
        """,
      dump: """
        {loop i in «1»..«10»[nothing]; loop i in reverse «f(10)»!..«1» by «2»[sql «PERFORM \
        g(i)»!]}
        """),
    Case(
      body: """
        DECLARE r record; BEGIN FOR r IN SELECT * FROM t ORDER BY id FOR UPDATE LOOP UPDATE t SET \
        a = r.a WHERE id = r.id; END LOOP; END
        """,
      dump: """
        {r record record | loop (r) in «SELECT * FROM t ORDER BY id FOR UPDATE»![sql «UPDATE t SET \
        a = r.a WHERE id = r.id»!]}
        """),
    Case(
      body: "DECLARE a int; b int; BEGIN FOR a, b IN (SELECT 1, 2) LOOP NULL; END LOOP; END",
      dump: "{a int, b int | loop (a, b) in «(SELECT 1, 2)»![nothing]}"),
    Case(
      body: "BEGIN FOR r IN EXECUTE 'SELECT ' || x USING a, f(b) LOOP NULL; END LOOP; END",
      dump: "{loop (r) in execute «'SELECT ' || x»!(«a», «f(b)»!)[nothing]}"),
  ]

  private static let cursorsAndResults = [
    Case(
      body: """
        DECLARE c CURSOR (k int, m text) FOR SELECT * FROM t WHERE id = k; BEGIN FOR r IN c(1, m \
        := f('x')) LOOP NULL; END LOOP; OPEN c(m := 'a', k := 2); FETCH c INTO x; CLOSE c; END
        """,
      dump: """
        {c cursor(k, m) =«SELECT * FROM t WHERE id = k»! | loop r in cursor c «1, m := \
        f('x')»![nothing]; open c args «m := 'a', k := 2»; fetch c(x); close c}
        """),
    Case(
      body: """
        DECLARE c SCROLL CURSOR IS SELECT 1; d NO SCROLL CURSOR FOR UPDATE t SET a = 1 RETURNING \
        *; BEGIN OPEN c; MOVE FORWARD 2 FROM c; FETCH ABSOLUTE n + 1 FROM c INTO STRICT a.b, d; \
        CLOSE c; END
        """,
      dump: """
        {c cursor() =«SELECT 1»!, d cursor() =«UPDATE t SET a = 1 RETURNING *»! | open c; fetch \
        c(); fetch c(a.b, d); close c}
        """),
    Case(
      body: """
        DECLARE c refcursor; BEGIN OPEN c FOR SELECT * FROM t FOR SHARE; OPEN c NO SCROLL FOR \
        EXECUTE 'SELECT $1' USING 1, f(2); FETCH c INTO a; MOVE c; END
        """,
      dump: """
        {c refcursor refcursor | open c for «SELECT * FROM t FOR SHARE»!; open c execute «'SELECT \
        $1'»!(«1», «f(2)»!); fetch c(a); fetch c()}
        """),
    Case(
      body: """
        BEGIN FOREACH x SLICE 1 IN ARRAY ARRAY[[1,2],[3,4]] LOOP NULL; END LOOP; FOREACH a, b IN \
        ARRAY f(z) LOOP NULL; END LOOP; END
        """,
      dump:
        "{loop (x) in array «ARRAY[[1,2],[3,4]]»![nothing]; loop (a, b) in array «f(z)»![nothing]}"),
    Case(
      body: """
        BEGIN EXECUTE 'a' INTO STRICT x USING 1, 2; EXECUTE 'b' USING f(1) INTO y, z.w; EXECUTE \
        format('%I', t); END
        """,
      dump: """
        {execute «'a'»!(x)(«1», «2»); execute «'b'»!(y, z.w)(«f(1)»!); execute «format('%I', \
        t)»!()}
        """),
    Case(
      body: """
        BEGIN RAISE; RAISE 'x % %', a, f(b); RAISE NOTICE 'x'; RAISE EXCEPTION USING ERRCODE = \
        '23505', MESSAGE = 'a' || f(b); RAISE unique_violation USING DETAIL := x; RAISE SQLSTATE \
        '22012'; RAISE division_by_zero; RAISE WARNING 'a', b USING HINT = 'c'; END
        """,
      dump: """
        {raise; raise exception(«a», «f(b)»!); raise notice(); raise exception(«'23505'», «'a' || \
        f(b)»!); raise exception(«x»); raise exception(); raise exception(); raise warning(«b», \
        «'c'»)}
        """),
    Case(
      body: """
        BEGIN GET DIAGNOSTICS n = ROW_COUNT; GET STACKED DIAGNOSTICS s := RETURNED_SQLSTATE, m = \
        MESSAGE_TEXT; GET CURRENT DIAGNOSTICS k = PG_CONTEXT; END
        """,
      dump: "{nothing; nothing; nothing}"),
    Case(
      body: """
        BEGIN RETURN; RETURN x + 1; RETURN (SELECT 1); RETURN NEXT; RETURN NEXT r; RETURN NEXT \
        f(r); RETURN CASE WHEN a THEN b END; END
        """,
      dump: """
        {return; return «x + 1»; return «(SELECT 1)»!; return next; return next «r»; return next \
        «f(r)»!; return «CASE WHEN a THEN b END»}
        """),
    Case(
      body: """
        BEGIN RETURN QUERY SELECT * FROM t; RETURN QUERY EXECUTE 'x' USING a, b; RETURN QUERY \
        UPDATE t SET a = 1 RETURNING id; RETURN QUERY (VALUES (1)); END
        """,
      dump: """
        {return query «SELECT * FROM t»!; return execute «'x'»!(«a», «b»); return query «UPDATE t \
        SET a = 1 RETURNING id»!; return query «(VALUES (1))»!}
        """),
  ]

  private static let rest = [
    Case(
      body: "BEGIN COMMIT; COMMIT AND CHAIN; ROLLBACK AND NO CHAIN; ROLLBACK; END",
      dump: "{commit; commit; rollback; rollback}"),
    Case(
      body: """
        DECLARE open int; fetch int; next int; BEGIN open := 1; fetch = 2; next[1] := 3; return \
        next; close.x := 1; exit.y := 2; END
        """,
      dump: """
        {open int, fetch int, next int | open:=«1»; fetch:=«2»; next:=«3»; return «next»; \
        close.x:=«1»; exit.y:=«2»}
        """),
    Case(
      body: """
        BEGIN /* a */ UPDATE /* ; */ t -- ;
         SET a = 1 /* b */ ; -- c
        END
        """,
      dump: "{sql «UPDATE /* ; */ t -- ; SET a = 1»!}"),
    Case(
      body: """
        DECLARE x record; BEGIN SELECT a, b INTO STRICT x.a, y FROM t; SELECT INTO z count(*) FROM \
        t; SELECT a FROM t WHERE b INTO q; END
        """,
      dump: """
        {x record record | sql «SELECT a, b INTO STRICT x.a, y FROM t»! strict(x.a, y); sql \
        «SELECT INTO z count(*) FROM t»!(z); sql «SELECT a FROM t WHERE b INTO q»!(q)}
        """),
    Case(
      body: """
        BEGIN INSERT INTO t (a) VALUES (1) RETURNING id INTO v; UPDATE t SET a = 1 RETURNING a, b \
        INTO c, d; DELETE FROM t RETURNING id INTO STRICT e; END
        """,
      dump: """
        {sql «INSERT INTO t (a) VALUES (1) RETURNING id INTO v»!(v); sql «UPDATE t SET a = 1 \
        RETURNING a, b INTO c, d»!(c, d); sql «DELETE FROM t RETURNING id INTO STRICT e»! strict(e)}
        """),
    Case(
      body: "BEGIN WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT id INTO v FROM x; END",
      dump: "{sql «WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT id INTO v FROM x»!(v)}"),
    Case(
      body: """
        BEGIN MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = s.a WHEN NOT \
        MATCHED THEN INSERT VALUES (1); END
        """,
      dump: """
        {sql «MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = s.a WHEN NOT \
        MATCHED THEN INSERT VALUES (1)»!}
        """),
    Case(
      body: """
        BEGIN PERFORM f(1); PERFORM 1 FROM t FOR UPDATE; PERFORM pg_advisory_xact_lock(id) FROM t; \
        END
        """,
      dump: """
        {sql «PERFORM f(1)»!; sql «PERFORM 1 FROM t FOR UPDATE»!; sql «PERFORM \
        pg_advisory_xact_lock(id) FROM t»!}
        """),
    Case(
      body: "BEGIN ASSERT a > f(1), 'm'; ASSERT b; END",
      dump: "{assert(«a > f(1)»!, «'m'»); assert(«b»)}"),
    Case(
      body: """
        BEGIN x := a FROM t WHERE id = 1; y := ARRAY(SELECT 1); z[f(1)] := 2; w.a.b[1].c := 3; n \
        := -1; m =-1; END
        """,
      dump: """
        {x:=«a FROM t WHERE id = 1»!; y:=«ARRAY(SELECT 1)»!; z:=«2»; w.a.b.c:=«3»; n:=«-1»; \
        m:=«-1»}
        """),
    Case(
      body: """
        BEGIN CALL p(1, x); DO 'BEGIN NULL; END'; SET LOCAL lock_timeout = '1s'; LOCK TABLE t IN \
        SHARE MODE; TRUNCATE t; END
        """,
      dump: """
        {sql «CALL p(1, x)»!; sql «DO 'BEGIN NULL; END'»!; sql «SET LOCAL lock_timeout = '1s'»!; \
        sql «LOCK TABLE t IN SHARE MODE»!; sql «TRUNCATE t»!}
        """),
    Case(
      body: """
        BEGIN CREATE FUNCTION g() RETURNS int AS $f$ SELECT ';'; $f$ LANGUAGE sql; CREATE TEMP \
        TABLE x AS SELECT 1; END
        """,
      dump: """
        {sql «CREATE FUNCTION g() RETURNS int AS $f$ SELECT ';'; $f$ LANGUAGE sql»!; sql «CREATE \
        TEMP TABLE x AS SELECT 1»!}
        """),
    Case(
      body: """
        #variable_conflict use_column
        #print_strict_params on
        BEGIN SELECT id INTO x FROM t; END
        """,
      dump: "{sql «SELECT id INTO x FROM t»!(x)}"),
    Case(
      body: """
        BEGIN CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; \
        SELECT 2; END; NULL; END
        """,
      dump: """
        {sql «CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; \
        SELECT 2; END»!; nothing}
        """),
    Case(
      body:
        "BEGIN IF NOT FOUND THEN INSERT INTO t VALUES (NEW.id, TG_OP); END IF; RETURN NEW; END;",
      dump: "{choice («NOT FOUND»)[sql «INSERT INTO t VALUES (NEW.id, TG_OP)»!]; return «NEW»}"),
    Case(
      body: "begin begin begin null; end; exception when others then begin null; end; end; end",
      dump: "{{{nothing} ! others: {nothing}}}"),
    Case(
      body: """
        DECLARE a double precision = 1.5; b timestamp with time zone := now(); c int ARRAY; d \
        "T"%ROWTYPE; e x.y DEFAULT NULL; BEGIN FOR i IN a..b LOOP NULL; END LOOP; FOR i IN 0 .. \
        array_length(c, 1) - 1 LOOP NULL; END LOOP; END
        """,
      dump: """
        {a double precision=«1.5», b timestamp with time zone=«now()»!, c array int ARRAY, d \
        record "T"%ROWTYPE, e x.y=«NULL» | loop i in «a»..«b»[nothing]; loop i in \
        «0»..«array_length(c, 1) - 1»![nothing]}
        """),
  ]

  /// What PostgreSQL refuses, and what is left of it.
  private static let broken = [
    Case(
      body: "BEGIN SELEC 1; NULL; END",
      dump: """
        {sql «SELEC 1»; nothing}
        syntax error at or near `SELEC`
        """),
    Case(
      body: "BEGIN x := ; IF THEN NULL; END IF; END",
      dump: """
        {x:=«»; choice («»)[nothing]}
        syntax error at or near `;`
        syntax error at or near `THEN`
        """),
    Case(
      body: "BEGIN FOO; BAR BAZ; END",
      dump: """
        {sql «FOO»; sql «BAR BAZ»}
        syntax error at or near `FOO`
        syntax error at or near `BAR`
        """),
    Case(
      body: "BEGIN IF a THEN NULL; END; END",
      dump: """
        {choice («a»)[nothing]}
        syntax error at or near `END`
        syntax error at or near `END`
        """),
    Case(
      body: "BEGIN NULL END",
      dump: """
        {unknown}
        syntax error at or near `END`
        syntax error at end of input
        """),
    Case(
      body: "BEGIN RETURN NEXT",
      dump: """
        {unknown}
        syntax error at end of input
        """),
    Case(
      body: "SELECT 1",
      dump: """
        opaque plpgsql
        syntax error at or near `SELECT`
        """),
  ]
}
