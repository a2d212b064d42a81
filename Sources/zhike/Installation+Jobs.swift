import Channels
import Gate
import Logging
import Records
import Storage

extension Installation {
    /// What runs in the background of this instance.
    func jobRunner(isDemo: Bool, logger: Logger) -> JobRunner {
        let accounts = accounts, isAlone = settings.database == nil
        let actors: ActorFinder = { user in try await accounts.actor(for: user, via: "job") }
        let installation = self
        let housekeeping = Housekeeping(settling: isAlone ? 0 : 120)
        let sender = WebhookSender(isDemo: isDemo, allowedHosts: settings.allowedHosts)
        var work = JobSettings()
        work.isAlone = isAlone
        work.nothingToDo = housekeeping.nothingToDo
        work.onError = { what, error in logger.error("\(what)：\(Exit(error).message)") }
        return JobRunner(
            gate: gate, actors: actors,
            handlers: housekeeping.handlers.merging([
                ImportJob.name: ImportJob(dataFolder: settings.data).handler, ImportJob.revertName: ImportJob.revertHandler,
                "bulk": Bulk.run, "undo": Undo.run,
                DuplicateScan.job: DuplicateScan.run, AutomaticBackups.job: AutomaticBackups.handler { installation },
                MessageJob.name: MessageJob.handler(carrier: MessageCarrier(isDemo: isDemo, allowedHosts: settings.allowedHosts)),
                ReportJobs.one: ReportJobs.handler, "webhook": WebhookJob.handler(sender: sender, actors: actors),
            ]) { $1 },
            jobs: housekeeping.jobs + [DuplicateScan.nightly] + (isAlone ? [AutomaticBackups.nightly] : []), settings: work
        )
    }
}
