import Diagnostics
import Linting
import LockAnalysis
import LockModel
import SQLLockRules

/// A repository with queries and a program that calls them.
struct HostRepository {
  /// Two tables, and queries by a key each.
  static let queries = """
    CREATE TABLE accounts (id bigint PRIMARY KEY, balance bigint);
    CREATE TABLE parcels (id bigint PRIMARY KEY, state text);
    -- name: charge_account :exec
    UPDATE accounts SET balance = balance - @amount WHERE id = @id;
    -- name: mark_parcel :exec
    UPDATE parcels SET state = 'x' WHERE id = @id;
    -- name: find_parcel :one
    SELECT * FROM parcels WHERE id = @id;
    -- name: add_parcel :one
    INSERT INTO parcels (id) VALUES (DEFAULT) RETURNING id;
    """

  var queries = Self.queries
  /// By path.
  let code: [String: String]
  var isWhole = true

  /// A program in one file.
  init(_ path: String, _ text: String) { code = [path: text] }

  /// A program in Go, without what every file begins with.
  init(go text: String) { self.init("store.go", text) }

  /// What all rules find, as severities with the end of the message.
  func found() throws -> [String] {
    let selection = try Selection(select: [], ignore: [], rules: RuleCatalog.descriptions)
    return RuleCatalog.linter(selection: selection, threads: 1)
      .lint([file], with: reader).findings.map { finding in
        let end = finding.message.split(separator: ";").last ?? ""
        return "\(finding.severity):\(end)"
      }
  }

  /// The transactions of the program, each as its queries with the values of `@id`.
  func transactions() -> [[String]] {
    let workload = WorkloadBuilder(project: reader.read([file]).project, threads: 1).build()
    return workload.inferred.map { transaction in
      transaction.calls.map { call in
        let id = call.values.first { $0.key.text == "@id" }?.value
        let value = id == .subselect ? "?" : id?.text ?? ""
        return "\(workload.statements[call.statement].title) \(value)"
      }
    }
  }

  private var file: ProjectFile {
    ProjectFile(SourceFile(path: "queries.sql", bytes: Array(queries.utf8)))
  }

  private var reader: ProjectReader {
    let code = code
    let host = HostProgram(code.keys.sorted(), isWhole: isWhole, threads: 1) { path in
      code[path].map { Array($0.utf8) }
    }
    return ProjectReader(threads: 1, includesTests: false, host: host) { _ in false }
  }
}
