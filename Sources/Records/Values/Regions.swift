import Foundation
import Synchronization

/// The provinces, cities and districts of a country, loaded once from data (`{"level": 2, "code": "330100", "parent": "330000", "name":
/// "杭州市"}`).
///
/// A district may hang directly on a province (北京市 has no cities). Until a table is loaded every name is as good as any other.
public final class Regions: Sendable {
    public struct Region: Sendable, Hashable, Decodable {
        /// 1 province, 2 city, 3 district.
        public var level: Int
        public var code: String
        /// The code of the region around it; nil or empty for a province.
        public var parent: String?
        public var name: String

        public init(level: Int, code: String, parent: String? = nil, name: String) {
            self.level = level
            self.code = code
            self.parent = parent?.isEmpty == true ? nil : parent
            self.name = name
        }

        private enum Key: String, CodingKey { case level, code, parent, name }

        /// Codes may be numbers or text.
        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            func code(_ key: Key) throws -> String? {
                if let number = try? members.decode(Int.self, forKey: key) { return String(number) }
                return try members.decodeIfPresent(String.self, forKey: key)
            }
            self.init(
                level: try members.decode(Int.self, forKey: .level), code: try code(.code) ?? "", parent: try code(.parent),
                name: try members.decode(String.self, forKey: .name))
        }
    }

    public let all: [Region]
    private let byCode: [String: Region]
    private let byParent: [String: [Region]]
    private let byName: [Int: [String: [Region]]]

    public init(_ rows: [Region]) {
        all = rows
        let byCode = Dictionary(rows.map { ($0.code, $0) }) { first, _ in first }
        self.byCode = byCode
        byParent = Dictionary(grouping: rows) { $0.parent ?? "" }
        var byName: [Int: [String: [Region]]] = [:]
        for row in rows { byName[row.level, default: [:]][row.name, default: []].append(row) }
        // A province whose districts hang directly on it is its own city.
        for row in rows where row.level == 3 {
            guard let parent = row.parent.flatMap({ byCode[$0] }), parent.level == 1, byName[2]?[parent.name] == nil else { continue }
            byName[2, default: [:]][parent.name] = [parent]
        }
        self.byName = byName
    }

    /// Regions with their levels, or the installed table: `{"rows": [["330100", "330000", "杭州市"], …]}`, whose codes tell the level.
    public convenience init(json: Data) throws {
        struct Table: Decodable { let rows: [[String]] }
        guard let table = try? JSONDecoder().decode(Table.self, from: json) else {
            self.init(try JSONDecoder().decode([Region].self, from: json))
            return
        }
        self.init(
            table.rows.compactMap { row in
                guard row.count == 3 else { return nil }
                let level = row[0].hasSuffix("0000") ? 1 : row[0].hasSuffix("00") ? 2 : 3
                return Region(level: level, code: row[0], parent: row[1].isEmpty ? nil : row[1], name: row[2])
            })
    }

    private static let loaded = Mutex<Regions?>(nil)

    /// The table of this process; nil until the program has loaded one.
    public static var current: Regions? {
        get { loaded.withLock { $0 } }
        set { loaded.withLock { $0 = newValue } }
    }

    public subscript(code: String) -> Region? { byCode[code] }

    /// What lies directly in the region with this code; the provinces for nil.
    public func children(of code: String?) -> [Region] { byParent[code ?? ""] ?? [] }

    /// The regions of this name on a level, those within `parent`'s name first or only.
    public func named(_ name: String, level: Int, in parent: String? = nil) -> [Region] {
        let found = byName[level]?[name] ?? []
        guard let parent else { return found }
        return found.filter { region in around(region).contains { $0.name == parent } }
    }

    /// The regions around one, from the inside out.
    public func around(_ region: Region) -> [Region] {
        var regions: [Region] = [], code = region.parent
        while let parent = code.flatMap({ byCode[$0] }), regions.count < 3 {
            regions.append(parent)
            code = parent.parent
        }
        return regions
    }

    /// The full name that is meant by `杭州`, `浙江省杭州市` or `内蒙古`; nil when there is none or more than one.
    public func fullName(of text: String, level: Int) -> String? {
        guard let names = byName[level] else { return nil }
        if names[text] != nil { return text }
        for suffix in Self.suffixes[level] ?? [] where names[text + suffix] != nil {
            let others = (Self.suffixes[level] ?? []).filter { $0 != suffix && names[text + $0] != nil }
            return others.isEmpty || level == 2 ? text + suffix : nil
        }
        if level > 1, let inner = withoutOuter(text, level: level) { return fullName(of: inner, level: level) }
        guard text.count >= 2 else { return nil }
        let matches = names.keys.filter { $0.hasPrefix(text) }
        return matches.count == 1 ? matches[0] : nil
    }

    /// What may be meant by a name that is not in the table: those that share all its characters, or all but one, nearest first.
    public func proposals(for text: String, level: Int, limit: Int = 3) -> [String] {
        let suffixes = Self.suffixes[level] ?? []
        func stem(_ name: String) -> [Character] {
            let end = suffixes.filter { name.hasSuffix($0) && name.count > $0.count + 1 }.max { $0.count < $1.count }
            return Array(name.dropLast(end?.count ?? 0))
        }
        let wanted = stem(text)
        guard (2...20).contains(wanted.count) else { return [] }
        let near = (byName[level] ?? [:]).keys.compactMap { name -> (name: String, faults: Int, isLate: Bool)? in
            let stem = stem(name), missing = wanted.count { !stem.contains($0) }
            // bounded: the letters of a place's name.
            let apart = abs(stem.count - wanted.count)
            guard missing <= 1, apart <= 1 || missing == 0 else { return nil }
            return (name, missing * 2 + apart, stem.first != wanted.first)
        }
        let sorted = near.sorted { ($0.faults, $0.isLate ? 1 : 0, $0.name) < ($1.faults, $1.isLate ? 1 : 0, $1.name) }
        return sorted.prefix(limit).map(\.name)
    }

    private static let suffixes: [Int: [String]] = [
        1: ["省", "市", "自治区", "特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区"],
        2: ["市", "地区", "盟", "自治州"],
        3: ["区", "县", "市", "旗", "自治县", "新区"],
    ]

    /// `杭州市` of `浙江省杭州市`; nil when nothing stands in front.
    private func withoutOuter(_ text: String, level: Int) -> String? {
        for outer in 1..<level {
            for name in (byName[outer] ?? [:]).keys where text.hasPrefix(name) && text.count > name.count {
                return String(text.dropFirst(name.count))
            }
        }
        return nil
    }
}
