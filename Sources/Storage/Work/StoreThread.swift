import Foundation

/// A thread of a store's own, which can be waited for.
final class StoreThread: Sendable {
    private let done = DispatchSemaphore(value: 0)

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread { [done] in
            body()
            done.signal()
        }
        thread.name = name
        // Nested conditions and rules recurse; the pages are only taken when touched.
        thread.stackSize = 8 << 20
        thread.start()
    }

    func join() {
        done.wait()
        done.signal()
    }
}
