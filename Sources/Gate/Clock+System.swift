import Foundation
import Records

extension Clock {
    public static let system = Clock { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}
