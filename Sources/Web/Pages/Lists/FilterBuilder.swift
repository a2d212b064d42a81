import Gate
import Markup
import Records

/// Puts one more condition into a list's address: beside the others, or as an alternative to one of them.
struct FilterBuilder {
    let items: QueryItems

    /// `joining` is what the panel's choice says: empty for “and”, `or.2` for an alternative to the third condition, `any.1` for one more
    /// alternative of a group, `and.2` for a condition that holds together with the third inside its group.
    func adding(_ field: String, _ op: String, _ value: String, joining: String) -> QueryItems {
        let words = joining.split(separator: ".", maxSplits: 1).map(String.init)
        var pairs = items.pairs
        let places = pairs.indices.filter { pairs[$0].name.hasPrefix("filter[") }
        let end = "[\(field)][\(op)]"
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
        pairs.append((place.prefix + end, value))
        return QueryItems(pairs)
    }

    /// A group's number that no condition uses yet.
    private func free(_ pairs: [(name: String, value: String)]) -> String {
        let used = Set(pairs.compactMap { try? ListQuery.read($0.name).place.group })
        return (1...41).lazy.map(String.init).first { !used.contains($0) } ?? "1"
    }
}

extension ListPage {
    /// How the new condition goes with those there are.
    func joinings() -> [(value: String, label: String)] {
        guard !filters.isEmpty else { return [] }
        var found = [("", page.t("并且：与其他条件同时满足", "and: together with the others"))]
        for filter in filters where filter.place == .plain {
            found.append(("or.\(filter.index)", page.t("或者：与「\(sentence(filter))」满足其一", "or: either this or “\(sentence(filter))”")))
        }
        for group in ListQuery.groups(filters) {
            let text = group.map { $0.map(sentence).joined(separator: page.t("且", " and ")) }.joined(separator: page.t(" 或 ", " or "))
            if let name = group[0][0].place.group {
                found.append(("any.\(name)", page.t("或者：加入「\(text)」", "or: one more beside “\(text)”")))
            }
            for part in group {
                found.append(
                    (
                        "and.\(part[0].index)",
                        page.t("并且：组内与「\(sentence(part[0]))」同时满足", "and: together with “\(sentence(part[0]))” in its group")
                    ))
            }
        }
        return found
    }

    func sentence(_ filter: ListQuery.Filter) -> String {
        let words = describe(filter)
        return [words.field, filter.op.label(in: page.language), words.value].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The chips: conditions one by one, alternatives in a frame with 或 between them.
    func chips() -> Node {
        Group {
            for filter in filters where filter.place == .plain { chip(filter) }
            for group in ListQuery.groups(filters) {
                span(.class("chips-any"), .role("group"), .aria("label", page.t("满足其一", "Any of"))) {
                    for (index, part) in group.enumerated() {
                        if index > 0 { span(.class("or")) { page.t("或", "or") } }
                        for (place, filter) in part.enumerated() {
                            if place > 0 { span(.class("or")) { page.t("且", "and") } }
                            chip(filter)
                        }
                    }
                }
            }
        }.node
    }

    /// The entity's own fields, and one link away those of what it belongs to.
    func filterOptions() -> Node {
        func option(_ field: FieldSpec, _ path: String) -> Element {
            Markup.option(.value(path), .data("ops", field.comparisons.map(\.rawValue).joined(separator: " "))) {
                field.label(in: page.language)
            }
        }
        return Group {
            for field in filterable(schema) { option(field, field.name) }
            for link in filterable(schema) {
                if link.isLink, let other = link.target.flatMap({ page.catalog[$0] }), other.isOwned, other.name != schema.name,
                    page.catalog.standsAlone(other), page.view.may("read", other)
                {
                    optgroup(.label(link.label(in: page.language))) {
                        for field in filterable(other) where !field.isLinks { option(field, "\(link.name).\(field.name)") }
                    }
                }
            }
        }.node
    }
}
