import Records

/// Users, departments and roles: who works here and what they may do.
enum Organisation {
    /// The right over the system that managing users and roles takes.
    static let governors = [User.name: "users", Role.name: "roles"]
    /// Their changes make a new ``OrgChart``.
    static let governed: Set<String> = [User.name, Department.name, Role.name]
}
