/// Why outside data could not be read or written; `description` says in Chinese where, and what the user can do.
///
/// ```swift
/// catch FormatError.quoteNeverClosed(let line, _) { … }
/// ```
public enum FormatError: Error, Equatable, Sendable {
    // Files
    case unreadable(what: String, reason: String)
    case unwritable(what: String, reason: String)
    case empty
    case oldExcel
    case webPage
    case notASheet

    // Text
    case badBytes(line: Int, encoding: TextEncoding)
    case nullCharacter(line: Int)
    case encodingMissing(TextEncoding)

    // Rows and cells
    case quoteNeverClosed(line: Int, column: Int)
    case cellTooLong(line: Int, column: Int, limit: Int)
    case rowTooLong(line: Int, limit: Int)
    case tooManyCells(line: Int, limit: Int)
    case tooManyRows(limit: Int)

    // Workbooks
    case damagedWorkbook(part: String, reason: String)
    case encryptedWorkbook
    case noSuchSheet(name: String, present: [String])
    case tooManyParts(found: Int, limit: Int)
    case unpacksTooLarge(part: String, limit: Int)
    case suspiciousCompression(part: String, ratio: Int)
    case documentTypeForbidden(part: String)
    case rowOutOfOrder(line: Int)

    // JSON
    case json(JSONFault, line: Int, column: Int)

    // Forms
    case badBoundary
    case badMultipart(MultipartFault)
    case badPercentEscape(offset: Int)
    case formTooLarge(what: FormPart, limit: Int)
    case formNotUTF8(field: String)
}

/// What is wrong with a JSON text.
public enum JSONFault: Error, Equatable, Sendable {
    case unexpectedEnd
    case unexpectedCharacter
    case trailingText
    case tooDeep(limit: Int)
    case tooLarge(limit: Int)
    case duplicateKey(String)
    case numberOutOfRange
    case badNumber
    case badEscape
    case loneSurrogate
    case invalidUTF8
    case controlCharacter
}

/// What is wrong with a multipart/form-data body.
public enum MultipartFault: Error, Equatable, Sendable {
    case noFirstBoundary
    case badBoundaryLine
    case badHeader
    case missingName
    case endsEarly
}

/// The part of a form that outgrew its limit.
public enum FormPart: Error, Equatable, Sendable {
    case parts
    case headers
    case field
    case fields
    case file
    case body
    case name
}
