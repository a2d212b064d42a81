import Foundation
import Records

/// Names for what administrators make: given by them, or made from the label by its sound.
public enum OwnNames {
    /// Words that forms, lists and the store use themselves.
    static let reservedFields: Set<String> = [
        "id", "rowid", "sort_key", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at", "owner_id",
        "department_id", "tags", "then", "full", "q", "sort",
        "limit", "cursor", "view", "columns", "fields", "filter", "include", "lines", "undo",
    ]

    /// Words that addresses begin with.
    static let reservedEntities: Set<String> = [
        "settings", "me", "login", "logout", "setup", "jobs", "search", "palette", "pick", "assets", "api", "files", "events",
        "notifications", "undo", "more", "healthz", "metrics",
        "dev", "reports", "dashboard", "import", "export", "print", "new", "schema", "manifest", "public", "mcp", "parameters", "packs",
    ]

    /// What is wrong with a name; nil when it is fine.
    public static func fault(in name: String) -> String? {
        let isPlain = name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
        guard isPlain, let first = name.utf8.first, (97...122).contains(first), !name.hasSuffix("_"), !name.contains("__"),
            name.utf8.count <= 40
        else {
            return "标识只能用小写字母、数字和下划线，以字母开头，不超过 40 个字符，例如 contract_no"
        }
        return nil
    }

    /// `合同编号` → `x_hetong_bianhao`: what administrators make cannot collide with what a later version declares.
    public static func name(for label: String) -> String {
        let latin = label.applyingTransform(.toLatin, reverse: false)?.applyingTransform(.stripDiacritics, reverse: false) ?? label
        var name = "x", isBreak = true
        for byte in latin.lowercased().utf8 {
            if (97...122).contains(byte) || (48...57).contains(byte) {
                if isBreak { name += "_" }
                isBreak = false
                name.unicodeScalars.append(UnicodeScalar(byte))
            } else if byte < 128 {
                isBreak = true
            }
            if name.utf8.count >= 28 { break }
        }
        return name == "x" ? "x_1" : name
    }

    /// The given name, or the first free one that the label suggests.
    static func settled(_ given: String, label: String, isFree: (String) -> Bool) -> String {
        let given = given.trimmed
        guard given.isEmpty else { return given }
        let base = name(for: label)
        return ([base] + (2...300).map { "\(base)_\($0)" }).first(where: isFree) ?? base
    }

    static func codes(_ options: Plain?) -> [String] { options?.list?.compactMap { $0.object?["code"]?.text } ?? [] }

    static func text(_ text: String?) -> String? { text.flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed } }
}
