import Records

extension GateTransaction {
    /// Puts work into the outbox: it exists exactly when this transaction does, and a runner takes it soon after.
    public func enqueue(_ job: String, _ payload: [String: Plain], key: String? = nil, after delay: Int64 = 0) throws {
        try enqueue(job, label: catalog.job(job)?.label ?? job, payload, key: key, after: delay)
    }

    /// The same with a label for the list of jobs; returns the job's number. While one with `key` waits, no second is made.
    /// - Parameter user: who the job runs as; who asks for it unless said otherwise.
    @discardableResult
    public func enqueue(
        _ job: String, label: String, _ payload: [String: Plain], key: String? = nil, after delay: Int64 = 0, total: Int = 0,
        for user: Int64? = nil
    ) throws -> Int64 {
        let schema = catalog.schema(JobRow.self)
        if let key, let waiting = try reading.fetch(Query(schema, where: \JobRow.key == key && \JobRow.status == .waiting, limit: 1)).first
        {
            return waiting.id
        }
        var row = Record<JobRow>()
        row.title = job
        row.label = label
        row.payload = Plain.object(payload).jsonText
        row.status = .waiting
        row.key = key
        row.runAt = now.adding(seconds: delay)
        row.attempts = 0
        row.done = 0
        row.total = total
        let doer = user ?? actor.userID
        row.user = doer == 0 ? nil : Ref(doer)
        row.scopes = user == nil || user == actor.userID ? actor.keyScopes : nil
        let id = try writing.insert(row.row)
        events.append(ChangeEvent(entity: JobRow.name, id: id, kind: .created, by: actor.userID))
        return id
    }

    public func lead(to row: Row) { next = row }

    /// Tells people inside the program, but for those who do not want to hear of the subject, and those who may not see what it is about.
    public func notify(_ users: [Int64], of subject: NotificationSubject, _ text: String, about row: Row? = nil) throws {
        if let row { return try tell(users, of: subject, about: row) { _ in text } }
        for user in Set(users).sorted() where try user != 0 && wants(user, subject) { try write(text, to: user, of: subject, about: nil) }
    }

    /// The same in words that depend on what each reader may see; nil tells nothing.
    func tell(
        _ users: [Int64], of subject: NotificationSubject, about row: Row, _ text: (GateTransaction) throws -> String?
    ) throws {
        for user in Set(users).sorted() where try user != 0 && wants(user, subject) {
            guard let reader = try reader(user), reader.sees(row), let text = try text(reader) else { continue }
            try write(text, to: user, of: subject, about: row)
        }
    }

    private func write(_ text: String, to user: Int64, of subject: NotificationSubject, about row: Row?) throws {
        var note = Record<Notification>()
        note.text = String(text.prefix(200))
        note.user = Ref(user)
        note.entity = row?.schema.name
        note.recordID = row.map { Int($0.id) }
        note.at = now
        note.subject = subject.rawValue
        let id = try writing.insert(note.row)
        events.append(ChangeEvent(entity: Notification.name, id: id, kind: .created, by: user))
    }

    /// The data as somebody else sees it.
    private func reader(_ user: Int64) throws -> GateTransaction? {
        user == actor.userID ? self : try actor(of: user, via: "web").map(inner(as:))
    }

    private func wants(_ user: Int64, _ subject: NotificationSubject) throws -> Bool {
        guard subject != .trouble,
            let chosen = try credential(of: user)?.preferences.flatMap(Plain.init(jsonText:))?.object?["notify"]?.list
        else { return true }
        return chosen.contains(.text(subject.rawValue))
    }

    /// One job for each webhook that wants to know of what was changed.
    func enqueueWebhooks(for events: [ChangeEvent]) throws {
        let wanted = events.filter { catalog[$0.entity]?.traits.isPublic ?? false }
        guard !wanted.isEmpty else { return }
        for row in try reading.fetch(Query(catalog.schema(Webhook.self), where: \Webhook.isActive == true, limit: 100)) {
            let names = Record<Webhook>(row).events.split(separator: ",").map { $0.trimmed }
            for event in wanted {
                let name = "\(event.entity).\(event.kind.rawValue)"
                guard names.contains("*") || names.contains(name) || names.contains("\(event.entity).*") else { continue }
                let payload: [String: Plain] = [
                    "webhook": .int(row.id), "event": .text(name), "entity": .text(event.entity), "id": .int(event.id),
                    "operation": .int(operation),
                ]
                try enqueue("webhook", label: "发送 Webhook：\(name)", payload)
            }
        }
    }
}
