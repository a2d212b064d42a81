import Records

/// How a query reaches its rows.
///
/// - Somebody who may see the records of a few owners and departments gets one branch for each, which walks its own index in the query's
/// order
///   and stops at the limit; the branches are merged and only the rows of the page are read. A filter by a few owners does the same for
/// all.
/// - A condition that leaves few rows by itself (this customer's deals, this number) is left to lead; the scope is then only a filter.
/// - A wide scope is a filter along the walk in order.
struct Way {
    /// Walked one by one; empty for one walk over all.
    var branches: [Reach] = []
    /// Checked on each row, never used to find it.
    var filter: Reach?
    /// Many rows may be found and sorted for the page's few.
    var readsLate = false
    /// For counting, where order does not matter.
    var countBranches: [Reach] = []

    /// With more owners, departments and records than this, one filter is cheaper than that many walks.
    static let branchLimit = 64

    init(_ query: Query, walkingSearch: Bool = false) {
        let (schema, scope) = (query.schema, query.scope)
        let limits = scope.isEverything ? nil : scope
        readsLate =
            !walkingSearch
            && query.condition.conjuncts.contains {
                switch $0 {
                case .search: true
                case .ids(let ids): ids.count > query.limit
                default: false
                }
            }
        guard schema.isOwned else {
            // Without an owner only single records can be given.
            if let limits { branches = [Reach(records: limits.records)] }
            countBranches = branches
            return
        }
        guard !walkingSearch else {
            // One owner's or department's records stand in an index of their own.
            let single = limits.flatMap { $0.owners.count + $0.departments.count + $0.records.count == 1 ? $0 : nil }
            branches = single.map { [$0] } ?? []
            filter = single == nil ? limits : nil
            return
        }
        let facts = query.condition.conjuncts.compactMap { Fact($0, schema) }
        if facts.contains(.isSelective) {
            filter = limits
        } else if let owners = facts.lazy.compactMap(\.owners).first {
            branches = owners.map { Reach(owners: [$0]) }
            countBranches = [Reach(owners: owners)]
            filter = limits.flatMap { Set(owners).isSubset(of: $0.owners) ? nil : $0 }
        } else if let departments = facts.lazy.compactMap(\.departments).first {
            branches = departments.map { Reach(departments: [$0]) }
            countBranches = [Reach(departments: departments)]
            filter = limits.flatMap { Set(departments).isSubset(of: $0.departments) ? nil : $0 }
        } else if let limits {
            countBranches = [Reach(owners: limits.owners), Reach(departments: limits.departments), Reach(records: limits.records)].filter {
                !$0.isNothing
            }
            if limits.owners.count + limits.departments.count + limits.records.count > Self.branchLimit {
                filter = limits
                countBranches = [limits]
            } else {
                branches =
                    limits.owners.map { Reach(owners: [$0]) } + limits.departments.map { Reach(departments: [$0]) }
                    + (limits.records.isEmpty ? [] : [Reach(records: limits.records)])
            }
        }
        if filter != nil, branches.isEmpty { countBranches = [] }
    }

    /// What one part of the condition says about the way.
    private enum Fact: Equatable {
        case isSelective
        case owners([Int64])
        case departments([Int64])

        init?(_ part: Condition, _ schema: Schema) {
            switch part {
            case .ids, .search, .listed: self = .isSelective
            case .compare(let path, let op, let values):
                let ids = values.flatMap(\.flat)
                guard path.link == nil, let field = schema[path.field], op == .eq || op == .in, (1...Way.branchLimit).contains(ids.count),
                    !ids.contains(.null)
                else { return nil }
                let numbers = Array(Set(ids.compactMap { Operand.fit($0, .integer)?.int })).sorted()
                switch field.slot {
                case schema.ownerSlot where !numbers.isEmpty: self = .owners(numbers)
                case schema.departmentSlot where !numbers.isEmpty: self = .departments(numbers)
                default:
                    guard field.traits.isUnique || field.isLink && ids.count <= 8 else { return nil }
                    self = .isSelective
                }
            default: return nil
            }
        }

        var owners: [Int64]? { if case .owners(let ids) = self { ids } else { nil } }
        var departments: [Int64]? { if case .departments(let ids) = self { ids } else { nil } }
    }
}

extension Condition {
    /// What is searched for, when nothing else is asked.
    var search: String? {
        switch self {
        case .search(let text): text
        case .all(let parts): parts.count == 1 ? parts[0].search : nil
        default: nil
        }
    }

    /// The parts that must all hold.
    fileprivate var conjuncts: [Condition] {
        if case .all(let parts) = self { return parts.flatMap(\.conjuncts) }
        return [self]
    }
}
