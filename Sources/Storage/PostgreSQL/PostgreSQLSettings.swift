import Records

/// How a server is reached and how each connection is set up.
struct PostgreSQLSettings: Sendable {
    /// What `PQconnectdb` takes.
    let connection: String
    let schema: String
    let statementTimeout: Int

    init(url: String, schema: String, statementTimeout: Int) {
        // A peer that vanished must not hold a thread for the two hours the system would wait.
        let options = [
            "connect_timeout=3", "client_encoding=UTF8", "application_name=zhike", "keepalives_idle=30", "keepalives_interval=10",
            "keepalives_count=3", "tcp_user_timeout=30000",
        ]
        connection =
            url.contains("://")
            ? url + (url.contains("?") ? "&" : "?") + options.joined(separator: "&") : ([url] + options).joined(separator: " ")
        self.schema = schema
        self.statementTimeout = statementTimeout
    }

    /// The name under which the server knows one of our channels; other schemas of the database have their own.
    func channel(_ name: String) -> String { String("\(schema).\(name)".prefix(60)) }

    /// Run on every new connection. Only our schema is looked up, so nobody can slip a table of their own in between.
    var preparation: [String] {
        [
            "set client_min_messages = warning",
            "set search_path = \(schema.quoted), pg_temp",
            "set statement_timeout = \(statementTimeout)",
            "set lock_timeout = 10000",
            "set idle_in_transaction_session_timeout = 120000",
            "set timezone = 'UTC'",
            "set synchronous_commit = on",
            "set standard_conforming_strings = on",
        ]
    }
}
