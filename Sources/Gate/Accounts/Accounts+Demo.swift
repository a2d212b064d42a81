import Records

/// The demo company's people can log in with one password, made anew for each installation and shown once.
extension Accounts {
    /// Gives every demo user the same fresh password and marks the installation as a demo, from which nothing may be sent out.
    public func openDemo() async throws -> String {
        let password = InitialPassword.fresh()
        let hash = try await desk.hash(password)
        try await gate.write(as: .system(via: "demo")) { tx in
            let users = try tx.fetch(Query(tx.catalog.schema(User.self), where: \User.isDemo == true, limit: 1000))
            for user in users {
                try tx.setCredential(of: user.id) { credential in
                    credential.password = hash
                    credential.changedAt = tx.now
                }
            }
            try tx.setNote("setup.demo", "yes")
        }
        return password
    }

    /// Whether this is a demo: its customers are invented, and no message may reach anybody.
    public func isDemo() async throws -> Bool {
        let catalog = gate.catalog
        return try await gate.store.read { try SetUpNote.read("setup.demo", $0, catalog) != nil }
    }
}
