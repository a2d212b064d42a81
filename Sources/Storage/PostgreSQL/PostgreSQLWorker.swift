import Foundation
import Records

/// One thread of the pool with its connection, which it makes anew when it broke.
final class PostgreSQLWorker {
    private let settings: PostgreSQLSettings
    private let library: Library
    private let condition: PoolHealth
    private let numbers: PostgreSQLNumbers
    private var connection: PostgreSQLConnection?
    /// How often a unit of work is begun anew after it lost against another transaction.
    private static let retries = 3

    init(_ settings: PostgreSQLSettings, _ library: Library, _ condition: PoolHealth, _ numbers: PostgreSQLNumbers) {
        self.settings = settings
        self.library = library
        self.condition = condition
        self.numbers = numbers
    }

    func serve(_ queue: WorkQueue<Work>) {
        while let work = queue.next() { serve(work) }
    }

    private func serve(_ work: Work) {
        var conflicts = 0, hasReconnected = false
        while true {
            do {
                let (deliver, hooks) = try attempt(work)
                for hook in hooks { hook() }
                return deliver()
            } catch let interruption as Interruption {
                switch interruption {
                case .conflict where conflicts < Self.retries:
                    conflicts += 1
                    // Two that collide again and again should not do so in step.
                    Thread.sleep(forTimeInterval: Double.random(in: 0...0.01) * Double(conflicts))
                case .disconnected(isSafe: true) where !hasReconnected: hasReconnected = true
                case .conflict: return work.fail(StoreError.unavailable("同时修改的人较多，请重试"))
                case .disconnected: return work.fail(StoreError.unavailable("与数据库的连接中断，请稍后重试"))
                case .unknown: return work.fail(StoreError.unavailable("提交时与数据库的连接中断，不知道是否已经保存。请查看后再重试"))
                }
            } catch { return work.fail(error) }
        }
    }

    private enum Interruption: Error {
        case conflict
        /// Safe to repeat: the commit was not yet sent, and nothing has been handed out.
        case disconnected(isSafe: Bool)
        /// The connection broke under the commit.
        case unknown
    }

    /// Gives what tells the caller and what is to run, once all is committed.
    private func attempt(_ work: Work) throws -> (deliver: @Sendable () -> Void, hooks: [@Sendable () -> Void]) {
        let connection = try connected()
        let session = Session(connection, library, isWriting: work.isWriting)
        let settings = settings
        session.numbers = numbers.next
        session.tell = { [unowned session] channel, payload in
            _ = try session.run { try $0.rows("select pg_notify($1, $2)::text", [.text(settings.channel(channel)), .text(payload)]) }
        }
        var isCommitting = false
        do {
            connection.begin(work.isWriting ? "begin" : "begin isolation level repeatable read read only")
            let deliver = try work.run(session)
            try session.finish()
            if work.isWriting { try session.flushSearch() }
            try session.finish()
            guard work.isWriting else {
                // The caller need not wait for the end of a reading transaction.
                deliver()
                if (try? connection.end("commit")) == nil { self.connection = nil }
                return ({}, [])
            }
            isCommitting = true
            // Also when the commit breaks: it may have been made.
            defer { library.counts.note(session.changes) }
            try connection.end("commit")
            return (deliver, session.hooks)
        } catch {
            let failure = session.broken as? SQLFailure ?? error as? SQLFailure
            if connection.isAlive { try? connection.end("rollback") }
            if failure?.reason == .conflict { throw Interruption.conflict }
            if failure?.reason == .disconnected || !connection.isAlive {
                self.connection = nil
                throw isCommitting ? Interruption.unknown : .disconnected(isSafe: !session.hasDelivered)
            }
            throw failure.map { $0.storeError(library) } ?? error
        }
    }

    private func connected() throws -> PostgreSQLConnection {
        if let connection, connection.isAlive { return connection }
        connection = nil
        if let trouble = condition.recentTrouble { throw StoreError.unavailable(trouble) }
        do {
            let made = try PostgreSQLConnection(settings)
            connection = made
            condition.succeeded()
            return made
        } catch StoreError.unavailable(let text) {
            condition.failed(text)
            throw StoreError.unavailable(text)
        } catch let failure as SQLFailure {
            condition.failed(failure.message)
            throw failure.storeError(library)
        }
    }
}
