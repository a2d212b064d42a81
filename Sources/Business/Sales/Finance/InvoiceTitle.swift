import Core
import Records

/// To whom an invoice is made out, as the tax office wants it (M84): the company's name and taxpayer number, and for paper invoices its
/// address and bank as well. A customer may have several; one is used unless another is asked for.
public struct InvoiceTitle: Entity {
    public static let name = "invoice_titles", label = "发票抬头"
    public static var traits: EntityTraits {
        EntityTraits(icon: "receipt", menu: .finance, english: "Invoice titles").with {
            $0.highlights = ["customer_id", "kind", "tax_no", "is_default"]
            $0.indexes = [["customer_id", "-created_at"], ["owner_id", "-created_at"], ["department_id", "-created_at"]]
        }
    }

    public let title = Field<String>("name", "抬头名称", kind: TextKind(limit: 100), .title, .aliases("发票抬头", "单位名称", "购方名称"))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed, .aliases("客户名称"))
    public let kind = Field<Kind>("kind", "发票类型", .inList, .quick, .initial("normal"), .english("Kind of invoice"))
    public let taxNo = Field<String?>(
        "tax_no", "纳税人识别号", kind: USCCKind(), .inList, .quick, .searchable, .aliases("税号", "统一社会信用代码"), .english("Taxpayer number"))
    public let isDefault = Field<Bool?>(
        "is_default", "默认抬头", .inList, .help("客户的第一个抬头自动成为默认", "A customer's first is the default"), .english("Default"))
    public let email = Field<String?>(
        "email", "收票邮箱", kind: EmailKind(), .quick, .help("电子发票发送到", "Where electronic invoices go"), .english("E-mail for invoices"))
    public let address = Field<String?>("address", "注册地址", kind: AddressKind(), .section(.bank), .english("Registered address"))
    public let phone = Field<String?>("phone", "注册电话", kind: PhoneKind(), .section(.bank), .english("Registered telephone"))
    public let bank = Field<String?>("bank", "开户银行", kind: TextKind(limit: 100), .section(.bank), .english("Bank"))
    public let account = Field<String?>(
        "bank_account", "银行账号", kind: TextKind(limit: 40), .section(.bank), .aliases("账号"), .english("Bank account"))
    public let remark = Field<String?>("remark", "备注", kind: TextKind(limit: 200))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Kind: String, Choice {
        case normal, special
        public static let options: [Option<Kind>] = [
            .init(.normal, "普通发票", english: "Ordinary"), .init(.special, "增值税专用发票", .accent, english: "VAT special"),
        ]
    }

    public static var rules: Rules {
        .of(InvoiceTitle.self) {
            $0.beforeSave { title, change, tx in
                try Ownership.follow(&title.row, change, tx)
                if title.kind == .special, title.taxNo == nil { throw Problem("tax_no", code: "required", "开增值税专用发票请填写「纳税人识别号」") }
                if try tx.first(InvoiceTitle.self, where: others(title) && \InvoiceTitle.isDefault == true) == nil {
                    title.isDefault = true
                }
            }
            // One default a customer.
            $0.afterSave { title, change, tx in
                guard title.isDefault == true,
                    change.changed(\InvoiceTitle.isDefault, in: title) || change.changed(\InvoiceTitle.customer, in: title)
                else { return }
                for var other in try tx.all(InvoiceTitle.self, where: others(title) && \InvoiceTitle.isDefault == true, limit: 100) {
                    other.isDefault = false
                    try tx.save(other)
                }
            }
        }
    }

    private static func others(_ title: Record<InvoiceTitle>) -> Condition {
        \InvoiceTitle.customer == title.customer && .not(.ids([title.row.id]))
    }
}

extension Words {
    static let bank = Words("开户信息", "Bank")
}
