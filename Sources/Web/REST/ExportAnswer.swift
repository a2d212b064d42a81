import Formats
import Foundation
import Gate
import Hummingbird
import NIOCore
import Records

/// Sends a list as a file: streamed as CSV or JSON Lines, or as a workbook that is written first.
enum ExportAnswer {
    static func make(_ gate: Gate, as actor: Actor, entity: String, items: QueryItems) async throws -> Response {
        throw Refusal.notFound
    }

    static func template(_ gate: Gate, as actor: Actor, entity: String, format: String, language: Language) async throws -> Response {
        throw Refusal.notFound
    }
}
