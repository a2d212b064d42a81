import Records

/// What proves that somebody is a user. Apart from ``User``, so that no list, export or answer can carry it.
public struct Credential: Entity {
    public static let name = "credentials", label = "登录凭据"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.unique = [["user_id"]]
        }
    }
    public let user = Field<Ref<User>>("user_id", "用户")
    /// scrypt parameters, salt and hash as text.
    public let password = Field<String?>("password", "密码")
    public let mustChange = Field<Bool>("must_change", "须修改密码")
    public let changedAt = Field<Instant?>("changed_at", "密码修改时间")
    /// Who last handed this account a password; 0 for the command line and the program, nil where nobody wrote it down. What its user
    /// makes of it afterwards changes nothing: whoever knew the first one may have been the user.
    public let issuedBy = Field<Int?>("issued_by", "密码签发人")
    /// Sealed.
    public let totpSecret = Field<String?>("totp_secret", "两步验证密钥")
    /// Sealed; counts once a code has proved that the app has it.
    public let totpPending = Field<String?>("totp_pending", "待确认的两步验证密钥")
    /// The last accepted time step: a code works once.
    public let totpStep = Field<Int?>("totp_step", "两步验证步")
    /// Hashes of what is left, comma-separated.
    public let recoveryCodes = Field<String?>("recovery_codes", "恢复码", kind: LongTextKind())
    /// What the user chose in the personal settings: language, theme, notifications.
    public let preferences = Field<String?>("preferences", "个人设置", kind: JSONTextKind())
    public init() {}
}

/// A browser that is logged in. Only the token's hash is kept.
public struct Session: Entity {
    public static let name = "sessions", label = "会话"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.unique = [["token_hash"]]; $0.indexes = [["user_id"], ["expires_at"]]
        }
    }
    public let tokenHash = Field<String>("token_hash", "令牌", .title)
    public let user = Field<Ref<User>>("user_id", "用户")
    public let csrf = Field<String>("csrf", "防伪令牌")
    public let createdAt = Field<Instant>("started_at", "登录时间")
    public let seenAt = Field<Instant>("seen_at", "最近活动")
    public let expiresAt = Field<Instant>("expires_at", "到期时间")
    public let address = Field<String?>("address", "地址")
    public let agent = Field<String?>("agent", "浏览器")
    /// `browser` or `api`.
    public let via = Field<String>("via", "方式")
    /// Looks at the system as this user.
    public let previewing = Field<Ref<User>?>("previewing", "预览用户")
    /// When the password was last typed in this session; before dangerous steps it must be fresh.
    public let provedAt = Field<Instant?>("proved_at", "验证时间")
    public init() {}
}

/// A program's key. Only its hash is kept.
public struct APIToken: Entity {
    public static let name = "api_tokens", label = "API 令牌"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.unique = [["token_hash"]]; $0.indexes = [["user_id"]]
        }
    }
    public let title = Field<String>("name", "名称", .title)
    public let tokenHash = Field<String>("token_hash", "令牌")
    /// The first characters, to recognise it by.
    public let hint = Field<String>("hint", "开头")
    public let user = Field<Ref<User>>("user_id", "用户")
    /// `read`, `write`, `admin` or entity-wise `customers:read`, comma-separated.
    public let scopes = Field<String>("scopes", "范围")
    public let createdAt = Field<Instant>("made_at", "创建时间")
    public let expiresAt = Field<Instant?>("expires_at", "到期时间")
    public let usedAt = Field<Instant?>("used_at", "最近使用")
    public let revokedAt = Field<Instant?>("revoked_at", "吊销时间")
    public init() {}
}

/// A log-in that was tried: the log-in log, and what throttling counts.
public struct LoginAttempt: Entity {
    public static let name = "login_attempts", label = "登录日志"
    public static var traits: EntityTraits {
        EntityTraits(.log, icon: "key-round").with {
            $0.isPublic = false; $0.sort = ["-at"]; $0.indexes = [["username", "-at"], ["address", "-at"], ["-at"]]
        }
    }
    public let title = Field<String>("username", "登录名", .title)
    public let user = Field<Ref<User>?>("user_id", "用户", .inList)
    public let at = Field<Instant>("at", "时间", .inList)
    public let address = Field<String?>("address", "地址", .inList)
    public let agent = Field<String?>("agent", "浏览器")
    /// `ok`, `wrong`, `throttled`, `disabled`, `expired`, `totp_wrong`, `code_needed`.
    public let outcome = Field<String>("outcome", "结果", .inList)
    public init() {}
}

/// A sealed secret of the installation's own (webhook signing keys, mail passwords).
public struct Secret: Entity {
    public static let name = "secrets", label = "密钥"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.unique = [["name"]]
        }
    }
    public let title = Field<String>("name", "名称", .title)
    public let value = Field<String>("value", "值", kind: LongTextKind())
    public init() {}
}
