//! The codes of all rules: their stable names, how bad each is, and a title.

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The policy is refused, or a part of it has no effect at all.
    Error,
    /// It does something else, or more, than its writer is likely to want.
    Warning,
    /// It could be clearer or safer.
    Suggestion,
}

impl Severity {
    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Suggestion => "suggestion",
        }
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $title:literal)*) => {
        /// Which rule a finding is of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// All there are.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The stable name, which is also the heading in `docs/lint.md`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// How bad its findings are.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// The rule in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)* }
            }
        }
    };
}

impl Code {
    /// Whether the matter is that somebody is given too much.
    pub(super) fn is_about_grants(self) -> bool {
        matches!(
            self,
            Code::WildcardPrincipal
                | Code::NotActionAllow
                | Code::NotResourceAllow
                | Code::WildcardAction
                | Code::ServicePrincipalNeverCalls
        )
    }
}

codes! {
    Malformed "malformed" Error "The policy is refused"
    PrincipalInIdentityPolicy "principal-in-identity-policy" Error
        "An identity policy names a principal"
    UnknownService "unknown-service" Error "No service has this prefix"
    UnknownAction "unknown-action" Error "The service has no such action"
    ActionMatchesNothing "action-matches-nothing" Error "A wildcard matches no action"
    ResourceNotForAction "resource-not-for-action" Error
        "Action and resource never meet in a request"
    ActionNeedsStarResource "action-needs-star-resource" Error
        "The action knows no resources and takes `*` alone"
    ArnRegionOrAccount "arn-region-or-account-in-global-service" Error
        "The ARN has a region or an account where there is none, or lacks one"
    SecretArnWithoutSuffix "secret-arn-without-suffix" Warning
        "The ARN of a secret lacks its last six characters"
    UnknownConditionKey "unknown-condition-key" Error "No request has such a condition key"
    ConditionKeyNotForAction "condition-key-not-for-action" Warning
        "No request for these actions has the condition key"
    ConditionValueMalformed "condition-value-malformed" Error
        "The operator cannot read the value"
    NullWithValue "null-with-value" Error "A key is to be absent and to have a value"
    OperatorTypeMismatch "operator-type-mismatch" Warning
        "The operator does not fit what the key holds"
    StringOperatorOnArn "string-operator-on-arn" Suggestion "A string operator compares an ARN"
    WildcardWithoutLike "wildcard-without-like" Warning
        "A wildcard stands where it is an ordinary character"
    MultivaluedKeyWithoutSetOperator "multivalued-key-without-set-operator" Warning
        "A key with several values is compared as if it had one"
    SetOperatorOnSingleValuedKey "set-operator-on-single-valued-key" Warning
        "A key with one value is compared as if it had several"
    ForAllValuesWithoutNullCheck "for-all-values-without-null-check" Warning
        "An Allow holds when the key is absent"
    ServicePrincipalNeverCalls "service-principal-never-calls" Warning
        "The service that is named is not the caller"
    WildcardPrincipal "wildcard-principal" Warning "Everyone is allowed"
    TrustAnyPrincipal "trust-any-principal" Warning "Everyone may assume the role"
    MissingExternalId "missing-external-id" Suggestion
        "An account is trusted without an external id"
    WebIdentityWithoutSubject "web-identity-without-subject" Warning
        "Every identity of a provider may assume the role"
    NotPrincipal "not-principal" Warning "Everyone but those named is meant"
    NotActionAllow "not-action-allow" Warning "All actions but those named are allowed"
    NotResourceAllow "not-resource-allow" Warning "All resources but those named are meant"
    WildcardAction "wildcard-action" Warning "All actions are allowed"
    WildcardSecretRead "wildcard-secret-read" Warning "All secrets can be read"
    PassRoleWildcard "pass-role-wildcard" Warning "Every role can be handed to any service"
    PrivilegeEscalation "privilege-escalation" Warning
        "Whoever has the policy can give themselves more"
    OldVersion "old-version" Warning "The version is not 2012-10-17"
    DuplicateSid "duplicate-sid" Error "Two statements have one Sid"
    EmptySid "empty-sid" Suggestion "The Sid is empty"
    EmptyCondition "empty-condition" Suggestion "The condition says nothing"
    RedundantAction "redundant-action" Suggestion "Another action of the statement covers it"
    RedundantResource "redundant-resource" Suggestion
        "Another resource of the statement covers it"
    RedundantStatement "redundant-statement" Suggestion "Another statement covers it"
    SizeNearLimit "size-near-limit" Suggestion "The policy nearly reaches a quota"
}
