import Channels
import Gate
import Records
import Storage

extension Installation {
    /// What runs in the background of this instance.
    func jobRunner(isDemo: Bool) -> JobRunner {
        let accounts = accounts
        let isAlone = settings.database == nil
        let housekeeping = Housekeeping(settling: isAlone ? 0 : 120)
        var work = JobSettings()
        work.isAlone = isAlone
        return JobRunner(
            gate: gate, actors: { user in try await accounts.actor(for: user, via: "job") },
            handlers: [ImportJob.name: ImportJob(dataFolder: settings.data).handler, "bulk": Bulk.run, "undo": Undo.run],
            jobs: housekeeping.jobs, settings: work
        )
    }
}
