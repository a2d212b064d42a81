import Records
import Synchronization

/// The company as it was at one moment: who belongs where, who reports to whom, who may do what. Never changed; a change of users, roles or
/// departments makes a new one.
public final class OrgChart: Sendable {
    /// Somebody who can log in, or could.
    public struct Member: Sendable {
        public var id: Int64
        public var name: String
        public var username: String
        public var departmentID: Int64?
        public var managerID: Int64?
        public var roles: [Int64]
        /// Neither disabled nor deleted.
        public var isActive: Bool
    }

    public struct Department: Sendable {
        public var id: Int64
        public var name: String
        public var parentID: Int64?
        public var isDeleted: Bool
    }

    public struct Role: Sendable {
        public var id: Int64
        public var code: String
        public var name: String
        public var rights: Rights
        public var needsTOTP: Bool
    }

    /// What follows from the chart for one member.
    struct Standing: Sendable {
        var rights: Rights
        var departmentTree: [Int64]
        var departmentLine: [Int64]
        var subordinates: [Int64]
        var needsTOTP: Bool
    }

    public let members: [Int64: Member]
    public let departments: [Int64: Department]
    public let roles: [Int64: Role]
    let settings: AccountSettings
    /// What it was made from: see ``Organisation/mark(_:_:)``.
    let mark: [Value]

    private let below: [Int64: [Int64]]
    private let reports: [Int64: [Int64]]
    private let standings = Mutex<[Int64: Standing]>([:])

    init(members: [Member], departments: [Department], roles: [Role], settings: AccountSettings = AccountSettings(), mark: [Value] = []) {
        self.members = Dictionary(members.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.departments = Dictionary(departments.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.roles = Dictionary(roles.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.settings = settings
        self.mark = mark
        below = Dictionary(grouping: departments.filter { $0.parentID != nil }, by: { $0.parentID ?? 0 }).mapValues {
            $0.map(\.id).sorted()
        }
        reports = Dictionary(grouping: members.filter { $0.managerID != nil }, by: { $0.managerID ?? 0 }).mapValues {
            $0.map(\.id).sorted()
        }
    }

    /// Everybody below `user` in the reporting line, however deep; those who left are included, because their records are still there.
    public func subordinates(of user: Int64) -> [Int64] { reached(from: user, by: reports).filter { $0 != user } }

    /// The roles of those below `user` who can log in: what they may do is theirs to do first.
    public func roles(below user: Int64) -> [Role] {
        let ids = Set(subordinates(of: user).compactMap { members[$0] }.filter(\.isActive).flatMap(\.roles))
        return ids.compactMap { roles[$0] }
    }

    /// The department and all below it.
    public func tree(of department: Int64) -> [Int64] { reached(from: department, by: below) }

    /// The department and those above it, nearest first.
    public func line(above department: Int64) -> [Int64] {
        var line: [Int64] = [], next: Int64? = department
        while let id = next, !line.contains(id) {
            line.append(id)
            next = departments[id]?.parentID
        }
        return line
    }

    /// Breadth first; a circle in the data ends the walk instead of the program.
    private func reached(from start: Int64, by links: [Int64: [Int64]]) -> [Int64] {
        var seen: Set<Int64> = [start], found = [start], place = 0
        while place < found.count {
            for next in links[found[place], default: []] where seen.insert(next).inserted { found.append(next) }
            place += 1
        }
        return found.sorted()
    }

    /// The union of what a member's roles allow; nothing for who is disabled or unknown.
    public func rights(of user: Int64) -> Rights { members[user]?.isActive == true ? standing(of: user)?.rights ?? Rights() : Rights() }

    /// Whether a role demands the second step at log-in.
    public func needsTOTP(_ user: Int64) -> Bool { standing(of: user)?.needsTOTP ?? false }

    /// Carries rights over the system, so shorter sessions.
    func isPowerful(_ user: Int64) -> Bool {
        let rights = rights(of: user)
        return rights.isAdmin || !rights.system.isEmpty
    }

    /// The active members who may do everything.
    public var administrators: [Int64] { members.values.filter { $0.isActive && rights(of: $0.id).isAdmin }.map(\.id).sorted() }

    func standing(of user: Int64) -> Standing? {
        if let known = standings.withLock({ $0[user] }) { return known }
        guard let member = members[user] else { return nil }
        let held = member.roles.compactMap { roles[$0] }
        let made = Standing(
            rights: held.map(\.rights).reduce(nil) { sum, one in sum?.union(one) ?? one }?.settled ?? Rights().settled,
            departmentTree: member.departmentID.map(tree) ?? [], departmentLine: member.departmentID.map(line(above:)) ?? [],
            subordinates: subordinates(of: user),
            needsTOTP: held.contains(where: \.needsTOTP)
        )
        standings.withLock { $0[user] = made }
        return made
    }

    /// The actor for an active member; nil for everybody else.
    func actor(for user: Int64, via: String) -> Actor? {
        guard let member = members[user], member.isActive, let standing = standing(of: user) else { return nil }
        var actor = Actor(userID: user, name: member.name, departmentID: member.departmentID, rights: standing.rights, via: via)
        actor.departmentTree = standing.departmentTree
        actor.departmentLine = standing.departmentLine
        actor.subordinates = standing.subordinates
        return actor
    }
}
