import Records

extension Accounts {
    /// What everybody may change about themselves; an empty text takes the value away.
    public func updateProfile(_ visitor: Authenticated, name: String, mobile: String, email: String) async throws {
        try needsProof(visitor)
        let input: [String: Plain] = ["name": .text(name), "mobile": .text(mobile), "email": .text(email)], user = visitor.userID
        try await gate.write(as: own(visitor, try await chart())) { tx in
            let schema = tx.catalog.schema(User.self)
            guard let old = try tx.get(schema, id: user) else { throw Refusal.notFound }
            var row = old
            tx.isTyped = true
            try tx.accept(input, into: &row, isNew: false)
            // Everybody looks after their own name and numbers, whoever manages the accounts.
            _ = try tx.asRule { try tx.save(row, over: old) }
        }
        tickets.expire(user: user)
    }
}
