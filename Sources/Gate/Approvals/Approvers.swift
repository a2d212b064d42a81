import Records

/// Who may give their word at a step, found in the company as it is now. The applicant never does.
struct Approvers {
    let tx: GateTransaction
    let applicant: Int64
    /// The department that the record, or else the applicant, belongs to.
    let department: Int64?

    init(_ tx: GateTransaction, applicant: Int64, record: Row) throws {
        self.tx = tx
        self.applicant = applicant
        department = try record.departmentID ?? tx.get(User.self, Ref(applicant))?.department?.id
    }

    /// Nobody fits when the place is empty: then whoever stands above, and at last an administrator.
    func find(_ step: Record<ApprovalStep>, _ record: Row) throws -> [Int64] {
        let found = try candidates(step, record).filter { $0 != applicant }
        let active = try found.filter(isActive)
        if !active.isEmpty { return active }
        if let superior = try superior(1), try isActive(superior) { return [superior] }
        return try administrators()
    }

    func administrators() throws -> [Int64] {
        let all = try tx.all(Role.self, limit: 500).filter { Rights(RightsText($0)).isAdmin }
        return try Set(all.flatMap { try holders($0.id) }).filter { $0 != applicant }.sorted()
    }

    private func candidates(_ step: Record<ApprovalStep>, _ record: Row) throws -> [Int64] {
        switch step.approver {
        case .users: step.users.ids
        case .field: try named(by: step.field ?? "", record)
        case .superior: try superior(step.levels ?? 1).map { [$0] } ?? []
        case .departmentHead: try head().map { [$0] } ?? []
        case .role: try nearest(step.role.map { [$0] } ?? [])
        }
    }

    /// The applicant's superior so many levels up, or the highest there is.
    private func superior(_ levels: Int) throws -> Int64? {
        var user = applicant, found: Int64?
        for _ in 0..<levels {
            guard let above = try tx.get(User.self, Ref(user))?.manager?.id, above != applicant else { break }
            (user, found) = (above, above)
        }
        return found
    }

    /// The head of the department or, where that is the applicant or nobody, of the one above.
    private func head() throws -> Int64? {
        for id in try line() {
            if let head = try tx.get(Department.self, Ref(id))?.manager?.id, head != applicant, try isActive(head) { return head }
        }
        return nil
    }

    /// The people a field of the record links to, or the nearest with the roles it links to.
    private func named(by field: String, _ record: Row) throws -> [Int64] {
        let ids = record[field].int.map { [$0] } ?? record[field].list?.compactMap(LinksKind.id(of:)) ?? []
        return record.schema[field]?.target == Role.name ? try nearest(ids.map { Ref($0) }) : ids
    }

    /// Those with one of the roles who are nearest: in the department itself, then in the one above and so on; everybody with them when
    /// none is in the line.
    private func nearest(_ roles: [Ref<Role>]) throws -> [Int64] {
        let holders = try Set(roles.flatMap(holders)).filter { $0 != applicant }.sorted()
        let places = try Dictionary(grouping: holders) { try tx.get(User.self, Ref($0))?.department?.id ?? 0 }
        for department in try line() { if let here = places[department], !here.isEmpty { return here.sorted() } }
        return holders
    }

    private func holders(_ role: Ref<Role>) throws -> [Int64] {
        try tx.all(User.self, where: .field("roles", .in, .int(role.id)) && \User.status == .active, sort: [Query.Sort("id")], limit: 500)
            .map(\.row.id)
    }

    private func line() throws -> [Int64] {
        var line: [Int64] = [], next = department
        while let id = next, !line.contains(id) {
            line.append(id)
            next = try tx.get(Department.self, Ref(id))?.parent?.id
        }
        return line
    }

    private func isActive(_ user: Int64) throws -> Bool { try tx.get(User.self, Ref(user))?.status == .active }

    /// Whoever is away today is stood in for; never by the applicant.
    func present(_ users: [Int64]) throws -> [Int64] {
        var seen: Set<Int64> = []
        var present: [Int64] = []
        for user in users where user != applicant {
            let stand = try delegate(of: user, depth: 0)
            if stand != applicant, try isActive(stand), seen.insert(stand).inserted { present.append(stand) }
        }
        return present.isEmpty ? try administrators() : present
    }

    private func delegate(of user: Int64, depth: Int) throws -> Int64 {
        guard depth < 3 else { return user }
        let away =
            Condition.field("owner_id", .eq, .int(user)) && \ApprovalDelegation.from <= tx.today && \ApprovalDelegation.until >= tx.today
        guard let one = try tx.all(ApprovalDelegation.self, where: away, sort: [Query.Sort("from", descending: true)], limit: 1).first,
            one.delegate.id != applicant
        else { return user }
        return try delegate(of: one.delegate.id, depth: depth + 1)
    }
}
