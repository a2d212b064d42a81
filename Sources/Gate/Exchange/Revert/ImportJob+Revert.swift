import Records

/// Taking an import back, as a job of its own.
extension ImportJob {
    public static let revertName = "import_revert"

    /// The import whose changes carry this number, if it was one.
    static func job(of operation: Int64, in gate: Gate) async throws -> Int64? {
        try await gate.store.read { reading in
            let mine = Query(JobRow.self, where: \JobRow.operation == Int(operation) && \JobRow.title == name, limit: 1)
            return try reading.fetch(mine).first?.id
        }
    }

    /// Enqueues the reversal of an import that has ended; returns the job's number.
    public static func revert(_ id: Int64, as actor: Actor, in gate: Gate) async throws -> Int64 {
        let original = try await Jobs(gate).job(id, as: actor)
        guard original.title == name else { throw Refusal.conflict("这个任务不是导入，不能撤销导入。") }
        switch original.status {
        case .waiting, .running: throw Refusal.conflict("导入还在进行，请先取消再撤销。")
        case .reverted: throw Refusal.conflict("这次导入已经撤销。")
        case .done, .failed, .cancelled: break
        }
        guard let operation = original.operation else { throw Refusal.conflict("这次导入没有改动任何记录。") }
        return try await gate.write(as: actor) { tx in
            let payload: [String: Plain] = ["operation": .int(Int64(operation)), "job": .int(id)]
            return try tx.enqueue(revertName, label: "撤销\(original.label)", payload, key: "\(revertName):\(id)")
        }
    }

    /// What runs it. The import counts as reverted when nothing had to stay.
    public static let revertHandler: JobHandler = { context in
        guard let operation = context.payload["operation"]?.int else { throw JobFailure.permanent("撤销任务的内容无法识别") }
        let report = try await Reversal(context).run(operation)
        if let original = context.payload["job"]?.int, report.kept == 0 {
            try await context.write { tx in
                _ = try tx.writing.set(JobRow.schema, ["status": .text(JobRow.Status.reverted.rawValue)], where: .ids([original]))
                return JobStep(())
            }
        }
        return report.plain
    }
}
