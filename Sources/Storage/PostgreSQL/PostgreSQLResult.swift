import CLibpq
import Records

/// What one statement answered; frees it when it goes.
final class PostgreSQLResult {
    let handle: OpaquePointer?

    /// The types in which values come: see `pg_type`.
    private enum OID {
        static let bool: UInt32 = 16, int8: UInt32 = 20, int2: UInt32 = 21, int4: UInt32 = 23, float4: UInt32 = 700, float8: UInt32 = 701
    }

    init(_ handle: OpaquePointer?) { self.handle = handle }
    deinit { PQclear(handle) }

    var status: ExecStatusType { PQresultStatus(handle) }
    var isFine: Bool { status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK }
    var rowCount: Int32 { PQntuples(handle) }
    var columnCount: Int32 { PQnfields(handle) }
    var changes: Int { Int(String(cString: PQcmdTuples(handle))) ?? 0 }

    func field(_ code: CChar) -> String? { PQresultErrorField(handle, Int32(code)).map { String(cString: $0) } }

    func value(_ line: Int32, _ column: Int32, _ type: UInt32) -> Value {
        guard PQgetisnull(handle, line, column) == 0, let bytes = PQgetvalue(handle, line, column) else { return .null }
        let raw = UnsafeRawPointer(bytes)
        return switch type {
        case OID.int8: .int(Int64(bigEndian: raw.loadUnaligned(as: Int64.self)))
        case OID.int4: .int(Int64(Int32(bigEndian: raw.loadUnaligned(as: Int32.self))))
        case OID.int2: .int(Int64(Int16(bigEndian: raw.loadUnaligned(as: Int16.self))))
        case OID.float8: .real(Double(bitPattern: UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self))))
        case OID.float4: .real(Double(Float(bitPattern: UInt32(bigEndian: raw.loadUnaligned(as: UInt32.self)))))
        case OID.bool: .int(Int64(raw.loadUnaligned(as: UInt8.self)))
        default: .text(String(decoding: UnsafeRawBufferPointer(start: raw, count: Int(PQgetlength(handle, line, column))), as: UTF8.self))
        }
    }
}
