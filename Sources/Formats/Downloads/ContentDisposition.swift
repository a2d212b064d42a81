/// The header that tells a browser to save a download, and under which name (RFC 6266, RFC 5987).
public enum ContentDisposition {
    /// `attachment; filename="____.xlsx"; filename*=UTF-8''%E5%AE%A2%E6%88%B7.xlsx`
    public static func attachment(_ name: String) -> String { header("attachment", name) }

    /// For what a browser may show by itself, such as an image.
    public static func inline(_ name: String) -> String { header("inline", name) }

    private static func header(_ kind: String, _ name: String) -> String {
        let name = FileName.safe(name)
        var plain = ""
        for scalar in name.unicodeScalars {
            // Some browsers decode percent signs in the plain name.
            let isPlain = scalar.value >= 0x20 && scalar.value < 0x7F && scalar != "\"" && scalar != "\\" && scalar != "%" && scalar != ";"
            plain.unicodeScalars.append(isPlain ? scalar : "_")
        }
        if plain == name { return "\(kind); filename=\"\(plain)\"" }
        var extended: [UInt8] = []
        PercentCoding.append(name, to: &extended)
        return "\(kind); filename=\"\(plain)\"; filename*=UTF-8''" + String(decoding: extended, as: UTF8.self)
    }
}
