import Foundation

/// Work handed from async code to the threads of a store: bounded, first come first served.
final class WorkQueue<Job: Sendable>: @unchecked Sendable {
    // Everything below is touched only while `condition` is held.
    private let condition = NSCondition()
    private var jobs: [Job?] = []
    private var head = 0
    private var isClosed = false
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    enum Refusal { case full, closed }

    /// Nil when the job was taken in.
    func add(_ job: Job) -> Refusal? {
        condition.lock()
        defer { condition.unlock() }
        if isClosed { return .closed }
        if jobs.count - head >= limit { return .full }
        jobs.append(job)
        condition.signal()
        return nil
    }

    /// Waits for a job; nil once the queue is closed and empty.
    func next() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while head == jobs.count {
            if isClosed { return nil }
            condition.wait()
        }
        return take()
    }

    /// A job that is waiting already.
    func nextIfAny() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        return head == jobs.count ? nil : take()
    }

    private func take() -> Job? {
        let job = jobs[head]
        // A job that is done must not keep what it holds until the array is tidied.
        jobs[head] = nil
        head += 1
        if head > 256, head * 2 > jobs.count {
            jobs.removeFirst(head)
            head = 0
        }
        return job
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }
}
