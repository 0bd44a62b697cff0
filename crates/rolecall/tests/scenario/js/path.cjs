// The path from a role to a secret and an instance, by AWS's SDK for JavaScript. Prints a line of
// JSON for each check (`name`, `ok`, `detail`) and exits with 1 if one is not ok.
//
// Argument: the URL of the metadata service of an instance with the sample's role.

"use strict";

const assert = require("node:assert/strict");
const { randomUUID } = require("node:crypto");
const ec2 = require("@aws-sdk/client-ec2");
const iam = require("@aws-sdk/client-iam");
const kms = require("@aws-sdk/client-kms");
const secrets = require("@aws-sdk/client-secrets-manager");
const sts = require("@aws-sdk/client-sts");

const [metadata] = process.argv.slice(2);
const ACCOUNT = "123456789012";
const IMAGE = "ami-0a1b2c3d4e5f60001";
const VALUE = "the-value-of-a-row";
const QUICK = { maxWaitTime: 10, minDelay: 1, maxDelay: 1 };

const admin = {
  ec2: new ec2.EC2Client(),
  iam: new iam.IAMClient(),
  kms: new kms.KMSClient(),
  secrets: new secrets.SecretsManagerClient(),
  sts: new sts.STSClient(),
};
// What the checks tell each other, in their order.
const told = {};

const document = (...Statement) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action, Resource = "*") => ({ Effect: "Allow", Action, Resource });

/** The error of a call that must fail, which was sent once. */
async function refused(call) {
  const error = await call.then(
    () => assert.fail("it succeeded"),
    (error) => error,
  );
  assert.equal(error.$metadata?.attempts, 1, String(error));
  return error;
}

const checks = {
  async "the caller is the administrator"() {
    const answer = await admin.sts.send(new sts.GetCallerIdentityCommand({}));
    assert.equal(answer.Arn, `arn:aws:iam::${ACCOUNT}:user/administrator`);
    assert.equal(answer.$metadata.attempts, 1);
    told.caller = answer.Arn;
  },

  async "a secret is kept under a key"() {
    const key = await admin.kms.send(new kms.CreateKeyCommand({ Description: "of the script" }));
    told.key = key.KeyMetadata.Arn;
    const create = { Name: "script/own", SecretString: VALUE, KmsKeyId: told.key };
    const made = await admin.secrets.send(new secrets.CreateSecretCommand(create));
    told.secret = made.ARN;
    const other = { Name: "script/other", SecretBinary: Buffer.from([0, 255]) };
    told.other = (await admin.secrets.send(new secrets.CreateSecretCommand(other))).ARN;
    const get = new secrets.GetSecretValueCommand({ SecretId: told.other });
    const { SecretBinary, SecretString } = await admin.secrets.send(get);
    assert.deepEqual([...SecretBinary], [0, 255]);
    assert.equal(SecretString, undefined);
  },

  async "a role is made and waited for"() {
    const trust = {
      Effect: "Allow",
      Principal: { AWS: told.caller, Service: "ec2.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    const made = await admin.iam.send(
      new iam.CreateRoleCommand({ RoleName: "script", AssumeRolePolicyDocument: document(trust) }),
    );
    told.role = made.Role.Arn;
    assert.ok(made.Role.CreateDate instanceof Date);
    const may = [
      allow("secretsmanager:GetSecretValue", told.secret),
      allow(["kms:Decrypt", "kms:Encrypt"], told.key),
    ];
    const put = { RoleName: "script", PolicyName: "own", PolicyDocument: document(...may) };
    await admin.iam.send(new iam.PutRolePolicyCommand(put));
    const waited = await iam.waitUntilRoleExists(
      { client: admin.iam, ...QUICK },
      { RoleName: "script" },
    );
    assert.equal(waited.state, "SUCCESS");
  },

  async "the role is assumed"() {
    const assume = { RoleArn: told.role, RoleSessionName: "node", ExternalId: "unasked" };
    const answer = await admin.sts.send(new sts.AssumeRoleCommand(assume));
    const held = answer.Credentials;
    told.credentials = {
      accessKeyId: held.AccessKeyId,
      secretAccessKey: held.SecretAccessKey,
      sessionToken: held.SessionToken,
    };
    assert.ok(held.Expiration > new Date());
    const session = new sts.STSClient({ credentials: told.credentials });
    const { Arn } = await session.send(new sts.GetCallerIdentityCommand({}));
    assert.equal(Arn, `arn:aws:sts::${ACCOUNT}:assumed-role/script/node`);
  },

  async "the role reads its secret"() {
    told.reader = new secrets.SecretsManagerClient({ credentials: told.credentials });
    const get = new secrets.GetSecretValueCommand({ SecretId: "script/own" });
    const answer = await told.reader.send(get);
    assert.equal(answer.SecretString, VALUE);
    assert.deepEqual(answer.VersionStages, ["AWSCURRENT"]);
  },

  async "the role reads no other secret"() {
    const get = new secrets.GetSecretValueCommand({ SecretId: told.other });
    const error = await refused(told.reader.send(get));
    assert.equal(error.name, "AccessDeniedException");
    assert.equal(error.$fault, "client");
    assert.match(error.message, /no identity-based policy allows the secretsmanager:Get/);
  },

  async "a secret that is not there has an exception of its own"() {
    const get = new secrets.GetSecretValueCommand({ SecretId: "script/none" });
    const error = await refused(admin.secrets.send(get));
    assert.ok(error instanceof secrets.ResourceNotFoundException, error.name);
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.ok(error.$metadata.requestId);
  },

  async "the role encrypts and decrypts"() {
    const client = new kms.KMSClient({ credentials: told.credentials });
    const EncryptionContext = { of: "script" };
    const encrypt = { KeyId: told.key, Plaintext: Buffer.from("plain"), EncryptionContext };
    const { CiphertextBlob } = await client.send(new kms.EncryptCommand(encrypt));
    const decrypt = new kms.DecryptCommand({ CiphertextBlob, EncryptionContext });
    assert.equal(Buffer.from((await client.send(decrypt)).Plaintext).toString(), "plain");
    const bare = await refused(client.send(new kms.DecryptCommand({ CiphertextBlob })));
    assert.ok(bare instanceof kms.InvalidCiphertextException, bare.name);
    const describe = new kms.DescribeKeyCommand({ KeyId: told.key });
    assert.equal((await refused(client.send(describe))).name, "AccessDeniedException");
  },

  async "a disabled key reads nothing"() {
    await admin.kms.send(new kms.DisableKeyCommand({ KeyId: told.key }));
    const encrypt = { KeyId: told.key, Plaintext: Buffer.from("plain") };
    const error = await refused(admin.kms.send(new kms.EncryptCommand(encrypt)));
    assert.ok(error instanceof kms.DisabledException, error.name);
    const get = new secrets.GetSecretValueCommand({ SecretId: told.secret });
    const failure = await refused(told.reader.send(get));
    assert.ok(failure instanceof secrets.DecryptionFailure, failure.name);
    await admin.kms.send(new kms.EnableKeyCommand({ KeyId: told.key }));
    assert.equal((await told.reader.send(get)).SecretString, VALUE);
  },

  async "the role is denied by every protocol"() {
    const { credentials } = told;
    const list = new iam.IAMClient({ credentials }).send(new iam.ListUsersCommand({}));
    assert.equal((await refused(list)).name, "AccessDenied");
    const seen = new ec2.EC2Client({ credentials }).send(new ec2.DescribeInstancesCommand({}));
    assert.equal((await refused(seen)).name, "UnauthorizedOperation");
    const all = told.reader.send(new secrets.ListSecretsCommand({}));
    assert.equal((await refused(all)).name, "AccessDeniedException");
  },

  async "an instance runs with the role and ends"() {
    const InstanceProfileName = "script";
    await admin.iam.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName }));
    const add = { InstanceProfileName, RoleName: "script" };
    await admin.iam.send(new iam.AddRoleToInstanceProfileCommand(add));
    const launch = {
      ImageId: IMAGE,
      InstanceType: "t3.micro",
      MinCount: 1,
      MaxCount: 1,
      IamInstanceProfile: { Name: "script" },
      MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
    };
    const launched = await admin.ec2.send(new ec2.RunInstancesCommand(launch));
    const InstanceIds = [launched.Instances[0].InstanceId];
    const waiter = { client: admin.ec2, ...QUICK };
    assert.equal((await ec2.waitUntilInstanceRunning(waiter, { InstanceIds })).state, "SUCCESS");
    const describe = new ec2.DescribeInstancesCommand({ InstanceIds });
    const [instance] = (await admin.ec2.send(describe)).Reservations[0].Instances;
    assert.equal(instance.MetadataOptions.HttpTokens, "required");
    assert.match(instance.IamInstanceProfile.Arn, /:instance-profile\/script$/);
    await admin.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
    const ended = await ec2.waitUntilInstanceTerminated(waiter, { InstanceIds });
    assert.equal(ended.state, "SUCCESS");
    const dry = new ec2.RunInstancesCommand({ ...launch, DryRun: true });
    assert.equal((await refused(admin.ec2.send(dry))).name, "DryRunOperation");
  },

  async "a list comes in pages"() {
    const names = [];
    const pages = secrets.paginateListSecrets(
      { client: admin.secrets, pageSize: 1 },
      { Filters: [{ Key: "name", Values: ["script/"] }] },
    );
    for await (const page of pages) {
      assert.ok(page.SecretList.length <= 1);
      names.push(...page.SecretList.map((one) => one.Name));
    }
    assert.deepEqual(names.sort(), ["script/other", "script/own"]);
  },

  async "a version is put once for its token"() {
    const put = new secrets.PutSecretValueCommand({
      SecretId: told.other,
      SecretString: "two",
      ClientRequestToken: randomUUID(),
    });
    const [one, two] = [await admin.secrets.send(put), await admin.secrets.send(put)];
    assert.equal(one.VersionId, two.VersionId);
  },

  async "a wrong key is refused"() {
    const credentials = { ...told.credentials, secretAccessKey: "A".repeat(40) };
    const client = new secrets.SecretsManagerClient({ credentials });
    const get = new secrets.GetSecretValueCommand({ SecretId: told.secret });
    const error = await refused(client.send(get));
    assert.equal(error.name, "InvalidSignatureException");
  },

  async "a session without its token is refused"() {
    const credentials = { ...told.credentials, sessionToken: undefined };
    const client = new sts.STSClient({ credentials });
    const error = await refused(client.send(new sts.GetCallerIdentityCommand({})));
    assert.equal(error.name, "InvalidClientTokenId");
  },

  // The last one: it changes the environment.
  async "the default chain finds the role of the instance"() {
    for (const name of ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "EC2_METADATA_DISABLED"]) {
      delete process.env[`AWS_${name}`];
    }
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = metadata;
    const client = new secrets.SecretsManagerClient();
    const get = (SecretId) => client.send(new secrets.GetSecretValueCommand({ SecretId }));
    assert.equal((await get("my-secret")).Name, "my-secret");
    assert.equal((await refused(get(told.other))).name, "AccessDeniedException");
  },
};

(async () => {
  for (const [name, run] of Object.entries(checks)) {
    let detail = "";
    try {
      await run();
    } catch (error) {
      detail = String(error.stack ?? error);
      process.exitCode = 1;
    }
    console.log(JSON.stringify({ name, ok: detail === "", detail }));
  }
})();
