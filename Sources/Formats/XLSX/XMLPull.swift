import CLibxml

/// Walks an XML part node by node with libxml2's text reader: no network, no DTD, no entities of its own, constant memory.
final class XMLPull {
    enum Event {
        case start
        case end
        case text
    }

    private let reader: xmlTextReaderPtr
    private let part: ZipPart

    init(_ part: ZipPart) throws(FormatError) {
        _ = Self.isReady
        self.part = part
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue | XML_PARSE_COMPACT.rawValue
        let context = Unmanaged.passUnretained(part).toOpaque()
        let read: xmlInputReadCallback = { context, buffer, length in
            guard let context, let buffer, length > 0 else { return -1 }
            let part = Unmanaged<ZipPart>.fromOpaque(context).takeUnretainedValue()
            return Int32(truncatingIfNeeded: part.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(length))))
        }
        guard let opened = xmlReaderForIO(read, nil, context, nil, nil, Int32(bitPattern: options)) else {
            throw part.failure ?? .damagedWorkbook(part: part.path, reason: "XML")
        }
        reader = opened
    }

    deinit { xmlFreeTextReader(reader) }

    /// libxml2 wants its set-up done once before threads use it.
    private static let isReady: Bool = {
        xmlInitParser()
        return true
    }()

    /// The next start, end or text, or nil at the end of the document.
    func next() throws(FormatError) -> Event? {
        while true {
            let result = xmlTextReaderRead(reader)
            if let failure = part.failure { throw failure }
            if result == 0 { return nil }
            guard result == 1 else {
                throw .damagedWorkbook(part: part.path, reason: "XML 第 \(xmlTextReaderGetParserLineNumber(reader)) 行有误")
            }
            switch xmlTextReaderNodeType(reader) {
            case 1: return .start
            case 15: return .end
            case 3, 4, 13, 14: return .text
            case 5, 10: throw .documentTypeForbidden(part: part.path)
            default: continue
            }
        }
    }

    /// Whether the element's name, without prefix, is `name`.
    func isNamed(_ name: StaticString) -> Bool {
        guard let local = xmlTextReaderConstLocalName(reader) else { return false }
        return isEqual(local, name)
    }

    /// Whether the element closes itself, and so has no end event.
    var isEmptyElement: Bool { xmlTextReaderIsEmptyElement(reader) == 1 }

    /// The element's attribute of this name, without prefix.
    func attribute(_ name: StaticString) -> String? {
        var value: String?
        eachAttribute { if isEqual($0, name) { value = String(cString: $1) } }
        return value
    }

    /// Calls with each attribute's name, without prefix, and its value; the pointers live during the call.
    func eachAttribute(_ body: (_ name: UnsafePointer<UInt8>, _ value: UnsafePointer<UInt8>) -> Void) {
        guard xmlTextReaderMoveToFirstAttribute(reader) == 1 else { return }
        repeat {
            if let name = xmlTextReaderConstLocalName(reader), let value = xmlTextReaderConstValue(reader) { body(name, value) }
        } while xmlTextReaderMoveToNextAttribute(reader) == 1
        xmlTextReaderMoveToElement(reader)
    }

    /// Appends the text node's bytes.
    func appendText(to bytes: inout [UInt8]) {
        guard var place = xmlTextReaderConstValue(reader) else { return }
        let start = place
        while place.pointee != 0 { place += 1 }
        bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: place - start))
    }
}

/// Whether a C string spells `name`.
func isEqual(_ text: UnsafePointer<UInt8>, _ name: StaticString) -> Bool {
    let wanted = name.utf8Start
    var index = 0
    while text[index] == wanted[index] {
        if text[index] == 0 { return true }
        index += 1
    }
    return false
}
