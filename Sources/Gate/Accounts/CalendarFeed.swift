import Records

/// A secret address under which somebody's calendar can be subscribed to. Only the secret's hash is kept; whoever knows it reads as that
/// user.
public struct CalendarFeed: Entity {
    public static let name = "calendar_feeds", label = "日历订阅"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.unique = [["token_hash"]]; $0.indexes = [["user_id"]]
        }
    }
    public let tokenHash = Field<String>("token_hash", "令牌", .title)
    public let user = Field<Ref<User>>("user_id", "用户")
    public let createdAt = Field<Instant>("made_at", "创建时间")
    public let usedAt = Field<Instant?>("used_at", "最近读取")
    public init() {}
}

extension Accounts {
    /// The calendar that is subscribed to, as its user sees it.
    public struct FeedInfo: Sendable {
        public var createdAt: Instant
        public var usedAt: Instant?
    }

    /// A new secret in place of the old one; it is seen only here.
    public func makeFeed(_ visitor: Authenticated) async throws -> String {
        let secret = Token.fresh(Token.calendar), user = visitor.userID
        try await gate.write(as: visitor.actor) { tx in
            try Self.endFeeds(of: user, tx)
            var feed = Record<CalendarFeed>()
            feed.tokenHash = Token.hash(secret)
            feed.user = Ref(user)
            feed.createdAt = tx.now
            _ = try tx.writing.insert(feed.row)
            try tx.record("feed_made", entity: User.name, id: user, reason: CalendarFeed.label)
        }
        return secret
    }

    /// The old address stops to work.
    public func revokeFeed(_ visitor: Authenticated) async throws {
        let user = visitor.userID
        try await gate.write(as: visitor.actor) { tx in
            guard try Self.endFeeds(of: user, tx) else { return }
            try tx.record("feed_revoked", entity: User.name, id: user, reason: CalendarFeed.label)
        }
    }

    @discardableResult
    static func endFeeds(of user: Int64, _ tx: GateTransaction) throws -> Bool {
        let schema = tx.catalog.schema(CalendarFeed.self)
        let ids = try tx.reading.fetch(Query(schema, where: \CalendarFeed.user == Ref(user), limit: 100)).map(\.id)
        try tx.erase(schema, ids: ids)
        return !ids.isEmpty
    }

    public func feed(of visitor: Authenticated) async throws -> FeedInfo? {
        try await gate.read(as: visitor.actor) { view in
            try view.reading.fetch(
                Query(view.catalog.schema(CalendarFeed.self), where: \CalendarFeed.user == Ref(visitor.userID), limit: 1)
            ).first
                .map(Record<CalendarFeed>.init).map { FeedInfo(createdAt: $0.createdAt, usedAt: $0.usedAt) }
        }
    }

    /// Who subscribed under this secret, with the rights they have now; nil when it is not (or no longer) known, or the user has left.
    public func reader(ofFeed secret: String) async throws -> Actor? {
        guard secret.hasPrefix(Token.calendar), secret.utf8.count == 46 else { return nil }
        let catalog = gate.catalog, hash = Token.hash(secret), now = gate.clock.now()
        let schema = catalog.schema(CalendarFeed.self)
        guard let row = try await gate.store.read({ try $0.fetch(Query(schema, where: \CalendarFeed.tokenHash == hash, limit: 1)).first })
        else { return nil }
        let feed = Record<CalendarFeed>(row)
        if feed.usedAt.map({ now >= $0.adding(seconds: 3600) }) ?? true {
            // Nobody waits for it, and a full disk must not end a subscription.
            _ = try? await gate.store.write { try $0.set(schema, ["used_at": now.stored], where: .ids([row.id])) }
        }
        return try await actor(for: feed.user.id, via: "calendar")
    }
}
