import Gate
import Records

/// Something the palette can do.
struct PaletteCommand {
    enum Does {
        case open(String)
        /// A dialog of the page one stands on, or fetched from its address.
        case dialog(String, url: String)
        case post(String)
    }

    var label: String
    var icon: String
    var does: Does
    var key: String?
}

/// What the palette offers besides records: what can be done where the reader stands, and where one can go.
struct PaletteCommands {
    let page: Page
    /// The path of the page behind the palette.
    let at: String

    private var words: [String] { at.split(separator: "/").map(String.init) }
    private var schema: Schema? { words.first.flatMap { name in page.view.attempt { try page.view.schema(named: name) } } }

    /// On a record its actions, on a list what is done with it.
    var here: [PaletteCommand] {
        guard let schema else { return [] }
        if words.count > 1, let id = Int64(words[1]), let row = page.view.attempt({ try page.view.record(schema, id: id) }) {
            return actions(on: row)
        }
        return words.count == 1 ? list(schema) : []
    }

    private func actions(on row: Row) -> [PaletteCommand] {
        let base = "/\(row.schema.name)/\(row.id)"
        var commands = ActionOffer.all(for: row, page.view).map(\.action).map { action in
            PaletteCommand(
                label: "\(action.label(in: page.language))「\(row.title)」", icon: action.icon,
                does: .dialog("act-\(action.name)", url: "\(base)/actions/\(action.name)"))
        }
        if page.view.may("update", row) {
            commands.append(
                PaletteCommand(
                    label: page.t("编辑「\(row.title)」", "Edit “\(row.title)”"), icon: "pencil", does: .open("\(base)/edit"), key: "E"))
        }
        let isFollowed = page.view.attempt { try page.view.isFollowed(row) } ?? false
        commands.append(
            PaletteCommand(
                label: isFollowed ? page.t("取消关注", "Unfollow") : page.t("关注", "Follow"), icon: "star", does: .post("\(base)/follow")))
        if row.schema.isOwned, page.view.may("update", row) {
            commands.append(PaletteCommand(label: page.t("共享", "Share"), icon: "share-2", does: .open("\(base)/share")))
        }
        commands.append(PaletteCommand(label: page.t("打印", "Print"), icon: "printer", does: .open("\(base)/print")))
        return commands
    }

    private func list(_ schema: Schema) -> [PaletteCommand] {
        let base = "/\(schema.name)", label = schema.label(in: page.language)
        var commands: [PaletteCommand] = []
        if schema.traits.isCreatable, page.view.may("create", schema) {
            commands.append(
                PaletteCommand(label: page.t("新建\(label)", "New \(label.lowercased())"), icon: "plus", does: .open("\(base)/new"), key: "N")
            )
        }
        for view in page.view.attempt({ try page.view.savedViews(of: schema) }) ?? [] {
            commands.append(
                PaletteCommand(
                    label: page.t("视图：\(view.title)", "View: \(view.title)"), icon: "layers", does: .open("\(base)?view=\(view.row.id)")))
        }
        if page.view.may("import", schema) {
            commands.append(
                PaletteCommand(label: page.t("导入\(label)", "Import \(label.lowercased())"), icon: "upload", does: .open("\(base)/import")))
        }
        if page.view.may("merge", schema), !schema.rules.duplicates.isEmpty {
            commands.append(
                PaletteCommand(
                    label: page.t("\(label)查重", "Duplicate \(label.lowercased())"), icon: "merge", does: .open("\(base)/duplicates/review"))
            )
        }
        return commands
    }

    /// Lists, new records, and the reader's own pages.
    var pages: [PaletteCommand] {
        var commands: [PaletteCommand] = [
            PaletteCommand(label: page.t("工作台", "Home"), icon: "house", does: .open("/"), key: "G H"),
            PaletteCommand(label: page.t("日历", "Calendar"), icon: "calendar-days", does: .open("/calendar")),
        ]
        for schema in page.site.groups(page).flatMap(\.schemas) {
            commands.append(
                PaletteCommand(label: schema.label(in: page.language), icon: schema.traits.icon, does: .open("/\(schema.name)")))
            if schema.traits.isCreatable, page.view.may("create", schema) {
                commands.append(
                    PaletteCommand(
                        label: page.t("新建\(schema.label)", "New \(schema.label(in: .english).lowercased())"), icon: "plus",
                        does: .open("/\(schema.name)/new")))
            }
        }
        commands += [
            PaletteCommand(label: page.t("设置", "Settings"), icon: "settings", does: .open("/settings"), key: "G S"),
            PaletteCommand(label: page.t("个人设置", "My settings"), icon: "user-round", does: .open("/me")),
            PaletteCommand(label: page.t("通知", "Notifications"), icon: "bell", does: .open("/notifications")),
            PaletteCommand(label: page.t("后台任务", "Jobs"), icon: "loader", does: .open("/jobs")),
        ]
        return commands
    }
}
