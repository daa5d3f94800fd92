import Testing

@testable import PostgresSyntax

@Suite("Placeholders")
struct PlaceholderTests {
  @Test(
    "a dollar number is SQL already and is noted as a list only",
    arguments: [
      MaskedCase("SELECT * FROM t WHERE a = $1 AND b = $2"),
      MaskedCase("SELECT $1::int"),
      MaskedCase("SELECT * FROM t WHERE a IN $1", ["$1"], lists: ["$1"]),
      MaskedCase("SELECT * FROM t WHERE a NOT IN $1", ["$1"], lists: ["$1"]),
      MaskedCase("INSERT INTO t VALUES $1", ["$1"], lists: ["$1"]),
    ])
  func dollarNumber(_ example: MaskedCase) { example.check() }

  @Test(
    "a question mark is a placeholder unless it is an operator of jsonb",
    arguments: [
      MaskedCase("SELECT * FROM t WHERE a = ? AND b=?", ["?", "?"]),
      MaskedCase("SELECT ?, a + ? FROM t LIMIT ? OFFSET ?", ["?", "?", "?", "?"]),
      MaskedCase("SELECT ?::int", ["?"]),
      MaskedCase("SELECT * FROM t WHERE a LIKE ?||'%'", ["?"]),
      MaskedCase("INSERT INTO t (a, b) VALUES (?, ?), (?,?)", ["?", "?", "?", "?"]),
      MaskedCase("SELECT * FROM t WHERE a BETWEEN ? AND ?", ["?", "?"]),
      MaskedCase("SELECT * FROM t WHERE a>=? AND b<>? OR c->>? = 'x'", ["?", "?", "?"]),
      MaskedCase("SELECT * FROM t WHERE a > now() - INTERVAL ?", ["?"]),
      MaskedCase("SELECT * FROM t WHERE data ? 'key'"),
      MaskedCase("SELECT * FROM t WHERE data ? key"),
      MaskedCase("SELECT * FROM t WHERE (data -> 'a') ? 'b'"),
      MaskedCase("SELECT * FROM t WHERE data ? ?", ["?"]),
      MaskedCase("SELECT * FROM t WHERE data ? :key", [":key"]),
      MaskedCase("SELECT * FROM t WHERE data ? $1"),
      MaskedCase("SELECT * FROM t WHERE data ?| array['a', 'b']"),
      MaskedCase("SELECT * FROM t WHERE data ?& array['a', 'b']"),
      MaskedCase("SELECT * FROM t WHERE data @? '$.a[*] ? (@ > 2)'"),
      MaskedCase("SELECT * FROM t WHERE data @> ?", ["?"]),
    ])
  func questionMark(_ example: MaskedCase) { example.check() }

  @Test(
    "a name after a colon is a placeholder",
    arguments: [
      MaskedCase("SELECT * FROM t WHERE a = :name AND b=:other", [":name", ":other"]),
      MaskedCase("SELECT * FROM t WHERE a = :'name'", [":'name'"]),
      MaskedCase("SELECT * FROM :\"table\" WHERE a = 1", [":\"table\""]),
      MaskedCase("SELECT * FROM :schema.t", [":schema"]),
      MaskedCase("SELECT :name::text, f(:a, b => :b)", [":name", ":a", ":b"]),
      MaskedCase("SELECT * FROM t ORDER BY :col LIMIT :n", [":col", ":n"]),
      MaskedCase("SELECT * FROM t FETCH FIRST :n ROWS ONLY", [":n"]),
      MaskedCase("SELECT * FROM t WHERE a = :1 OR b = :2", [":1", ":2"]),
      MaskedCase("SELECT ARRAY[:a, :b]", [":a", ":b"]),
      MaskedCase("SET LOCAL lock_timeout = :'timeout'", [":'timeout'"]),
      MaskedCase("SELECT * FROM t WHERE größe = :größe", [":größe"]),
    ])
  func colon(_ example: MaskedCase) { example.check() }

  @Test(
    "casts, slices and named arguments have colons of their own",
    arguments: [
      MaskedCase("SELECT a::text, '1' :: int, b::numeric(10, 2)[] FROM t"),
      MaskedCase("SELECT a[1:2], a[i:j], a[1:], a[:2], a[f(x):g(y)], a[t.i:t.j][1:2] FROM t"),
      MaskedCase("SELECT f(a := 1, b:=2)"),
      MaskedCase("SELECT f(a := :b)", [":b"]),
    ])
  func otherColons(_ example: MaskedCase) { example.check() }

  @Test(
    "a name after an at sign is a placeholder unless the sign belongs to an operator",
    arguments: [
      MaskedCase("SELECT * FROM t WHERE a = @name AND b=@other", ["@name", "@other"]),
      MaskedCase("INSERT INTO t VALUES (@a, @b)", ["@a", "@b"]),
      MaskedCase("SELECT * FROM t WHERE a > @low AND b || @tail <> ''", ["@low", "@tail"]),
      MaskedCase("SELECT * FROM t WHERE a IN (@ids)", ["@ids"], lists: ["@ids"]),
      MaskedCase("SELECT * FROM t WHERE a @> b OR a <@ b OR a @@ b"),
      MaskedCase("SELECT * FROM t WHERE a @>b OR a <@b OR a @@b"),
      MaskedCase("SELECT @ -5, @ a, a @-@ b FROM t"),
    ])
  func atSign(_ example: MaskedCase) { example.check() }

  @Test(
    "Python's formats are placeholders, a remainder is not",
    arguments: [
      MaskedCase("SELECT * FROM t WHERE a = %s AND b=%s", ["%s", "%s"]),
      MaskedCase("INSERT INTO t VALUES (%s, %(b)s, %d)", ["%s", "%(b)s", "%d"]),
      MaskedCase("INSERT INTO t (a) VALUES %s", ["%s"], lists: ["%s"]),
      MaskedCase("SELECT * FROM t WHERE a IN %s", ["%s"], lists: ["%s"]),
      MaskedCase("SELECT * FROM t WHERE a=%(name)s", ["%(name)s"]),
      MaskedCase("SELECT a % s, a %s, a%s, 5 % (b), 5 %(b), 7%2 FROM t"),
    ])
  func format(_ example: MaskedCase) { example.check() }

  @Test(
    "templates are placeholders",
    arguments: [
      MaskedCase("SELECT * FROM t WHERE a = ${name}", ["${name}"]),
      MaskedCase("SELECT * FROM t WHERE a = #{user.name}", ["#{user.name}"]),
      MaskedCase("SELECT * FROM {{ ref('orders') }} o", ["{{ ref('orders') }}"]),
      MaskedCase("SELECT * FROM t WHERE a = {name}", ["{name}"]),
      MaskedCase("SELECT * FROM ${schema}.t", ["${schema}"]),
      MaskedCase(
        "{{ config(materialized='table', x={'a': 1}) }}\n\nSELECT 1",
        ["{{ config(materialized='table', x={'a': 1}) }}"]),
      MaskedCase("SELECT ${column}, b FROM t", ["${column}"]),
      MaskedCase("UPDATE tbl_${suffix} SET a = 1", ["${suffix}"]),
      MaskedCase("UPDATE ${prefix}_orders SET ${column} = 1", ["${prefix}", "${column}"]),
      MaskedCase("UPDATE tbl_{suffix} SET a = 1", ["{suffix}"]),
      MaskedCase("UPDATE tbl_{{ suffix }} SET a = 1", ["{{ suffix }}"]),
      MaskedCase("UPDATE tbl_#{suffix} SET a = 1", ["#{suffix}"]),
      MaskedCase("SELECT * FROM t {% if a %} WHERE a = 1 {% endif %}"),
      MaskedCase("SELECT * FROM t {# it's a note; really #}\nWHERE a = 1"),
      MaskedCase("SELECT * FROM t WHERE a = {{\n  name\n}} AND b = 1", ["{{\n  name\n}}"]),
    ])
  func template(_ example: MaskedCase) { example.check() }

  @Test(
    "a placeholder for many values is a list",
    arguments: [
      MaskedCase("SELECT * FROM t WHERE a IN :ids", [":ids"], lists: [":ids"]),
      MaskedCase("SELECT * FROM t WHERE a NOT IN :ids", [":ids"], lists: [":ids"]),
      MaskedCase("SELECT * FROM t WHERE a not\nin :ids", [":ids"], lists: [":ids"]),
      MaskedCase("SELECT * FROM t WHERE a IN (:ids)", [":ids"], lists: [":ids"]),
      MaskedCase("SELECT * FROM t WHERE a IN (?)", ["?"], lists: ["?"]),
      MaskedCase("SELECT * FROM t WHERE a IN (:a, :b)", [":a", ":b"]),
      MaskedCase("SELECT * FROM t WHERE a IN (:v*:ids)", [":v*:ids"], lists: [":v*:ids"]),
      MaskedCase(
        "INSERT INTO :i:table VALUES :t*:rows", [":i:table", ":t*:rows"], lists: [":t*:rows"]),
      MaskedCase("INSERT INTO t (a) VALUES :rows", [":rows"], lists: [":rows"]),
      MaskedCase(
        "INSERT INTO t (a) VALUES :rows ON CONFLICT (a) DO NOTHING", [":rows"], lists: [":rows"]),
      MaskedCase("SELECT * FROM t WHERE a = ANY(:ids)", [":ids"]),
    ])
  func list(_ example: MaskedCase) { example.check() }

  @Test(
    "quoted text is left alone",
    arguments: [
      "SELECT ':a ? @b %s ${c} {{ d }}' FROM t",
      "SELECT E'it\\'s :a ?' FROM t",
      "SELECT 1 -- :a ? @b %s ${c}",
      "SELECT 1 /* :a ? /* @b */ %s ${c} */",
      "SELECT $$ :a ? @b %s $$, $tag$ ${c} $$ :d $tag$",
      "SELECT \":a ?\" FROM t",
      "SELECT U&'\\0441 :a', B'01', X'ff', N'?'",
    ])
  func quoted(_ sql: String) {
    let masked = MaskedCase(sql).masked()
    #expect(masked.placeholders.isEmpty)
    #expect(masked.bytes == Array(sql.utf8))
  }

  @Test("an embedded value is a placeholder, an embedded line of code is blank")
  func embedded() {
    MaskedCase("SELECT * FROM t WHERE a = <%= name %>", ["<%= name %>"]).check()
    MaskedCase("SELECT * FROM t<% if x %> WHERE a = 1<% end %>").check()
    MaskedCase("<% names.each do |name| %>\nSELECT <%= name %>;\n<% end %>", ["<%= name %>"])
      .check()
  }

  @Test(
    "operators of pg_trgm are no templates",
    arguments: [
      "SELECT 1 FROM t WHERE 'abc' <% a; UPDATE t SET b = 1; SELECT 2 FROM t WHERE a %> 'abc'",
      "SELECT a <% b AND b %> a, a <<% b, a %>> b, a <<<-> b FROM t", "SELECT a <%b, b %>a FROM t",
    ])
  func trigrams(_ sql: String) {
    MaskedCase(sql).check()
    #expect(MaskedCase(sql).masked().bytes == Array(sql.utf8))
  }

  @Test(
    "behind what a table or an index is made of only a clause can stand",
    arguments: [
      "CREATE TABLE t (a int) {{ tablespace }}", "CREATE UNIQUE INDEX i ON t (a) {{db.space}}",
      "CREATE INDEX i ON t USING gist (a) ${space} WHERE a > 1",
      "CREATE TABLE t (a int) {{options}} PARTITION BY LIST (a)",
    ])
  func clauses(_ sql: String) {
    MaskedCase(sql).check()
    #expect(parse(sql).failures.isEmpty)
  }

  @Test("a name behind a sub-select is no clause")
  func aliases() {
    let sql = "CREATE TABLE t AS SELECT * FROM (SELECT 1) {{name}}"
    MaskedCase(sql, ["{{name}}"]).check()
  }

  @Test("a brace in one statement is not closed in another")
  func braces() {
    for opening in ["{", "${", "#{", "<%= "] {
      let closing = opening == "<%= " ? "%>" : "}"
      for separator in [";\nUPDATE t SET a = 1;\n", "; UPDATE t SET a = 1; "] {
        let file = parse("SELECT \(opening)\(separator)SELECT \(closing);")
        #expect(file.statements.map(\.kind) == ["UpdateStmt"])
      }
    }
  }

  @Test("only the placeholders and the keywords that go with them are written over")
  func bytes() {
    let sql = "SELECT * FROM ${tab}_x WHERE a NOT IN :ids AND b = :'c'"
    let masked = String(decoding: MaskedCase(sql).masked().bytes, as: UTF8.self)
    #expect(masked == "SELECT * FROM __tab__x WHERE a <>     _ids AND b =  'c'")
  }
}
