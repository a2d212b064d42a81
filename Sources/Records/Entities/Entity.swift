/// A kind of record: one struct in one file, made of typed fields. Table, list, form, API, import, export, audit, search and permission row
/// all follow from it.
///
/// ```swift
/// public struct Brand: Entity {
///     public static let name = "brands", label = "品牌"
///     public let title = Field<String>("name", "名称", .title, .unique)
///     public let country = Field<String?>("country", "国家", .inList)
///     public let founded = Field<Day?>("founded_on", "成立日期")
///     public init() {}
/// }
/// ```
public protocol Entity: FieldHolder {
    /// The table, the URL and the permission key: English plural in snake_case. Never changes.
    static var name: String { get }
    static var label: String { get }
    static var traits: EntityTraits { get }
    /// What happens around a save; see ``Rules``.
    static var rules: Rules { get }
    /// What can be done to a record besides create, update and delete.
    static var actions: [Action] { get }
    /// The state machine, if records have a life.
    static var flow: Flow? { get }
}

extension Entity {
    public static var traits: EntityTraits { EntityTraits() }
    public static var rules: Rules { Rules() }
    public static var actions: [Action] { [] }
    public static var flow: Flow? { nil }

    /// The entity's schema as declared, without administrators' own fields.
    public static var schema: Schema { Schema.declared(Self.self) }
    public static var prototype: Self { Schema.declaration(Self.self).prototype }
}

/// What an entity says about itself as a whole.
public struct EntityTraits: Sendable {
    /// How long a record's life is and who keeps it.
    public enum Nature: Sendable {
        /// Business data: owner, department, recycle bin, audit, version.
        case owned
        /// Set-up data without an owner (levels, categories): read by all who have the right.
        case shared
        /// Written by the program only, never changed by hand: audit entries, sessions, jobs.
        case log
    }

    public var nature = Nature.owned
    /// A Lucide icon's name.
    public var icon = "square"
    /// The navigation group; nil keeps the entity out of the main navigation.
    public var menu: Words?
    public var english: String?
    /// The default order: field names, a leading `-` for descending.
    public var sort = ["-created_at"]
    /// Records belong to another record and are shown inside it: the field that links to it.
    public var parent: String?
    /// What people are given to do: what follows from a report becomes one.
    public var isToDo = false
    /// Fields of which at least one is filled in: whom a record is about, where several packs may say so.
    public var needsOneOf: [String] = []
    /// Records can be tagged, carry attachments, and have a timeline.
    public var hasTags = false
    public var hasAttachments = false
    public var hasTimeline = false
    /// Records appear on the timeline of the record they link to.
    public var timeline: TimelineEntry?
    /// Reached by the API, import and export; false for the program's own records (sessions, jobs).
    public var isPublic = true
    /// Made by people through forms, the API or import; false when only rules make records.
    public var isCreatable = true
    /// Nobody throws its records away by hand: they are evidence of what was said and done.
    public var isKept = false
    /// The field that says why somebody's word is asked for a record, where the step itself asks no reason (§4.9 step 2).
    public var reason: String?
    /// Of these fields a form asks for one at least; the entity's rules see to it.
    public var alternatives: (fields: [String], words: Words)?
    /// Several columns whose values together are unique among live records.
    public var unique: [[String]] = []
    /// Extra indexes, by field names; a leading `-` for descending.
    public var indexes: [[String]] = []
    /// The few facts shown at the head of a record's page.
    public var highlights: [String] = []
    /// Records without an owner lie in a pool for the taking; nil when they are simply nobody's.
    public var pool: Pool?
    /// What of these records waits for their owner, or for whoever does the next step: numbers on the home page.
    public var queues: [WorkQueue] = []
    /// The field whose values are the columns of the entity's board, unless another is asked for; nil for its state or first choice.
    public var board: String?
    /// Lists every entity of this one shows as tabs: set by the engine from links that point here; names here come first.
    public var related: [String] = []
    /// The field that names the entity of the record that these are about: while that one's pack is off, they are out of sight with it.
    public var about: String?
    /// Lists to start from beside those every entity has.
    public var presets: [Preset] = []
    /// The field that says where a record stands in its life; that of the flow, where there is one.
    public var state = "status"
    /// What is lent to whoever works on a record that stands in one of ``openStates``.
    public var loans: [Loan] = []
    /// Whoever keeps the record that these are about sees them too.
    public var seenWith: SeenWith?
    /// Until when a record is to be done that stands in one of ``openStates``.
    public var deadline = "due_at"
    /// States in which a record with a ``deadline`` is still work to do: the home page counts these.
    public var openStates = ["open"]
    /// The moment at which whoever keeps a record is to be in touch again: the home page counts and lists what is due.
    public var nextContact: String?
    /// Days that come round: the home page counts those of the next seven days.
    public var comingDays: [ComingDay] = []
    /// The yes-or-no field that marks what was invented for a demonstration: nobody in it is written to.
    public var demoMark = "is_demo"
    /// How whoever it is about is written to.
    public var mailing: Mailing?
    /// When a record counts as neglected.
    public var neglect: Neglect?
    /// Where these records are worked off one after another.
    public var desk: Desk?
    /// The company's paper forms that these records fill.
    public var papers: [PaperForm] = []

    /// How a record looks on another's timeline.
    public struct TimelineEntry: Sendable {
        /// The instant that places it.
        public var at: String
        /// The text below its head line.
        public var text: String
        /// What the composer of the other record's page calls it (`写跟进`); nil when it is not written there.
        public var compose: Words?
        public init(at: String, text: String, compose: Words? = nil) {
            self.at = at
            self.text = text
            self.compose = compose
        }
    }

    /// What whoever may claim a record sees of it before: everything but these fields, which stay masked until somebody owns it.
    public struct Pool: Sendable {
        public var masked: [String]
        /// The day on which an owner who neglects a record loses it to the pool; empty while nothing threatens.
        public var recall: String?
        public init(masked: String..., recall: String? = nil) { (self.masked, self.recall) = (masked, recall) }
    }

    /// A day that comes round every year: a birthday, an anniversary.
    public struct ComingDay: Sendable {
        public var field: String
        public var label: Words
        public var icon: String
        public init(_ field: String, _ chinese: String, _ english: String, icon: String) {
            (self.field, label, self.icon) = (field, Words(chinese, english), icon)
        }
    }

    /// One's own records that wait: shown as a number on the home page that opens exactly these.
    public struct WorkQueue: Sendable {
        public var label: Words
        public var icon: String
        public var isUrgent: Bool
        /// Whoever has this right does what waits here, whoever keeps the records; nil: each owner does their own.
        public var right: String?
        /// As in a list's address, besides the owner: `[("status", "open"), ("due_on[lt]", "today")]`.
        public var filters: [(field: String, value: String)]
        public init(
            _ chinese: String, _ english: String, icon: String, urgent: Bool = false, by right: String? = nil,
            _ filters: [(field: String, value: String)]
        ) {
            (label, self.icon, isUrgent, self.right, self.filters) = (Words(chinese, english), icon, urgent, right, filters)
        }
    }

    /// A page on which one's own waiting records are done one by one: whom it is about, what to say and ask, and the one thing that is done
    /// with each.
    public struct Desk: Sendable {
        public var label: Words
        /// Which records wait, as in a list's address, besides the owner.
        public var filters: [(field: String, value: String)]
        /// The link to whom it is about.
        public var subject: String
        /// The action whose form stands at the end.
        public var action: String
        public init(_ label: Words, _ filters: [(field: String, value: String)], about subject: String, action: String) {
            (self.label, self.filters, self.subject, self.action) = (label, filters, subject, action)
        }
    }

    public init(_ nature: Nature = .owned, icon: String = "square", menu: Words? = nil, english: String? = nil) {
        self.nature = nature
        self.icon = icon
        self.menu = menu
        self.english = english
        // The program's own entries carry no creation time of the usual name.
        if nature == .log { sort = ["-id"] }
    }

    /// The same traits with some changed: `EntityTraits(icon: "users").with { $0.hasTags = true }`.
    public func with(_ change: (inout EntityTraits) -> Void) -> EntityTraits {
        var copy = self
        change(&copy)
        return copy
    }
}
