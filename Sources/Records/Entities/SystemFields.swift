/// The fields the program gives every record.
enum SystemFields {
    static let names: Set<String> = [
        "id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at", "owner_id", "department_id", "tags",
    ]

    static func specs(for traits: EntityTraits) -> [FieldSpec] {
        var specs = [FieldSpec("id", "编号", WholeNumberKind(range: 0...Int64.exact.upperBound), .readOnly)]
        guard traits.nature != .log else { return specs }
        specs += [
            FieldSpec("version", "版本", WholeNumberKind(range: 0...Int64.exact.upperBound), .readOnly),
            FieldSpec("created_at", "创建时间", InstantKind(), .readOnly, .indexed),
            FieldSpec("created_by", "创建人", LinkKind("users"), .readOnly),
            FieldSpec("updated_at", "更新时间", InstantKind(), .readOnly, .indexed),
            FieldSpec("updated_by", "更新人", LinkKind("users"), .readOnly),
            FieldSpec("deleted_at", "删除时间", InstantKind(), .readOnly),
        ]
        if traits.nature == .owned {
            specs += [
                FieldSpec("owner_id", "负责人", LinkKind("users"), .inList, .indexed),
                FieldSpec("department_id", "所属部门", LinkKind("departments"), .indexed),
            ]
        }
        if traits.hasTags { specs.append(FieldSpec("tags", "标签", LinksKind("tags"))) }
        return specs
    }
}
