//! The rules of a bucket and what can be switched off in one, between S3's shapes and the
//! account's.

use account::entity::{self, CorsRule, Expiration, FilterForm, LifecycleFilter};
use account::s3::{Input, Setting as Set};
use jiff::Timestamp;
use s3s::dto::{
    AbortIncompleteMultipartUpload, CORSRule, DeleteBucketCorsInput, DeleteBucketCorsOutput,
    DeleteBucketLifecycleInput, DeleteBucketLifecycleOutput, DeleteBucketReplicationInput,
    DeleteBucketReplicationOutput, DeleteBucketWebsiteInput, DeleteBucketWebsiteOutput,
    ExpirationStatus, GetBucketCorsInput, GetBucketCorsOutput,
    GetBucketLifecycleConfigurationInput, GetBucketLifecycleConfigurationOutput,
    LifecycleExpiration, LifecycleRule, LifecycleRuleAndOperator, LifecycleRuleFilter,
    NoncurrentVersionExpiration, PutBucketAclInput, PutBucketAclOutput, PutBucketCorsInput,
    PutBucketCorsOutput, PutBucketLifecycleConfigurationInput,
    PutBucketLifecycleConfigurationOutput, PutBucketLoggingInput, PutBucketLoggingOutput,
    PutBucketNotificationConfigurationInput, PutBucketNotificationConfigurationOutput,
    TimestampFormat, TransitionDefaultMinimumObjectSize,
};
use s3s::{S3Request, S3Response, S3Result};

use super::Conversation;
use super::buckets::{about, bucket};
use super::convert::{error, invalid, moment, not_implemented, text};
use super::settings::{malformed, plain, setting, tags, told, told_tags};

type Answered<T> = S3Result<S3Response<T>>;

plain! {
    put_bucket_cors "PutBucketCors" PutBucketCorsInput PutBucketCorsOutput
        |input| {
            let rules = input.cors_configuration.cors_rules.into_iter().map(cors);
            Ok((input.bucket, Set::Cors(Some(rules.collect()))))
        };
    delete_bucket_cors "DeleteBucketCors" DeleteBucketCorsInput DeleteBucketCorsOutput
        |input| Ok((input.bucket, Set::Cors(None)));
    delete_bucket_lifecycle "DeleteBucketLifecycle" DeleteBucketLifecycleInput
        DeleteBucketLifecycleOutput
        |input| Ok((input.bucket, Set::Lifecycle(None)));
    put_bucket_logging "PutBucketLogging" PutBucketLoggingInput PutBucketLoggingOutput
        |input| match input.bucket_logging_status.logging_enabled {
            None => Ok((input.bucket, Set::Nothing)),
            Some(_) => Err(error(not_implemented("A log of a bucket's calls in a bucket"))),
        };
    put_bucket_notification_configuration "PutBucketNotificationConfiguration"
        PutBucketNotificationConfigurationInput PutBucketNotificationConfigurationOutput
        |input| {
            let asked = input.notification_configuration;
            let counts = [
                asked.lambda_function_configurations.map_or(0, |all| all.len()),
                asked.queue_configurations.map_or(0, |all| all.len()),
                asked.topic_configurations.map_or(0, |all| all.len()),
            ];
            // As S3 says of queues, topics and functions that are not there.
            if counts.iter().any(|count| *count > 0) {
                let why = "Unable to validate the following destination configurations";
                return Err(invalid("InvalidArgument", why));
            }
            if asked.event_bridge_configuration.is_some() {
                return Err(error(not_implemented("EventBridge")));
            }
            Ok((input.bucket, Set::Nothing))
        };
    // None has one.
    delete_bucket_website "DeleteBucketWebsite" DeleteBucketWebsiteInput DeleteBucketWebsiteOutput
        |input| Ok((input.bucket, Set::Nothing));
    delete_bucket_replication "DeleteBucketReplication" DeleteBucketReplicationInput
        DeleteBucketReplicationOutput
        |input| Ok((input.bucket, Set::Nothing));
}

told! {
    get_bucket_cors "GetBucketCors" GetBucketCorsInput GetBucketCorsOutput
        |bucket, _| GetBucketCorsOutput {
            cors_rules: Some(bucket.cors.iter().map(told_cors).collect()),
        };
    get_bucket_lifecycle_configuration "GetBucketLifecycleConfiguration"
        GetBucketLifecycleConfigurationInput GetBucketLifecycleConfigurationOutput
        |bucket, _| GetBucketLifecycleConfigurationOutput {
            rules: Some(bucket.lifecycle.iter().map(told_rule).collect()),
            transition_default_minimum_object_size: Some(usual_size()),
        };
}

pub(super) async fn put_bucket_acl(
    it: &Conversation,
    request: S3Request<PutBucketAclInput>,
) -> Answered<PutBucketAclOutput> {
    let own = Input {
        acl: text(&request.headers, "x-amz-acl").map(str::to_owned),
        ..setting(request.input.bucket, Set::Acl)
    };
    bucket(it, "PutBucketAcl", own).await?;
    Ok(S3Response::new(PutBucketAclOutput::default()))
}

pub(super) async fn put_bucket_lifecycle_configuration(
    it: &Conversation,
    request: S3Request<PutBucketLifecycleConfigurationInput>,
) -> Answered<PutBucketLifecycleConfigurationOutput> {
    let asked = request.input;
    let rules = asked.lifecycle_configuration.ok_or_else(malformed)?.rules;
    let rules = rules.into_iter().map(rule).collect::<S3Result<_>>()?;
    let set = Set::Lifecycle(Some(rules));
    bucket(
        it,
        "PutBucketLifecycleConfiguration",
        setting(asked.bucket, set),
    )
    .await?;
    Ok(S3Response::new(PutBucketLifecycleConfigurationOutput {
        transition_default_minimum_object_size: Some(usual_size()),
    }))
}

/// Of transitions, of which there are none.
fn usual_size() -> TransitionDefaultMinimumObjectSize {
    TransitionDefaultMinimumObjectSize::from_static("all_storage_classes_128K")
}

fn cors(asked: CORSRule) -> CorsRule {
    CorsRule {
        id: asked.id,
        origins: asked.allowed_origins,
        methods: asked.allowed_methods,
        headers: asked.allowed_headers.unwrap_or_default(),
        exposed: asked.expose_headers.unwrap_or_default(),
        seconds_max: asked.max_age_seconds,
    }
}

fn told_cors(own: &CorsRule) -> CORSRule {
    let some = |all: &Vec<String>| (!all.is_empty()).then(|| all.clone());
    CORSRule {
        allowed_headers: some(&own.headers),
        allowed_methods: own.methods.clone(),
        allowed_origins: own.origins.clone(),
        expose_headers: some(&own.exposed),
        id: own.id.clone(),
        max_age_seconds: own.seconds_max,
    }
}

fn rule(asked: LifecycleRule) -> S3Result<entity::LifecycleRule> {
    if asked.transitions.is_some_and(|all| !all.is_empty())
        || asked
            .noncurrent_version_transitions
            .is_some_and(|all| !all.is_empty())
    {
        return Err(error(not_implemented(
            "A storage class other than `STANDARD`",
        )));
    }
    let about = match (asked.filter, asked.prefix) {
        (None, Some(prefix)) => LifecycleFilter {
            form: FilterForm::Prefix,
            prefix: Some(prefix),
            ..LifecycleFilter::default()
        },
        (Some(filter), None) => self::filter(filter)?,
        _ => return Err(malformed()),
    };
    let noncurrent = asked.noncurrent_version_expiration.map(|it| {
        let days = it.noncurrent_days.unwrap_or_default();
        (days, it.newer_noncurrent_versions)
    });
    let upload = asked.abort_incomplete_multipart_upload;
    Ok(entity::LifecycleRule {
        id: asked.id.unwrap_or_default(),
        is_enabled: match asked.status.as_str() {
            ExpirationStatus::ENABLED => true,
            ExpirationStatus::DISABLED => false,
            _ => return Err(malformed()),
        },
        about,
        expiration: asked.expiration.map(expiration).transpose()?,
        noncurrent,
        upload_days: upload.map(|it| it.days_after_initiation.unwrap_or_default()),
    })
}

fn expiration(asked: LifecycleExpiration) -> S3Result<Expiration> {
    match (asked.days, asked.date, asked.expired_object_delete_marker) {
        (Some(days), None, None) => Ok(Expiration::Days(days)),
        (None, Some(date), None) => {
            let mut text = Vec::new();
            let written = date.format(TimestampFormat::DateTime, &mut text);
            written.map_err(|_| malformed())?;
            let date = String::from_utf8(text).ok();
            let date = date.and_then(|date| date.parse::<Timestamp>().ok());
            Ok(Expiration::Date(date.ok_or_else(malformed)?))
        }
        (None, None, Some(true)) => Ok(Expiration::Marker),
        _ => Err(malformed()),
    }
}

fn filter(asked: LifecycleRuleFilter) -> S3Result<LifecycleFilter> {
    let Some(and) = asked.and else {
        return Ok(LifecycleFilter {
            form: FilterForm::One,
            prefix: asked.prefix,
            tags: tags(asked.tag.into_iter().collect()),
            larger_than: asked.object_size_greater_than,
            smaller_than: asked.object_size_less_than,
        });
    };
    let is_alone = asked.prefix.is_none()
        && asked.tag.is_none()
        && asked.object_size_greater_than.is_none()
        && asked.object_size_less_than.is_none();
    if !is_alone {
        return Err(malformed());
    }
    Ok(LifecycleFilter {
        form: FilterForm::And,
        prefix: and.prefix,
        tags: tags(and.tags.unwrap_or_default()),
        larger_than: and.object_size_greater_than,
        smaller_than: and.object_size_less_than,
    })
}

fn told_rule(own: &entity::LifecycleRule) -> LifecycleRule {
    let expiration = own.expiration.map(|expiration| {
        let mut told = LifecycleExpiration::default();
        match expiration {
            Expiration::Days(days) => told.days = Some(days),
            Expiration::Date(date) => told.date = Some(moment(date)),
            Expiration::Marker => told.expired_object_delete_marker = Some(true),
        }
        told
    });
    let noncurrent = own
        .noncurrent
        .map(|(days, newer)| NoncurrentVersionExpiration {
            newer_noncurrent_versions: newer,
            noncurrent_days: Some(days),
        });
    let upload = own.upload_days.map(|days| AbortIncompleteMultipartUpload {
        days_after_initiation: Some(days),
    });
    let is_plain = own.about.form == FilterForm::Prefix;
    let status = if own.is_enabled {
        ExpirationStatus::ENABLED
    } else {
        ExpirationStatus::DISABLED
    };
    LifecycleRule {
        abort_incomplete_multipart_upload: upload,
        expiration,
        filter: (!is_plain).then(|| told_filter(&own.about)),
        id: Some(own.id.clone()),
        noncurrent_version_expiration: noncurrent,
        noncurrent_version_transitions: None,
        prefix: own.about.prefix.clone().filter(|_| is_plain),
        status: ExpirationStatus::from_static(status),
        transitions: None,
    }
}

fn told_filter(own: &LifecycleFilter) -> LifecycleRuleFilter {
    if own.form == FilterForm::And {
        return LifecycleRuleFilter {
            and: Some(LifecycleRuleAndOperator {
                object_size_greater_than: own.larger_than,
                object_size_less_than: own.smaller_than,
                prefix: own.prefix.clone(),
                tags: (!own.tags.is_empty()).then(|| told_tags(&own.tags)),
            }),
            ..LifecycleRuleFilter::default()
        };
    }
    LifecycleRuleFilter {
        object_size_greater_than: own.larger_than,
        object_size_less_than: own.smaller_than,
        prefix: own.prefix.clone(),
        tag: told_tags(&own.tags).into_iter().next(),
        ..LifecycleRuleFilter::default()
    }
}
