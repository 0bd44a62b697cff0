// The credentials that the SDK's default chain finds: the id of the key, or the error's name.

"use strict";

const { STSClient } = require("@aws-sdk/client-sts");

new STSClient({ region: "us-east-1" }).config
  .credentials()
  .then((found) => console.log(found.accessKeyId))
  .catch((error) => console.log(error.name));
