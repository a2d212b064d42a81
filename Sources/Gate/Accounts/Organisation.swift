import Records

/// Users, departments and roles: who works here and what they may do.
enum Organisation {
    /// The right over the system that each takes.
    static let governors = [User.name: "users", Department.name: "users", Role.name: "roles"]
    static let governed = Set(governors.keys)
}
