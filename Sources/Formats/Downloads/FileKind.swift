/// The kinds of file that may be attached to a record.
public enum FileKind: String, Sendable, CaseIterable {
    case png, jpeg, gif, webp, pdf, zip, xlsx, docx, pptx, text, csv, mp4, m4a, mp3

    /// The media type to serve it under.
    public var mediaType: String {
        switch self {
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .gif: "image/gif"
        case .webp: "image/webp"
        case .pdf: "application/pdf"
        case .zip: "application/zip"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        case .text: "text/plain; charset=utf-8"
        case .csv: "text/csv; charset=utf-8"
        case .mp4: "video/mp4"
        case .m4a: "audio/mp4"
        case .mp3: "audio/mpeg"
        }
    }

    /// The usual ending of its name.
    public var fileExtension: String {
        switch self {
        case .jpeg: "jpg"
        case .text: "txt"
        default: rawValue
        }
    }

    /// Whether a browser may show it in a page.
    public var isImage: Bool {
        switch self {
        case .png, .jpeg, .gif, .webp: true
        default: false
        }
    }
}
