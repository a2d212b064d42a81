import Records

/// One closure of a caller who waits for its result.
struct Work: Sendable {
    let isWriting: Bool
    /// Runs the closure; what it gives back delivers the result, once that may be told.
    let run: @Sendable (Session) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void

    /// Puts `body` into `queue` and waits for its result.
    static func submit<T: Sendable>(
        to queue: WorkQueue<Work>, isWriting: Bool, _ body: @escaping @Sendable (Session) throws -> T
    ) async throws -> T {
        let tally = Tally.current
        return try await withCheckedThrowingContinuation { continuation in
            let work = Work(
                isWriting: isWriting,
                run: { session in
                    let before = session.connection.done
                    defer { tally?.add(session.connection.done - before) }
                    let result = try body(session)
                    return { continuation.resume(returning: result) }
                },
                fail: { continuation.resume(throwing: $0) }
            )
            switch queue.add(work) {
            case nil: return
            case .full: continuation.resume(throwing: StoreError.unavailable("系统繁忙，等待保存的操作过多，请稍后重试"))
            case .closed: continuation.resume(throwing: StoreError.unavailable("系统正在停止，请稍后重试"))
            }
        }
    }
}
