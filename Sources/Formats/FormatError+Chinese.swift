extension FormatError: CustomStringConvertible {
    /// The sentence shown to the user: where it is, what it is, how to mend it.
    public var description: String {
        switch self {
        case .unreadable(let what, let reason): "无法读取“\(what)”：\(reason)。请确认文件存在且有读取权限。"
        case .unwritable(let what, let reason): "无法写入“\(what)”：\(reason)。请检查磁盘空间和权限后重试。"
        case .empty: "文件是空的，没有任何行。请确认选对了文件。"
        case .oldExcel: "这是旧版 Excel（.xls）或加了密码的文件。请用 Excel 打开，另存为不带密码的 .xlsx 或 CSV 后再导入。"
        case .webPage: "这个文件其实是网页（HTML 或 XML），不是表格。请用 Excel 打开后另存为 .xlsx 再导入。"
        case .notASheet: "这个文件既不是 .xlsx 也不是 CSV 文本。请另存为 .xlsx 或 CSV 后再导入。"
        case .badBytes(let line, let encoding):
            "第 \(line) 行有不是 \(encoding.label) 编码的字节。请用 Excel 打开，另存为“CSV UTF-8”后再导入。"
        case .nullCharacter(let line): "第 \(line) 行含有空字符（NUL），这不像文本文件。请另存为“CSV UTF-8”后再导入。"
        case .encodingMissing(let encoding):
            "服务器缺少 \(encoding.label) 的转换模块。请安装 glibc 的 gconv 模块，或把文件另存为 UTF-8。"
        case .quoteNeverClosed(let line, let column):
            "\(place(line, column))的双引号没有结束，后面的内容都被当成了这一格。请补上结尾的双引号，格内的双引号要写两次。"
        case .cellTooLong(let line, let column, let limit):
            "\(place(line, column))超过了 \(size(limit))。请检查是否漏了结尾的双引号，或缩短内容。"
        case .rowTooLong(let line, let limit): "第 \(line) 行超过了 \(size(limit))。请检查是否漏了结尾的双引号。"
        case .tooManyCells(let line, let limit): "第 \(line) 行超过了 \(limit) 列。请检查分隔符，或删去多余的列。"
        case .tooManyRows(let limit): "超过了 \(limit) 行。请分成几个文件。"
        case .damagedWorkbook(let part, let reason):
            "工作簿已损坏（\(part)：\(reason)）。请用 Excel 打开并另存一份后再试。"
        case .encryptedWorkbook: "工作簿加了密码。请取消密码后另存再导入。"
        case .noSuchSheet(let name, let present):
            "没有名为“\(name)”的工作表，现有：\(present.prefix(20).joined(separator: "、"))。"
        case .tooManyParts(let found, let limit): "压缩包里有 \(found) 个文件，超过 \(limit) 个，不像 Excel 工作簿。请另存一份后再试。"
        case .unpacksTooLarge(let part, let limit): "工作簿（\(part)）解压后超过 \(size(limit))。请拆成几个文件，或改用 CSV。"
        case .suspiciousCompression(let part, let ratio):
            "工作簿（\(part)）的压缩比达到 \(ratio) 倍，疑似压缩炸弹，已拒绝。请删去空白的行列后另存，或改用 CSV。"
        case .documentTypeForbidden(let part): "工作簿（\(part)）含有文档类型声明（DTD），已拒绝。请用 Excel 另存一份。"
        case .rowOutOfOrder(let line): "工作表里第 \(line) 行的行号不合理。请用 Excel 打开并另存一份后再试。"
        case .json(let fault, let line, let column): "JSON 第 \(line) 行第 \(column) 个字符处：\(fault.description)。"
        case .badBoundary: "上传请求的 Content-Type 没有合法的 boundary。请重新提交表单。"
        case .badMultipart(let fault): "上传内容不完整或格式不对：\(fault.description)。请重新提交。"
        case .badPercentEscape(let offset): "表单第 \(offset + 1) 个字节处的百分号编码不合法。请重新提交。"
        case .formTooLarge(let what, let limit): "\(what.label)超过了上限 \(what.isCount ? "\(limit) 个" : size(limit))。"
        case .formNotUTF8(let field): "字段“\(field)”不是合法的 UTF-8 文本。请重新提交。"
        }
    }
}

extension JSONFault: CustomStringConvertible {
    /// The fault in Chinese, without its place.
    public var description: String {
        switch self {
        case .unexpectedEnd: "内容没有写完"
        case .unexpectedCharacter: "出现了意外的字符"
        case .trailingText: "结尾之后还有多余的内容"
        case .tooDeep(let limit): "嵌套超过 \(limit) 层"
        case .tooLarge(let limit): "内容超过 \(size(limit))"
        case .duplicateKey(let key): "键“\(key.prefix(60))”重复"
        case .numberOutOfRange: "数字超出范围；很长的编号请写成带引号的文本"
        case .badNumber: "数字的写法不对"
        case .badEscape: "反斜杠转义的写法不对"
        case .loneSurrogate: "\\u 转义只有半个字符"
        case .invalidUTF8: "不是合法的 UTF-8"
        case .controlCharacter: "文本里有未转义的控制字符"
        }
    }
}

extension MultipartFault: CustomStringConvertible {
    /// The fault in Chinese.
    public var description: String {
        switch self {
        case .noFirstBoundary: "找不到第一个分隔行"
        case .badBoundaryLine: "分隔行的写法不对"
        case .badHeader: "部分的头信息写法不对"
        case .missingName: "有一部分没有字段名"
        case .endsEarly: "没有传完就中断了"
        }
    }
}

extension FormPart {
    /// What grew too large, in Chinese.
    public var label: String {
        switch self {
        case .parts: "字段数"
        case .headers: "头信息"
        case .field: "单个字段"
        case .fields: "全部字段合计"
        case .file: "上传的文件"
        case .body: "上传内容"
        case .name: "字段名"
        }
    }

    var isCount: Bool { self == .parts }
}

private func place(_ line: Int, _ column: Int) -> String {
    "第 \(line) 行第 \(column) 列（\(columnLetters(column)) 列）"
}

private func size(_ bytes: Int) -> String {
    switch bytes {
    case (1 << 30)... where bytes % (1 << 30) == 0: "\(bytes >> 30) GiB"
    case (1 << 20)... where bytes % (1 << 20) == 0: "\(bytes >> 20) MiB"
    case (1 << 10)... where bytes % (1 << 10) == 0: "\(bytes >> 10) KiB"
    default: "\(bytes) 字节"
    }
}

/// What a spreadsheet calls a column: 1 is A, 28 is AB.
func columnLetters(_ column: Int) -> String {
    var letters: [UInt8] = []
    var rest = column
    while rest > 0 {
        letters.append(UInt8(truncatingIfNeeded: 65 + (rest - 1) % 26))
        rest = (rest - 1) / 26
    }
    return String(decoding: letters.reversed(), as: UTF8.self)
}
