//! Buckets, between S3's shapes and the account's.

use std::sync::Arc;

use account::entity::{Bucket as Held, ObjectOwnership};
use account::s3::{Answer, Input, List};
use s3s::dto::{
    Bucket, BucketLocationConstraint, CreateBucketInput, CreateBucketOutput, DeleteBucketInput,
    DeleteBucketOutput, GetBucketLocationInput, GetBucketLocationOutput, HeadBucketInput,
    HeadBucketOutput, ListBucketsInput, ListBucketsOutput,
};
use s3s::{S3Request, S3Response, S3Result};

use super::Conversation;
use super::convert::{internal_error, invalid, moment, owner, text};

type Answered<T> = S3Result<S3Response<T>>;

pub(super) fn about(bucket: String) -> Input {
    Input {
        bucket,
        ..Input::default()
    }
}

/// Calls what answers with a bucket.
pub(super) async fn bucket(
    it: &Conversation,
    operation: &'static str,
    input: Input,
) -> S3Result<Arc<Held>> {
    match it.call(operation, input).await? {
        Answer::Bucket(bucket) => Ok(bucket),
        _ => Err(internal_error()),
    }
}

pub(super) async fn create_bucket(
    it: &Conversation,
    request: S3Request<CreateBucketInput>,
) -> Answered<CreateBucketOutput> {
    let CreateBucketInput {
        bucket: name,
        create_bucket_configuration,
        object_ownership,
        ..
    } = request.input;
    let region = create_bucket_configuration.and_then(|asked| asked.location_constraint);
    let ownership = object_ownership.map(|text| ownership(text.as_str()));
    let location = format!("/{name}");
    let input = Input {
        region: region.map(|region| region.as_str().to_owned()),
        acl: text(&request.headers, "x-amz-acl").map(str::to_owned),
        ownership: ownership.transpose()?,
        ..about(name)
    };
    bucket(it, "CreateBucket", input).await?;
    Ok(S3Response::new(CreateBucketOutput {
        location: Some(location),
    }))
}

pub(super) fn ownership(text: &str) -> S3Result<ObjectOwnership> {
    let why = "The object ownership is none that there is.";
    ObjectOwnership::parse(text).ok_or_else(|| invalid("InvalidArgument", why))
}

pub(super) async fn delete_bucket(
    it: &Conversation,
    request: S3Request<DeleteBucketInput>,
) -> Answered<DeleteBucketOutput> {
    it.call("DeleteBucket", about(request.input.bucket)).await?;
    Ok(S3Response::new(DeleteBucketOutput::default()))
}

pub(super) async fn head_bucket(
    it: &Conversation,
    request: S3Request<HeadBucketInput>,
) -> Answered<HeadBucketOutput> {
    bucket(it, "HeadBucket", about(request.input.bucket)).await?;
    Ok(S3Response::new(HeadBucketOutput::default()))
}

pub(super) async fn get_bucket_location(
    it: &Conversation,
    request: S3Request<GetBucketLocationInput>,
) -> Answered<GetBucketLocationOutput> {
    bucket(it, "GetBucketLocation", about(request.input.bucket)).await?;
    let region = it.told().region.clone();
    // The first region has no constraint.
    let region = region.filter(|region| region != "us-east-1");
    Ok(S3Response::new(GetBucketLocationOutput {
        location_constraint: region.map(BucketLocationConstraint::from),
    }))
}

pub(super) async fn list_buckets(
    it: &Conversation,
    request: S3Request<ListBucketsInput>,
) -> Answered<ListBucketsOutput> {
    let ListBucketsInput {
        bucket_region,
        continuation_token,
        max_buckets,
        prefix,
    } = request.input;
    let max = max_buckets.and_then(|max| usize::try_from(max).ok());
    let max = max.unwrap_or(BUCKETS_MAX).clamp(1, BUCKETS_MAX);
    let input = Input {
        region: bucket_region,
        list: List {
            prefix: prefix.clone().unwrap_or_default(),
            after: continuation_token,
            // One more says that there are more.
            max: max + 1,
            ..List::default()
        },
        ..Input::default()
    };
    let Answer::Buckets(mut found) = it.call("ListBuckets", input).await? else {
        return Err(internal_error());
    };
    let is_truncated = found.len() > max;
    found.truncate(max);
    let last = found.last().filter(|_| is_truncated);
    let token = last.map(|(bucket, _)| bucket.name.to_string());
    let buckets = found.into_iter().map(|(bucket, region)| Bucket {
        bucket_region: max_buckets.is_some().then_some(region),
        creation_date: Some(moment(bucket.created)),
        name: Some(bucket.name.to_string()),
    });
    let signed = it.signed()?;
    Ok(S3Response::new(ListBucketsOutput {
        buckets: Some(buckets.collect()),
        continuation_token: token,
        owner: Some(owner(signed.account())),
        prefix,
    }))
}

/// Of one page.
const BUCKETS_MAX: usize = 10_000;
