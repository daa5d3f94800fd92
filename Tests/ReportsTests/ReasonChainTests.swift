import Diagnostics
import Testing

@Suite("Chains of reasons")
struct ReasonChainTests {
  @Test(
    "A long chain is shown by its ends",
    arguments: [
      (1, "1"), (7, "1 → 2 → 3 → 4 → 5 → 6 → 7"), (8, "1 → 2 → 3 → 3 more → 7 → 8"),
      (100, "1 → 2 → 3 → 95 more → 99 → 100"),
    ])
  func ends(count: Int, text: String) {
    #expect(ReasonChain.text((1...count).map(String.init)) == text)
  }
}
