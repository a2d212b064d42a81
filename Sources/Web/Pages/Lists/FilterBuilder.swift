import Gate
import Records

/// Puts conditions into a list's address: beside the others, as an alternative to one of them, or in the place of those they follow.
struct FilterBuilder {
    let items: QueryItems

    /// `joining` is what the panel's choice says: empty for “and”, `or.2` for an alternative to the third condition, `any.1` for one more
    /// alternative of a group, `and.2` for a condition that holds together with the third inside its group.
    func adding(_ conditions: [FilterCondition], joining: String = "") -> QueryItems {
        let words = joining.split(separator: ".", maxSplits: 1).map(String.init)
        var pairs = items.pairs
        let places = pairs.indices.filter { pairs[$0].name.hasPrefix("filter[") }
        func moved(_ index: Int, to place: ListQuery.Place) -> ListQuery.Place? {
            guard places.indices.contains(index), let (_, rest) = try? ListQuery.read(pairs[places[index]].name) else { return nil }
            pairs[places[index]].name = place.prefix + rest.map { "[\($0)]" }.joined()
            return place
        }
        var place = ListQuery.Place.plain
        if words.count == 2, let index = Int(words[1]), words[0] == "or" {
            place = moved(index, to: .any(group: free(pairs))) ?? .plain
        } else if words.count == 2, words[0] == "any", words[1].count <= 20 {
            place = .any(group: words[1])
        } else if words.count == 2, let index = Int(words[1]), words[0] == "and", places.indices.contains(index),
            let present = try? ListQuery.read(pairs[places[index]].name).place
        {
            switch present {
            case .plain: break
            case .all: place = present
            case .any(let group): place = moved(index, to: .all(group: group, part: "p\(index)")) ?? .plain
            }
        }
        return FilterBuilder(items: QueryItems(pairs)).placing(conditions, at: place)
    }

    /// The conditions in the place of those with these numbers, where the first of them stood.
    func replacing(_ numbers: [Int], with conditions: [FilterCondition]) -> QueryItems {
        let places = items.pairs.indices.filter { items.pairs[$0].name.hasPrefix("filter[") }
        let old = numbers.filter(places.indices.contains).map { places[$0] }
        guard let first = old.min(), let place = try? ListQuery.read(items.pairs[first].name).place else { return adding(conditions) }
        var before = items, after = items
        before.pairs = items.pairs.indices.filter { $0 < first }.map { items.pairs[$0] }
        after.pairs = items.pairs.indices.filter { $0 > first && !old.contains($0) }.map { items.pairs[$0] }
        return QueryItems(FilterBuilder(items: before).placing(conditions, at: place, part: "e\(first)").pairs + after.pairs)
    }

    /// Without the conditions that have these numbers, from the first page on.
    func dropping(_ numbers: [Int]) -> QueryItems {
        var seen = -1
        return QueryItems(
            items.pairs.filter { pair in
                if pair.name == "cursor" || pair.name == "at" { return false }
                guard pair.name.hasPrefix("filter[") else { return true }
                seen += 1
                return !numbers.contains(seen)
            })
    }

    /// Several conditions that are one alternative hold together inside the group.
    private func placing(_ conditions: [FilterCondition], at place: ListQuery.Place, part: String = "") -> QueryItems {
        var place = place
        if conditions.count > 1, case .any(let group) = place {
            place = .all(group: group, part: part.isEmpty ? "q\(items.pairs.count)" : part)
        }
        return QueryItems(items.pairs + conditions.map { ("\(place.prefix)[\($0.path)][\($0.op.rawValue)]", $0.text) })
    }

    /// A group's number that no condition uses yet.
    private func free(_ pairs: [(name: String, value: String)]) -> String {
        let used = Set(pairs.compactMap { try? ListQuery.read($0.name).place.group })
        return (1...41).lazy.map(String.init).first { !used.contains($0) } ?? "1"
    }
}
