import Testing

/// The parser of rule pages.
struct RulePageTests {
  private let text = """
    # some-rule

    A sentence.

    ## First

    ```sql schema
    CREATE TABLE a ();
    ```

    ```sql bad deadlocks
    DELETE FROM a;
    ```

    ```sql blocker
    LOCK a;
    ```

    ## Second

    ```toml
    ## not a heading
    ```

    """

  @Test func readsHeadingsAndBlocks() throws {
    let page = try RulePage(text)
    #expect(page.id == "some-rule")
    #expect(page.sections.map(\.heading) == ["", "First", "Second"])
    #expect(page.sections.map(\.line) == [1, 5, 19])
    #expect(page.blocks.map(\.firstLine) == [8, 12, 16, 22])
    #expect(page.blocks.map(\.kind).last == ["toml"])
    #expect(page.blocks[1].text == "DELETE FROM a;\n")
  }

  @Test func setsUpBlocksOfOneHeading() throws {
    let page = try RulePage(text)
    #expect(page.blocks[1].setup.schema == "CREATE TABLE a ();\n")
    #expect(page.blocks[1].setup.blocker == "LOCK a;\n")
    #expect(page.blocks[3].setup.schema.isEmpty)
  }

  @Test func refusesAnOpenBlock() {
    #expect(throws: RulePage.Malformed.self) { try RulePage("# x\n\n```sql bad\nSELECT 1;\n") }
  }

  @Test func pagesAreNamedAfterTheirFolders() throws {
    for id in try RulePages.ids() { #expect(try RulePages.read(id).id == id) }
  }
}
