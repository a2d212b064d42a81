/// What somebody is asked, question by question; which questions come up follows from the answers so far.
public struct Sheet: Sendable {
    public var title: String
    public var intro: String?
    public var thanks: String?
    public var questions: [Question]

    public init(_ title: String, intro: String? = nil, thanks: String? = nil, _ questions: [Question]) {
        self.title = title
        self.intro = intro
        self.thanks = thanks
        self.questions = questions
    }

    public struct Question: Sendable {
        /// Names the answer, reads and checks it.
        public var field: FieldSpec
        public var section: String?
        /// Both ends of a scale in words.
        public var low: String?, high: String?
        /// Asked only when it holds.
        public var when: When?

        public init(_ field: FieldSpec, section: String? = nil, low: String? = nil, high: String? = nil, when: When? = nil) {
            self.field = field
            self.section = section
            self.low = low
            self.high = high
            self.when = when
        }

        public var code: String { field.name }
    }

    /// An answer compared: `q1<=6`, `q2=no`, `q3!=1,2`.
    public struct When: Sendable, Hashable {
        public var code: String
        public var op: Operator
        public var values: [String]

        /// Nil when the text is no comparison. Without a code it is about `code`.
        public init?(_ text: String, about code: String? = nil) {
            let text = text.filter { !$0.isWhitespace }.replacing("≤", with: "<=").replacing("≥", with: ">=").replacing("≠", with: "!=")
                .replacing("＝", with: "=").replacing("，", with: ",").replacing("、", with: ",")
            let signs: [(String, Operator)] = [("<=", .lte), (">=", .gte), ("!=", .notIn), ("=", .in), ("<", .lt), (">", .gt)]
            guard let sign = text.firstIndex(where: { "<>=!".contains($0) }),
                let (mark, op) = signs.first(where: { text[sign...].hasPrefix($0.0) })
            else { return nil }
            let name = String(text[..<sign]), values = text[sign...].dropFirst(mark.count).split(separator: ",").map(String.init)
            guard let code = name.isEmpty ? code : name, !values.isEmpty, values.allSatisfy({ $0.utf8.count <= 100 }) else { return nil }
            if [.lt, .lte, .gt, .gte].contains(op), values.count > 1 || Int64(values[0]) == nil { return nil }
            (self.code, self.op, self.values) = (code, op, values)
        }

        /// Whether `value` answers it; never without an answer.
        public func holds(for value: Value, _ field: FieldSpec) -> Bool {
            guard !value.isNull else { return false }
            let wanted = values.compactMap { try? field.kind.parse($0) }.flatMap { $0.list ?? [$0] }, given = value.list ?? [value]
            switch op {
            case .in: return given.contains(where: wanted.contains)
            case .notIn: return !given.contains(where: wanted.contains)
            default:
                guard let number = value.int, let bound = Int64(values[0]) else { return false }
                return switch op {
                case .lt: number < bound
                case .lte: number <= bound
                case .gt: number > bound
                default: number >= bound
                }
            }
        }
    }

    public subscript(code: String) -> Question? { questions.first { $0.code == code } }

    /// The questions that come up with these answers. What is not asked counts as not answered for those behind it.
    public func asked(_ answers: [String: Value]) -> [Question] {
        var asked: [Question] = [], names: Set<String> = []
        for question in questions {
            if let when = question.when {
                guard names.contains(when.code), let other = self[when.code], when.holds(for: answers[when.code] ?? .null, other.field)
                else { continue }
            }
            asked.append(question)
            names.insert(question.code)
        }
        return asked
    }

    /// One page after another: a new one where a section begins, and before a question that follows from an answer on the same page. An
    /// answer therefore changes only the pages behind it.
    public func pages(_ answers: [String: Value]) -> [[Question]] {
        var pages: [[Question]] = []
        for question in questions {
            if let last = pages.last, last.last?.section == question.section, !last.contains(where: { $0.code == question.when?.code }) {
                pages[pages.count - 1].append(question)
            } else {
                pages.append([question])
            }
        }
        let asked = Set(asked(answers).map(\.code))
        return pages.map { $0.filter { asked.contains($0.code) } }.filter { !$0.isEmpty }
    }

    /// Reads what was sent for these questions; all faults at once.
    public func read(_ input: [String: [String]], of questions: [Question]) throws(Problems) -> [String: Value] {
        var values: [String: Value] = [:], problems: [Problem] = []
        for question in questions {
            let text = (input[question.code] ?? []).map(\.trimmed).filter { !$0.isEmpty }.joined(separator: ",")
            do throws(Fault) {
                let value = text.isEmpty ? Value.null : try question.field.kind.parse(text)
                if let fault = question.field.kind.check(value), !fault.isWarning { throw fault }
                values[question.code] = value
            } catch { problems.append(Problem(question.code, code: error.code, "「\(question.field.label)」\(error.message)")) }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        return values
    }

    /// What must still be answered, of `questions`.
    public func missing(_ answers: [String: Value], of questions: [Question]) -> [Problem] {
        questions.filter { $0.field.isRequired && (answers[$0.code] ?? .null).isBlank }.map {
            Problem($0.code, code: "required", "请回答「\($0.field.label)」")
        }
    }
}
