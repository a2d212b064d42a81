import Formats
import Foundation
import Records

/// An uploaded sheet becomes records as a job. The sheet lies in the data folder under a name of the program's own.
public struct ImportJob: Sendable {
    public static let name = "import"
    let folder: String

    /// - Parameter dataFolder: The installation's data folder; sheets lie in `imports` below it.
    public init(dataFolder: String) { folder = dataFolder + "/imports" }

    /// A fresh place for a sheet that is about to be uploaded.
    public func newPlace() throws -> (place: String, path: String) {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let place = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        return (place, folder + "/" + place)
    }

    /// The path behind a place; nil for anything that is not one.
    public func path(of place: String) -> String? {
        guard !place.isEmpty, place.utf8.count <= 40, place.utf8.allSatisfy({ (48...57).contains($0) || (97...122).contains($0) }) else {
            return nil
        }
        let path = folder + "/" + place
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// The sheet of the rows that a job rejected, if there are any.
    public func rejectedPath(of job: Record<JobRow>) -> String? {
        guard job.title == ImportJob.name, let place = Plain(jsonText: job.payload ?? "")?.object?["place"]?.text,
            let path = path(of: place)
        else { return nil }
        let rejected = path + ".rejected.csv"
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
