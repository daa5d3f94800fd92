/// The kind of a parse-tree node, spelled as in PostgreSQL's `nodes.h`.
///
/// Kinds without a typed view are `other`; their name is still known (`Node.kindName`).
package enum Tag: String, Sendable, CaseIterable {
  case other = ""
  // Lists and values
  case List, String, Integer, Float, Boolean, BitString
  // Statements
  case RawStmt, SelectStmt, InsertStmt, UpdateStmt, DeleteStmt, MergeStmt, TransactionStmt
  case CreateStmt, AlterTableStmt, IndexStmt, DropStmt, RenameStmt, AlterObjectSchemaStmt
  case ViewStmt, CreateTableAsStmt, CreateFunctionStmt, CreateTrigStmt, VariableSetStmt, LockStmt
  case TruncateStmt, CopyStmt, ExplainStmt, PrepareStmt, DeclareCursorStmt, DoStmt, CallStmt
  case CreateSchemaStmt, RefreshMatViewStmt, VacuumStmt, ExecuteStmt, DeallocateStmt, RuleStmt
  case CreatePolicyStmt, AlterPolicyStmt, CreateSeqStmt, AlterSeqStmt, ReindexStmt, ClusterStmt
  case CommentStmt, CreateStatsStmt, CreatePublicationStmt, AlterPublicationStmt
  case AlterDomainStmt, AlterObjectDependsStmt, FetchStmt, ConstraintsSetStmt
  case CreateExtensionStmt, CreateForeignTableStmt, SecLabelStmt, ReturnStmt
  case CompositeTypeStmt
  // Parts of statements
  case RangeVar, RangeSubselect, RangeFunction, RangeTableSample, JoinExpr, Alias
  case ResTarget, ColumnRef, A_Star, A_Const, ParamRef, A_Expr, BoolExpr, SubLink, FuncCall
  case TypeCast, TypeName, RowExpr, NullTest, BooleanTest, CoalesceExpr, CaseExpr, CaseWhen
  case A_ArrayExpr, A_Indirection, A_Indices, MinMaxExpr, SQLValueFunction, CollateClause
  case MultiAssignRef, SetToDefault, CurrentOfExpr, GroupingSet, NullIfExpr
  case SortBy, LockingClause, WithClause, CommonTableExpr, OnConflictClause, InferClause
  case MergeWhenClause, IntoClause, WindowDef
  // Definitions
  case ColumnDef, Constraint, AlterTableCmd, IndexElem, PartitionSpec, PartitionBoundSpec
  case PartitionCmd, TableLikeClause, DefElem, FunctionParameter, ObjectWithArgs, PartitionElem
  case PublicationTable, RoleSpec

  /// Where a name stands for a kind without a case.
  static let byName = NameTable(allCases.map { ($0.rawValue, $0) }, missing: .other)
}

/// The name of a member of a parse-tree node, spelled as in PostgreSQL's `parsenodes.h`.
package enum Field: String, Sendable, CaseIterable {
  case other = ""
  case version, stmts, stmt, stmt_location, stmt_len, location
  case items, sval, ival, fval, boolval, bsval, isnull
  // SELECT
  case distinctClause, intoClause, targetList, fromClause, whereClause, groupClause, havingClause
  case windowClause, valuesLists, sortClause, limitOffset, limitCount, limitOption, lockingClause
  case withClause, op, all, larg, rarg
  // INSERT, UPDATE, DELETE, MERGE
  case relation, cols, selectStmt, onConflictClause, returningList, usingClause, sourceRelation
  case joinCondition, mergeWhenClauses, matched, commandType, values, condition, action, infer
  case indexElems, conname
  // FROM
  case catalogname, schemaname, relname, inh, relpersistence, alias, aliasname, colnames
  case subquery, lateral, functions, ordinality, is_rowsfrom, jointype, isNatural, quals
  case join_using_alias, rtindex, coldeflist
  // Expressions
  case name, indirection, val, fields, number, kind, lexpr, rexpr, boolop, args, xpr, subLinkType
  case testexpr, operName, subselect, funcname, agg_order, agg_star, agg_distinct, over, arg
  case nulltesttype, booltesttype, typeName, names, typmods, arrayBounds, elements, row_format
  case source, colno, ncolumns, cursor_name, expr, result, defresult, collname, node, agg_filter
  // Clauses
  case sortby_dir, sortby_nulls, useOp, savepoint_name, lockedRels, strength, waitPolicy, ctes,
    recursive, ctename
  case ctematerialized, aliascolnames, ctequery
  // Definitions
  case tableElts, inhRelations, partbound, partspec, ofTypename, constraints, options, oncommit
  case tablespacename, if_not_exists, colname, is_local, is_not_null, contype, keys, including
  case exclusions, indexname, where_clause, pktable, fk_attrs, pk_attrs, fk_matchtype
  case fk_upd_action, fk_del_action, deferrable, initdeferred, skip_validation, initially_valid
  case nulls_not_distinct, is_default, raw_expr, generated_when, cmds, objtype, subtype, def
  case behavior, missing_ok, newowner, idxname, accessMethod, indexParams, indexIncludingParams
  case unique, primary, isconstraint, concurrent, transformed, ordering, nulls_ordering
  case indexcolname, objects, removeType, renameType, subname, newname, objectType, object
  case newschema, view, aliases, query, replace, into, rel, viewQuery, is_select_into, defname
  case defnamespace, funccall, uidx, override, transitionRels, parameters, returnType, setof,
    sql_body,
    is_procedure, objname, objargs
  case trigname, row, timing, events, columns, whenClause, mode, nowait, relations
  case restart_seqs, is_from, filename, schemaElts, partParams, strategy, bound
  case sequence, limits, partattrs, attlist, argType, defexpr
  case args_unspecified, is_program, base, portalname, returnval, deferred, rels,
    is_vacuumcmd
  case rulename, event, instead, actions, policy_name, table, qual, with_check, constrrel
  case defnames, pubname, pubobjects, pubtable, lowerdatums, upperdatums, listdatums, modulus
  case remainder, params, skipData, typevar
  case fk_del_set_cols
  case direction, howMany

  /// Where a name stands for a member without a case.
  static let byName = NameTable(allCases.map { ($0.rawValue, $0) }, missing: .other)
}
