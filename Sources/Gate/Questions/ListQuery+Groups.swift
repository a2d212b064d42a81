import Records

/// Conditions hold together unless they stand in a group: `filter[any][1][city]=杭州市&filter[any][1][level]=钻石客户` wants one of the two,
/// and `filter[any][1][all][1][…]` are conditions that hold together inside the group. Any short words number groups and parts.
extension ListQuery {
    /// Where a condition stands.
    public enum Place: Equatable {
        case plain
        case any(group: String)
        case all(group: String, part: String)

        public var group: String? {
            switch self {
            case .plain: nil
            case .any(let group), .all(let group, _): group
            }
        }

        /// The beginning of the name in the address.
        public var prefix: String {
            switch self {
            case .plain: "filter"
            case .any(let group): "filter[any][\(group)]"
            case .all(let group, let part): "filter[any][\(group)][all][\(part)]"
            }
        }
    }

    /// `filter[any][1][city][eq]` → in which group, and `["city", "eq"]`.
    public static func read(_ name: String) throws -> (place: Place, words: [String]) {
        var words = name.dropFirst("filter".count).split(separator: "]", omittingEmptySubsequences: true).map(String.init)
        guard words.allSatisfy({ $0.hasPrefix("[") }) else { throw Refusal.unreadable("无法读取筛选条件 \(name)") }
        words = words.map { String($0.dropFirst()) }
        func key(_ index: Int) throws -> String {
            guard index < words.count, (1...20).contains(words[index].count) else {
                throw Refusal.unreadable("筛选条件 \(name) 缺少组的编号，例如 filter[any][1][city]=杭州市")
            }
            return words[index]
        }
        guard words.first == "any" else { return (.plain, words) }
        let group = try key(1)
        guard words.count > 2, words[2] == "all" else { return (.any(group: group), Array(words.dropFirst(2))) }
        return (.all(group: group, part: try key(3)), Array(words.dropFirst(4)))
    }

    /// All conditions as one.
    public static func condition(_ filters: [Filter]) -> Condition {
        let plain = filters.filter { $0.place == .plain }.map(\.condition)
        return groups(filters).reduce(plain.reduce(.everything) { $0 && $1 }) {
            $0 && .any($1.map { part in part.map(\.condition).reduce(.everything) { $0 && $1 } })
        }
    }

    /// The groups in their order: each a list of alternatives, each of these conditions that hold together.
    public static func groups(_ filters: [Filter]) -> [[[Filter]]] {
        var names: [String] = []
        for name in filters.compactMap(\.place.group) where !names.contains(name) { names.append(name) }
        return names.map { name in
            var parts: [[Filter]] = []
            for filter in filters where filter.place.group == name {
                if case .all = filter.place, let place = parts.firstIndex(where: { $0[0].place == filter.place }) {
                    parts[place].append(filter)
                } else {
                    parts.append([filter])
                }
            }
            return parts
        }
    }
}
