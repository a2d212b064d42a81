import Foundation

/// How many files and sockets this process may have open, and how many of them may be connections.
struct OpenFiles {
    var limit: Int

    /// A quarter, 512 at most, is kept for the database, uploads and exports. More connections than ten thousand would only fill the memory.
    var connections: Int { min(limit - min(512, limit / 4), 10_000) }

    /// Raises the limit to what the system allows this process (RLIMIT_NOFILE, soft to hard). Where that cannot be, the limit stays as it is.
    static func raise() -> OpenFiles {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return OpenFiles(limit: 1024) }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        if setrlimit(resource, &raised) == 0 { limit = raised }
        return OpenFiles(limit: Int(clamping: limit.rlim_cur))
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
}
