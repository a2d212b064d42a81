import Records
import Testing

@testable import Core
@testable import Product
@testable import Sales
@testable import Service

@Suite struct CatalogTests {
    /// With what packs add to entities of others.
    static let schemas = Catalog(packs: Packs.all).schemas
    /// Declared by the engine, not by a capability.
    static let engine: Set<String> = [User.name, Department.name, Role.name, "tags"]

    @Test("names are unique and snake_case") func names() {
        #expect(Set(Self.schemas.map(\.name)).count == Self.schemas.count)
        for schema in Self.schemas {
            #expect(schema.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
            #expect(Set(schema.fields.map(\.name)).count == schema.fields.count, "\(schema.name)")
            for field in schema.fields { #expect(field.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, "\(schema.name).\(field.name)") }
        }
    }

    @Test("every entity and field has a Chinese and an English label") func labels() {
        for schema in Self.schemas {
            #expect(isChinese(schema.label) && schema.traits.english != nil, "\(schema.name)")
            for field in schema.fields {
                #expect(isChinese(field.label), "\(schema.name).\(field.name)")
                #expect(!isChinese(field.label(in: .english)), "\(schema.name).\(field.name)")
            }
        }
    }

    @Test("whoever works in English meets no Chinese in what is declared") func english() {
        for schema in Self.schemas {
            var said = schema.traits.menu.map { [$0.english] } ?? []
            said += [schema.traits.english ?? schema.label, schema.traits.timeline?.compose?.english ?? ""]
            for field in schema.fields + schema.actions.flatMap(\.parameters) {
                let traits = field.traits
                said += [field.label(in: .english)] + [traits.help, traits.unit, traits.section, traits.reverse].compactMap { $0?.english }
                switch field.kind.editor {
                case .choice(let options), .choices(let options): said += options.map { $0.label(in: .english) }
                default: break
                }
            }
            said += schema.actions.map { $0.label(in: .english) }
            for text in said { #expect(!isChinese(text), "\(schema.name): \(text)") }
        }
        for parameter in Packs.capabilities.flatMap({ $0.parameters }) {
            let said =
                [parameter.english ?? parameter.label, parameter.section.english]
                + [parameter.help, parameter.unit].compactMap { $0?.english }
            for text in said { #expect(!isChinese(text), "\(parameter.name): \(text)") }
        }
        for job in Packs.capabilities.flatMap({ $0.jobs }) {
            #expect(job.english != nil && !isChinese(job.label(in: .english)), "\(job.name)")
        }
    }

    @Test("every link leads somewhere") func links() {
        let known = Set(Self.schemas.map(\.name)).union(Self.engine)
        for schema in Self.schemas {
            for field in schema.fields {
                if let target = field.target { #expect(known.contains(target), "\(schema.name).\(field.name) → \(target)") }
            }
            for rollUp in schema.rules.rollUps {
                let child = Self.schemas.first { $0.name == rollUp.child }
                #expect(schema[rollUp.field]?.traits.isReadOnly == true && child?[rollUp.link] != nil, "\(schema.name).\(rollUp.field)")
            }
        }
    }

    @Test("what traits, duplicates and flows name is there") func traits() {
        for schema in Self.schemas {
            let traits = schema.traits
            let named =
                traits.sort.map { $0.hasPrefix("-") ? String($0.dropFirst()) : $0 } + traits.highlights
                + (traits.indexes + traits.unique).joined().map { $0.hasPrefix("-") ? String($0.dropFirst()) : $0 }
                + [traits.parent, traits.timeline?.at, traits.timeline?.text].compactMap(\.self) + schema.rules.duplicates.flatMap(\.fields)
                + [schema.flow?.field].compactMap(\.self)
                + schema.fields.compactMap(\.traits.onlyWhen?.field)
            for name in named { #expect(schema[name] != nil, "\(schema.name): \(name)") }
            for related in traits.related { #expect(Self.schemas.contains { $0.name == related }, "\(schema.name): \(related)") }
            #expect(schema.fields.contains { $0.traits.isInList }, "\(schema.name) shows something in its list")
        }
    }

    @Test("what paper forms name is there") func papers() {
        func target(_ field: FieldSpec?) -> Schema? { field?.target.flatMap { name in Self.schemas.first { $0.name == name } } }
        for schema in Self.schemas {
            let forms = schema.traits.papers
            #expect(Set(forms.map(\.name)).count == forms.count && !forms.contains { $0.name == "fields" })
            for form in forms {
                for entry in form.entries {
                    switch entry.source {
                    case .field(let path), .capitals(let path):
                        let parts = path.split(separator: ".").map(String.init), first = schema[parts.first ?? ""]
                        #expect(
                            parts.count == 1 ? first != nil : parts.count == 2 && target(first)?[parts[1]] != nil, "\(form.name): \(path)")
                    case .other(let entity, let field, let link, let mark):
                        let other = Self.schemas.first { $0.name == entity }, wanted = link == nil ? schema : target(schema[link ?? ""])
                        #expect(other?[field] != nil && (mark == nil || other?[mark ?? ""] != nil), "\(form.name): \(entity).\(field)")
                        #expect(
                            other?.fields.contains { ($0.kind as? LinkKind)?.target == wanted?.name } ?? false, "\(form.name): \(entity)")
                    case .counter, .today, .reader, .blank: break
                    }
                }
                guard case .sheet(let parts) = form.body else { continue }
                for case .lines(let name, let columns, let totals) in parts {
                    let child = (schema[name]?.kind as? LinesKind).flatMap { kind in Self.schemas.first { $0.name == kind.entity } }
                    for column in columns { #expect(child?[column] != nil, "\(form.name): \(name).\(column)") }
                    #expect(Set(totals).isSubset(of: columns))
                }
            }
        }
    }

    @Test("codes of flows and conditions on fields are options") func codes() {
        for schema in Self.schemas {
            for field in schema.fields {
                guard let only = field.traits.onlyWhen, let kind = schema[only.field]?.kind as? ChoiceKind else { continue }
                for code in only.codes { #expect(kind.options.contains { $0.code == code }, "\(schema.name).\(field.name): \(code)") }
            }
            guard let flow = schema.flow, let kind = schema[flow.field]?.kind as? ChoiceKind else { continue }
            for step in flow.transitions {
                for code in step.from + [step.to] {
                    #expect(kind.options.contains { $0.code == code }, "\(schema.name).\(step.name): \(code)")
                }
                for name in step.requires { #expect(schema[name] != nil, "\(schema.name).\(step.name)") }
            }
            #expect(Set(schema.actions.map(\.name)).count == schema.actions.count)
        }
    }

    @Test("initial values are values of their field") func initials() {
        for schema in Self.schemas {
            for field in schema.fields {
                if let initial = field.traits.initial { #expect(field.kind.check(initial) == nil, "\(schema.name).\(field.name)") }
            }
        }
    }

    @Test("every case of every choice has its option") func options() {
        func check<C: Choice>(_ type: C.Type) {
            #expect(
                type.options.count == type.allCases.count && Set(type.options.map(\.value.rawValue)).count == type.options.count, "\(type)")
        }
        check(Customer.Kind.self)
        check(Customer.Source.self)
        check(Customer.Gender.self)
        check(Customer.Lifecycle.self)
        check(Customer.KeyHorizon.self)
        check(Customer.IDType.self)
        check(Customer.Scale.self)
        check(Customer.Nature.self)
        check(Customer.DealingMode.self)
        check(Customer.ContactTime.self)
        check(Customer.Speech.self)
        check(Customer.FileStatus.self)
        check(Customer.Verification.self)
        check(Customer.Pool.self)
        check(Channel.self)
        check(Direction.self)
        check(DateCalendar.self)
        check(Contact.Role.self)
        check(Contact.Relation.self)
        check(Contact.Consent.self)
        check(Contact.Status.self)
        check(ContactGroup.Kind.self)
        check(CustomerLevel.Family.self)
        check(CustomerLevel.LevelTone.self)
        check(Todo.Status.self)
        check(Todo.Priority.self)
        check(Todo.Kind.self)
        check(Order.Status.self)
        check(Announcement.Category.self)
        check(Ticket.Kind.self)
        check(Ticket.Priority.self)
        check(Ticket.Status.self)
        check(ServiceLevel.Clock.self)
        check(Reception.Purpose.self)
        check(Reception.Status.self)
        check(Article.Category.self)
        check(Article.Status.self)
        check(Script.Scene.self)
        check(Complaint.Kind.self)
        check(Complaint.Level.self)
        check(Complaint.Severity.self)
        check(Complaint.Liability.self)
        check(Complaint.Compensation.self)
        check(Complaint.CustomerResult.self)
        check(Complaint.Missed.self)
        check(Complaint.ExternalBody.self)
        check(Complaint.Status.self)
        check(Improvement.Source.self)
        check(Improvement.Kind.self)
        check(Improvement.Status.self)
        check(Decision.Status.self)
        check(Product.Status.self)
        check(SalesChannel.self)
        check(Lead.Status.self)
        check(IntentionLevel.self)
        check(BuyWithin.self)
        check(Lead.InvalidReason.self)
        check(LossReason.self)
        check(LeadLevel.Profile.self)
        check(AssignmentRule.Method.self)
        check(RecallRule.Object.self)
        check(RecallRule.Basis.self)
        check(PoolMove.Kind.self)
        check(Opportunity.Status.self)
        check(Opportunity.Forecast.self)
        check(Opportunity.Finance.self)
        check(PipelineStage.Need.self)
        check(DecisionRole.Attitude.self)
        check(Quote.Status.self)
        check(Quote.Authority.self)
        check(Contract.Status.self)
        check(Contract.Kind.self)
        check(ContractAmendment.Status.self)
        check(Receivable.Status.self)
        check(Receivable.Bucket.self)
        check(Collection.Status.self)
        check(PaymentMethod.self)
        check(CreditAccount.Status.self)
        check(CreditAccount.Trade.self)
        check(CreditAccount.Grade.self)
        check(SalesTarget.Scope.self)
        check(SalesTarget.Metric.self)
        check(Question.Kind.self)
        check(Question.Metric.self)
        check(Question.Scene.self)
        check(Questionnaire.Status.self)
        check(QuestionnaireItem.Alert.self)
        check(Survey.Status.self)
        check(Survey.Sampling.self)
        check(SurveyResponse.Status.self)
        check(FollowRule.Repeats.self)
        check(FollowRule.Sampling.self)
        check(FollowRule.Assign.self)
        check(FollowPlan.Status.self)
        check(FollowVisit.Result.self)
    }

    @Test("capabilities, parameters and jobs have names of their own") func capabilities() {
        let capabilities = Packs.capabilities
        #expect(Set(capabilities.map { $0.name }).count == capabilities.count)
        let parameters = capabilities.flatMap { $0.parameters }
        #expect(Set(parameters.map(\.name)).count == parameters.count)
        for parameter in parameters {
            if let range = parameter.range, let value = parameter.initial.int { #expect(range.contains(value), "\(parameter.name)") }
        }
        let jobs = capabilities.flatMap { $0.jobs }
        #expect(Set(jobs.map(\.name)).count == jobs.count)
    }

    @Test("the core names that outsiders rely on are there") func contract() {
        let customers = [
            "code", "name", "type", "mobile", "phone", "email", "category_id", "category_ids", "level_id", "source", "province", "city",
            "district", "address", "owner_id", "department_id", "lifecycle", "remark", "created_at", "updated_at", "version",
        ]
        for name in customers { #expect(Customer.schema[name] != nil, "customers.\(name)") }
        for name in [
            "customer_id", "contact_id", "channel", "direction", "happened_at", "subject", "content", "outcome", "next_at", "owner_id",
        ] { #expect(Interaction.schema[name] != nil, "interactions.\(name)") }
        for name in ["no", "customer_id", "ordered_on", "amount_cents", "status", "lines"] {
            #expect(Order.schema[name] != nil, "orders.\(name)")
        }
    }

    private func isChinese(_ text: String) -> Bool { text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }
}
