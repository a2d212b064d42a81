/// A workbook's shared strings in one block of bytes, made into text when a cell asks.
struct SharedStrings {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    init() {}

    init(_ part: ZipPart, limit: Int) throws(FormatError) {
        let xml = try XMLPull(part)
        var isText = false
        var isPhonetic = false
        while let event = try xml.next() {
            switch event {
            case .start:
                if xml.isNamed("t") {
                    isText = !isPhonetic && !xml.isEmptyElement
                } else if xml.isNamed("rPh") {
                    isPhonetic = !xml.isEmptyElement
                } else if xml.isNamed("si"), xml.isEmptyElement {
                    ends.append(bytes.count)
                }
            case .text:
                if isText { xml.appendText(to: &bytes) }
            case .end:
                if xml.isNamed("t") {
                    isText = false
                } else if xml.isNamed("rPh") {
                    isPhonetic = false
                } else if xml.isNamed("si") {
                    ends.append(bytes.count)
                }
            }
            if bytes.count + ends.count * 8 > limit { throw .unpacksTooLarge(part: part.path, limit: limit) }
        }
    }

    /// The bytes of the string with this number, or nil when there is none.
    func withString<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
        guard ends.indices.contains(index) else { return nil }
        let start = index == 0 ? 0 : ends[index - 1]
        let end = ends[index]
        return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
    }
}
