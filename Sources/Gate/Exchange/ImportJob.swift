import Formats
import Foundation
import Records

/// An uploaded sheet becomes records as a job. The sheet lies in the data folder under a name of the program's own.
public struct ImportJob: Sendable {
    public static let name = "import"
    let folder: String

    /// - Parameter dataFolder: The installation's data folder; sheets lie in `imports` below it.
    public init(dataFolder: String) { folder = dataFolder + "/imports" }

    /// Sheets that one user may have waiting, and their bytes together.
    public static let mostSheets = 20, mostBytes = 4 << 30

    /// A fresh place for a sheet that is about to be uploaded; refused while too many of the user's wait for their import.
    public func newPlace(of user: Int64) throws -> (place: String, path: String) {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let waiting = sheets(of: user)
        guard waiting.count < ImportJob.mostSheets, waiting.reduce(0, { $0 + $1.bytes }) < ImportJob.mostBytes else {
            throw Refusal.tooMany("您上传的表格还有 \(waiting.count) 个没有导入完。请等它们完成，或在后台任务中取消，再上传。", retryAfter: 60)
        }
        let place = prefix(user) + (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        return (place, folder + "/" + place)
    }

    /// Removes the user's sheets whose import is over, and those of which none was started within a day.
    public func makeRoom(for actor: Actor, in gate: Gate) async throws {
        let sheets = sheets(of: actor.userID)
        guard !sheets.isEmpty else { return }
        let user = actor.userID == 0 ? Condition.field("user_id", .empty, .null) : \JobRow.user == Ref(actor.userID)
        let jobs = try await gate.store.read { reading in
            try reading.fetch(
                Query(JobRow.self, where: user && \JobRow.title == ImportJob.name, sort: [Query.Sort("id", descending: true)], limit: 500)
            ).map(Record<JobRow>.init)
        }
        var isOver: [String: Bool] = [:]
        for job in jobs {
            if let place = ImportJob.place(of: job) { isOver[place] = job.status != .waiting && job.status != .running }
        }
        for sheet in sheets where isOver[sheet.place] ?? (sheet.at < Date(timeIntervalSinceNow: -86_400)) {
            try? FileManager.default.removeItem(atPath: folder + "/" + sheet.place)
        }
    }

    private func sheets(of user: Int64) -> [(place: String, bytes: Int, at: Date)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [], own = prefix(user)
        return names.filter { $0.hasPrefix(own) && ImportJob.isPlace($0) }.compactMap { name in
            guard let facts = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name) else { return nil }
            return (name, facts[.size] as? Int ?? 0, facts[.modificationDate] as? Date ?? Date())
        }
    }

    /// How the places of a user's sheets begin.
    private func prefix(_ user: Int64) -> String {
        let digits = String(user.magnitude, radix: 36)
        return String(repeating: "0", count: max(0, 13 - digits.count)) + digits
    }

    private static func isPlace(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 40 && name.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
    }

    private static func place(of job: Record<JobRow>) -> String? {
        Plain(jsonText: job.payload ?? "")?.object?["place"]?.text.flatMap { isPlace($0) ? $0 : nil }
    }

    /// The path behind a place; nil for anything that is not one.
    public func path(of place: String) -> String? {
        let path = folder + "/" + place
        return ImportJob.isPlace(place) && FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// The sheet of the rows that a job rejected, if there are any.
    public func rejectedPath(of job: Record<JobRow>) -> String? {
        guard job.title == ImportJob.name, let place = ImportJob.place(of: job) else { return nil }
        let rejected = folder + "/" + place + ".rejected.csv"
        return FileManager.default.fileExists(atPath: rejected) ? rejected : nil
    }

    /// Puts the import into the queue; returns the job's number.
    public func start(_ plan: ImportPlan, place: String, fileName: String, as actor: Actor, in gate: Gate) async throws -> Int64 {
        guard path(of: place) != nil else { throw Refusal.notFound }
        return try await gate.write(as: actor) { tx in
            let schema = try tx.schema(named: plan.entity)
            guard tx.may("import", schema) else { throw Refusal.forbidden("您没有导入\(schema.label)的权限，请联系系统管理员。") }
            let payload: [String: Plain] = ["plan": plan.plain, "place": .text(place), "file": .text(String(fileName.prefix(120)))]
            let label = (plan.isDryRun ? "检查导入：" : "导入\(schema.label)：") + String(fileName.prefix(80))
            return try tx.enqueue(ImportJob.name, label: label, payload)
        }
    }

    /// What runs it.
    public var handler: JobHandler {
        { context in
            guard let plan = context.payload["plan"].flatMap(ImportPlan.init), let place = context.payload["place"]?.text else {
                throw JobFailure.permanent("导入任务的内容无法识别")
            }
            guard let path = path(of: place) else { throw JobFailure.permanent("上传的表格已不在，请重新上传") }
            do {
                let result = try await Importer(context).run(plan, file: path, rejectedTo: path + ".rejected.csv", job: context.id)
                if !plan.isDryRun, result.written > 0 { try await context.gate.write(as: context.actor) { try $0.noteImport() } }
                return Plain(jsonText: result.json) ?? .null
            } catch let error as FormatError {
                throw JobFailure.permanent("\(error)")
            } catch let wrong as Problems {
                throw JobFailure.permanent(wrong.all.map(\.message).joined(separator: "；"))
            } catch Refusal.forbidden(let why) {
                throw JobFailure.permanent(why)
            }
        }
    }
}
