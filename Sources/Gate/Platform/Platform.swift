import Records

extension Pack {
    /// What the engine keeps for every product.
    public static let engine = Pack.base("engine", [Platform.self])
}

/// The program's own records: people and their rights, what was changed by whom, waiting work. They are entities like any other, so that
/// lists, pages and storage treat them alike; most are written by the gate only.
public enum Platform: Capability {
    public static let name = "platform", label = "平台"

    public static var entities: [any Entity.Type] {
        [
            Department.self, User.self, Role.self, Tag.self, File.self, Share.self, Follow.self, SavedView.self, Notification.self,
            AuditEntry.self, AuditSeal.self, Credential.self, Session.self, APIToken.self, CalendarFeed.self, LoginAttempt.self, Visit.self,
            JobRow.self, Webhook.self, WebhookDelivery.self, IdempotencyKey.self, ParameterValue.self, OwnField.self, OwnEntity.self,
            ImportMapping.self, Secret.self, DuplicatePair.self, CalendarDay.self, IntakeEntry.self,
            ApprovalFlow.self, ApprovalStep.self, ApprovalRequest.self, ApprovalLog.self, ApprovalDelegation.self,
            AutomationRule.self, AutomationStep.self, AutomationRun.self, Dashboard.self, DashboardTile.self, SavedReport.self,
            SavedReportPart.self, ReportIssue.self, ReportSchedule.self,
            MessageChannel.self, MessageTemplate.self, Message.self, MessageOptOut.self,
        ]
    }

    public static var jobs: [Job] { ApprovalJobs.all + AutomationJobs.all + LoanJobs.all + [ReportJobs.due] }
}

/// A word people put on records.
public struct Tag: Entity {
    public static let name = "tags", label = "标签"
    public static var traits: EntityTraits { EntityTraits(.shared, icon: "tag", english: "Tags").with { $0.sort = ["name"] } }
    public let title = Field<String>("name", "标签", .title, .unique)
    public let tone = Field<String?>("tone", "颜色", .inList)
    public init() {}
}

/// A file beside a record. Its bytes lie in the data folder under a name of the program's own; the row says what it is.
public struct File: Entity {
    public static let name = "files", label = "附件"
    public static var traits: EntityTraits {
        EntityTraits(.log, icon: "paperclip", english: "Attachments").with {
            // Read beside their record, never as a list of everybody's.
            $0.indexes = [["entity", "record_id"]]; $0.isCreatable = false; $0.isPublic = false
        }
    }
    public let title = Field<String>("name", "文件名", .title)
    public let entity = Field<String>("entity", "所属对象")
    public let recordID = Field<Int>("record_id", "所属记录")
    public let type = Field<String>("media_type", "类型", .inList)
    public let size = Field<Int>("size", "大小", .inList, .unit("字节", "bytes"))
    public let digest = Field<String>("sha256", "校验和")
    public let place = Field<String>("place", "存放位置")
    public let uploadedAt = Field<Instant>("uploaded_at", "上传时间", .inList)
    public let uploadedBy = Field<Ref<User>?>("uploaded_by", "上传人", .inList)
    public let removedAt = Field<Instant?>("removed_at", "删除时间")
    public init() {}
}

/// One record lent to one person or department, to read or to write, until a day.
public struct Share: Entity {
    public static let name = "shares", label = "共享"
    public static var traits: EntityTraits {
        EntityTraits(.log, icon: "share-2").with {
            $0.isPublic = false; $0.indexes = [["entity", "record_id"], ["user_id"], ["department_to"]]
        }
    }
    public let entity = Field<String>("entity", "对象")
    public let recordID = Field<Int>("record_id", "记录")
    public let user = Field<Ref<User>?>("user_id", "共享给")
    public let department = Field<Ref<Department>?>("department_to", "共享给部门")
    public let canWrite = Field<Bool>("can_write", "可编辑")
    public let until = Field<Day?>("until", "截止日")
    public let sharedBy = Field<Int?>("shared_by", "共享人")
    public let sharedAt = Field<Instant>("shared_at", "共享时间")
    /// ``work`` where an assignment made it and will end it.
    public let purpose = Field<String?>("purpose", "用途")
    static let work = "work"
    public init() {}
}

/// Somebody follows a record.
public struct Follow: Entity {
    public static let name = "follows", label = "关注"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.indexes = [["user_id", "entity", "record_id"], ["entity", "record_id"]]
        }
    }
    public let user = Field<Ref<User>>("user_id", "用户")
    public let entity = Field<String>("entity", "对象")
    public let recordID = Field<Int>("record_id", "记录")
    public init() {}
}

/// Somebody opened a record; the newest stand at the top of the palette.
public struct Visit: Entity {
    public static let name = "recents", label = "最近查看"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.indexes = [["user_id", "-at"], ["user_id", "entity", "record_id"]]
        }
    }
    public let user = Field<Ref<User>>("user_id", "用户")
    public let entity = Field<String>("entity", "对象")
    public let recordID = Field<Int>("record_id", "记录")
    public let at = Field<Instant>("at", "时间")
    public init() {}
}

/// A list's filter, order and columns under a name.
public struct SavedView: Entity {
    public static let name = "saved_views", label = "视图"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.indexes = [["entity", "user_id"]]
        }
    }
    public let title = Field<String>("name", "名称", .title)
    public let entity = Field<String>("entity", "对象")
    /// Whose it is.
    public let user = Field<Ref<User>>("user_id", "所有者")
    public let isShared = Field<Bool>("is_shared", "共享")
    /// Shared with this department only.
    public let department = Field<Ref<Department>?>("department_to", "共享给部门")
    /// A tab above the list; the others stand in its menu of views.
    public let isPinned = Field<Bool?>("is_pinned", "置顶")
    /// The list's query string: `filter[level]=A&sort=-created_at&columns=name,level`.
    public let state = Field<String>("state", "内容", kind: LongTextKind())
    public let isDefault = Field<Bool>("is_default", "默认")
    public let position = Field<Int?>("position", "排序")
    public init() {}
}

/// Something somebody should know.
public struct Notification: Entity {
    public static let name = "notifications", label = "通知"
    public static var traits: EntityTraits {
        EntityTraits(.log, icon: "bell").with {
            $0.isPublic = false; $0.about = "entity"; $0.indexes = [["user_id", "-at"], ["user_id", "read_at"]]
        }
    }
    public let text = Field<String>("text", "内容", .title)
    public let user = Field<Ref<User>>("user_id", "接收人")
    public let entity = Field<String?>("entity", "对象")
    public let recordID = Field<Int?>("record_id", "记录")
    public let at = Field<Instant>("at", "时间")
    public let readAt = Field<Instant?>("read_at", "已读时间")
    /// Out of sight until then.
    public let snoozedUntil = Field<Instant?>("snoozed_until", "稍后提醒")
    /// See ``NotificationSubject``.
    public let subject = Field<String?>("subject", "事由")
    public init() {}
}

/// A parameter's value from a day on, with who set it and why.
public struct ParameterValue: Entity {
    public static let name = "parameter_values", label = "参数值"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.indexes = [["name", "-valid_from"]]
        }
    }
    public let title = Field<String>("name", "参数", .title)
    public let value = Field<String>("value", "值")
    public let validFrom = Field<Day>("valid_from", "生效日")
    public let reason = Field<String>("reason", "原因")
    public let setBy = Field<Ref<User>?>("set_by", "修改人")
    public let setAt = Field<Instant>("set_at", "修改时间")
    public init() {}
}

/// A field that an administrator added to an entity; a real column.
public struct OwnField: Entity {
    public static let name = "own_fields", label = "自定义字段"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.unique = [["entity", "name"]]
        }
    }
    public let entity = Field<String>("entity", "对象")
    public let title = Field<String>("name", "字段名", .title)
    public let label = Field<String>("label", "名称")
    public let english = Field<String?>("english", "英文名称")
    public let kind = Field<String>("kind", "类型")
    public let settings = Field<String?>("settings", "设置", kind: JSONTextKind())
    public let isRequired = Field<Bool>("is_required", "必填")
    public let isInList = Field<Bool>("is_in_list", "列表显示")
    public let isUnique = Field<Bool>("is_unique", "唯一")
    public let isSearchable = Field<Bool>("is_searchable", "可搜索")
    public let section = Field<String?>("section", "分组")
    public let help = Field<String?>("help", "说明")
    /// Hidden from use; its column and data stay.
    public let isRetired = Field<Bool>("is_retired", "停用")
    public init() {}
}

/// An entity that an administrator made.
public struct OwnEntity: Entity {
    public static let name = "own_entities", label = "自定义对象"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.unique = [["name"]]
        }
    }
    public let title = Field<String>("name", "标识", .title)
    public let label = Field<String>("label", "名称")
    public let english = Field<String?>("english", "英文名称")
    public let icon = Field<String>("icon", "图标")
    public let menu = Field<String?>("menu", "菜单分组")
    public let isOwned = Field<Bool>("is_owned", "有负责人")
    /// Out of use; its table and data stay.
    public let isRetired = Field<Bool?>("is_retired", "停用")
    public init() {}
}

/// How somebody's spreadsheet maps to fields, kept for the next time.
public struct ImportMapping: Entity {
    public static let name = "import_mappings", label = "导入方案"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.indexes = [["entity", "user_id"]]
        }
    }
    public let title = Field<String>("name", "名称", .title)
    public let entity = Field<String>("entity", "对象")
    public let user = Field<Ref<User>>("user_id", "所有者")
    public let content = Field<String>("content", "内容", kind: JSONTextKind())
    public init() {}
}
