import Foundation

/// A thread of a store's own, which can be waited for.
final class StoreThread: Sendable {
    private let done = DispatchSemaphore(value: 0)
    // Set once, before anybody else can know this object.
    nonisolated(unsafe) private var thread: Thread?

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread { [done] in
            body()
            done.signal()
        }
        thread.name = name
        // Nested conditions and rules recurse; the pages are only taken when touched.
        thread.stackSize = 8 << 20
        self.thread = thread
        thread.start()
    }

    /// Waits for its end. On the thread itself (it may release the store's last owner) there is nothing to wait for.
    func join() {
        guard Thread.current !== thread else { return }
        done.wait()
        done.signal()
    }
}
