import Linting
import Testing

/// A rule's page as `sqllock explain` shows it.
@Suite("Pages for readers")
struct RulePageTextTests {
  private static let page = """
    # some-rule

    ## First

    ```sql schema
    CREATE TABLE a ();

    ```

    ```sql blocker
    LOCK a;
    ```

    ```sql bad deadlocks
    DELETE FROM a; -- finding
    DELETE FROM a; -- finding: other-rule
    ```

    ```toml
    x = 1
    ```

    ```text
    as it is
    ```

    """

  @Test("What is there for the tests does not show")
  func plain() {
    #expect(
      RulePageText(Self.page).plain == """
        # some-rule

        ## First

          With the tables:

              CREATE TABLE a ();

          Found, and two sessions that run it deadlock:

              DELETE FROM a; -- found here
              DELETE FROM a; -- found here, by other-rule

          With the configuration:

              x = 1

              as it is

        """)
  }

  @Test("Markdown keeps its fences")
  func markdown() {
    let text = RulePageText(Self.page).markdown
    #expect(text.contains("Found, and two sessions that run it deadlock:\n\n```sql\nDELETE"))
    #expect(
      !text.contains("LOCK a") && !text.contains("```sql bad") && !text.contains("-- finding"))
  }
}
