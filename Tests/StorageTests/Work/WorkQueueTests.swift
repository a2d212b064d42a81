import Testing

@testable import Storage

@Suite("The queue to a store's threads")
struct WorkQueueTests {
    private final class Sheet: Sendable {}

    @Test("what was taken out is not held on to, and the order stays")
    func forgets() {
        let queue = WorkQueue<@Sendable () -> Int>(limit: 1000)
        weak var kept: Sheet?
        do {
            let sheet = Sheet()
            kept = sheet
            _ = queue.add { withExtendedLifetime(sheet) { 1 } }
        }
        for number in 2...600 { _ = queue.add { number } }
        #expect(kept != nil)
        #expect(queue.next()?() == 1)
        #expect(kept == nil)
        #expect((2...600).allSatisfy { queue.nextIfAny()?() == $0 })
        #expect(queue.nextIfAny() == nil)
    }
}
