/// The rows of one worksheet part, as they pass.
struct SheetPart {
    private let xml: XMLPull
    private let path: String
    private let values: CellValues
    private let limits: SheetLimits

    private var line = 0
    private var cells: [Cell] = []
    private var rowBytes = 0
    private var column = 0
    private var kind = CellValues.Kind.number
    private var style = 0
    private var value: [UInt8] = []
    private var isCapturing = false
    private var isPhonetic = false
    private var isEnded = false

    init(_ part: ZipPart, values: CellValues, limits: SheetLimits) throws(FormatError) {
        xml = try XMLPull(part)
        path = part.path
        self.values = values
        self.limits = limits
    }

    /// The next row written in the sheet, blank or not.
    mutating func next() throws(FormatError) -> SheetRow? {
        while !isEnded, let event = try xml.next() {
            switch event {
            case .start: try start()
            case .text: try capture()
            case .end: if try end() { return SheetRow(line: line, cells: cells) }
            }
        }
        isEnded = true
        // To the end of the part, where the checksum is: a damaged file must not pass for a short one.
        while try xml.next() != nil {}
        return nil
    }

    private mutating func start() throws(FormatError) {
        if xml.isNamed("c") {
            try startCell()
        } else if xml.isNamed("v") || xml.isNamed("t") {
            isCapturing = !isPhonetic && !xml.isEmptyElement
        } else if xml.isNamed("row") {
            try startRow()
        } else if xml.isNamed("rPh") {
            isPhonetic = !xml.isEmptyElement
        }
    }

    private mutating func capture() throws(FormatError) {
        guard isCapturing else { return }
        xml.appendText(to: &value)
        if value.count > limits.cellBytes { throw .cellTooLong(line: line, column: column, limit: limits.cellBytes) }
    }

    /// True when a row is complete.
    private mutating func end() throws(FormatError) -> Bool {
        if xml.isNamed("v") || xml.isNamed("t") {
            isCapturing = false
        } else if xml.isNamed("c") {
            try endCell()
        } else if xml.isNamed("rPh") {
            isPhonetic = false
        } else if xml.isNamed("row") {
            return true
        } else if xml.isNamed("sheetData") {
            isEnded = true
        }
        return false
    }

    private mutating func startRow() throws(FormatError) {
        let last = line
        line = last + 1
        if let number = xml.attribute("r") {
            guard let number = Int(number), number > last, number <= 1_048_576 else { throw .rowOutOfOrder(line: last + 1) }
            line = number
        }
        let width = cells.count
        cells = []
        cells.reserveCapacity(width)
        (column, rowBytes) = (0, 0)
    }

    private mutating func startCell() throws(FormatError) {
        column += 1
        (kind, style, isCapturing, isPhonetic) = (.number, 0, false, false)
        value.removeAll(keepingCapacity: true)
        let isEmpty = xml.isEmptyElement
        var placed: Int? = column
        xml.eachAttribute { name, text in
            if isEqual(name, "r") { placed = Self.column(text) }
            if isEqual(name, "t") { kind = CellValues.kind(text) }
            if isEqual(name, "s") { style = Self.number(text) }
        }
        guard let placed, placed >= column else { throw .damagedWorkbook(part: path, reason: "第 \(line) 行的列号不合理") }
        if placed > limits.cells { throw .tooManyCells(line: line, limit: limits.cells) }
        column = placed
        if isEmpty { try endCell() }
    }

    private mutating func endCell() throws(FormatError) {
        isCapturing = false
        if value.isEmpty { return }
        guard let text = values.text(value, kind: kind, style: style) else {
            throw .damagedWorkbook(part: path, reason: "第 \(line) 行第 \(column) 列引用的共享文本不存在")
        }
        value.removeAll(keepingCapacity: true)
        let length = text.utf8.count
        if length > limits.cellBytes { throw .cellTooLong(line: line, column: column, limit: limits.cellBytes) }
        rowBytes += length
        if rowBytes > limits.rowBytes { throw .rowTooLong(line: line, limit: limits.rowBytes) }
        if text.isEmpty || cells.count >= column { return }
        while cells.count < column - 1 { cells.append("") }
        cells.append(text)
    }

    /// The column of a reference such as `AB12`; nil when it is none or beyond XFD.
    private static func column(_ reference: UnsafePointer<UInt8>) -> Int? {
        var column = 0
        var index = 0
        while index < 3, reference[index] >= UInt8(ascii: "A"), reference[index] <= UInt8(ascii: "Z") {
            // bounded: at most three letters.
            column = column * 26 + Int(reference[index] - UInt8(ascii: "A")) + 1
            index += 1
        }
        return (1...16_384).contains(column) ? column : nil
    }

    /// A small natural number, or 0.
    private static func number(_ text: UnsafePointer<UInt8>) -> Int {
        var number = 0
        var index = 0
        while index < 7, text[index] >= UInt8(ascii: "0"), text[index] <= UInt8(ascii: "9") {
            number = number * 10 + Int(text[index] - UInt8(ascii: "0"))
            index += 1
        }
        return number
    }
}
